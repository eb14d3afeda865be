package asgardeo

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	retryWaitMin = time.Second
	retryWaitMax = 30 * time.Second
	// retryAfterMax bounds what a Retry-After header may ask for. The server counts per minute, so a longer wait
	// is a mistake of something in between.
	retryAfterMax = 60 * time.Second
)

// attempts is what one call's attempts have in common, and what became of them.
type attempts struct {
	once  bool                   // the request must not be repeated unless the server certainly has not processed it
	unit  *unit                  // what the request is a part of, or nil
	sign  func() (string, error) // what each attempt adds to its form, where a private key stands in for the secret
	clean func(text string) Text // removes secrets from what the server said, those of the request included

	count     int
	unsettled bool    // the server may have acted on one of them, failed as it looks
	last      outcome // of the last one that the caller has waited for
}

type attemptsKey struct{}

// isUnitsWrite reports that the request is what its unit reads and decides for, which only the unit repeats.
func (a *attempts) isUnitsWrite() bool {
	return a.unit != nil && a.unit.sent == a
}

// worthRepeating reports whether another attempt may have another outcome than the last one.
func (a *attempts) worthRepeating(ctx context.Context) bool {
	if ctx.Value(lastLookKey{}) != nil || a.once && a.last.maybeProcessed() {
		return false
	}
	if a.last.err != nil {
		return !hopeless(a.last.err)
	}
	status := a.last.response.StatusCode
	return status == http.StatusTooManyRequests || status >= 500 && status != http.StatusNotImplemented
}

// backoff waits as long as the server asks for, within bounds, else twice as long each time. Up to a quarter more or
// less keeps parallel runs apart; what the server asked for is never undercut.
func backoff(minimum, maximum time.Duration, retries int, response *http.Response) time.Duration {
	if asked, ok := askedWait(response); ok {
		// "Now", or a date in the past, must not turn the attempts into a volley.
		wait := min(max(asked, minimum), retryAfterMax)
		return wait + rand.N(wait/4+1)
	}
	const steps = 20 // more would be beyond the maximum, and at last beyond what fits
	wait := min(minimum<<min(retries, steps), maximum)
	return wait - wait/4 + rand.N(wait/2+1)
}

// askedWait is how long a busy server asks to wait: a number of seconds, or until a date.
func askedWait(response *http.Response) (time.Duration, bool) {
	if response == nil ||
		response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	asked := response.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(asked); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, int(retryAfterMax.Seconds()))) * time.Second, true
	}
	at, err := http.ParseTime(asked)
	return time.Until(at), err == nil
}
