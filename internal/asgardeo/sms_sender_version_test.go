package asgardeo

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func bearer(token string) SMSSender {
	sender := SMSSender{Name: SMSSenderName, Provider: "Custom", ProviderURL: "https://sms.example", ContentType: "JSON", Properties: SenderProperties{{SenderBody, "b"}}}
	sender.Authentication = &SenderAuthentication{Type: AuthBearer, Properties: map[string]string{AuthAccessToken: token}}
	return sender
}

// Version 1 is for servers that have no other: the list tells, once, and a write never does.
func TestSenderVersion(t *testing.T) {
	t.Parallel()
	for api, want := range map[mockserver.SenderAPI]string{"": "v2", mockserver.SendersPlain: "v2", mockserver.SendersV1: "v1", mockserver.SendersV1Open: "v1"} {
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
			must(organization.CreateSMSSender(t.Context(), someSender("+1")))
			must(organization.UpdateSMSSender(t.Context(), SMSSenderName, renumber("+2")))
			must(organization.DeleteSMSSender(t.Context(), SMSSenderName))
			reads := 0
			for _, request := range server.Requests() {
				switch {
				case !strings.Contains(request.Path, "notification-senders"):
				case request.Method == "GET":
					reads++
				case !strings.Contains(request.Path, "/server/"+want+"/"):
					t.Errorf("%s %s was sent", request.Method, request.Path)
				}
			}
			if reads > 6 { // an old server: twice each of two looks at version 2, since a new token might help
				t.Errorf("%d reads", reads)
			}
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
	if err := organization.DeleteSMSSender(t.Context(), SMSSenderName); err != nil {
		t.Errorf("a deletion: %v", err)
	}
	for _, fault := range []mockserver.Fault{
		{Action: mockserver.ActionExpireTokens, Match: mockserver.Match{PathPrefix: "/t/bifrost/api"}, Times: -1},
		{Action: mockserver.ActionHTML404, Match: mockserver.Match{PathPrefix: "/t/bifrost/api"}, Times: -1},
		{Action: mockserver.ActionStatus, Status: 503, Match: mockserver.Match{PathPrefix: "/t/bifrost" + sendersPath}, Times: -1},
	} {
		server, organization := openMock(t)
		server.AddFault(fault)
		if _, err := organization.SMSSenders(t.Context()); err == nil {
			t.Errorf("%+v went unnoticed", fault)
		}
		server.ClearFaults()
		if err := organization.CreateSMSSender(t.Context(), bearer("t")); err != nil {
			t.Errorf("after %+v: %v", fault, err)
		}
	}
}

// What an answer does not show must be sent, whatever it looks like, and must not keep a writer from recognizing its work.
func TestSenderSecretsThatNoAnswerShows(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "POST", PathPrefix: sendersAt}, Times: 3, Action: mockserver.ActionDropAfter})
	if err := organization.CreateSMSSender(t.Context(), bearer("first")); err != nil {
		t.Fatal(err)
	}
	stored := func() string {
		return server.State().Organizations[bifrost].SMSSenders[SMSSenderName].Authentication.Properties[AuthAccessToken]
	}
	err := organization.UpdateSMSSender(t.Context(), SMSSenderName, func(live SMSSender) (SMSSender, error) {
		if !live.Irreplaceable() {
			t.Errorf("the live sender is %+v", live)
		}
		return bearer("second"), nil
	})
	if err != nil || stored() != "second" {
		t.Errorf("the token is %q (%v)", stored(), err)
	}
	// A change of the secret alone cannot be seen: without an answer, it is not taken for done.
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: -1, Action: mockserver.ActionDropBefore})
	err = organization.UpdateSMSSender(t.Context(), SMSSenderName, func(SMSSender) (SMSSender, error) { return bearer("third"), nil })
	if err == nil || strings.Contains(err.Error(), "third") {
		t.Errorf("a change without an answer: %v", err)
	}
}

// Key and secret are BASIC on the server. Read and written, they stay what they are.
func TestSenderBasicIsKeyAndSecret(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	basic := bearer("")
	basic.Authentication = &SenderAuthentication{Type: AuthBasic, Properties: map[string]string{AuthUsername: "user", AuthPassword: "pass"}}
	if err := organization.CreateSMSSender(t.Context(), basic); err != nil {
		t.Fatal(err)
	}
	server.ClearRequests()
	err := organization.UpdateSMSSender(t.Context(), SMSSenderName, func(live SMSSender) (SMSSender, error) {
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
	if _, err := organization.SMSSenders(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "POST", PathPrefix: sendersAt}, Times: -1, Action: mockserver.ActionDropBefore})
	go func() {
		for count(calls(server), "POST "+sendersAt) == 0 {
		}
		cancel()
	}()
	err := organization.CreateSMSSender(ctx, someSender("+1"))
	if failure := failureOf(t, err); failure.Attempts == 0 || failure.Method != "POST" || !strings.HasSuffix(failure.URL, sendersPath) {
		t.Errorf("the error is %+v", failure)
	}
}
