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
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// maxHeader and maxBody are far more than any answer of the API holds.
const (
	maxHeader = 256 << 10
	maxBody   = 4 << 20
)

// outcome is what came of an attempt: an answer, or the reason for having none.
type outcome struct {
	response  *http.Response
	body      []byte
	err       error
	connected bool // there was a connection, TLS and proxies included, to send the request over
}

// maybeProcessed reports whether the server may have acted on the request.
func (a outcome) maybeProcessed() bool {
	if a.err != nil {
		return a.connected
	}
	return a.response.StatusCode < 300 || a.response.StatusCode >= 500
}

// attempt sends a request once and reads the whole answer, so that an answer that breaks off half-way is an error here,
// where it is retried, and not later, where it would not be.
func (t *transport) attempt(request *http.Request, tries *attempts) (result outcome) {
	started := time.Now()
	ctx, cancel := context.WithTimeout(request.Context(), t.config.RequestTimeout)
	defer cancel()
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { result.connected = true }}
	result.response, result.body, result.err = t.exchange(request.Clone(httptrace.WithClientTrace(ctx, trace)), tries)
	if result.err == nil {
		result.err = ctx.Err() // the time limit covers the look at the body, too
	}
	took := time.Since(started)
	timedOut := ctx.Err() != nil || errors.Is(result.err, context.DeadlineExceeded)
	if result.err != nil && timedOut && request.Context().Err() == nil {
		// Not the caller's limit, so it must not pass for that: the caller has time for another attempt.
		waited := min(t.config.RequestTimeout, took.Round(time.Millisecond))
		result.err = ownError{kind: TooSlow, reason: redact.Phrase("no answer within %v", waited)}
	}
	tries.count++
	tries.unsettled = tries.unsettled || result.maybeProcessed()
	logAttempt(request, tries, result, took)
	return result
}

// exchange sends a request, with what each attempt has of its own, and returns the answer and its body.
func (t *transport) exchange(request *http.Request, tries *attempts) (*http.Response, []byte, error) {
	request.Header.Set("User-Agent", t.config.UserAgent)
	if tries.sign != nil {
		signature, err := tries.sign()
		if err != nil {
			return nil, nil, err
		}
		request.Body = io.NopCloser(io.MultiReader(request.Body, strings.NewReader(signature)))
		request.GetBody, request.ContentLength = nil, request.ContentLength+int64(len(signature))
	}
	response, err := t.connection.RoundTrip(request)
	if err != nil {
		return nil, nil, err
	}
	body, err := readWhole(response)
	return response, body, err
}

// readWhole replaces the response's body by its content, which it also returns.
func readWhole(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	err = errors.Join(err, response.Body.Close())
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

// logSubsystem is where the client's lines go. No body and no header is ever logged; masks guard the rest.
const logSubsystem = "client"

// withAttempts returns a context for a request whose attempts are noted in tries. No secret of the organization or of
// the request appears in its log lines, or in what tries cleans.
func (o *Organization) withAttempts(ctx context.Context, tries *attempts, secrets ...string) context.Context {
	secrets = slices.Concat(o.secrets, secrets)
	tries.clean = func(text string) redact.Text {
		return redact.Clean(text, slices.Concat(o.tokens.issued(), secrets))
	}
	ctx = tflog.NewSubsystem(ctx, logSubsystem)
	ctx = tflog.SubsystemMaskAllFieldValuesStrings(ctx, logSubsystem, secrets...)
	ctx = tflog.SubsystemMaskMessageStrings(ctx, logSubsystem, secrets...)
	return context.WithValue(ctx, attemptsKey{}, tries)
}

// logAttempt writes one line. What the server or the network had to say is cleared of secrets in every encoding; the
// masks above know the secrets as they are only.
func logAttempt(request *http.Request, tries *attempts, attempt outcome, took time.Duration) {
	fields := map[string]any{
		"method":      request.Method,
		"path":        request.URL.Path,
		"duration_ms": took.Milliseconds(),
		"attempt":     tries.count,
	}
	if attempt.err != nil {
		fields["error"] = string(tries.clean(attempt.err.Error()))
		tflog.SubsystemWarn(request.Context(), logSubsystem, "No answer from the management API", fields)
		return
	}
	fields["status"] = attempt.response.StatusCode
	var said serverError
	if attempt.response.StatusCode >= http.StatusBadRequest {
		said = attempt.serverError()
	}
	if trace := said.traceID(attempt.response.Header); trace != "" {
		fields["trace_id"] = string(tries.clean(trace))
	}
	tflog.SubsystemDebug(request.Context(), logSubsystem, "Called the management API", fields)
}
