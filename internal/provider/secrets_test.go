package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Secrets are planted in every place that takes one. They must come out nowhere but at the server, whatever that does
// with them.

// withoutChosen drops what the user has chosen to keep in the state.
func withoutChosen(state values) values {
	rest := maps.Clone(state)
	for _, name := range []string{"key", "secret", "http_headers"} {
		delete(rest, name)
	}
	return rest
}

func TestSecretsOfAHealthyRun(t *testing.T) {
	t.Parallel()

	for name, config := range map[string]values{
		"write-only": {
			"key_wo": providertest.PlantedKey, "key_wo_version": 1,
			"secret_wo": providertest.PlantedSecret, "secret_wo_version": 1,
		},
		"plain": {"key": providertest.PlantedKey, "secret": providertest.PlantedSecret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			capture, wire := providertest.NewLogged(t), providertest.NewWire()
			w := providertest.NewWorkspace(t, mockserver.WithClient("client", providertest.PlantedClientSecret))
			w.T, w.Wrap = capture, wire.Around(t)
			w.Provider["client_id"], w.Provider["client_secret"] = "client", providertest.PlantedClientSecret
			maps.Copy(
				config,
				values{"provider_name": "Twilio", "sender": "+15550100", "http_headers": providertest.PlantedHeaders},
			)
			var seen []string
			look := func(o *providertest.Object, saved *providertest.Plan, diags providertest.Diagnostics) {
				t.Helper()
				providertest.WantNoError(t, diags)
				seen = append(seen, diags.String(), fmt.Sprint(withoutChosen(o.State), o.Identity), string(o.Private))
				if saved != nil {
					seen = append(seen, fmt.Sprint(withoutChosen(saved.Planned)), string(saved.Private))
				}
			}
			change := func(o *providertest.Object, config values) {
				t.Helper()
				saved := w.Plan(o, config)
				look(o, saved, saved.Diags)
				look(o, saved, w.Apply(saved))
			}

			sender, factors := &providertest.Object{TypeName: senderType}, &providertest.Object{TypeName: twoFactorType}
			change(sender, config)
			change(factors, values{"sms_otp_enabled": true})
			changed := maps.Clone(config)
			changed["sender"] = "+15550199"
			change(sender, changed)
			// Somebody else changes the secret, and more, between plan and apply.
			changed = maps.Clone(changed)
			changed["sender"] = "+15550100"
			saved := w.Plan(sender, changed)
			w.Mock.Update(func(state *mockserver.State) {
				state.Organizations["bifrost"].SMSSenders["SMSPublisher"].Sender = new("+1")
			})
			diags := w.Apply(saved)
			providertest.WantWarning(t, diags.About("changed outside Terraform"), "changed outside Terraform")
			look(sender, saved, diags)
			adopted, diags := w.Start().ImportByID(senderType, "bifrost")
			look(adopted, nil, diags)
			read, diags := w.Start().Read(senderType, values{})
			look(&providertest.Object{State: read}, nil, diags)
			change(factors, nil)
			change(sender, nil)

			// What is there to be found is found: on the wire, and in the state that the user has chosen.
			for _, name := range []string{"SMS key", "SMS secret", "HTTP headers", "client secret"} {
				secret := map[string]string{name: wire.Planted()[name]}
				if len(providertest.Leaks(wire.Sent.Bytes(), secret)) == 0 {
					t.Errorf("the %s was never sent", name)
				}
			}
			if len(wire.Tokens) < 6 {
				t.Errorf("only %d access tokens were used", len(wire.Tokens))
			}
			log := capture.Log.String()
			for _, line := range []string{"Called the management API", "/t/bifrost/oauth2/token", "Calling provider defined"} {
				if !strings.Contains(log, line) {
					t.Errorf("the log lacks %q", line)
				}
			}
			wire.WantNoLeak(t, "the log", log)
			for _, text := range seen {
				wire.WantNoLeak(t, "diagnostics, state, plan, private state or identity", text)
			}
		})
	}
}

// TestSecretsThatTheServerRepeats lets each call be answered by an error that repeats the request.
func TestSecretsThatTheServerRepeats(t *testing.T) {
	t.Parallel()

	seen := map[endpoint]bool{}
	operations := slices.Concat(operationsIn(providertest.ClassicPlace{}), operationsIn(providertest.ApplicationPlace{}))
	for _, operation := range operations {
		for _, call := range operation.calls {
			if seen[call] || call == callPutSecond || call.confirms() {
				continue
			}
			seen[call] = true
			t.Run(call.name, func(t *testing.T) {
				t.Parallel()
				stage := prepare(t, operation)
				stage.w.Provider["max_retries"] = 0
				for _, status := range []int{200, 302, 400, 401, 403, 404, 409, 429, 503} {
					for name, encode := range providertest.Encodings {
						stage.wantSilence(t, fmt.Sprintf("%d, %s", status, name), call, providertest.Quoting(status, false, encode))
						if status == 200 || status == 404 || status == 503 {
							stage.wantSilence(t, fmt.Sprintf("%d with a page, %s", status, name), call,
								providertest.Quoting(status, true, encode))
						}
					}
				}
			})
		}
	}
}

// wantSilence runs the operation with a server that answers one call like this.
func (s *stage) wantSilence(t *testing.T, where string, call endpoint,
	quote func(body, authorization string) providertest.Quotation) {
	t.Helper()
	wire, capture := providertest.NewWire(), providertest.NewLogged(t)
	wire.Match, wire.Quote = call.match(), quote
	s.w.Wrap = wire.Around(t)
	s.reset()
	o, diags := s.run(capture)
	wire.WantNoLeak(t, where+": diagnostics", diags.String())
	wire.WantNoLeak(t, where+": log", capture.Log.String())
	wire.WantNoLeak(t, where+": state", fmt.Sprint(withoutChosen(o.State), o.Identity)+string(o.Private))
	if !strings.Contains(capture.Log.String(), "/t/bifrost/") {
		t.Errorf("%s: the log has no line of the client", where)
	}
}

// TestWordsOfTheServerAreRepeated is the positive control: what holds no secret is told.
func TestWordsOfTheServerAreRepeated(t *testing.T) {
	t.Parallel()

	stage := prepare(t, operationsIn(providertest.ClassicPlace{})[0])
	wire, capture := providertest.NewWire(), providertest.NewLogged(t)
	wire.Match = callPut.match()
	wire.Quote = providertest.Quoting(http.StatusBadRequest, false, func(string) string { return "nothing" })
	stage.w.Wrap = wire.Around(t)
	stage.reset()
	_, diags := stage.run(capture)
	providertest.WantError(t, diags, "Unable to create the My Account portal", providertest.ServersOwnWords+" nothing",
		"Trace id: nothing")

	// And a secret is found where it is repeated on purpose.
	answer := providertest.Quoting(http.StatusBadRequest, false, func(text string) string { return text })(
		providertest.PlantedSecret,
		"",
	)
	if found := providertest.Leaks([]byte(answer.Body), wire.Planted()); len(found) == 0 {
		t.Errorf("the secret is not found in %s", answer.Body)
	}
}
