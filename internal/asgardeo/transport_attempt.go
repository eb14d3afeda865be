package asgardeo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"
)

// maxHeader and maxBody are far more than any answer of the API holds.
const (
	maxHeader = 256 << 10
	maxBody   = 4 << 20
)

// outcome is what came of an attempt: an answer, or the reason for having none.
type outcome struct {
	response *http.Response
	body     []byte
	err      error
}

// attempt sends a request once and reads the whole answer, so that an answer that breaks off half-way is an error here,
// where it is retried, and not later, where it would not be.
func (t *transport) attempt(request *http.Request, record *attempts) outcome {
	started := time.Now()
	ctx, cancel := context.WithTimeout(request.Context(), t.config.RequestTimeout)
	defer cancel()
	record.count++
	record.connected = false
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { record.connected = true }}
	response, body, err := t.exchange(request.Clone(httptrace.WithClientTrace(ctx, trace)), record.sign)
	if err == nil {
		err = ctx.Err() // the time limit covers the look at the body, too
	}
	took := time.Since(started)
	if err != nil && request.Context().Err() == nil && (ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded)) {
		// Not the caller's limit, so it must not pass for that: the caller has time for another attempt.
		err = tooSlowError(min(t.config.RequestTimeout, took.Round(time.Millisecond)))
	}
	attempt := outcome{response, body, err}
	if err != nil {
		attempt.response = nil
	}
	record.unsettled = record.unsettled || record.maybeProcessed(attempt)
	logAttempt(request, record, attempt, took)
	return attempt
}

// exchange sends a request, with what each attempt has of its own, and returns the answer and its body.
func (t *transport) exchange(
	request *http.Request, sign func(form url.Values) error,
) (response *http.Response, body []byte, err error) {
	request.Header.Set("User-Agent", t.config.UserAgent)
	if request.GetBody != nil {
		if request.Body, err = request.GetBody(); err != nil {
			return nil, nil, err
		}
	}
	if sign != nil {
		if err = signForm(request, sign); err != nil {
			return nil, nil, err
		}
	}
	if response, err = t.connection.RoundTrip(request); err != nil {
		return nil, nil, err
	}
	body, err = readWhole(response)
	return response, body, err
}

// readWhole replaces the response's body by its content, which it also returns.
func readWhole(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if closeErr := response.Body.Close(); err == nil {
		err = closeErr
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errCutShort, err)
	case len(body) > maxBody:
		return nil, errors.New("the answer is larger than any answer of the API")
	case response.StatusCode < 300 && breaksOff(body):
		return nil, errCutShort
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// breaksOff reports whether a body starts as JSON and ends too early, which a proxy that lost its upstream
// produces with an otherwise perfect response.
func breaksOff(body []byte) bool {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return false
	}
	var value json.RawMessage // what is in it does not matter
	return errors.Is(json.NewDecoder(bytes.NewReader(trimmed)).Decode(&value), io.ErrUnexpectedEOF)
}
