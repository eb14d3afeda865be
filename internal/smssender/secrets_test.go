package smssender_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Key, secret and headers of an SMS sender: sent when they have to be, lost never, and shown nowhere.

// TestSMSSenderWithAnOldCLI: one that knows no write-only arguments would keep them in the state.
func TestSMSSenderWithAnOldCLI(t *testing.T) {
	t.Parallel()
	p := providertest.NewProcess(t)
	o := newSender()
	for _, name := range []string{"key", "secret"} {
		config := providertest.SenderValues().With(values{name: nil, name + "_wo": "w"})
		response, err := p.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: smsSender, Config: p.Encode(p.ResourceType(o), config),
		})
		providertest.Must(t, err)
		providertest.WantError(t, response.Diagnostics, "["+name+"_wo]", "1.11")
	}
}

func TestSMSSenderNeedsSecretsWhenItIsNew(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config values
		errors []string // nil: none
	}{
		{
			twilio(values{"key_wo": nil, "key_wo_version": nil}),
			[]string{
				"[key]", "An SMS sender with provider_name = \"Twilio\" needs key. Set key_wo and key_wo_version",
				"or key, which is kept in the state",
			},
		},
		{
			twilio(values{"secret_wo": nil, "secret_wo_version": nil, "provider_name": "Vonage"}),
			[]string{"[secret]", "provider_name = \"Vonage\" needs secret"},
		},
		{twilio(values{"secret_wo": unknown}), nil},
		{twilio(values{"secret_wo": nil, "secret_wo_version": nil, "secret": unknown}), nil},
		{providertest.Twilio, nil},
		{providertest.Custom, nil},
	} {
		w := providertest.NewWorkspace(t)
		saved := w.Plan(newSender(), test.config)
		if test.errors == nil {
			providertest.WantNoDiagnostics(t, saved.Diags)
			w.WantCalls("POST token", "GET sms")
			continue
		}
		providertest.WantError(t, saved.Diags, test.errors...)
		w.WantCalls() // what cannot be created is not asked for
	}
}

// TestSMSSenderHeaders: they hold a credential more often than not, and generated configuration leaves them out, so
// what is not declared stays on the server. Headers that were declared are Terraform's to take away.
func TestSMSSenderHeaders(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.SetSender(providertest.CustomStored())
	o := w.Adopt(smsSender)
	undeclared := custom(values{"http_headers": nil})
	o.WantState(t, undeclared.With(values{"name": "SMSPublisher"}))
	providertest.WantNoDiagnostics(t, w.WantAction(o, undeclared, "no-op").Diags)

	// Not with another change, and not when somebody changes them in the Console.
	w.ChangeSender(func(s *liveSender) { s.Properties["http.headers"] = "Authorization: Bearer rotated" })
	providertest.WantNoDiagnostics(t, w.WantAction(o, undeclared, "no-op").Diags)
	saved := w.WantAction(o, undeclared.With(values{"http_method": "POST"}), "update")
	w.ChangeSender(func(s *liveSender) { s.Properties["http.headers"] = "Authorization: Bearer rotated-again" })
	providertest.WantNoDiagnostics(t, w.Apply(saved))
	want := providertest.CustomStored()
	want.Properties["http.headers"], want.Properties["http.method"] = "Authorization: Bearer rotated-again", "POST"
	w.WantSender(want)

	// Declared as they are: only Terraform's own bookkeeping changes.
	declared := custom(values{"http_method": "POST", "http_headers": "Authorization: Bearer rotated-again"})
	w.Calls()
	providertest.WantNoDiagnostics(t, w.Apply(w.WantAction(o, declared, "update")))
	w.WantCalls("POST token", "GET sms", "POST token", "GET sms")
	w.WantAction(o, declared, "no-op")

	// Now they are Terraform's: seen when they change, and taken away when they are not declared anymore.
	w.ChangeSender(func(s *liveSender) { delete(s.Properties, "http.headers") })
	w.Up(o, declared)
	w.WantSender(want)
	w.Up(o, undeclared.With(values{"http_method": "POST"}))
	delete(want.Properties, "http.headers")
	w.WantSender(want)

	// Another gateway gets none of the old one's, whoever set them.
	w.ChangeSender(func(s *liveSender) { s.Properties["http.headers"] = "Authorization: Bearer of-the-console" })
	w.Up(o, providertest.Twilio)
	w.WantSender(providertest.TwilioStored())
}

func TestSMSSenderSecrets(t *testing.T) {
	t.Parallel()
	plain := values{
		"provider_name": "Twilio",
		"key":           "first-key",
		"secret":        "first-secret",
		"sender":        "+15550100",
	}
	const nothing, put = "", "PUT SMSPublisher"
	for _, test := range []struct {
		name          string
		before, after values
		action        string
		write         string
		key, secret   string
		warning       string // empty: none
	}{
		{
			"another write-only secret without another version",
			providertest.Twilio, twilio(values{"secret_wo": "x"}),
			"no-op", nothing, "first-key", "first-secret", "",
		},
		{
			"another version",
			providertest.Twilio, twilio(values{"secret_wo": "x", "secret_wo_version": 2}),
			"update", put, "first-key", "x", "",
		},
		{
			"a lower version",
			providertest.Twilio, twilio(values{"key_wo": "x", "key_wo_version": 0}),
			"update", put, "x", "first-secret", "",
		},
		{
			"another version, the same secret",
			providertest.Twilio, twilio(values{"secret_wo_version": 2}),
			"update", nothing, "first-key", "first-secret", "",
		},
		{
			"one secret's version does not send the other one",
			providertest.Twilio, twilio(values{"key_wo": "y", "secret_wo": "x", "secret_wo_version": 2}),
			"update", put, "first-key", "x", "",
		},
		{
			"the version goes",
			providertest.Twilio, twilio(values{"secret_wo": "x", "secret_wo_version": nil}),
			"update", put, "first-key", "x", "secret_wo without secret_wo_version",
		},
		{
			"another plain secret",
			plain, plain.With(values{"secret": "x"}),
			"update", put, "first-key", "x", "",
		},
		{
			"from plain to write-only, the same",
			plain, providertest.Twilio,
			"update", nothing, "first-key", "first-secret", "",
		},
		{
			"from plain to write-only, another",
			plain, twilio(values{"secret_wo": "x"}),
			"update", put, "first-key", "x", "",
		},
		{
			"from plain to write-only without version",
			plain, plain.With(values{"secret": nil, "secret_wo": "x"}),
			"update", put, "first-key", "x", "secret_wo without secret_wo_version",
		},
		{
			"from write-only to plain",
			providertest.Twilio, plain.With(values{"key": "y"}),
			"update", put, "y", "first-secret", "",
		},
		{
			"the plain ones go",
			plain, plain.With(values{"key": nil, "secret": nil}),
			"update", nothing, "first-key", "first-secret", "",
		},
		{
			"the write-only ones go",
			providertest.Twilio, values{"provider_name": "Twilio", "sender": "+15550100"},
			"update", nothing, "first-key", "first-secret", "",
		},
		{
			"the plain ones go with another change",
			plain, values{"provider_name": "Twilio", "sender": "+1"},
			"update", put, "first-key", "first-secret", "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := w.Create(smsSender, test.before)
			saved := w.WantAction(o, test.after, test.action)
			w.Calls()
			diags := w.Apply(saved)
			if test.warning == "" {
				providertest.WantNoDiagnostics(t, append(saved.Diags, diags...))
			} else {
				providertest.WantWarning(t, saved.Diags, test.warning)
				providertest.WantWarning(t, diags, test.warning)
			}
			var got string
			for _, call := range w.Calls() {
				if strings.HasPrefix(call, http.MethodPut) {
					got = call
				}
			}
			if got != test.write {
				t.Errorf("the server was sent %q, want %q", got, test.write)
			}
			if sender := w.Sender(); *sender.Key != test.key || *sender.Secret != test.secret {
				t.Errorf("the server has %s and %s, want %s and %s", *sender.Key, *sender.Secret, test.key, test.secret)
			}
			w.WantAction(o, test.after, "no-op")
		})
	}
}

// TestSMSSenderOfAnotherGateway: the old gateway's secrets are not the new one's business.
func TestSMSSenderOfAnotherGateway(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(smsSender, providertest.Twilio)
	const none = "An SMS sender with provider_name = \"Vonage\" needs "
	saved := w.Plan(o, values{"provider_name": "Vonage", "sender": "ACME"})
	if len(saved.Diags) != 2 {
		t.Errorf("want two errors, got\n%s", saved.Diags)
	}
	providertest.WantError(t, saved.Diags.About("Missing key"), "[key]", none+"key")
	providertest.WantError(t, saved.Diags.About("Missing secret"), "[secret]", none+"secret")

	w.Up(o,
		twilio(values{"provider_name": "Vonage", "key_wo": "vonage-key", "secret_wo": "vonage-secret"})) // the versions stay
	want := providertest.TwilioStored()
	want.Provider, want.Key, want.Secret = "Vonage", new("vonage-key"), new("vonage-secret")
	w.WantSender(want)
	w.Up(o, providertest.Custom)
	w.WantSender(providertest.CustomStored())

	// Somebody changed the gateway after the plan was made.
	o = w.Adopt(smsSender)
	w.Up(o, twilio(values{"key_wo_version": nil, "secret_wo_version": nil}))
	saved = w.WantAction(o, values{"provider_name": "Twilio", "sender": "+1"}, "update")
	w.ChangeSender(func(s *liveSender) { s.Provider, s.Secret = "Vonage", new("vonage-secret") })
	before := w.Sender()
	diags := w.Apply(saved)
	providertest.WantError(t, diags.About("Missing key"), "Set key_wo and raise key_wo_version, or set key.",
		"of another gateway")
	providertest.WantError(t, diags.About("Missing secret"), "Set secret_wo and raise secret_wo_version")
	providertest.WantAbsent(t, diags.String(), "vonage-secret", "first-secret")
	w.WantSender(before)

	// In other letters the server knows no such gateway, so whose secrets they are is anybody's guess.
	w.SetSender(providertest.TwilioStored())
	w.ChangeSender(func(s *liveSender) { s.Provider = "twilio" })
	o = w.Adopt(smsSender)
	providertest.WantError(t,
		w.Plan(o, values{"provider_name": "Twilio", "sender": "+15550100"}).Diags.About("Missing key"), "[key]")
	w.Up(o, providertest.Twilio)
	w.WantSender(providertest.TwilioStored())
}

// TestSMSSenderWithoutReadableSecret: a server that keeps the secret to itself would lose it.
func TestSMSSenderWithoutReadableSecret(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(smsSender, providertest.Twilio)
	w.ChangeSender(func(s *liveSender) { s.Secret = nil })
	without := twilio(values{"secret_wo": nil, "secret_wo_version": nil, "sender": "+15550199"})
	saved := w.WantAction(o, without, "update")
	state, before := maps.Clone(o.State), w.Sender()
	w.Calls()
	providertest.WantError(t, w.Apply(saved), "[secret]", "Missing secret",
		"Set secret_wo and raise secret_wo_version, or set secret.")
	w.WantCalls("POST token", "GET sms")
	w.WantSender(before)
	if diff := cmp.Diff(state, o.State); diff != "" {
		t.Errorf("the state was changed (- before, + after):\n%s", diff)
	}

	w.Up(o, twilio(values{"sender": "+15550199"})) // with one, the version need not change
	want := providertest.TwilioStored()
	want.Sender = new("+15550199")
	w.WantSender(want)
}

// TestSMSSenderLeavesNoSecrets looks for them in everything that Terraform keeps or shows.
func TestSMSSenderLeavesNoSecrets(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	var kept []string
	keep := func(texts ...any) { kept = append(kept, fmt.Sprint(texts...)) }
	o := newSender()
	apply := func(config values) {
		saved := w.Plan(o, config)
		keep(saved.Planned, string(saved.Private), saved.Diags)
		keep(w.Apply(saved), o.State, string(o.Private), o.Identity)
	}
	apply(providertest.Twilio)
	apply(twilio(values{"sender": "+1"})) // the live secrets go back
	apply(twilio(values{"secret_wo": "second-secret", "secret_wo_version": 2}))
	for _, fault := range []mockserver.Fault{
		{
			Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"UE-10000","message":"M","description":"first-key second-secret third-secret"}`,
		},
		{Action: mockserver.ActionDropBefore},
	} {
		fault.Match, fault.Times = mockserver.Match{Method: http.MethodPut}, 9
		w.Provider["max_retries"] = 0
		w.Mock.AddFault(fault)
		diags := w.Apply(w.Plan(o, twilio(values{"secret_wo": "third-secret", "secret_wo_version": 3})))
		if len(diags.Errors()) != 1 {
			t.Errorf("want an error, got\n%s", diags)
		}
		keep(diags)
		w.Mock.ClearFaults()
	}
	imported := w.Adopt(smsSender)
	keep(imported.State, string(imported.Private))
	data, diags := w.Start().Read(smsSender, values{})
	keep(data, diags)
	results, diags := w.Start().List(smsSender, values{}, true, 0)
	keep(results, diags)
	for _, text := range kept {
		providertest.WantAbsent(t, text, "first-key", "first-secret", "second-secret", "third-secret")
	}
	if *w.Sender().Secret != "second-secret" || !strings.Contains(kept[0], "+15550100") {
		t.Error("there was nothing to find")
	}
}
