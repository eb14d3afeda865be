package asgardeo

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

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

// transport is what every request goes through: it queues for its turn, sends the request, and sends it again, after a
// wait, where that promises more. The loop is its own because a write of a unit must not be sent again as it was.
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
	return &http.Client{
		Transport: &transport{config, newLimiter(config.RequestsPerMinute), connection},
		// A redirect here never leads to the API: it leads to a page that explains an error.
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
	ctx := request.Context()
	record := ctx.Value(attemptsKey{}).(*attempts)
	for turns := record.unit.turns(t.limiter.Burst()); ; turns = 1 {
		if err := t.queue(ctx, turns); err != nil {
			return nil, err
		}
		last := t.attempt(request, record)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		record.last = last
		if record.count > t.config.MaxRetries || !record.worthRepeating(ctx) {
			return last.response, last.err
		}
		wait := backoff(t.config.RetryWaitMin, retryWaitMax, record.count-1, last.response)
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
		if record.isUnitsWrite() {
			record.unit.over = true
			return last.response, last.err
		}
	}
}

// sleep waits, or returns early with the context's error.
func sleep(ctx context.Context, wait time.Duration) error {
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
