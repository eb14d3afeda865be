package asgardeo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// attempts records, along one call, what the retry loop would forget.
type attempts struct {
	count int
	// unsettled says that the server may have acted on one of the attempts, failed as it looks.
	unsettled bool
	// connected says that the last attempt had a connection, TLS and proxies included, to be sent over.
	connected bool
	// once marks a request that must not be repeated unless the server certainly has not processed it.
	once bool
	// unit is what the request is a part of, or nil. Its write is sent once, as once is not: again says that it is worth
	// another try, and response what the wait before that depends on.
	unit     *unit
	again    bool
	response *http.Response
	// clean removes secrets from what the server said, those of the request's body included.
	clean func(text string) Text
	// sign completes the form of each attempt, where a private key stands in for the secret.
	sign func(form url.Values) error
	// Of the last attempt, for the message when time runs out during a wait; the body only if it failed.
	status int
	body   []byte
	err    error
}

type attemptsKey struct{}

func shouldRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	record, ok := ctx.Value(attemptsKey{}).(*attempts)
	if !ok {
		record = &attempts{}
	}
	if errors.Is(err, errNoTurn) {
		return false, nil // it was not sent, so the attempt before it stays the last one
	}
	record.count++
	record.again = false
	record.unsettled = record.unsettled || record.maybeProcessed(response, err)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	record.remember(response, err)
	if hopeless(err) || isLastLook(ctx) {
		return false, nil
	}
	retry, _ := retryablehttp.DefaultRetryPolicy(ctx, response, err)
	if retry && record.once {
		retry = record.notProcessed(response, err)
	}
	switch {
	case record.unit == nil:
	case record == record.unit.sent:
		record.again, record.response = retry, response
		return false, nil
	case retry:
		record.unit.need++ // the turns of the requests that follow stay
	}
	return retry, nil
}

// notProcessed reports whether the server certainly has not acted on the request: the connection was never made,
// or the limit on requests turned it away.
func (a *attempts) notProcessed(response *http.Response, err error) bool {
	if err != nil {
		return !a.connected
	}
	return response.StatusCode == http.StatusTooManyRequests
}

// maybeProcessed reports whether the server may have acted on the request.
func (a *attempts) maybeProcessed(response *http.Response, err error) bool {
	if err != nil {
		return a.connected
	}
	return response.StatusCode < 300 || response.StatusCode >= 500
}

// remember keeps a failed attempt; a later success does not read it.
func (a *attempts) remember(response *http.Response, err error) {
	a.status, a.body, a.err = 0, nil, err
	if response == nil {
		return
	}
	a.status = response.StatusCode
	if response.StatusCode < 400 {
		return
	}
	if body, readErr := io.ReadAll(response.Body); readErr == nil {
		a.body = body
		response.Body = io.NopCloser(bytes.NewReader(body))
	}
}

// backoff waits as long as the server asks for, within bounds, else twice as long each time. Up to a quarter more or
// less keeps parallel runs apart; what the server asked for, with 429 or 503, is never undercut.
func backoff(minimum, maximum time.Duration, attempt int, response *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(minimum, maximum, attempt, response)
	asked := ""
	if response != nil {
		asked = response.Header.Get("Retry-After")
	}
	if asked != "" {
		// The library multiplies seconds without looking, so that a very large number comes back as any other one.
		if seconds, err := strconv.ParseInt(asked, 10, 64); err == nil && seconds > int64(retryAfterMax.Seconds()) {
			wait = retryAfterMax
		}
		// "Now", or a date in the past, must not turn the attempts into a volley.
		wait = min(max(wait, minimum), retryAfterMax)
		return wait + rand.N(max(1, wait/4))
	}
	spread := rand.N(max(1, wait/4))
	if rand.IntN(2) == 0 {
		return wait - spread
	}
	return wait + spread
}
