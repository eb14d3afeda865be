package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Writers of the sender wait for each other, and for those of the settings; what was read before a write no longer
// counts.

const sendersAt = "/t/bifrost" + sendersPathV2

func someSender(number string) SMSSender {
	return SMSSender{
		Name:        SMSSenderName,
		Provider:    "Twilio",
		Key:         "AC00",
		Secret:      "sender-secret",
		Sender:      number,
		ContentType: "JSON",
	}
}

// renumber is a change of the sender's number.
func renumber(number string) func(SMSSender) (SMSSender, error) {
	return func(live SMSSender) (SMSSender, error) { live.Sender = number; return live, nil }
}

func TestRecentSendersUseWhatWasRead(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	ctx := t.Context()
	recent := func(when string, gets int, want *SMSSender) {
		t.Helper()
		server.ClearRequests()
		for range 3 {
			got, err := organization.RecentSMSSender(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, another sender is seen (-want +got):\n%s", when, diff)
			}
		}
		if got := count(calls(server), "GET "+sendersAt); got != gets {
			t.Errorf("%s, %d GETs, want %d", when, got, gets)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	recent("at first", 1, nil)
	recent("after a read", 0, nil)
	must(organization.CreateSMSSender(ctx, someSender("+1")))
	recent("after a create", 1, new(someSender("+1")))
	must(organization.UpdateSMSSender(ctx, renumber("+2")))
	recent("after a change", 1, new(someSender("+2")))
	// A writer reads for itself: somebody else may have changed the sender since.
	server.Update(func(state *mockserver.State) {
		state.Organizations[bifrost].SMSSenders[SMSSenderName].Secret = new("rotated")
	})
	must(organization.UpdateSMSSender(ctx, renumber("+3")))
	rotated := someSender("+3")
	rotated.Secret = "rotated"
	recent("after a change of what somebody else has changed", 1, &rotated)
	// A call without an answer may have been applied: here a look shows that it was.
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: 3, Action: mockserver.ActionDropAfter})
	must(organization.UpdateSMSSender(ctx, renumber("+4")))
	rotated.Sender = "+4"
	recent("after a change without an answer", 1, &rotated)
	must(organization.DeleteSMSSender(ctx, nil))
	recent("after a deletion", 1, nil)
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "POST"}, Action: mockserver.ActionHTML404})
	if err := organization.CreateSMSSender(ctx, someSender("+1")); err == nil {
		t.Fatal("the create did not fail")
	}
	recent("after a create that failed", 1, nil)
}

func TestSendersReadDuringAWriteAreNotRemembered(t *testing.T) {
	t.Parallel()
	release, arrived := make(chan struct{}), make(chan struct{})
	server := serve(t,
		reply{status: http.StatusOK, body: `[]`}, // tells the version of the API
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(arrived)
			<-release
			reply{status: http.StatusOK, body: `[]`}.ServeHTTP(w, r)
		}),
		reply{status: http.StatusCreated, body: `{"name":"SMSPublisher","provider":"Twilio","contentType":"JSON"}`},
		reply{status: http.StatusOK, body: `[{"name":"SMSPublisher","provider":"Twilio","contentType":"JSON"}]`},
	)
	organization := open(t, configFor(t, server.URL))
	if _, err := organization.SMSSender(t.Context()); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		if got, err := organization.SMSSender(t.Context()); err != nil || got != nil {
			t.Errorf("the slow reader got %v and %v", got, err)
		}
	})
	<-arrived
	if err := organization.CreateSMSSender(t.Context(), someSender("+1")); err != nil {
		t.Fatal(err)
	}
	recent := func(when string) {
		t.Helper()
		if got, err := organization.RecentSMSSender(t.Context()); err != nil || got == nil {
			t.Errorf("%s the slow read, a reader after the write got %v and %v", when, got, err)
		}
	}
	recent("during")
	close(release)
	group.Wait()
	recent("after")
}

func TestConcurrentWritersOfTheSenderLoseNothing(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if err := organization.CreateSMSSender(t.Context(), someSender("+1")); err != nil {
		t.Fatal(err)
	}
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: -1, Action: mockserver.ActionLatency, LatencyMS: 5},
	)
	want := map[string]string{}
	var group sync.WaitGroup
	for i := range 5 {
		key := fmt.Sprint("property-", i)
		want[key] = "kept"
		group.Go(func() {
			err := organization.UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
				live.Properties = live.Properties.With(key, "kept")
				return live, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if diff := cmp.Diff(want, server.State().Organizations[bifrost].SMSSenders[SMSSenderName].Properties); diff != "" {
		t.Errorf("one writer undid another (-want +got):\n%s", diff)
	}
}

// TestWritersOfTheSenderWait lets one writer after the other come while another one is at work.
func TestWritersOfTheSenderWait(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if err := organization.CreateSMSSender(t.Context(), someSender("+1")); err != nil {
		t.Fatal(err)
	}
	inside, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		err := organization.UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
			close(inside)
			<-release
			return renumber("+2")(live)
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-inside
	server.ClearRequests()
	writers := map[string]func(ctx context.Context) error{
		"create": func(ctx context.Context) error { return organization.CreateSMSSender(ctx, someSender("+3")) },
		"change": func(ctx context.Context) error {
			return organization.UpdateSMSSender(ctx, renumber("+3"))
		},
		"settings": func(ctx context.Context) error {
			_, err := organization.MyAccount(portal.ClassicAPI).
				Write(ctx, []portal.Setting{portal.SMSOTP}, always(portal.Settings{portal.SMSOTP: portal.On}))
			return err
		},
		"deletion": func(ctx context.Context) error { return organization.DeleteSMSSender(ctx, nil) },
	}
	for name, write := range writers {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		err := write(ctx)
		cancel()
		if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: the error is %+v", name, failure)
		}
	}
	if got := calls(server); len(got) != 0 {
		t.Errorf("who had to wait sent %s", strings.Join(got, ", "))
	}
	close(release)
	group.Wait()
	if got := server.State().Organizations[bifrost].SMSSenders[SMSSenderName]; got == nil || *got.Sender != "+2" {
		t.Errorf("the sender is %+v", got)
	}
	for _, name := range []string{"settings", "change", "deletion", "create"} { // positive control
		if err := writers[name](t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
