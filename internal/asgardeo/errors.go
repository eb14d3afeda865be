package asgardeo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// Kind sorts errors by what the reader of the message has to do about them.
type Kind int

// The kinds of Error.
const (
	Unexpected            Kind = iota // an answer that this package has no name for
	NotStored                         // nothing is stored under that name: defaults hold
	FeatureMissing                    // the server has no classic My Account settings
	ApplicationMissing                // the organization has no application "My Account"
	SwitchMissing                     // the server is too old to switch an application on and off
	ReadOnlyApplication               // the server protects the application "My Account" from changes
	CustomFlow                        // the login flow is not one that the wanted settings can be expressed in
	InvalidFlow                       // the server finds something wrong with the login flow, and does not say what
	ApplicationForbidden              // the caller may not change this application
	NotApplied                        // the server accepted a change and did not make it
	UnknownOrganization               // no such organization at this address
	NoCredentials                     // nothing to sign in with for this organization
	BadCredentials                    // the token endpoint refused the client
	TokenRejected                     // the API refused the token
	MissingScope                      // the token lacks the scope for the call
	SenderMissing                     // a sender that does not exist
	SenderExists                      // a sender that exists already
	AuthenticationMissing             // the server is too old for the authentication of senders
	Refused                           // the server does not accept the request
	NotAPI                            // the answer is not the management API's: an HTML page, a redirect, no JSON
	RateLimited                       // still too many requests after the last try
	ServerFault                       // still a server error after the last try
	Unreachable                       // no connection, or none that lasted
	UnknownHost                       // there is no host of that name
	ConnectionRefused                 // nothing listens at that port
	TooSlow                           // no answer within the time limit of a request
	ProxyRefused                      // the proxy on the way does not pass the request on, or does not answer itself
	WrongScheme                       // http where the server wants https, or the other way round
	Untrusted                         // nobody known vouches for the server's certificate
	CertificateName                   // the server's certificate is for other names
	CertificateExpired                // the server's certificate is too old, or too new
	TimedOut                          // the caller's time ran out, or the caller gave up
)

// Error is what every failed call returns. What the server had a part in has the type Text, so its fields hold no
// secret.
type Error struct {
	Kind         Kind
	Doing        string // what was tried, as in "read the My Account settings"
	Organization string
	Method       string
	URL          string        // address of the call, without query
	Status       int           // HTTP status; 0 where there was no answer
	Code         redact.Text   // the server's code, such as "CONFIGM_00017"
	Description  redact.Text   // the server's text
	Reason       redact.Text   // in this package's words: what the answer is that holds no such text, or why there is none
	TraceID      redact.Text   // names the request in the server's logs; the vendor's support asks for it
	Scope        string        // the scope that the call needs
	Steps        []redact.Text // of a login flow that was refused, a line each
	Fragment     bool          // the application is the copy of a sub-organization
	Granted      []redact.Text
	ScopesKnown  bool     // Granted is what the server said; false with a static access token
	Known        []string // organizations that there are credentials for, where there are none for this one
	OwnEntry     bool     // the credentials are the organization's own, not those of the client
	PrivateKey   bool     // instead of a secret
	Swapped      bool     // the client id looks like a secret, and the secret like a client id
	OwnCAs       bool     // certificate authorities were given besides those of the system
	Attempts     int      // how often the request was sent
	Unsettled    bool     // the server may have processed the request
	Err          error
}

// Error returns one line for logs. Messages for people are made where the names of arguments are known.
func (e *Error) Error() string {
	var status, cause string
	if e.Status != 0 {
		status = fmt.Sprintf("HTTP status %d", e.Status)
	}
	if e.Err != nil {
		cause = e.Err.Error()
	}
	parts := []string{
		fmt.Sprintf("cannot %s of organization %q", e.Doing, e.Organization), strings.TrimSpace(e.Method + " " + e.URL),
		status, string(e.Code), string(e.Description), string(e.Reason), cause,
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ": ")
}

// Unwrap returns the cause, where there was one below the level of HTTP.
func (e *Error) Unwrap() error {
	return e.Err
}

// IsUnsettled reports whether an error leaves open if the server has processed the request.
func IsUnsettled(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.Unsettled
}

// IsKind reports whether an error is one of a kind.
func IsKind(err error, kind Kind) bool {
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.Kind == kind
}
