package asgardeo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// busiestMinute returns the largest number of starts in any 60 seconds.
func busiestMinute(starts []time.Time) int {
	busiest := 0
	for first := range starts {
		last := first
		for last < len(starts) && starts[last].Sub(starts[first]) < time.Minute {
			last++
		}
		busiest = max(busiest, last-first)
	}
	return busiest
}

// fleet reads one object of each of n organizations, ten at a time as Terraform does, and returns when each request
// started. It runs on virtual time.
func fleet(t *testing.T, perMinute, n int) []time.Time {
	t.Helper()
	var mutex sync.Mutex
	var starts []time.Time
	client := offline(Config{
		Credentials: Credentials{AccessToken: "x"}, RequestTimeout: DefaultRequestTimeout, RequestsPerMinute: perMinute,
	},
		func(request *http.Request) (*http.Response, error) {
			mutex.Lock()
			starts = append(starts, time.Now())
			mutex.Unlock()
			return answerWith(request, stored("status", `[]`)), nil
		})
	work := make(chan string)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for name := range work {
				if _, err := readSwitch(t.Context(), organizationOf(t, client, name)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		work <- fmt.Sprintf("organization-%d", i)
	}
	close(work)
	group.Wait()
	return starts
}

func TestNoMinuteSeesMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{DefaultRequestsPerMinute, 60, 15, 3, 1} {
		synctest.Test(t, func(t *testing.T) {
			n := min(1000, 5*perMinute)
			start := time.Now()
			starts := fleet(t, perMinute, n)
			if len(starts) != n {
				t.Fatalf("%d requests, want %d", len(starts), n)
			}
			if got := busiestMinute(starts); got > perMinute {
				t.Errorf("limit %d: a minute saw %d requests", perMinute, got)
			}
			if burst := perMinute / 10; burst > 0 && !starts[burst-1].Equal(start) {
				t.Errorf("limit %d: the first %d had to wait %s", perMinute, burst, starts[burst-1].Sub(start))
			}
			// Between 0.8 and 0.9 of the limit where it is not tiny.
			if took := time.Since(start); perMinute > 10 &&
				took > time.Duration(float64(n)/0.75/float64(perMinute)*float64(time.Minute)) {
				t.Errorf("limit %d: %d requests took %s, far below the limit", perMinute, n, took)
			}
		})
	}
}

// Terraform plans in one process and applies in the next, which knows nothing of the first.
func TestTwoProcessesInARowStayBelowTheLimit(t *testing.T) {
	t.Parallel()
	for _, planned := range []int{5, 20, 100, 180, 300} {
		synctest.Test(t, func(t *testing.T) {
			starts := fleet(t, DefaultRequestsPerMinute, planned)
			starts = append(starts, fleet(t, DefaultRequestsPerMinute, 400)...)
			if got := busiestMinute(starts); got > DefaultRequestsPerMinute {
				t.Errorf("after a plan of %d: a minute saw %d requests", planned, got)
			}
		})
	}
}

func TestZeroSwitchesPacingOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		starts := fleet(t, 0, 1000)
		if took := time.Since(start); took != 0 {
			t.Errorf("1,000 calls took %s", took)
		}
		if got := busiestMinute(starts); got != 1000 {
			t.Errorf("the busiest minute saw %d of 1,000", got)
		}
	})
}

func TestRetriesArePacedToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var starts []time.Time
		client := offline(Config{
			Credentials: Credentials{AccessToken: "x"}, RequestTimeout: DefaultRequestTimeout,
			RequestsPerMinute: 6, MaxRetries: 9, RetryWaitMin: time.Millisecond,
		}, func(request *http.Request) (*http.Response, error) {
			starts = append(starts, time.Now())
			return answerWith(request, reply{status: 500}), nil
		})
		if _, err := readSwitch(t.Context(), organizationOf(t, client, bifrost)); err == nil {
			t.Error("no error")
		}
		if got := busiestMinute(starts); len(starts) != 10 || got > 6 {
			t.Errorf("%d attempts, %d in one minute", len(starts), got)
		}
	})
}

func TestQueueingDoesNotCountAsRequestTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &log)
		client := offline(Config{
			Credentials: Credentials{AccessToken: "x"}, RequestTimeout: time.Second, RequestsPerMinute: 1,
		},
			func(request *http.Request) (*http.Response, error) {
				if err := request.Context().Err(); err != nil {
					return nil, err
				}
				return answerWith(request, stored("status", `[]`)), nil
			})
		organization := organizationOf(t, client, bifrost)
		for range 2 {
			if _, err := organization.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled); err != nil {
				t.Fatal(err)
			}
		}
		entries, err := tflogtest.MultilineJSONDecode(&log)
		if err != nil {
			t.Fatal(err)
		}
		var waits []any
		for _, entry := range entries {
			if waited, ok := entry["waited_ms"]; ok {
				waits = append(waits, waited)
			}
		}
		if len(waits) != 1 || waits[0] != 60_000.0 {
			t.Errorf("the log tells of waits %v, want one of a minute", waits)
		}
	})
}

func TestTurnThatWouldComeTooLateIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		client := offline(Config{
			Credentials: Credentials{AccessToken: "x"}, RequestTimeout: time.Second, RequestsPerMinute: 1,
			MaxRetries: 3, RetryWaitMin: time.Millisecond,
		}, func(request *http.Request) (*http.Response, error) {
			attempts++
			return answerWith(request, reply{status: 503, body: gatewayBody503}), nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		start := time.Now()
		_, err := organizationOf(t, client, bifrost).MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled)
		failure := failureOf(t, err)
		if failure.Kind != TimedOut || !errors.Is(err, errNoPermit) {
			t.Errorf("the error is %+v", failure)
		}
		if failure.Status != 503 || failure.Description != "Error while connecting to the user store" {
			t.Errorf("the last word of the server is lost: %+v", failure)
		}
		if failure.Attempts != 1 || attempts != 1 {
			t.Errorf("%d attempts counted, %d made", failure.Attempts, attempts)
		}
		if waited := time.Since(start); waited > time.Second {
			t.Errorf("waited %s for a permit that cannot come in time", waited)
		}
	})
}

// Whose deadline leaves no time for a permit must not take others along that have time.
func TestReaderWithoutTimeDoesNotFailTheOneWithTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := offline(Config{
			Credentials: Credentials{ClientID: "id", ClientSecret: "s"}, RequestTimeout: time.Hour, RequestsPerMinute: 1,
		},
			func(request *http.Request) (*http.Response, error) {
				time.Sleep(10 * time.Second)
				if request.Method == http.MethodPost {
					return answerWith(request, tokenReply("t", "")), nil
				}
				return answerWith(request, stored("status", `[]`)), nil
			})
		organization := organizationOf(t, client, bifrost)
		var group sync.WaitGroup
		group.Go(func() {
			// The token takes 10 seconds and the only permit of this minute.
			ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
			defer cancel()
			_, err := organization.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled)
			if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, errNoPermit) {
				t.Errorf("the hurried reader's error is %+v", failure)
			}
		})
		synctest.Wait()
		group.Go(func() {
			if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
				t.Errorf("the patient reader: %v", err)
			}
		})
		group.Wait()
	})
}
