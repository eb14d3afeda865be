package asgardeo

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
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
	Forbidden                         // the caller may not change this application
	NotApplied                        // the server accepted a change and did not make it
	UnknownOrganization               // no such organization at this address
	NoCredentials                     // nothing to sign in with for this organization
	BadCredentials                    // the token endpoint refused the client
	TokenRejected                     // the API refused the token
	MissingScope                      // the token lacks the scope for the call
	NotFound                          // a sender that does not exist
	Conflict                          // a sender that exists already
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

// Error is what every failed call returns. What the server had a part in has the type Text, so its fields hold no secret.
type Error struct {
	Kind         Kind
	Doing        string // what was tried, as in "read the My Account settings"
	Organization string
	Method       string
	URL          string // address of the call, without query
	Status       int    // HTTP status; 0 where there was no answer
	Code         Text   // the server's code, such as "CONFIGM_00017"
	Description  Text   // the server's text
	Reason       Text   // in words of this package: what the answer is that holds no such text, or why there is none
	TraceID      Text   // names the request in the server's logs; the vendor's support asks for it
	Scope        string // the scope that the call needs
	Steps        []Text // of a login flow that was refused, a line each
	Fragment     bool   // the application is the copy of a sub-organization
	Granted      []Text
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
	parts := []string{fmt.Sprintf("cannot %s of organization %q", e.Doing, e.Organization)}
	if e.Method != "" {
		parts = append(parts, e.Method+" "+e.URL)
	}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP status %d", e.Status))
	}
	for _, part := range []Text{e.Code, e.Description, e.Reason} {
		if part != "" {
			parts = append(parts, string(part))
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause, where there was one below the level of HTTP.
func (e *Error) Unwrap() error {
	return e.Err
}

// uncertain reports whether an error leaves open if the server has processed the request.
func uncertain(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Unsettled
}

// serverError is the JSON body of an error, in every shape seen: services send the code as a string, the layer in
// front of them as a number, the token endpoint has fields of its own, and the trace id has had two names. A field of
// an unexpected type must not hide the others, hence the raw values.
type serverError struct {
	Code             json.RawMessage `json:"code"`
	Message          json.RawMessage `json:"message"`
	Description      json.RawMessage `json:"description"`
	TraceID          json.RawMessage `json:"traceId"`
	Ref              json.RawMessage `json:"ref"`
	OAuthError       json.RawMessage `json:"error"`
	OAuthDescription json.RawMessage `json:"error_description"`
}

// parseServerError reports whether a body is a JSON object, whatever it holds.
func parseServerError(body []byte) (serverError, bool) {
	var said serverError
	return said, json.Unmarshal(body, &said) == nil
}

// code returns the code as text, whatever its JSON type, and whether it was a number.
func (s serverError) code() (text string, number bool) {
	if text = textOf(s.OAuthError); text != "" {
		return text, false
	}
	if text = textOf(s.Code); text != "" {
		return text, false
	}
	var value json.Number
	if len(s.Code) > 0 && s.Code[0] != '"' && json.Unmarshal(s.Code, &value) == nil {
		return value.String(), value != ""
	}
	return "", false
}

func (s serverError) description() string {
	return firstNonEmpty(textOf(s.OAuthDescription), textOf(s.Description), textOf(s.Message))
}

// traceID returns the id under which the server logged a request: in the body, or in a header.
func (s serverError) traceID(response *http.Response) string {
	return firstNonEmpty(textOf(s.TraceID), textOf(s.Ref), response.Header.Get("Activityid"), response.Header.Get("X-Correlation-Id"))
}

// textOf returns a JSON string's text, and nothing for any other value.
func textOf(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

func firstNonEmpty(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}

// isHTML reports whether a body is a page for people rather than an answer for programs.
func isHTML(contentType string, body []byte) bool {
	return strings.Contains(contentType, "html") || strings.HasPrefix(strings.TrimSpace(string(body)), "<")
}
