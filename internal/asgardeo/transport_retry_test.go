package asgardeo

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

const storedStatus = `{"resourceName":"status","resourceType":"myaccount","attributes":[{"key":"enable",` +
	`"value":"false"}]}`

// cutShort announces more than it sends.
var cutShort = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(storedStatus)))
	_, _ = io.WriteString(w, storedStatus[:40])
})

// chunkedCutShort breaks off an answer whose length was not announced.
var chunkedCutShort = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, storedStatus[:40])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
})

func TestTransientFailuresAreRetried(t *testing.T) {
	t.Parallel()
	fine := reply{200, nil, storedStatus}
	for name, failing := range map[string]http.Handler{
		"429":                                   reply{429, nil, ""},
		"429 with a page":                       reply{429, htmlType, "<h1>slow down</h1>"},
		"429 with Retry-After":                  reply{429, map[string]string{"Retry-After": "0"}, ""},
		"500":                                   reply{500, nil, `{"code":"CONFIGM_00002"}`},
		"502":                                   reply{502, htmlType, "<h1>Bad Gateway</h1>"},
		"503":                                   reply{503, jsonUTF8, gatewayBody503},
		"504":                                   reply{504, nil, ""},
		"connection closed":                     dropped,
		"answer cut short":                      cutShort,
		"chunked answer cut short":              chunkedCutShort,
		"cut short, with the length to match":   reply{200, nil, storedStatus[:40]},
		"cut in a list, with a matching length": reply{200, jsonUTF8, storedStatus[:len(storedStatus)-len("}]}")]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, failing, failing, fine)
			got, err := readSwitch(t.Context(), open(t, configFor(t, server.URL)))
			if err != nil || got.Settings[portal.PortalEnabled] != portal.Off {
				t.Errorf("reading: %v and %v", got, err)
			}
			if n := len(server.seen(false)); n != 3 {
				t.Errorf("reading: %d attempts, want 3", n)
			}

			// A PUT is repeated, too, each time after a new look, and with its whole body.
			server = serve(t, fine, failing, fine, failing, fine, fine)
			if _, err := open(t, configFor(t, server.URL)).MyAccount(portal.ClassicAPI).Write(
				t.Context(), []portal.Setting{portal.PortalEnabled}, always(portal.Settings{portal.PortalEnabled: portal.On}),
			); err != nil {
				t.Errorf("writing: %v", err)
			}
			requests := server.seen(false)
			if len(requests) != 6 {
				t.Fatalf("writing: %d requests, want 6", len(requests))
			}
			for _, request := range []received{requests[1], requests[3], requests[5]} {
				if diff := cmp.Diff(`{"name":"status","attributes":[{"key":"enable","value":"true"}]}`, request.body); diff != "" {
					t.Errorf("body of a repeated PUT (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestTokenRequestIsRetried(t *testing.T) {
	t.Parallel()
	for name, failing := range map[string]http.Handler{
		"429": reply{429, nil, ""}, "500": reply{500, nil, ""}, "connection closed": dropped,
		"cut short": reply{200, nil, `{"access_token":"abc`},
	} {
		server := serve(t, stored("status", `[]`))
		attempts := 0
		server.token = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			attempts++
			if attempts < 3 {
				failing.ServeHTTP(w, r)
				return
			}
			tokenReply(grantedToken, "").ServeHTTP(w, r)
		})
		if _, err := readSwitch(t.Context(), open(t, configFor(t, server.URL))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		requests := server.seen(true)
		if len(requests) != 3 || requests[2].body != requests[0].body || requests[0].body == "" {
			t.Errorf("%s: token requests %+v", name, requests)
		}
	}
}

func TestRefusalsAreSentOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404, 405, 409, 410, 415, 422, 501} {
		server := serve(t, reply{status, nil, `{"code":"X","description":"no"}`})
		_, err := readSwitch(t.Context(), open(t, configFor(t, server.URL)))
		if failure := failureOf(t, err); failure.Status != status || failure.Attempts != 1 {
			t.Errorf("%d: %+v", status, failure)
		}
		if n := len(server.seen(false)); n != 1 {
			t.Errorf("%d was sent %d times", status, n)
		}
	}
	// 401 with a token that could be replaced: once with each token.
	server := serve(t, gateway401)
	_, err := readSwitch(t.Context(), open(t, configFor(t, server.URL)))
	if failure := failureOf(t, err); failure.Kind != TokenRejected || len(server.seen(false)) != 2 ||
		len(server.seen(true)) != 2 {
		t.Errorf("401: %+v, %d calls, %d tokens", failure, len(server.seen(false)), len(server.seen(true)))
	}
	// Wrong credentials: once.
	server = serve(t, gateway401)
	server.token = reply{401, nil, invalidClient}
	_, err = readSwitch(t.Context(), open(t, configFor(t, server.URL)))
	if failure := failureOf(t, err); failure.Kind != BadCredentials || len(server.seen(true)) != 1 {
		t.Errorf("wrong credentials: %+v, %d tokens", failure, len(server.seen(true)))
	}
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	for _, retries := range []int{0, 1, 3} {
		for name, test := range map[string]struct {
			answer http.Handler
			kind   Kind
		}{
			"429":     {reply{429, nil, ""}, RateLimited},
			"503":     {reply{503, jsonUTF8, gatewayBody503}, ServerFault},
			"dropped": {dropped, Unreachable},
			"cut":     {cutShort, Unreachable},
		} {
			server := serve(t, test.answer)
			config := configFor(t, server.URL)
			config.MaxRetries = retries
			// Without a sign-in each connection is new. On one that was used before, Go repeats a GET by itself.
			config.Credentials.AccessToken = "ready-made"
			_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			if failure := failureOf(t, err); failure.Kind != test.kind || failure.Attempts != retries+1 {
				t.Errorf("%s with %d retries: %+v", name, retries, failure)
			}
			if n := len(server.seen(false)); n != retries+1 {
				t.Errorf("%s with %d retries: %d attempts", name, retries, n)
			}
		}
	}
	_, err := open(
		t,
		configFor(t, serve(t, cutShort).URL),
	).MyAccount(portal.ClassicAPI).
		Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Reason != "the answer was cut short" {
		t.Errorf("cut short: %+v", failure)
	}
}

func TestEndlessAnswerIsNotRead(t *testing.T) {
	t.Parallel()
	server := serve(t, reply{200, jsonUTF8, strings.Repeat(" ", maxBody+1)})
	config := configFor(t, server.URL)
	config.MaxRetries = 0
	_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); !strings.Contains(failure.Error(), "larger than any answer") {
		t.Errorf("the error is %+v", failure)
	}
}

// A call that creates something must not be repeated unless the server certainly has not processed it.
func TestOnceIsRepeatedOnlyWhenNothingHappened(t *testing.T) {
	t.Parallel()
	create := call{
		doing: "create", method: http.MethodPost, path: "/api/server/v2/notification-senders/sms",
		body: map[string]string{"a": "b"},
	}
	fine := reply{201, nil, `{"name":"x"}`}
	for name, test := range map[string]struct {
		failing  http.Handler
		attempts int
	}{
		"429":               {reply{429, nil, ""}, 2},
		"500":               {reply{500, nil, ""}, 1},
		"503":               {reply{503, jsonUTF8, gatewayBody503}, 1},
		"connection closed": {dropped, 1},
		"cut short":         {cutShort, 1},
	} {
		server := serve(t, test.failing, fine)
		var result map[string]string
		err := open(t, configFor(t, server.URL)).do(t.Context(), create, &result)
		if n := len(server.seen(false)); n != test.attempts {
			t.Errorf("%s: %d attempts, want %d", name, n, test.attempts)
		}
		if succeeded := err == nil && result["name"] == "x"; succeeded != (test.attempts == 2) {
			t.Errorf("%s: %v and %v", name, result, err)
		}
	}

	// A connection that was never made is certain, too.
	server := serve(t, fine)
	client := New(configFor(t, server.URL))
	connection := connectionOf(client)
	connection.Proxy = nil
	t.Cleanup(connection.CloseIdleConnections)
	organization := organizationOf(t, client, bifrost)
	if _, err := organization.token(t.Context(), "", ""); err != nil {
		t.Fatal(err)
	}
	connection.CloseIdleConnections()
	dials := 0
	connection.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		if dials == 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	if err := organization.do(t.Context(), create, nil); err != nil || dials != 2 {
		t.Errorf("after a refused connection: %v, %d dials", err, dials)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	const minimum, maximum = time.Second, 30 * time.Second
	// Virtual time starts at this moment.
	start := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	in := func(wait time.Duration) string { return start.Add(wait).Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		attempt   int
		status    int    // 0: no answer
		after     string // Retry-After
		low, high time.Duration
	}{
		"first":                           {0, 0, "", 750 * time.Millisecond, 1250 * time.Millisecond},
		"second":                          {1, 0, "", 1500 * time.Millisecond, 2500 * time.Millisecond},
		"fifth":                           {4, 500, "", 12 * time.Second, 20 * time.Second},
		"sixth":                           {5, 0, "", 22500 * time.Millisecond, 37500 * time.Millisecond},
		"hundredth":                       {99, 0, "", 22500 * time.Millisecond, 37500 * time.Millisecond},
		"429 without a wish":              {2, 429, "", 3 * time.Second, 5 * time.Second},
		"seconds":                         {0, 429, "20", 20 * time.Second, 25 * time.Second},
		"seconds, with 503":               {0, 503, "20", 20 * time.Second, 25 * time.Second},
		"date":                            {0, 429, in(30 * time.Second), 30 * time.Second, 37500 * time.Millisecond},
		"date in the past":                {3, 429, in(-time.Hour), time.Second, 2 * time.Second},
		"nothing at all":                  {3, 429, "0", time.Second, 2 * time.Second},
		"a day":                           {0, 429, "86400", retryAfterMax, 75 * time.Second},
		"a date in a year":                {0, 503, in(365 * 24 * time.Hour), retryAfterMax, 75 * time.Second},
		"more seconds than fit":           {0, 429, "9223372036854775807", retryAfterMax, 75 * time.Second},
		"seconds that wrap to nearly nil": {0, 429, "18446744074", retryAfterMax, 75 * time.Second},
		"more digits than fit": {
			1, 429, strings.Repeat("9", 40), 1500 * time.Millisecond, retryAfterMax + 15*time.Second,
		},
		"negative": {0, 429, "-5", 750 * time.Millisecond, 2 * time.Second},
		"words":    {0, 429, "soon", 750 * time.Millisecond, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var response *http.Response
				if test.status != 0 {
					response = &http.Response{StatusCode: test.status, Header: http.Header{}}
				}
				if test.after != "" {
					response.Header.Set("Retry-After", test.after)
				}
				distinct := map[time.Duration]bool{}
				for range 200 {
					wait := backoff(minimum, maximum, test.attempt, response)
					if wait < test.low || wait > test.high {
						t.Fatalf("%s, want between %s and %s", wait, test.low, test.high)
					}
					distinct[wait] = true
				}
				if len(distinct) < 20 {
					t.Errorf("only %d different waits of 200: parallel runs would stay in step", len(distinct))
				}
			})
		})
	}
}

// The server counts requests per minute, so patience must outlast one.
func TestPatienceOutlastsAMinute(t *testing.T) {
	t.Parallel()
	for range 5 {
		synctest.Test(t, func(t *testing.T) {
			attempts := 0
			client := offline(Config{
				Credentials: Credentials{AccessToken: "x"}, RequestTimeout: DefaultRequestTimeout, MaxRetries: DefaultMaxRetries,
			},
				func(request *http.Request) (*http.Response, error) {
					attempts++
					return answerWith(request, reply{status: 429}), nil
				})
			start := time.Now()
			_, err := readSwitch(t.Context(), organizationOf(t, client, bifrost))
			if failure := failureOf(t, err); failure.Kind != RateLimited || failure.Attempts != 8 || attempts != 8 {
				t.Errorf("the error is %+v after %d attempts", failure, attempts)
			}
			if patience := time.Since(start); patience <= time.Minute || patience > 2*time.Minute {
				t.Errorf("gave up after %s", patience)
			}
		})
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var starts []time.Time
		client := offline(Config{
			Credentials: Credentials{AccessToken: "x"}, RequestTimeout: DefaultRequestTimeout, MaxRetries: 1,
		},
			func(request *http.Request) (*http.Response, error) {
				starts = append(starts, time.Now())
				if len(starts) == 1 {
					return answerWith(request, reply{status: 429, header: map[string]string{"Retry-After": "40"}}), nil
				}
				return answerWith(request, reply{status: 200, body: storedStatus}), nil
			})
		if _, err := readSwitch(t.Context(), organizationOf(t, client, bifrost)); err != nil {
			t.Fatal(err)
		}
		if wait := starts[1].Sub(starts[0]); wait < 40*time.Second || wait > 50*time.Second {
			t.Errorf("waited %s", wait)
		}
	})
}

// A limit somewhere below an attempt is not the caller's: it is no reason to stop trying, nor for those who share a
// call to repeat it.
func TestLimitBelowAnAttempt(t *testing.T) {
	t.Parallel()
	_, timeout := (&net.Dialer{Timeout: time.Nanosecond}).DialContext(t.Context(), "tcp", "192.0.2.1:443")
	if !errors.Is(timeout, context.DeadlineExceeded) {
		t.Fatalf("the control is %v", timeout)
	}
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int32
		config := Config{Credentials: Credentials{AccessToken: "token"}, RequestTimeout: time.Minute, MaxRetries: 2}
		organization := organizationOf(t, offline(config, func(*http.Request) (*http.Response, error) {
			attempts.Add(1)
			time.Sleep(30 * time.Second)
			return nil, timeout
		}), bifrost)
		var readers sync.WaitGroup
		for range 5 {
			readers.Go(func() {
				_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
				if failure := failureOf(t, err); failure.Kind == TimedOut ||
					!strings.Contains(failure.Err.Error(), "no answer within 30s") {
					t.Errorf("the error is %+v", failure)
				}
			})
		}
		readers.Wait()
		if got := attempts.Load(); got != 3 {
			t.Errorf("%d attempts, want 3 that all readers share", got)
		}
	})
}
