package asgardeo

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
)

// What an answer that is no success means, or the lack of one.

// refused sorts an answer that is not a success. A service's own code tells more than the status.
func (o *Organization) refused(
	ctx context.Context, failure *Error, record *attempts, codes serverCodes, response *http.Response, body []byte,
) error {
	numeric, isAPI := record.describe(failure, response, body)
	status := response.StatusCode
	own, named := codes.kind(status, string(failure.Code))
	switch {
	case status == http.StatusProxyAuthRequired:
		failure.Kind, failure.Reason = ProxyRefused, phrase("%v", proxyRefusalError(status))
	case status/100 == 3 && strings.Contains(response.Header.Get("Location"), "invalid_tenant_domain"):
		failure.Kind = UnknownOrganization
	case strings.HasPrefix(failure.URL, "http:") && wantsHTTPS(response, body):
		failure.Kind, failure.Reason = WrongScheme, "it speaks https there"
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
	case named:
		failure.Kind = own
	case status == http.StatusForbidden:
		failure.Kind = MissingScope
		failure.Granted, failure.ScopesKnown = o.tokens.granted(ctx, record.clean)
	case status == http.StatusNotFound && failure.Code == "":
		failure.Kind, failure.Reason = NotAPI, cmp.Or(failure.Reason, "HTTP status 404 without a code")
	case status == http.StatusNotFound && numeric:
		// Services name their errors; a number comes from the layer in front of them, which knows organizations.
		failure.Kind = UnknownOrganization
	case status == http.StatusConflict:
		failure.Kind = Conflict
	case status == http.StatusBadRequest, status == http.StatusNotFound:
		failure.Kind = Refused
	}
	return failure
}

// describe copies what the server said into the error, cleared of secrets. It reports whether the server's code was
// a number, and whether the answer has the shape of the API's errors at all.
func (a *attempts) describe(failure *Error, response *http.Response, body []byte) (numeric, isAPI bool) {
	said, ok := serverError{}, false
	if !isHTML(response.Header.Get("Content-Type"), body) {
		said, ok = parseServerError(body)
	}
	failure.TraceID = a.clean(said.traceID(response))
	code, numeric := said.code()
	failure.Code = a.clean(code)
	failure.Description = a.clean(said.description())
	if ok && (failure.Code != "" || failure.Description != "") {
		return numeric, true
	}
	failure.Reason = describeBody(response, body, a.clean)
	// Some refusals of the server have no body; a redirect or a page is never the API's.
	return false, len(body) == 0 && response.StatusCode/100 != 3
}

// noAnswer sorts what kept an answer from arriving.
func (o *Organization) noAnswer(failure *Error, record *attempts, err error) error {
	failure.Attempts, failure.OwnCAs = record.count, o.ownCAs
	if gaveUp(err) {
		failure.Kind = TimedOut
		if record.status >= 400 || record.err != nil {
			// What the server last said tells more than the clock.
			response := &http.Response{StatusCode: record.status, Header: http.Header{}}
			failure.Status = record.status
			record.describe(failure, response, record.body)
			if record.err != nil {
				_, failure.Reason = describeConnection(record.err, record.clean)
			}
		}
	} else {
		failure.Kind, failure.Reason = describeConnection(err, record.clean)
	}
	failure.Err = err
	if !gaveUp(err) {
		failure.Err = presentable(err, record.clean)
	}
	return failure
}

// describeBody tells what an answer is that should have been JSON of the API, without repeating it at length. What it does
// repeat is cleaned.
func describeBody(response *http.Response, body []byte, clean func(string) Text) Text {
	contentType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	switch {
	case response.StatusCode/100 == 3:
		return "a redirect to " + clean(redirectTarget(response))
	case len(body) == 0:
		return "an empty answer"
	case isHTML(contentType, body):
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
