package asgardeo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// call is one call of the management API.
type call struct {
	doing  string // completes "cannot …" in messages
	method string
	path   string // below the organization's address
	query  url.Values
	body   any    // sent as JSON unless nil
	scope  string // what the server asks of the token
	codes  serverCodes
	// keepToken takes a 401 as it is: it need not be the token's fault.
	keepToken bool

	secrets []string // in the body, besides the organization's own
}

// get is a call that reads.
func get(doing, path, scope string, codes serverCodes) call {
	return call{doing: doing, method: http.MethodGet, path: path, scope: scope, codes: codes}
}

// do makes the call and decodes the answer into result, unless that is nil. Every error is an *Error.
func (o *Organization) do(ctx context.Context, c call, result any) error {
	unit := unitOf(ctx)
	tries := &attempts{once: c.method == http.MethodPost} // sent twice, it could create two
	writes := unit != nil && c.method != http.MethodGet
	if writes {
		tries = unit.write
	}
	tries.unit, tries.repeatedByUnit = unit, writes
	ctx = o.withAttempts(ctx, tries, c.secrets...)

	token, err := o.token(ctx, c.doing, "")
	if err != nil {
		return err
	}
	err = o.send(ctx, c, token)
	rejected := err == nil && tries.last.response.StatusCode == http.StatusUnauthorized
	if rejected && o.tokens.renewable() && !c.keepToken && (!writes || !unit.extraRun) {
		// The token was revoked, or its life was shorter than announced. One new token settles which it is.
		token, err = o.token(ctx, c.doing, token)
		switch {
		case err != nil:
			if failure, ok := errors.AsType[*Error](err); ok {
				failure.Unsettled = tries.unsettled && c.method != http.MethodGet
			}
			return err
		case writes:
			unit.startOverOnce()
		default:
			err = o.send(ctx, c, token)
		}
	}
	failure := Error{
		Doing: c.doing, Organization: o.name, Method: c.method, URL: o.url + c.path, Scope: c.scope,
		Attempts: tries.count, Unsettled: tries.unsettled && c.method != http.MethodGet,
	}
	if err != nil {
		return o.noAnswer(failure, tries, err)
	}
	answer := tries.last
	failure.Status = answer.response.StatusCode
	switch {
	case failure.Status < 200 || failure.Status > 299:
		return o.refusal(failure, tries, c.codes)
	case !answer.isPage() && (result == nil || json.Unmarshal(answer.body, result) == nil):
		return nil
	}
	failure.Kind, failure.Reason = NotAPI, answer.inWords(tries.clean)
	return &failure
}

// send makes the attempts of a call with one token.
func (o *Organization) send(ctx context.Context, c call, token string) error {
	var body []byte
	if c.body != nil {
		var err error
		if body, err = encodeJSON(c.body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, c.method, o.url+c.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.URL.RawQuery = c.query.Encode()
	request.Header.Set("Accept", "application/json")
	// Also on GET: without it the server answers an unknown organization with an HTML page or a redirect.
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	return o.makeAttempts(request)
}

// makeAttempts sends a request until it has the last answer, which is then among the attempts of its context.
func (o *Organization) makeAttempts(request *http.Request) error {
	response, err := o.client.http.Do(request)
	if err == nil {
		err = response.Body.Close()
	}
	return err
}

// encodeJSON leaves characters alone that only matter within HTML, so that what was read goes back as it came.
func encodeJSON(value any) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(encoded.Bytes(), []byte("\n")), err
}
