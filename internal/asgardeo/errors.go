package asgardeo

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
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
	ClassicMissing                    // the server has no classic My Account settings
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

// serverCodes are the errors of a service that mean something of their own to its callers, by the service's code.
// Below a status they count with that status only.
type serverCodes map[int]map[string]Kind

const anyStatus = 0

// refusal completes the error for a last answer that is not a success. A code of the service's own tells more than the
// status, but for 401, 429 and 5xx.
func (o *Organization) refusal(failure Error, tries *attempts, codes serverCodes) *Error {
	failure, numeric, isAPI := tries.describe(failure)
	response, status := tries.last.response, failure.Status
	own := cmp.Or(codes[status][string(failure.Code)], codes[anyStatus][string(failure.Code)])
	switch {
	case status == http.StatusProxyAuthRequired:
		failure.Kind, failure.Reason = ProxyRefused, proxyRefusal(status).reason
	case status/100 == 3 && strings.Contains(response.Header.Get("Location"), "invalid_tenant_domain"):
		failure.Kind = UnknownOrganization
	case strings.HasPrefix(failure.URL, "http:") && tries.last.asksForHTTPS():
		failure.Kind, failure.Reason = WrongScheme, speaksHTTPS
		if status/100 == 3 {
			failure.Reason = "it redirects to " + tries.clean(redirectTarget(response))
		}
	case status == http.StatusTooManyRequests:
		failure.Kind = RateLimited
	case status >= 500:
		failure.Kind = ServerFault
	case !isAPI:
		failure.Kind = NotAPI
	case status == http.StatusUnauthorized:
		failure.Kind = TokenRejected
	case own != Unexpected:
		failure.Kind = own
	case status == http.StatusForbidden:
		failure.Kind = MissingScope
		failure.Granted, failure.ScopesKnown = o.granted()
	case status == http.StatusNotFound && failure.Code == "":
		failure.Kind, failure.Reason = NotAPI, cmp.Or(failure.Reason, "HTTP status 404 without a code")
	case status == http.StatusNotFound && numeric:
		// Services name their errors; a number comes from the layer in front of them, which knows organizations.
		failure.Kind = UnknownOrganization
	case status == http.StatusConflict && failure.Scope == ScopeCreateSenders:
		failure.Kind = SenderExists
	case status == http.StatusBadRequest, status == http.StatusNotFound:
		failure.Kind = Refused
	}
	return &failure
}

// describe completes an error by what the last answer says, cleared of secrets. It reports whether the server's code
// was a number, and whether the answer has the shape of the API's errors at all.
func (a *attempts) describe(failure Error) (described Error, numeric, isAPI bool) {
	said := a.last.serverError()
	code, numeric := said.code()
	failure.Status = a.last.response.StatusCode
	failure.TraceID = a.clean(said.traceID(a.last.response.Header))
	failure.Code = a.clean(code)
	failure.Description = a.clean(said.text("error_description", "description", "message"))
	if failure.Code != "" || failure.Description != "" {
		return failure, numeric, true
	}
	failure.Reason = a.last.inWords(a.clean)
	// Some refusals of the server have no body; a redirect or a page is never the API's.
	return failure, false, len(a.last.body) == 0 && failure.Status/100 != 3
}

// serverError is the JSON body of an error, in every shape seen: services send the code as a string, the layer in
// front of them as a number, the token endpoint has fields of its own, and the trace id has had two names. A field of
// an unexpected type must not hide the others, hence the raw values. The names are in lower case.
type serverError map[string]json.RawMessage

// serverError reads the answer.
func (a outcome) serverError() serverError {
	var members map[string]json.RawMessage
	if !a.isPage() {
		_ = json.Unmarshal(a.body, &members) // what is no object has no members
	}
	said := serverError{}
	for name, value := range members {
		lower := strings.ToLower(name)
		if _, exact := members[lower]; !exact || name == lower {
			said[lower] = value
		}
	}
	return said
}

// text returns the first of the fields that holds some.
func (s serverError) text(fields ...string) string {
	for _, field := range fields {
		var text string
		if json.Unmarshal(s[field], &text) == nil && strings.TrimSpace(text) != "" {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// code returns the code as text, whatever its JSON type, and whether it was a number.
func (s serverError) code() (code string, numeric bool) {
	if code = s.text("error", "code"); code != "" {
		return code, false
	}
	var number json.Number
	_ = json.Unmarshal(s["code"], &number) // what is no number leaves it empty
	return number.String(), number != ""
}

// traceID returns the id under which the server logged a request: in the body, or in a header.
func (s serverError) traceID(header http.Header) string {
	return cmp.Or(s.text("traceid", "ref"), header.Get("Activityid"), header.Get("X-Correlation-Id"))
}

// isPage reports whether the body is a page for people rather than an answer for programs.
func (a outcome) isPage() bool {
	return strings.Contains(a.response.Header.Get("Content-Type"), "html") ||
		strings.HasPrefix(strings.TrimSpace(string(a.body)), "<")
}

// inWords tells what an answer is that should have been JSON of the API, without repeating it at length. What it does
// repeat is cleaned.
func (a outcome) inWords(clean func(string) redact.Text) redact.Text {
	contentType, _, _ := strings.Cut(a.response.Header.Get("Content-Type"), ";")
	switch {
	case a.response.StatusCode/100 == 3:
		return "a redirect to " + clean(redirectTarget(a.response))
	case len(a.body) == 0:
		return "an empty answer"
	case a.isPage():
		return "an HTML page"
	case contentType == "":
		return "an answer that is not JSON"
	}
	return "an answer of type " + clean(contentType) + " that is not the JSON expected"
}

// redirectTarget names where a redirect leads: another server, or a page of the same one without its query, which may
// hold a one-time code.
func redirectTarget(response *http.Response) string {
	target, err := response.Location()
	if err != nil {
		return "an unreadable address"
	}
	from := response.Request.URL
	if target.Scheme == from.Scheme && target.Host == from.Host {
		return target.EscapedPath()
	}
	return (&url.URL{Scheme: target.Scheme, Host: target.Host}).String()
}

// httpsExpected is what servers say to a request with http at their port for https.
var httpsExpected = regexp.MustCompile(`(?i)HTTPS (server|port)|requires TLS|SSL-enabled server port`)

// asksForHTTPS reports whether the answer to a request with http asks for the same with https.
func (a outcome) asksForHTTPS() bool {
	if a.response.StatusCode/100 == 3 {
		target, err := a.response.Location()
		return err == nil && target.Scheme == "https" && target.Hostname() == a.response.Request.URL.Hostname()
	}
	return a.response.StatusCode == http.StatusBadRequest && httpsExpected.Match(a.body)
}
