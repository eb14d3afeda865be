package asgardeo

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
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
	once  bool                          // repeated only where the server certainly has not processed it
	unit  *unit                         // what the request is a part of, or nil
	sign  func() (string, error)        // what each attempt adds to its form, where a private key stands in for the secret
	clean func(text string) redact.Text // removes secrets from what the server said, those of the request included

	count     int
	unsettled bool    // the server may have acted on one of them, failed as it looks
	last      outcome // of the last one that the caller has waited for
}

type attemptsKey struct{}

// isUnitsWrite reports that the request is what its unit reads and decides for, which only the unit repeats.
func (a *attempts) isUnitsWrite() bool {
	return a.unit != nil && a.unit.sent == a
}

// mayRepeat reports whether another attempt does no harm, and may have another outcome than the last one.
func (a *attempts) mayRepeat(ctx context.Context, err error) bool {
	isLastLook := ctx.Value(lastLookKey{}) != nil
	pointless := err != nil && (errors.Is(err, errNoTurn) || hopeless(err))
	harmless := !a.once || !a.last.maybeProcessed()
	return !isLastLook && !pointless && harmless
}

// backoff waits as long as the server asks for, within bounds, else twice as long each time. Up to a quarter more or
// less keeps parallel runs apart; what the server asked for, with 429 or 503, is never undercut.
func backoff(minimum, maximum time.Duration, retries int, response *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(minimum, maximum, retries, response)
	asked := ""
	if response != nil {
		asked = response.Header.Get("Retry-After")
	}
	if asked == "" {
		return wait - wait/4 + rand.N(wait/2+1)
	}
	// The library multiplies seconds without looking, so that a very large number comes back as any other one.
	if seconds, err := strconv.ParseInt(asked, 10, 64); err == nil && seconds > int64(retryAfterMax.Seconds()) {
		wait = retryAfterMax
	}
	// "Now", or a date in the past, must not turn the attempts into a volley.
	wait = min(max(wait, minimum), retryAfterMax)
	return wait + rand.N(wait/4+1)
}
