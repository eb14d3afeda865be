package asgardeo

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func bearer(token string) SMSSender {
	sender := SMSSender{
		Name:        SMSSenderName,
		Provider:    "Custom",
		ProviderURL: "https://sms.example",
		ContentType: "JSON",
		Properties:  SenderProperties{{SenderBody, "b"}},
	}
	sender.Authentication = &SenderAuthentication{Type: AuthBearer, Properties: map[string]string{AuthAccessToken: token}}
	return sender
}

// Version 1 is for servers that have no other: the list tells, once, and a write never does.
func TestSenderVersion(t *testing.T) {
	t.Parallel()
	for api, want := range map[mockserver.SenderAPI]string{
		"": "v2", mockserver.SendersPlain: "v2", mockserver.SendersV1: "v1", mockserver.SendersV1Open: "v1",
	} {
		t.Run(string(api), func(t *testing.T) {
			t.Parallel()
			server, organization := openMock(t)
			server.Update(func(state *mockserver.State) { state.Organizations[bifrost].SenderAPI = api })
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			// Each on its own, as Terraform's plans and applies are, and with all that it asks the server.
			step := func(want string, do func(*Organization) error) {
				t.Helper()
				server.ClearRequests()
				must(do(open(t, configFor(t, server.URL()))))
				if diff := cmp.Diff(strings.Fields("token "+want), senderCalls(server)); diff != "" {
					t.Errorf("calls (- want, + got):\n%s", diff)
				}
			}
			look, change := "GETv2", "GETv2"
			if want == "v1" {
				look, change = "GETv2 GETv1", "GETv2 GETv1 GETv2" // a write makes sure
			}
			step(change+" POST"+want, func(o *Organization) error { return o.CreateSMSSender(t.Context(), someSender("+1")) })
			step(change+" PUT"+want+" GET"+want+" PUT"+want, func(o *Organization) error {
				must(o.UpdateSMSSender(t.Context(), renumber("+2")))
				return o.UpdateSMSSender(t.Context(), renumber("+3"))
			})
			step(look+" GET"+want, func(o *Organization) error {
				_, err := o.SMSSender(t.Context())
				must(err)
				_, err = o.SMSSender(t.Context())
				return err
			})
			step(look+" DELETE"+want, func(o *Organization) error { return o.DeleteSMSSender(t.Context(), nil) })
			err := organization.CreateSMSSender(t.Context(), bearer("t"))
			var failure *Error
			switch known := errors.As(err, &failure); {
			case api == "" && err != nil, api == mockserver.SendersPlain && (!known || failure.Code != "UE-10000"):
				t.Errorf("a sender with authentication: %v", err)
			case want == "v1" && (!known || failure.Kind != AuthenticationMissing):
				t.Errorf("a sender with authentication: %v", err)
			}
		})
	}
}

// senderCalls lists what the server was asked, as "GETv2", and "token".
func senderCalls(server *mockserver.Server) []string {
	var list []string
	for _, request := range server.Requests() {
		switch {
		case strings.Contains(request.Path, "/v1/notification-senders"):
			list = append(list, request.Method+"v1")
		case strings.Contains(request.Path, "/v2/notification-senders"):
			list = append(list, request.Method+"v2")
		case request.Path == tokenPath:
			list = append(list, "token")
		}
	}
	return list
}

func unauthorized(times int) mockserver.Fault {
	return mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 401, Body: `{"code":401,"message":"M","description":"D"}`,
		Headers: map[string]string{"WWW-Authenticate": "Bearer realm=x"}, Times: times,
	}
}

// Who lacks a scope on a server without version 2 learns just that; a token that is over is renewed once, whichever
// version there is.
func TestSenderVersionAndTheToken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		api   mockserver.SenderAPI
		fault mockserver.Fault
		calls string
		kind  Kind // 0: no error
	}{
		{"a bad token", "", mockserver.Fault{Action: mockserver.ActionExpireTokens}, "token GETv2 GETv1 token GETv2", 0},
		{
			"a bad token, old server", mockserver.SendersV1, mockserver.Fault{Action: mockserver.ActionExpireTokens},
			"token GETv2 GETv1 token GETv2 GETv1", 0,
		},
		{"no scope, old server", mockserver.SendersV1, mockserver.Fault{}, "token GETv2 GETv1", MissingScope},
		{"no scope", "", mockserver.Fault{}, "token GETv2", MissingScope},
		{
			"bad tokens", "", unauthorized(-1),
			"token GETv2 GETv1 token GETv2 GETv1", TokenRejected,
		},
		{"a page", "", mockserver.Fault{Action: mockserver.ActionHTML404, Times: -1}, "token GETv2 GETv1", NotAPI},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, organization := openMock(t)
			server.Update(func(state *mockserver.State) {
				state.Organizations[bifrost].SenderAPI = test.api
				if test.kind == MissingScope {
					state.Organizations[bifrost].Scopes = []string{ScopeDeleteSenders}
				}
			})
			if test.fault.Action != "" {
				test.fault.Match.PathPrefix = "/t/bifrost/api"
				server.AddFault(test.fault)
			}
			_, err := organization.SMSSender(t.Context())
			if test.kind == 0 && err != nil || test.kind != 0 && failureOf(t, err).Kind != test.kind {
				t.Errorf("the error is %v", err)
			}
			if diff := cmp.Diff(strings.Fields(test.calls), senderCalls(server)); diff != "" {
				t.Errorf("calls (- want, + got):\n%s", diff)
			}
			if test.kind == MissingScope {
				// Who may delete need not be allowed to look.
				if err := organization.DeleteSMSSender(t.Context(), nil); err != nil {
					t.Errorf("a deletion: %v", err)
				}
			}
		})
	}
}

// An answer that only looks like that of an old server must not cost an authentication.
func TestSenderVersionIsLookedAtTwiceBeforeAChange(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if err := organization.CreateSMSSender(t.Context(), bearer("t")); err != nil {
		t.Fatal(err)
	}
	organization = open(t, configFor(t, server.URL()))
	fault := unauthorized(1)
	fault.Match.PathPrefix = "/t/bifrost" + sendersPathV2
	server.AddFault(fault)
	err := organization.UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
		if !live.Irreplaceable() {
			t.Errorf("the live sender is %+v", live)
		}
		return bearer("another"), nil
	})
	if stored := server.State().Organizations[bifrost].SMSSenders[SMSSenderName].Authentication; err != nil ||
		stored.Properties[AuthAccessToken] != "another" {
		t.Errorf("the server has %+v, %v", stored, err)
	}
	for _, call := range senderCalls(server) {
		if call == "PUTv1" {
			t.Error("version 1 was written to")
		}
	}
}

// A missing scope and a bad token are no sign of an old server.
func TestSenderVersionIsNotGuessed(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.Update(func(state *mockserver.State) {
		state.Organizations[bifrost].Scopes = []string{ScopeCreateSenders, ScopeUpdateSenders, ScopeDeleteSenders}
	})
	// Who may not read senders creates none, since no later plan could read it.
	err := organization.CreateSMSSender(t.Context(), someSender("+1"))
	if failure := failureOf(t, err); failure.Kind != MissingScope || failure.Scope != ScopeViewSenders {
		t.Errorf("a create: %v", err)
	}
	if len(server.State().Organizations[bifrost].SMSSenders) != 0 {
		t.Error("there is a sender")
	}
	if err := organization.DeleteSMSSender(t.Context(), nil); err != nil {
		t.Errorf("a deletion: %v", err)
	}
	for _, fault := range []mockserver.Fault{
		{Action: mockserver.ActionExpireTokens, Match: mockserver.Match{PathPrefix: "/t/bifrost/api"}, Times: -1},
		{Action: mockserver.ActionHTML404, Match: mockserver.Match{PathPrefix: "/t/bifrost/api"}, Times: -1},
		{
			Action: mockserver.ActionStatus, Status: 503, Match: mockserver.Match{PathPrefix: "/t/bifrost" + sendersPathV2},
			Times: -1,
		},
	} {
		server, organization := openMock(t)
		server.AddFault(fault)
		if _, err := organization.SMSSender(t.Context()); err == nil {
			t.Errorf("%+v went unnoticed", fault)
		}
		server.ClearFaults()
		if err := organization.CreateSMSSender(t.Context(), bearer("t")); err != nil {
			t.Errorf("after %+v: %v", fault, err)
		}
	}
}

// What an answer does not show must be sent, whatever it looks like, and must not keep a writer from recognizing its
// work.
func TestSenderSecretsThatNoAnswerShows(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.AddFault(
		mockserver.Fault{
			Match:  mockserver.Match{Method: "POST", PathPrefix: sendersAt},
			Times:  3,
			Action: mockserver.ActionDropAfter,
		},
	)
	if err := organization.CreateSMSSender(t.Context(), bearer("first")); err != nil {
		t.Fatal(err)
	}
	stored := func() string {
		return server.State().Organizations[bifrost].SMSSenders[SMSSenderName].Authentication.Properties[AuthAccessToken]
	}
	err := organization.UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
		if !live.Irreplaceable() {
			t.Errorf("the live sender is %+v", live)
		}
		return bearer("second"), nil
	})
	if err != nil || stored() != "second" {
		t.Errorf("the token is %q (%v)", stored(), err)
	}
	// A change of the secret alone cannot be seen: without an answer, it is not taken for done.
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: -1, Action: mockserver.ActionDropBefore},
	)
	err = organization.UpdateSMSSender(t.Context(), func(SMSSender) (SMSSender, error) { return bearer("third"), nil })
	if err == nil || strings.Contains(err.Error(), "third") {
		t.Errorf("a change without an answer: %v", err)
	}
}

// Key and secret are BASIC on the server. Read and written, they stay what they are.
func TestSenderBasicIsKeyAndSecret(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	basic := bearer("")
	basic.Authentication = &SenderAuthentication{
		Type:       AuthBasic,
		Properties: map[string]string{AuthUsername: "user", AuthPassword: "pass"},
	}
	if err := organization.CreateSMSSender(t.Context(), basic); err != nil {
		t.Fatal(err)
	}
	server.ClearRequests()
	err := organization.UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
		if live.Irreplaceable() || live.Key != "user" || live.Secret != "pass" {
			t.Errorf("the live sender is %+v", live)
		}
		return basic, nil
	})
	if got := count(calls(server), "PUT "+sendersAt+"/"+SMSSenderName); err != nil || got != 0 {
		t.Errorf("%d writes of what is there (%v)", got, err)
	}
}

// An interrupted create tells of the request that was sent, not of the sign-in that came to nothing afterwards.
func TestInterruptedCreateTellsOfItsRequest(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if _, err := organization.SMSSender(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	server.AddFault(
		mockserver.Fault{
			Match:  mockserver.Match{Method: "POST", PathPrefix: sendersAt},
			Times:  -1,
			Action: mockserver.ActionDropBefore,
		},
	)
	go func() {
		for count(calls(server), "POST "+sendersAt) == 0 {
		}
		cancel()
	}()
	err := organization.CreateSMSSender(ctx, someSender("+1"))
	if failure := failureOf(t, err); failure.Attempts == 0 || failure.Method != http.MethodPost ||
		!strings.HasSuffix(failure.URL, sendersPathV2) {
		t.Errorf("the error is %+v", failure)
	}
}

// Of two attempts, the error is the one that tells more: the first left open what came of it, unless the second was
// answered for good.
func TestCreateKeepsTheErrorThatLeavesSomethingOpen(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]Kind{http.StatusTooManyRequests: Unreachable, http.StatusBadRequest: Refused} {
		server, organization := openMock(t)
		if _, err := organization.SMSSender(t.Context()); err != nil {
			t.Fatal(err)
		}
		post := mockserver.Match{Method: http.MethodPost, PathPrefix: sendersAt}
		server.AddFault(mockserver.Fault{Match: post, Times: 1, Action: mockserver.ActionDropBefore})
		server.AddFault(mockserver.Fault{
			Match: post, Times: -1, Action: mockserver.ActionStatus, Status: status,
			Body: `{"code":"UE-10000","message":"Invalid Request","description":"D","traceId":"t"}`,
		})
		err := organization.CreateSMSSender(t.Context(), someSender("+1"))
		if failure := failureOf(t, err); failure.Kind != want || failure.Unsettled != (want == Unreachable) {
			t.Errorf("after %d, the error is %+v", status, failure)
		}
	}
}
