package asgardeo

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func storedTwilio(secret string) *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Twilio",
		Key:         new("AC00"),
		Secret:      new(secret),
		Sender:      new("+1"),
		ContentType: "JSON",
	}
}

func storedBuiltIn() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "choreo",
		ContentType: "FORM",
		Properties:  map[string]string{"channel.type": "choreo"},
	}
}

func setSender(sender *mockserver.SMSSender) func(o *mockserver.Organization) {
	return func(o *mockserver.Organization) {
		o.SMSSenders = map[string]*mockserver.SMSSender{SMSSenderName: sender}
	}
}

// deletions counts those that have reached the server.
func deletions(server *mockserver.Server) (n int) {
	for _, call := range calls(server) {
		if strings.HasPrefix(call, http.MethodDelete+" ") {
			n++
		}
	}
	return n
}

// deletionMishaps are those that make a deletion worth another try. Its answer has no body that could be cut off.
func deletionMishaps() map[string]mishap {
	some := maps.Clone(mishaps)
	delete(some, "cut off")
	return some
}

// What holds when a deletion is sent again is looked at again before.
func TestDeletionOfASenderThatWaited(t *testing.T) {
	t.Parallel()
	needed := errors.New("needed")
	nobody := func(*mockserver.Organization) {}
	for name, mishap := range deletionMishaps() {
		for disturbance, test := range map[string]struct {
			somebody   func(o *mockserver.Organization)
			thenNeeded bool
			err        error  // where the first deletion has not arrived
			arrived    error  // where it has
			left       string // the secret of the sender that stays
			seen       bool   // the process has read the sender before
		}{
			"nothing else":              {somebody: nobody},
			"nothing else, seen before": {somebody: nobody, seen: true},
			"somebody needs it":         {somebody: nobody, thenNeeded: true, err: needed, left: "ours"},
			"somebody replaced it": {
				somebody: setSender(storedTwilio("theirs")), err: ErrSenderChanged, arrived: ErrSenderChanged, left: "theirs",
			},
			"another one, seen before": {
				somebody: setSender(storedTwilio("theirs")), err: ErrSenderChanged, arrived: ErrSenderChanged, left: "theirs",
				seen: true,
			},
			"somebody deleted it before": {somebody: func(o *mockserver.Organization) { o.SMSSenders = nil }},
		} {
			t.Run(disturbance+", "+name, func(t *testing.T) {
				t.Parallel()
				server, organization := openDisturbed(t, mishap.fault, test.somebody)
				server.Update(func(state *mockserver.State) { setSender(storedTwilio("ours"))(state.Organizations[bifrost]) })
				if test.seen {
					if _, err := organization.SMSSender(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				asked := 0
				err := organization.DeleteSMSSender(t.Context(), func(context.Context) error {
					asked++
					if asked == 2 && test.thenNeeded {
						return needed
					}
					return nil
				})
				want, left := test.err, test.left
				if mishap.arrives {
					want = test.arrived
					if test.thenNeeded {
						left = "" // it was gone before anybody needed it
					}
				}
				if !errors.Is(err, want) {
					t.Errorf("the error is %v, want %v", err, want)
				}
				got := ""
				if stored := server.State().Organizations[bifrost].SMSSenders[SMSSenderName]; stored != nil {
					got = *stored.Secret
				}
				if got != left {
					t.Errorf("the sender that is left is %q, want %q", got, left)
				}
			})
		}
	}
}

// Undisturbed, a deletion takes the calls that it always took, and a check before each of them.
func TestCallsOfADeletion(t *testing.T) {
	t.Parallel()
	busy := mockserver.Fault{Match: mockserver.Match{Method: "DELETE"}, Action: mockserver.ActionStatus, Status: 429}
	for name, test := range map[string]struct {
		fault *mockserver.Fault
		blind bool // may delete, and not look
		calls string
	}{
		"undisturbed":        {nil, false, "token GETv2 DELETEv2"},
		"sent again":         {&busy, false, "token GETv2 DELETEv2 GETv2 DELETEv2"},
		"undisturbed, blind": {nil, true, "token GETv2 DELETEv2"},
		"sent again, blind":  {&busy, true, "token GETv2 DELETEv2 GETv2 DELETEv2"},
		"token not taken now": {
			&mockserver.Fault{Match: busy.Match, Action: mockserver.ActionExpireTokens}, false,
			"token GETv2 DELETEv2 token GETv2 DELETEv2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, organization := openMock(t)
			server.Update(func(state *mockserver.State) {
				setSender(storedTwilio("ours"))(state.Organizations[bifrost])
				if test.blind {
					state.Organizations[bifrost].Scopes = []string{ScopeDeleteSenders}
				}
			})
			if test.fault != nil {
				server.AddFault(*test.fault)
			}
			asked := 0
			err := organization.DeleteSMSSender(t.Context(), func(context.Context) error {
				asked++
				return nil
			})
			if err != nil || len(server.State().Organizations[bifrost].SMSSenders) > 0 {
				t.Errorf("the sender is not deleted: %v", err)
			}
			if diff := cmp.Diff(strings.Fields(test.calls), senderCalls(server)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if asked != deletions(server) {
				t.Errorf("asked %d times before %d deletions", asked, deletions(server))
			}
		})
	}
}

func TestCheckRefusesADeletion(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	no := errors.New("no")
	err := organization.DeleteSMSSender(t.Context(), func(context.Context) error { return no })
	if !errors.Is(err, no) || len(calls(server)) > 0 {
		t.Errorf("the error is %v, the calls %q", err, calls(server))
	}
}

// The built-in sender gives way only if it is still there.
func TestSwapOfASenderThatWaited(t *testing.T) {
	t.Parallel()
	for name, mishap := range deletionMishaps() {
		for theirs, somebody := range map[bool]func(o *mockserver.Organization){
			false: func(*mockserver.Organization) {}, true: setSender(storedTwilio("theirs")),
		} {
			t.Run(name+map[bool]string{true: ", replaced"}[theirs], func(t *testing.T) {
				t.Parallel()
				server, organization := openDisturbed(t, mishap.fault, somebody)
				server.Update(func(state *mockserver.State) { setSender(storedBuiltIn())(state.Organizations[bifrost]) })
				err := organization.UpdateSMSSender(t.Context(), func(SMSSender) (SMSSender, error) {
					return someSender("+2"), nil
				})
				stored := server.State().Organizations[bifrost].SMSSenders[SMSSenderName]
				switch {
				case stored == nil || stored.Sender == nil:
					t.Errorf("the sender is %+v: %v", stored, err)
				case theirs && (!errors.Is(err, ErrSenderChanged) || *stored.Secret != "theirs"):
					t.Errorf("somebody else's sender is now %s: %v", *stored.Sender, err)
				case !theirs && (err != nil || *stored.Sender != "+2"):
					t.Errorf("the sender is %s: %v", *stored.Sender, err)
				}
			})
		}
	}
}
