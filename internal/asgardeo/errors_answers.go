package asgardeo

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// serverCodes are the errors of a service that mean something of their own to its callers, by the service's code.
// Below a status they count with that status only.
type serverCodes map[int]map[string]Kind

const anyStatus = 0

// refused completes the error for a last answer that is not a success. A service's own code tells more than the status.
func (o *Organization) refused(failure Error, record *attempts, codes serverCodes) *Error {
	failure, numeric, isAPI := record.describe(failure)
	response, status := record.last.response, failure.Status
	own := cmp.Or(codes[status][string(failure.Code)], codes[anyStatus][string(failure.Code)])
	switch {
	case status == http.StatusProxyAuthRequired:
		failure.Kind, failure.Reason = ProxyRefused, proxyRefusal(status).reason
	case status/100 == 3 && strings.Contains(response.Header.Get("Location"), "invalid_tenant_domain"):
		failure.Kind = UnknownOrganization
	case strings.HasPrefix(failure.URL, "http:") && record.last.asksForHTTPS():
		failure.Kind, failure.Reason = WrongScheme, speaksHTTPS
		if status/100 == 3 {
			failure.Reason = "it redirects to " + record.clean(redirectTarget(response))
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
	said, isObject := a.last.serverError()
	code, numeric := said.code()
	failure.Status = a.last.response.StatusCode
	failure.TraceID = a.clean(said.traceID(a.last.response.Header))
	failure.Code = a.clean(code)
	failure.Description = a.clean(said.text("error_description", "description", "message"))
	if isObject && (failure.Code != "" || failure.Description != "") {
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

// serverError reports whether the answer is a JSON object, whatever it holds.
func (a outcome) serverError() (said serverError, isObject bool) {
	var members map[string]json.RawMessage
	isObject = !a.isPage() && json.Unmarshal(a.body, &members) == nil
	said = serverError{}
	for name, value := range members {
		lower := strings.ToLower(name)
		if _, exact := members[lower]; !exact || name == lower {
			said[lower] = value
		}
	}
	return said, isObject
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
	if json.Unmarshal(s["code"], &number) != nil {
		return "", false
	}
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
