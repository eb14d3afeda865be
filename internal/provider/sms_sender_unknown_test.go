package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Values that will be known during apply, for the sender: as for the settings, they are never taken for missing.

func TestUnknownConnectionOfTheSender(t *testing.T) {
	t.Parallel()

	first, second := senderValues(), senderValues().with(values{"sender": "+15550199"})
	for _, arguments := range [][]string{
		{"base_url"}, {"client_secret"}, {"client_id", "client_secret"}, {"client_secret", "organization"},
	} {
		t.Run(strings.Join(arguments, " "), func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			unknownProvider := maps.Clone(w.provider)
			for _, argument := range arguments {
				unknownProvider[argument] = unknown
			}

			// Plan of a new sender, apply with everything known.
			o := &object{typeName: senderType}
			saved := start(t, unknownProvider).plan(o, first)
			wantNoDiagnostics(t, saved.diags)
			w.wantCalls()
			wantNoDiagnostics(t, w.apply(saved))
			wantSenderIdentity(t, o)
			w.calls()

			// A refresh keeps what is there, and says so: also a sender that is gone by now.
			w.setSender(nil)
			before := *o
			p := start(t, unknownProvider)
			wantWarning(
				t,
				p.refresh(o),
				`The SMS sender of "bifrost": not refreshed`,
				arguments[0],
				"The state is kept as it is",
			)
			if diff := cmp.Diff(before, *o, cmp.AllowUnexported(object{})); diff != "" {
				t.Errorf("the refresh changed the state:\n%s", diff)
			}
			if unchanged := p.plan(o, first); unchanged.action != "no-op" || len(unchanged.diags) > 0 {
				t.Errorf("the plan would %s:\n%s", unchanged.action, unchanged.diags)
			}
			update, destruction := p.plan(o, second), p.plan(o, nil)
			wantNoDiagnostics(t, update.diags)
			wantNoError(t, destruction.diags)

			// Nothing can be done yet…
			for _, change := range []*plan{update, destruction, p.plan(&object{typeName: senderType}, first)} {
				wantError(
					t,
					start(t, unknownProvider).apply(change),
					"Provider configuration not known yet",
					arguments[0],
					"-target",
				)
			}
			if diff := cmp.Diff(before, *o, cmp.AllowUnexported(object{})); diff != "" {
				t.Errorf("the failure changed the state:\n%s", diff)
			}
			_, diags := start(t, unknownProvider).importByID(senderType, "bifrost")
			wantError(t, diags, "Provider configuration not known yet", arguments[0])
			w.wantCalls()

			// … until all is known.
			w.withSender()
			wantNoError(t, w.apply(update))
			if o.state["sender"] != "+15550199" {
				t.Errorf("the state is %v", o.state)
			}
			wantNoError(t, w.apply(w.plan(o, nil)))
			w.wantSender(nil)
		})
	}
}

func TestUnknownOrganizationOfTheSender(t *testing.T) {
	t.Parallel()

	w := newFleet(t)
	first, second := senderValues(), senderValues().with(values{"sender": "+15550199"})
	in := func(config values, organization any) values { return config.with(values{"organization": organization}) }

	// A new sender is planned without a call.
	o := &object{typeName: senderType}
	saved := w.wantAction(o, in(first, unknown), "create")
	wantNoDiagnostics(t, saved.diags)
	w.wantCalls()
	if saved.planned["organization"] != unknown {
		t.Errorf("planned %v", saved.planned)
	}
	wantNoDiagnostics(t, w.apply(saved, values{"organization": "alfheim"}))
	if diff := cmp.Diff(values{"organization": "alfheim", "name": "SMSPublisher"}, o.identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}

	// An existing one stays where it is: planning "known after apply" would replace it.
	w.wantAction(o, in(first, unknown), "no-op")
	saved = w.wantAction(o, in(second, unknown), "update")
	if saved.planned["organization"] != "alfheim" {
		t.Errorf("planned %v", saved.planned)
	}
	wantNoDiagnostics(t, w.apply(saved, values{"organization": "alfheim"}))

	// So it does while the provider's organization, which it is left to, is not known.
	w.provider["organization"] = unknown
	w.wantAction(o, second, "no-op")
	_, diags := w.start().read(senderType, values{})
	wantError(t, diags, "Provider configuration not known yet", "The provider's organization")
	_, diags = w.start().read(senderType, values{"organization": "alfheim"})
	wantNoDiagnostics(t, diags)
	w.provider["organization"] = "alfheim"
	w.wantAction(o, second, "no-op")
	if senders := w.mock.State().Organizations["alfheim"].SMSSenders; len(senders) != 1 ||
		*senders["SMSPublisher"].Sender != "+15550199" {
		t.Errorf("the senders are %v", senders)
	}
}

func TestDeferralOfTheSender(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	o := w.create(senderType, senderValues())
	w.setSender(nil) // which is no business of these plans
	deferring := func(secret any) *process {
		p := newProcess(t)
		config := maps.Clone(w.provider)
		config["client_secret"] = secret
		wantNoDiagnostics(t, p.configure(config, &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true}))
		return p
	}
	for secret, want := range map[any]bool{unknown: true, mockserver.DefaultClientSecret: false} {
		for _, planned := range []*plan{
			deferring(secret).plan(&object{typeName: senderType}, senderValues()), deferring(secret).plan(
				o, senderValues().with(values{"sender": "+1"}),
			),
		} {
			wantNoDiagnostics(t, planned.diags)
			if planned.deferred != want {
				t.Errorf("deferred: %t, want %t", planned.deferred, want)
			}
		}
	}
}
