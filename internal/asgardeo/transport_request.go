package asgardeo

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
)

// call is one call of the management API.
type call struct {
	doing  string // completes "cannot …" in messages
	method string
	path   string // below the organization's address
	query  url.Values
	body   any    // sent as JSON unless nil
	scope  string // what the server asks of the token
	once   bool   // repeat only what the server certainly has not processed
	codes  serverCodes
	// keepToken takes a 401 as it is: it need not be the token's fault.
	keepToken bool

	secrets []string // in the body, besides the organization's own
}

// serverCodes are the errors of a service that mean something of their own to its callers, by the service's code.
// Below a status they count with that status only.
type serverCodes map[int]map[string]Kind

const anyStatus = 0

// kind returns what an error means, and whether it means something of its own.
func (c serverCodes) kind(status int, code string) (Kind, bool) {
	for _, codes := range []map[string]Kind{c[status], c[anyStatus]} {
		if kind, ok := codes[code]; ok {
			return kind, true
		}
	}
	return Unexpected, false
}

// do makes the call and decodes the answer into result, unless that is nil. Every error is an *Error.
func (o *Organization) do(ctx context.Context, c call, result any) error {
	record := &attempts{once: c.once}
	unit := unitOf(ctx)
	writes := unit != nil && c.method != http.MethodGet
	if writes {
		record = unit.sent
	}
	record.unit, record.clean = unit, o.cleaner(c.secrets...)
	ctx = withLog(context.WithValue(ctx, attemptsKey{}, record), slices.Concat(o.secrets, c.secrets))
	failure := &Error{Doing: c.doing, Organization: o.name, Method: c.method, URL: o.url + c.path, Scope: c.scope}

	token, err := o.token(ctx, c.doing, "")
	if err != nil {
		return err
	}
	response, body, err := o.send(ctx, c, token)
	renewable := o.tokens.static == "" && !c.keepToken && (!writes || !unit.more)
	if err == nil && response.StatusCode == http.StatusUnauthorized && renewable {
		// The token was revoked, or its life was shorter than announced. One new token settles which it is.
		if token, err = o.token(ctx, c.doing, token); err != nil {
			if refused, ok := errors.AsType[*Error](err); ok {
				refused.Unsettled = record.unsettled && c.method != http.MethodGet
			}
			return err
		}
		if writes {
			unit.onceMore()
		} else {
			response, body, err = o.send(ctx, c, token)
		}
	}
	failure.Attempts, failure.Unsettled = record.count, record.unsettled && c.method != http.MethodGet
	if record.again && record.count <= o.http.RetryMax {
		wait := o.http.Backoff(o.http.RetryWaitMin, o.http.RetryWaitMax, record.count-1, record.response)
		interrupted := sleep(ctx, wait)
		unit.over = interrupted == nil
		err = cmp.Or(interrupted, err)
	}
	if err != nil {
		return o.noAnswer(failure, record, err)
	}
	failure.Status = response.StatusCode
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return o.refused(ctx, failure, record, c.codes, response, body)
	}
	page := isHTML(response.Header.Get("Content-Type"), body)
	if result == nil && !page {
		return nil
	}
	if page || json.Unmarshal(body, result) != nil {
		failure.Kind = NotAPI
		failure.Reason = describeBody(response, body, record.clean)
		return failure
	}
	return nil
}

// send makes the attempts of one call with one token.
func (o *Organization) send(ctx context.Context, c call, token string) (*http.Response, []byte, error) {
	var payload any
	if c.body != nil {
		encoded, err := encodeJSON(c.body)
		if err != nil {
			return nil, nil, err
		}
		payload = encoded
	}
	address := o.url + c.path
	if len(c.query) > 0 {
		address += "?" + c.query.Encode()
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, c.method, address, payload)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Accept", "application/json")
	// Also on GET: without it the server answers an unknown organization with an HTML page or a redirect.
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	return o.answer(request)
}

// answer makes the attempts of one request.
func (o *Organization) answer(request *retryablehttp.Request) (*http.Response, []byte, error) {
	response, err := o.http.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = response.Body.Close() }() // its content is in memory already
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

// encodeJSON leaves characters alone that only matter within HTML, so that what was read goes back as it came.
func encodeJSON(value any) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(encoded.Bytes(), []byte("\n")), err
}

// token returns an access token other than the rejected one. Its errors are about signing in, not about the call
// that needed the token. Callers that need one at the same time share the outcome: a failure may have taken minutes.
func (o *Organization) token(ctx context.Context, doing, rejected string) (string, error) {
	record := &attempts{clean: o.cleaner(), sign: o.tokens.sign()}
	token, err := o.signIns.do(ctx, rejected, func() (string, error) {
		ctx := context.WithValue(ctx, attemptsKey{}, record)
		token, err := o.tokens.get(ctx, rejected)
		if err != nil {
			return "", o.notSignedIn(ctx, doing, record, err)
		}
		return token, nil
	})
	var failure *Error
	switch {
	case err == nil:
		return token, nil
	case errors.As(err, &failure):
		own := *failure
		own.Doing = doing
		return "", &own
	}
	return "", o.notSignedIn(ctx, doing, record, err)
}

// notSignedIn sorts what kept the token endpoint from giving a token.
func (o *Organization) notSignedIn(ctx context.Context, doing string, record *attempts, err error) error {
	failure := &Error{
		Doing: doing, Organization: o.name, Method: http.MethodPost, URL: o.tokens.config.TokenURL, Attempts: record.count,
	}
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		if record.err == nil && record.status/100 == 2 && ctx.Err() == nil {
			// The exchange had an answer with a good status that holds no token.
			failure.Kind, failure.Status, failure.Reason = NotAPI, record.status, "the token endpoint answered without a token"
			return failure
		}
		return o.noAnswer(failure, record, err)
	}
	failure.OwnEntry, failure.PrivateKey = o.ownEntry, o.tokens.key != nil
	failure.Swapped = Credentials{ClientID: o.tokens.config.ClientID, ClientSecret: o.tokens.config.ClientSecret}.swapped()
	failure.Status = answer.Response.StatusCode
	numeric, isAPI := record.describe(failure, answer.Response, answer.Body)
	switch status := failure.Status; {
	case status == http.StatusNotFound && (numeric || isHTML(answer.Response.Header.Get("Content-Type"), answer.Body)):
		// In front of the token endpoint stands a check of the organization, which answers with a page or a redirect because
		// the request is a form.
		failure.Kind = UnknownOrganization
	case status/100 == 3 && (!strings.HasPrefix(failure.URL, "http:") || !wantsHTTPS(answer.Response, answer.Body)):
		failure.Kind = UnknownOrganization
	case status == http.StatusNotFound:
		failure.Kind = NotAPI // the endpoint itself answers everything else, if it is there
	case isAPI && (status == http.StatusUnauthorized || status == http.StatusForbidden || status/100 == 2),
		status == http.StatusBadRequest && failure.Code != "" && !numeric:
		failure.Kind = BadCredentials
	default:
		return o.refused(ctx, failure, record, nil, answer.Response, answer.Body)
	}
	return failure
}

type lastLookKey struct{}

// lastLook prepares a look at what came of a call without an answer: one attempt, also where the caller has given up, but then not for
// long.
func lastLook(ctx context.Context) (context.Context, context.CancelFunc) {
	cancel := func() {}
	if ctx.Err() != nil {
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	}
	return context.WithValue(ctx, lastLookKey{}, true), cancel
}

func isLastLook(ctx context.Context) bool {
	return ctx.Value(lastLookKey{}) != nil
}
