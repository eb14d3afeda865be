package asgardeo

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"
)

const (
	// DefaultMaxRetries makes the waits between attempts add up to more than the minute over which the server
	// counts requests: 1 + 2 + 4 + 8 + 16 + 30 + 30 seconds, each shortened by a quarter at the most.
	DefaultMaxRetries = 7
	// DefaultRequestTimeout bounds one attempt, from connecting to the last byte of the answer.
	DefaultRequestTimeout = 30 * time.Second
	// DefaultRequestsPerMinute is the documented limit of Asgardeo for one client address.
	DefaultRequestsPerMinute = 200
)

// transport is what every request goes through, from the outside in: the loop of attempts, the queue for a turn, one
// attempt, the connection.
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
	record := request.Context().Value(attemptsKey{}).(*attempts)
	repeatable, err := retryablehttp.FromRequest(request)
	if err != nil {
		return nil, err
	}
	response, err := t.loop(record).Do(repeatable)
	if errors.Is(err, errStartOver) {
		response, err = record.last.response, record.last.err
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
func (t *transport) loop(record *attempts) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   withoutRedirects(&queuedAttempts{transport: t, record: record}),
		RetryMax:     t.config.MaxRetries,
		RetryWaitMin: t.config.RetryWaitMin,
		RetryWaitMax: retryWaitMax,
		CheckRetry: func(ctx context.Context, response *http.Response, err error) (bool, error) {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if record.isUnitsWrite() && record.count > t.config.MaxRetries || !record.mayRepeat(ctx, err) {
				return false, nil
			}
			return retryablehttp.DefaultRetryPolicy(ctx, response, err)
		},
		Backoff: func(minimum, maximum time.Duration, retries int, response *http.Response) time.Duration {
			if record.isUnitsWrite() {
				retries = record.count - 1 // those of earlier runs included
			}
			return backoff(minimum, maximum, retries, response)
		},
		PrepareRetry: func(*http.Request) error {
			if !record.isUnitsWrite() {
				return nil
			}
			record.unit.over = true
			return errStartOver
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler, // keeps the last answer for the message
	}
}

// queuedAttempts makes the attempts of one request, each when its turn has come.
type queuedAttempts struct {
	*transport
	record *attempts
	made   int
}

func (q *queuedAttempts) RoundTrip(request *http.Request) (*http.Response, error) {
	turns := 1
	if q.made == 0 {
		turns = q.record.unit.turns(q.limiter.Burst())
	}
	q.made++
	if err := q.queue(request.Context(), turns); err != nil {
		return nil, err
	}
	made := q.attempt(request, q.record)
	if request.Context().Err() == nil {
		q.record.last = made
	}
	if made.err != nil {
		return nil, made.err
	}
	return made.response, nil
}
