package asgardeo

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
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

	retryWaitMin = time.Second
	retryWaitMax = 30 * time.Second
	// retryAfterMax bounds what a Retry-After header may ask for. The server counts per minute, so a longer wait
	// is a mistake of something in between.
	retryAfterMax = 60 * time.Second
	// noticeableWait is how long a request may queue for its turn before the log says so.
	noticeableWait = 3 * time.Second
	// maxHeader and maxBody are far more than any answer of the API holds.
	maxHeader = 256 << 10
	maxBody   = 4 << 20
)

// errCutShort marks an answer whose end is missing.
var errCutShort = errors.New(brokenOff)

const brokenOff = "the answer was cut short"

// errNoTurn marks a request that was never sent: its time is over before its turn comes.
var errNoTurn = errors.New("the limit on requests leaves no time for this one")

// newHTTPClient stacks what every request goes through, from the outside in: retries, pacing, one attempt (time
// limit, whole body, log line), the connection.
func newHTTPClient(config Config) *retryablehttp.Client {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	// Connecting goes on without the attempt, for the next one, so it needs a limit of its own: the same one.
	pool.DialContext = (&net.Dialer{Timeout: config.RequestTimeout}).DialContext
	pool.TLSHandshakeTimeout = config.RequestTimeout
	pool.MaxIdleConnsPerHost = 16 // Terraform works on ten resources at a time by default
	pool.TLSClientConfig = &tls.Config{RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12}
	pool.MaxResponseHeaderBytes = maxHeader
	pool.OnProxyConnectResponse = checkTunnel
	var connection http.RoundTripper = pool
	if config.Wrap != nil {
		connection = config.Wrap(pool)
	}

	client := retryablehttp.NewClient()
	client.Logger = nil // the library would print URLs to standard error; attempts are logged below
	client.RetryMax = config.MaxRetries
	client.RetryWaitMin = config.RetryWaitMin
	client.RetryWaitMax = retryWaitMax
	client.CheckRetry = shouldRetry
	client.Backoff = backoff
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler // keeps the last answer for the message
	client.HTTPClient = &http.Client{
		Transport: &pacedTransport{limiter: newLimiter(config.RequestsPerMinute), next: &attemptTransport{timeout: config.RequestTimeout, agent: config.UserAgent, next: connection}},
		// A redirect here never leads to the API: it leads to a page that explains an error.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client
}

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

// pacedTransport makes each attempt wait for its turn. It sits outside the time limit of the attempt, which would
// otherwise end while the request still queues.
type pacedTransport struct {
	limiter *rate.Limiter
	next    http.RoundTripper
}

func (t *pacedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	queued, turns := time.Now(), 1
	if record, ok := request.Context().Value(attemptsKey{}).(*attempts); ok && record.unit != nil {
		turns = record.unit.turns(t.limiter.Burst())
	}
	if turns > 0 { // not even none can be had while others queue
		if err := t.limiter.WaitN(request.Context(), turns); err != nil {
			return nil, fmt.Errorf("%w: %w", errNoTurn, err)
		}
	}
	if waited := time.Since(queued); waited > noticeableWait {
		logWait(request.Context(), waited)
	}
	return t.next.RoundTrip(request)
}

// attemptTransport sends a request once and reads the whole answer, so that an answer that breaks off half-way
// is an error here, where it is retried, and not later, where it would not be.
type attemptTransport struct {
	timeout time.Duration
	agent   string
	next    http.RoundTripper
}

func (t *attemptTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	started := time.Now()
	ctx, cancel := context.WithTimeout(request.Context(), t.timeout)
	defer cancel()
	var sign func(url.Values) error
	if record, ok := ctx.Value(attemptsKey{}).(*attempts); ok {
		record.connected = false
		sign = record.sign
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { record.connected = true }})
	}
	attempt := request.Clone(ctx)
	attempt.Header.Set("User-Agent", t.agent)
	if sign != nil {
		if err := signForm(attempt, sign); err != nil {
			return nil, err
		}
	}
	response, err := t.next.RoundTrip(attempt)
	var body []byte
	if err == nil {
		if body, err = readWhole(response); err == nil {
			err = ctx.Err() // the time limit covers the look at the body, too
		}
	}
	if err != nil && request.Context().Err() == nil && (ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded)) {
		// Not the caller's limit, so it must not pass for that: the caller has time for another attempt.
		err = tooSlowError(min(t.timeout, time.Since(started).Round(time.Millisecond)))
	}
	logAttempt(request, response, body, err, time.Since(started))
	if err != nil {
		return nil, err
	}
	return response, nil
}

// tooSlowError is the time in which one attempt got no answer.
type tooSlowError time.Duration

func (e tooSlowError) Error() string {
	return "no answer within " + time.Duration(e).String()
}

// readWhole replaces the response's body by its content, which it also returns.
func readWhole(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if closeErr := response.Body.Close(); err == nil && closeErr != nil {
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
