package provider

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Key, secret and headers of an SMS sender: sent when they have to be, lost never, and shown nowhere.

// TestSMSSenderWithAnOldCLI: one that knows no write-only arguments would keep them in the state.
func TestSMSSenderWithAnOldCLI(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	o := &object{typeName: senderType}
	for _, name := range []string{"key", "secret"} {
		response, err := p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: senderType, Config: p.encode(p.resourceType(o), senderValues().with(values{name: nil, name + "_wo": "w"})),
		})
		must(t, err)
		wantError(t, response.Diagnostics, "["+name+"_wo]", "1.11")
	}
}

func TestSMSSenderNeedsSecretsWhenItIsNew(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config values
		errors []string // nil: none
	}{
		{
			twilio.with(values{"key_wo": nil, "key_wo_version": nil}),
			[]string{
				"[key]", "An SMS sender with provider_name = \"Twilio\" needs key. Set key_wo and key_wo_version",
				"or key, which is kept in the state",
			},
		},
		{
			twilio.with(values{"secret_wo": nil, "secret_wo_version": nil, "provider_name": "Vonage"}),
			[]string{"[secret]", "provider_name = \"Vonage\" needs secret"},
		},
		{twilio.with(values{"secret_wo": unknown}), nil},
		{twilio.with(values{"secret_wo": nil, "secret_wo_version": nil, "secret": unknown}), nil},
		{twilio, nil},
		{custom, nil},
	} {
		w := newWorkspace(t)
		saved := w.plan(&object{typeName: senderType}, test.config)
		if test.errors == nil {
			wantNoDiagnostics(t, saved.diags)
			w.wantCalls("POST token", "GET sms")
			continue
		}
		wantError(t, saved.diags, test.errors...)
		w.wantCalls() // what cannot be created is not asked for
	}
}

// TestSMSSenderHeaders: they hold a credential more often than not, and generated configuration leaves them out, so
// what is not declared stays on the server. Headers that were declared are Terraform's to take away.
func TestSMSSenderHeaders(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.setSender(customStored())
	o := w.adopt(senderType)
	undeclared := custom.with(values{"http_headers": nil})
	o.wantState(t, undeclared.with(values{"name": "SMSPublisher"}))
	wantNoDiagnostics(t, w.wantAction(o, undeclared, "no-op").diags)

	// Not with another change, and not when somebody changes them in the Console.
	w.changeSender(func(s *mockserver.SMSSender) { s.Properties["http.headers"] = "Authorization: Bearer rotated" })
	wantNoDiagnostics(t, w.wantAction(o, undeclared, "no-op").diags)
	saved := w.wantAction(o, undeclared.with(values{"http_method": "POST"}), "update")
	w.changeSender(func(s *mockserver.SMSSender) { s.Properties["http.headers"] = "Authorization: Bearer rotated-again" })
	wantNoDiagnostics(t, w.apply(saved))
	want := customStored()
	want.Properties["http.headers"], want.Properties["http.method"] = "Authorization: Bearer rotated-again", "POST"
	w.wantSender(want)

	// Declared as they are: only Terraform's own bookkeeping changes.
	declared := custom.with(values{"http_method": "POST", "http_headers": "Authorization: Bearer rotated-again"})
	w.calls()
	wantNoDiagnostics(t, w.apply(w.wantAction(o, declared, "update")))
	w.wantCalls("POST token", "GET sms", "POST token", "GET sms")
	w.wantAction(o, declared, "no-op")

	// Now they are Terraform's: seen when they change, and taken away when they are not declared anymore.
	w.changeSender(func(s *mockserver.SMSSender) { delete(s.Properties, "http.headers") })
	w.up(o, declared)
	w.wantSender(want)
	w.up(o, undeclared.with(values{"http_method": "POST"}))
	delete(want.Properties, "http.headers")
	w.wantSender(want)

	// Another gateway gets none of the old one's, whoever set them.
	w.changeSender(func(s *mockserver.SMSSender) { s.Properties["http.headers"] = "Authorization: Bearer of-the-console" })
	w.up(o, twilio)
	w.wantSender(twilioStored())
}

func TestSMSSenderSecrets(t *testing.T) {
	t.Parallel()
	plain := values{"provider_name": "Twilio", "key": "first-key", "secret": "first-secret", "sender": "+15550100"}
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
			"another write-only secret without another version", twilio, twilio.with(values{"secret_wo": "x"}), "no-op", nothing,
			"first-key", "first-secret", "",
		},
		{
			"another version", twilio, twilio.with(values{"secret_wo": "x", "secret_wo_version": 2}), "update", put, "first-key",
			"x", "",
		},
		{
			"a lower version", twilio, twilio.with(values{"key_wo": "x", "key_wo_version": 0}), "update", put, "x",
			"first-secret", "",
		},
		{
			"another version, the same secret", twilio, twilio.with(values{"secret_wo_version": 2}), "update", nothing,
			"first-key", "first-secret", "",
		},
		{
			"one secret's version does not send the other one", twilio,
			twilio.with(values{"key_wo": "y", "secret_wo": "x", "secret_wo_version": 2}), "update", put, "first-key", "x", "",
		},
		{
			"the version goes", twilio, twilio.with(values{"secret_wo": "x", "secret_wo_version": nil}), "update", put,
			"first-key", "x", "secret_wo without secret_wo_version",
		},
		{"another plain secret", plain, plain.with(values{"secret": "x"}), "update", put, "first-key", "x", ""},
		{"from plain to write-only, the same", plain, twilio, "update", nothing, "first-key", "first-secret", ""},
		{
			"from plain to write-only, another", plain, twilio.with(values{"secret_wo": "x"}), "update", put, "first-key", "x",
			"",
		},
		{
			"from plain to write-only without version", plain, plain.with(values{"secret": nil, "secret_wo": "x"}), "update",
			put, "first-key", "x", "secret_wo without secret_wo_version",
		},
		{"from write-only to plain", twilio, plain.with(values{"key": "y"}), "update", put, "y", "first-secret", ""},
		{
			"the plain ones go", plain, plain.with(values{"key": nil, "secret": nil}), "update", nothing, "first-key",
			"first-secret", "",
		},
		{
			"the write-only ones go", twilio, values{"provider_name": "Twilio", "sender": "+15550100"}, "update", nothing,
			"first-key", "first-secret", "",
		},
		{
			"the plain ones go with another change", plain, values{"provider_name": "Twilio", "sender": "+1"}, "update", put,
			"first-key", "first-secret", "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(senderType, test.before)
			saved := w.wantAction(o, test.after, test.action)
			w.calls()
			diags := w.apply(saved)
			if test.warning == "" {
				wantNoDiagnostics(t, append(saved.diags, diags...))
			} else {
				wantWarning(t, saved.diags, test.warning)
				wantWarning(t, diags, test.warning)
			}
			var got string
			for _, call := range w.calls() {
				if strings.HasPrefix(call, http.MethodPut) {
					got = call
				}
			}
			if got != test.write {
				t.Errorf("the server was sent %q, want %q", got, test.write)
			}
			if sender := w.sender(); *sender.Key != test.key || *sender.Secret != test.secret {
				t.Errorf("the server has %s and %s, want %s and %s", *sender.Key, *sender.Secret, test.key, test.secret)
			}
			w.wantAction(o, test.after, "no-op")
		})
	}
}

// TestSMSSenderOfAnotherGateway: the old gateway's secrets are not the new one's business.
func TestSMSSenderOfAnotherGateway(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, twilio)
	const none = "An SMS sender with provider_name = \"Vonage\" needs "
	saved := w.plan(o, values{"provider_name": "Vonage", "sender": "ACME"})
	if len(saved.diags) != 2 {
		t.Errorf("want two errors, got\n%s", saved.diags)
	}
	wantError(t, saved.diags.about("Missing key"), "[key]", none+"key")
	wantError(t, saved.diags.about("Missing secret"), "[secret]", none+"secret")

	w.up(
		o,
		twilio.with(values{"provider_name": "Vonage", "key_wo": "vonage-key", "secret_wo": "vonage-secret"}),
	) // the versions stay
	want := twilioStored()
	want.Provider, want.Key, want.Secret = "Vonage", new("vonage-key"), new("vonage-secret")
	w.wantSender(want)
	w.up(o, custom)
	w.wantSender(customStored())

	// Somebody changed the gateway after the plan was made.
	o = w.adopt(senderType)
	w.up(o, twilio.with(values{"key_wo_version": nil, "secret_wo_version": nil}))
	saved = w.wantAction(o, values{"provider_name": "Twilio", "sender": "+1"}, "update")
	w.changeSender(func(s *mockserver.SMSSender) { s.Provider, s.Secret = "Vonage", new("vonage-secret") })
	before := w.sender()
	diags := w.apply(saved)
	wantError(t, diags.about("Missing key"), "Set key_wo and raise key_wo_version, or set key.", "of another gateway")
	wantError(t, diags.about("Missing secret"), "Set secret_wo and raise secret_wo_version")
	wantAbsent(t, diags.String(), "vonage-secret", "first-secret")
	w.wantSender(before)

	// In other letters the server knows no such gateway, so whose secrets they are is anybody's guess.
	w.setSender(twilioStored())
	w.changeSender(func(s *mockserver.SMSSender) { s.Provider = "twilio" })
	o = w.adopt(senderType)
	wantError(t, w.plan(o, values{"provider_name": "Twilio", "sender": "+15550100"}).diags.about("Missing key"), "[key]")
	w.up(o, twilio)
	w.wantSender(twilioStored())
}

// TestSMSSenderWithoutReadableSecret: a server that keeps the secret to itself would lose it.
func TestSMSSenderWithoutReadableSecret(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, twilio)
	w.changeSender(func(s *mockserver.SMSSender) { s.Secret = nil })
	without := twilio.with(values{"secret_wo": nil, "secret_wo_version": nil, "sender": "+15550199"})
	saved := w.wantAction(o, without, "update")
	state, before := maps.Clone(o.state), w.sender()
	w.calls()
	wantError(t, w.apply(saved), "[secret]", "Missing secret", "Set secret_wo and raise secret_wo_version, or set secret.")
	w.wantCalls("POST token", "GET sms")
	w.wantSender(before)
	if diff := cmp.Diff(state, o.state); diff != "" {
		t.Errorf("the state was changed (- before, + after):\n%s", diff)
	}

	w.up(o, twilio.with(values{"sender": "+15550199"})) // with one, the version need not change
	want := twilioStored()
	want.Sender = new("+15550199")
	w.wantSender(want)
}

// TestSMSSenderLeavesNoSecrets looks for them in everything that Terraform keeps or shows.
func TestSMSSenderLeavesNoSecrets(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	var kept []string
	keep := func(texts ...any) { kept = append(kept, fmt.Sprint(texts...)) }
	o := &object{typeName: senderType}
	apply := func(config values) {
		saved := w.plan(o, config)
		keep(saved.planned, string(saved.private), saved.diags)
		keep(w.apply(saved), o.state, string(o.private), o.identity)
	}
	apply(twilio)
	apply(twilio.with(values{"sender": "+1"})) // the live secrets go back
	apply(twilio.with(values{"secret_wo": "second-secret", "secret_wo_version": 2}))
	for _, fault := range []mockserver.Fault{
		{
			Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"UE-10000","message":"M","description":"first-key second-secret third-secret"}`,
		},
		{Action: mockserver.ActionDropBefore},
	} {
		fault.Match, fault.Times = mockserver.Match{Method: http.MethodPut}, 9
		w.provider["max_retries"] = 0
		w.mock.AddFault(fault)
		diags := w.apply(w.plan(o, twilio.with(values{"secret_wo": "third-secret", "secret_wo_version": 3})))
		if len(diags.errors()) != 1 {
			t.Errorf("want an error, got\n%s", diags)
		}
		keep(diags)
		w.mock.ClearFaults()
	}
	imported := w.adopt(senderType)
	keep(imported.state, string(imported.private))
	data, diags := w.start().read(senderType, values{})
	keep(data, diags)
	results, diags := w.start().list(senderType, values{}, true, 0)
	keep(results, diags)
	for _, text := range kept {
		wantAbsent(t, text, "first-key", "first-secret", "second-secret", "third-secret")
	}
	if *w.sender().Secret != "second-secret" || !strings.Contains(kept[0], "+15550100") {
		t.Error("there was nothing to find")
	}
}
