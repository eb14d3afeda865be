package asgardeo

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// changeTo makes the portal's flow another one.
func changeTo(t *testing.T, organization *Organization, want portal.Flow) error {
	t.Helper()
	return organization.ChangeLoginFlow(t.Context(), func(Application) (portal.Flow, error) { return want, nil })
}

// setFlow stores a flow, in the notation of flowOf.
func setFlow(server *mockserver.Server, steps, script string) {
	server.Update(func(state *mockserver.State) {
		sequence := &mockserver.AuthenticationSequence{Type: "USER_DEFINED", Script: script}
		for _, step := range flowOf(steps, "").Steps {
			var stored mockserver.Step
			for _, option := range step.Options {
				stored.Options = append(stored.Options, mockserver.StepOption{
					IDP: option.Connection, Authenticator: option.Authenticator,
				})
			}
			sequence.Steps = append(sequence.Steps, stored)
		}
		state.Organizations[bifrost].Connections = map[string][]string{"Google": {"OIDC"}}
		state.Organizations[bifrost].MyAccountApplication().AuthenticationSequence = sequence
	})
}

func TestChangingAWholeLoginFlow(t *testing.T) {
	t.Parallel()
	const plain = "var onLoginRequest = function(context) {\n    executeStep(1);\n    executeStep(2);\n};\n"
	server, organization := openMock(t)
	setFlow(server, "BasicAuthenticator", "own();")
	if err := changeTo(t, organization, flowOf("Google/OIDC BasicAuthenticator | totp", "")); err != nil {
		t.Fatal(err)
	}
	read, err := organization.Application(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := notationOf(read.Flow); got != "Google/OIDC BasicAuthenticator | totp" || read.Flow.Script != plain ||
		read.ReadOnly || read.Shared {
		t.Errorf("the flow is %s, with the script %q", got, read.Flow.Script)
	}

	// What is right already is not written, in whatever order and with whatever layout.
	before := len(calls(server))
	for _, same := range []portal.Flow{
		flowOf("BasicAuthenticator Google/OIDC | totp", ""), flowOf("Google/OIDC BasicAuthenticator | totp", plain),
		read.Flow,
	} {
		if err := changeTo(t, organization, same); err != nil {
			t.Fatal(err)
		}
	}
	for _, call := range calls(server)[before:] {
		if call[:4] != "GET " {
			t.Errorf("%s was sent", call)
		}
	}

	// With an error nothing is written.
	failed := errors.New("no")
	err = organization.ChangeLoginFlow(t.Context(), func(live Application) (portal.Flow, error) {
		if !live.Flow.Same(read.Flow) {
			t.Errorf("decide sees %s", notationOf(live.Flow))
		}
		return portal.Flow{Kind: portal.ServerFlow}, failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("the error is %v", err)
	}

	for range 2 { // again, there is nothing to give up
		if err := changeTo(t, organization, portal.Flow{Kind: portal.ServerFlow}); err != nil {
			t.Fatal(err)
		}
	}
	if seen, err := organization.RecentApplication(t.Context()); err != nil || seen.Flow.Kind != portal.ServerFlow {
		t.Errorf("the flow is %+v, error %v", seen.Flow, err)
	}
}

func TestAuthenticators(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.Update(func(state *mockserver.State) {
		state.Organizations[bifrost].Authenticators = []string{"BasicAuthenticator", "totp"}
		state.Organizations[bifrost].Connections = map[string][]string{"Google": {"OIDC"}}
	})
	for range 2 {
		all, err := organization.RecentAuthenticators(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for option, has := range map[string]bool{
			"totp": true, "Google": false, "Google/OIDC": true, "totp/OIDC": false, "TOTP": false,
		} {
			if got := all.Has(flowOf(option, "").Steps[0].Options[0]); got != has {
				t.Errorf("%s: %t, want %t", option, got, has)
			}
		}
	}
	if got := count(calls(server), "GET /t/bifrost/api/server/v1/authenticators"); got != 1 {
		t.Errorf("the server was asked %d times", got)
	}
	server.Update(func(state *mockserver.State) { state.Organizations[bifrost].Scopes = []string{} })
	other := open(t, configFor(t, server.URL()))
	_, err := other.RecentAuthenticators(t.Context())
	if failure := failureOf(t, err); failure.Kind != MissingScope || failure.Scope != ScopeViewAuthenticators {
		t.Errorf("the error is %v", failure)
	}
}

// Whether sub-organizations have the portal is told in a list of texts, of which others may be anything.
func TestSharedApplications(t *testing.T) {
	t.Parallel()
	for properties, shared := range map[string]bool{
		`[{"name":"isAppShared","value":"true"}]`:                                  true,
		`[{"name":"isAppShared","value":true}]`:                                    true,
		`[{"name":7,"value":{}},{"name":"isAppShared","value":"true"}]`:            true,
		`[{"name":"isAppShared","value":"false"},{"name":"other","value":"true"}]`: false,
		`[]`: false, `null`: false, `"a text"`: false,
	} {
		var stored storedApplication
		answer := `{"advancedConfigurations":{"additionalSpProperties":` + properties + `}}`
		if err := json.Unmarshal([]byte(answer), &stored); err != nil {
			t.Fatal(err)
		}
		if got := stored.shared(); got != shared {
			t.Errorf("%s: %t", properties, got)
		}
	}
}

// Writers of this process wait for each other.
func TestConcurrentChangesOfTheLoginFlow(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	done := make(chan error)
	const writers = 8
	for range writers {
		go func() {
			done <- organization.ChangeLoginFlow(t.Context(), func(live Application) (portal.Flow, error) {
				flow := live.Flow
				flow.Kind = portal.OwnFlow
				flow.Steps = append(slices.Clone(flow.Steps), flowOf("totp", "").Steps...)
				return flow, nil
			})
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	steps := server.State().Organizations[bifrost].MyAccountApplication().AuthenticationSequence.Steps
	if diff := cmp.Diff(writers+1, len(steps)); diff != "" {
		t.Errorf("changes were lost (-want +got):\n%s", diff)
	}
}
