package asgardeo

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

const (
	// DefaultMaxRetries makes the waits between attempts add up to more than the minute over which the server
	// counts requests: 1 + 2 + 4 + 8 + 16 + 30 + 30 seconds, each shortened by a quarter at the most.
	DefaultMaxRetries = 7
	// DefaultRequestTimeout bounds one attempt, from connecting to the last byte of the answer.
	DefaultRequestTimeout = 30 * time.Second
	// DefaultRequestsPerMinute is the documented limit of Asgardeo for one client address.
	DefaultRequestsPerMinute = 200

	retryWaitMin = time.Second
	retryWaitMax = 30 * time.Second
	// retryAfterMax bounds what a Retry-After header may ask for. The server counts per minute, so a longer wait
	// is a mistake of something in between.
	retryAfterMax = 60 * time.Second
)

// transport is what every request goes through, from the outside in: the loop of attempts, the wait for a permit,
// one attempt, the connection.
type transport struct {
	config     Config
	limiter    *rate.Limiter
	connection http.RoundTripper
}

func newHTTPClient(config Config) *http.Client {
	var connection http.RoundTripper = newConnection(config)
	if config.Wrap != nil {
		connection = config.Wrap(connection)
	}
	return withoutRedirects(&transport{config, newLimiter(config.RequestsPerMinute), connection})
}

// withoutRedirects follows no redirect: here, one never leads to the API, but to a page that explains an error.
func withoutRedirects(next http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     next,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newConnection returns what speaks to the server, through the proxy of the environment if there is one.
func newConnection(config Config) *http.Transport {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	// Connecting goes on without the attempt, for the next one, so it needs a limit of its own: the same one.
	pool.DialContext = (&net.Dialer{Timeout: config.RequestTimeout}).DialContext
	pool.TLSHandshakeTimeout = config.RequestTimeout
	pool.MaxIdleConnsPerHost = 16 // Terraform works on ten resources at a time by default
	pool.TLSClientConfig = &tls.Config{RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12}
	pool.MaxResponseHeaderBytes = maxHeader
	pool.OnProxyConnectResponse = checkTunnel
	return pool
}

// checkTunnel keeps the status of a proxy that does not connect to the server, of which the transport would leave a
// bare text such as "Forbidden".
func checkTunnel(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return proxyRefusal(answer.StatusCode)
	}
	return nil
}

// RoundTrip returns the last answer, whose body is in memory, or the reason for having none.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	tries := request.Context().Value(attemptsKey{}).(*attempts)
	repeatable, err := retryablehttp.FromRequest(request)
	if err != nil {
		return nil, err
	}
	response, err := t.loop(tries).Do(repeatable)
	if errors.Is(err, errStartOver) {
		response, err = tries.last.response, tries.last.err
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // whoever called wraps it, too
	}
	if err != nil {
		return nil, err
	}
	return response, nil
}

// errStartOver ends the attempts to send a unit's write, once the wait before another one is over.
var errStartOver = errors.New("the unit of this write starts over")

// loop sends one request, and sends it again, after a wait, where that promises more.
func (t *transport) loop(tries *attempts) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   withoutRedirects(&pacedAttempts{t, tries, tries.unit.permits(t.limiter.Burst())}),
		RetryMax:     t.config.MaxRetries,
		RetryWaitMin: t.config.RetryWaitMin,
		RetryWaitMax: retryWaitMax,
		CheckRetry: func(ctx context.Context, response *http.Response, err error) (bool, error) {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if tries.repeatedByUnit && tries.count > t.config.MaxRetries || !tries.mayRepeat(ctx, err) {
				return false, nil
			}
			return retryablehttp.DefaultRetryPolicy(ctx, response, err)
		},
		Backoff: func(minimum, maximum time.Duration, retries int, response *http.Response) time.Duration {
			if tries.repeatedByUnit {
				retries = tries.count - 1 // those of earlier runs included
			}
			return backoff(minimum, maximum, retries, response)
		},
		PrepareRetry: func(*http.Request) error {
			if !tries.repeatedByUnit {
				return nil
			}
			tries.unit.startOver = true
			return errStartOver
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler, // keeps the last answer for the message
	}
}

// pacedAttempts makes the attempts of one request, each as soon as it has a permit.
type pacedAttempts struct {
	*transport
	tries   *attempts
	permits int // that the next one waits for
}

func (p *pacedAttempts) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := p.waitFor(request.Context(), p.permits); err != nil {
		return nil, err
	}
	p.permits = 1
	made := p.attempt(request, p.tries)
	if request.Context().Err() == nil {
		p.tries.last = made
	}
	if made.err != nil {
		return nil, made.err
	}
	return made.response, nil
}

// attempts is what one call's attempts have in common, and what became of them.
type attempts struct {
	unit           *unit // what the request is a part of, or nil
	repeatedByUnit bool  // it is the unit's write, which only the unit sends again

	once  bool                          // repeated only where the server certainly has not processed it
	sign  func() (string, error)        // what each attempt adds to its form, where a private key stands in for the secret
	clean func(text string) redact.Text // removes secrets from what the server said, those of the request included

	count     int
	unsettled bool    // the server may have acted on one of them, failed as it looks
	last      outcome // of the last one that the caller has waited for
}

type attemptsKey struct{}

// mayRepeat reports whether another attempt does no harm, and may have another outcome than the last one.
func (a *attempts) mayRepeat(ctx context.Context, err error) bool {
	isLastLook := ctx.Value(lastLookKey{}) != nil
	pointless := err != nil && (errors.Is(err, errNoPermit) || hopeless(err))
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

// noticeableWait is how long a request may wait for its permit before the log says so.
const noticeableWait = 3 * time.Second

// errNoPermit is why a request was never sent: its time is over before there is a permit for it.
var errNoPermit = fmt.Errorf("the limit on requests leaves no time for this one: %w", context.DeadlineExceeded)

// newLimiter paces requests so that no minute, wherever it starts, sees more than perMinute of them: a tenth of
// them may go out at once, the others follow evenly. The tenth is set aside twice, because Terraform plans in one
// process and applies in the next, which starts afresh within the same minute. 0 switches pacing off.
func newLimiter(perMinute int) *rate.Limiter {
	if perMinute == 0 {
		return rate.NewLimiter(rate.Inf, math.MaxInt)
	}
	burst := max(1, min(2, perMinute/5), perMinute/10) // two where it can be: a read and its write
	steady := max(1, perMinute-2*burst)
	return rate.NewLimiter(rate.Limit(float64(steady)/time.Minute.Seconds()), burst)
}

// waitFor waits for so many permits. It is no part of an attempt, whose time limit would end while the request still
// waits.
func (t *transport) waitFor(ctx context.Context, permits int) error {
	if permits == 0 {
		return nil // the limiter lets whoever asks for none wait, too, while others do
	}
	started := time.Now()
	if t.limiter.WaitN(ctx, permits) != nil {
		return cmp.Or(ctx.Err(), errNoPermit)
	}
	if waited := time.Since(started); waited > noticeableWait {
		fields := map[string]any{"waited_ms": waited.Milliseconds()}
		tflog.SubsystemInfo(ctx, logSubsystem, "Waited to stay below the limit on requests", fields)
	}
	return nil
}
