package smssender_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Values that will be known during apply, for the sender: as for the settings, they are never taken for missing.

func TestUnknownConnectionOfTheSender(t *testing.T) {
	t.Parallel()

	first, second := providertest.SenderValues(), providertest.SenderValues().With(values{"sender": "+15550199"})
	for _, arguments := range [][]string{
		{"base_url"}, {"client_secret"}, {"client_id", "client_secret"}, {"client_secret", "organization"},
	} {
		t.Run(strings.Join(arguments, " "), func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			unknownProvider := maps.Clone(w.Provider)
			for _, argument := range arguments {
				unknownProvider[argument] = unknown
			}

			// Plan of a new sender, apply with everything known.
			o := newSender()
			saved := providertest.Start(t, unknownProvider).Plan(o, first)
			providertest.WantNoDiagnostics(t, saved.Diags)
			w.WantCalls()
			providertest.WantNoDiagnostics(t, w.Apply(saved))
			providertest.WantSenderIdentity(t, o)
			w.Calls()

			// A refresh keeps what is there, and says so: also a sender that is gone by now.
			w.SetSender(nil)
			before := *o
			p := providertest.Start(t, unknownProvider)
			providertest.WantWarning(t, p.Refresh(o), `The SMS sender of "bifrost": not refreshed`, arguments[0],
				"The state is kept as it is")
			if diff := cmp.Diff(before, *o, cmp.AllowUnexported(providertest.Object{})); diff != "" {
				t.Errorf("the refresh changed the state:\n%s", diff)
			}
			if unchanged := p.Plan(o, first); unchanged.Action != "no-op" || len(unchanged.Diags) > 0 {
				t.Errorf("the plan would %s:\n%s", unchanged.Action, unchanged.Diags)
			}
			update, destruction := p.Plan(o, second), p.Plan(o, nil)
			providertest.WantNoDiagnostics(t, update.Diags)
			providertest.WantNoError(t, destruction.Diags)

			// Nothing can be done yet…
			for _, change := range []*providertest.Plan{update, destruction, p.Plan(newSender(), first)} {
				providertest.WantError(t, providertest.Start(t, unknownProvider).Apply(change),
					"Provider configuration not known yet", arguments[0], "-target")
			}
			if diff := cmp.Diff(before, *o, cmp.AllowUnexported(providertest.Object{})); diff != "" {
				t.Errorf("the failure changed the state:\n%s", diff)
			}
			_, diags := providertest.Start(t, unknownProvider).ImportByID(smsSender, "bifrost")
			providertest.WantError(t, diags, "Provider configuration not known yet", arguments[0])
			w.WantCalls()

			// … until all is known.
			w.WithSender()
			providertest.WantNoError(t, w.Apply(update))
			if o.State["sender"] != "+15550199" {
				t.Errorf("the state is %v", o.State)
			}
			providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
			w.WantSender(nil)
		})
	}
}

func TestUnknownOrganizationOfTheSender(t *testing.T) {
	t.Parallel()

	w := providertest.NewFleet(t)
	first, second := providertest.SenderValues(), providertest.SenderValues().With(values{"sender": "+15550199"})
	in := func(config values, organization any) values {
		return config.With(values{"organization": organization})
	}

	// A new sender is planned without a call.
	o := newSender()
	saved := w.WantAction(o, in(first, unknown), "create")
	providertest.WantNoDiagnostics(t, saved.Diags)
	w.WantCalls()
	if saved.Planned["organization"] != unknown {
		t.Errorf("planned %v", saved.Planned)
	}
	providertest.WantNoDiagnostics(t, w.Apply(saved, values{"organization": "alfheim"}))
	if diff := cmp.Diff(values{"organization": "alfheim", "name": "SMSPublisher"}, o.Identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}

	// An existing one stays where it is: planning "known after apply" would replace it.
	w.WantAction(o, in(first, unknown), "no-op")
	saved = w.WantAction(o, in(second, unknown), "update")
	if saved.Planned["organization"] != "alfheim" {
		t.Errorf("planned %v", saved.Planned)
	}
	providertest.WantNoDiagnostics(t, w.Apply(saved, values{"organization": "alfheim"}))

	// So it does while the provider's organization, which it is left to, is not known.
	w.Provider["organization"] = unknown
	w.WantAction(o, second, "no-op")
	_, diags := w.Start().Read(smsSender, values{})
	providertest.WantError(t, diags, "Provider configuration not known yet", "The provider's organization")
	_, diags = w.Start().Read(smsSender, values{"organization": "alfheim"})
	providertest.WantNoDiagnostics(t, diags)
	w.Provider["organization"] = "alfheim"
	w.WantAction(o, second, "no-op")
	if senders := w.Mock.State().Organizations["alfheim"].SMSSenders; len(senders) != 1 ||
		*senders["SMSPublisher"].Sender != "+15550199" {
		t.Errorf("the senders are %v", senders)
	}
}

func TestDeferralOfTheSender(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	o := w.Create(smsSender, providertest.SenderValues())
	w.SetSender(nil) // which is no business of these plans
	deferring := func(secret any) *providertest.Process {
		p := providertest.NewProcess(t)
		config := maps.Clone(w.Provider)
		config["client_secret"] = secret
		providertest.WantNoDiagnostics(t,
			p.Configure(config, &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true}))
		return p
	}
	for secret, want := range map[any]bool{unknown: true, mockserver.DefaultClientSecret: false} {
		for _, planned := range []*providertest.Plan{
			deferring(secret).Plan(newSender(), providertest.SenderValues()),
			deferring(secret).Plan(o, providertest.SenderValues().With(values{"sender": "+1"})),
		} {
			providertest.WantNoDiagnostics(t, planned.Diags)
			if planned.Deferred != want {
				t.Errorf("deferred: %t, want %t", planned.Deferred, want)
			}
		}
	}
}
