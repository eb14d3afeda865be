package provider

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A resource that moves to another organization is replaced: the old organization is handed back, the new one taken over.

// newFleet is a workspace with two organizations.
func newFleet(t *testing.T) *workspace {
	t.Helper()
	w := newWorkspace(t, mockserver.WithOrganization("bifrost", "alfheim"))
	credentials := values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret}
	w.provider["credentials"] = values{"alfheim": credentials, "bifrost": credentials}
	return w
}

func (w *workspace) wantStoredIn(organization string, want stored) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.mock.State().Organizations[organization].MyAccount); diff != "" {
		w.t.Errorf("the state of %s differs (- want, + got):\n%s", organization, diff)
	}
}

func TestChangeOfOrganization(t *testing.T) {
	t.Parallel()

	for _, resource := range []struct {
		typeName     string
		config       values
		thing        string
		before       stored
		owned, other stored // while and after Terraform owns the organization
		line, back   string
	}{
		{
			portal, values{"enabled": false}, "My Account portal", stored{statusObject: {"enable": "true"}},
			stored{statusObject: {"enable": "false"}}, stored{statusObject: {"enable": "true"}}, "enabled: true -> false", "enabled: false -> true",
		},
		{
			twoFactor, values{"totp_enabled": true}, "two-factor settings", stored{twoFactorObject: {"totp_enabled": "false"}},
			stored{twoFactorObject: {"totp_enabled": "true"}}, stored{twoFactorObject: {"totp_enabled": "false"}}, "totp_enabled: false -> true", "totp_enabled: true -> false",
		},
	} {
		for _, way := range []struct {
			name   string
			change func(w *workspace, config values)
		}{
			{"the resource's", func(_ *workspace, config values) { config["organization"] = "alfheim" }},
			{"the provider's", func(w *workspace, _ values) { w.provider["organization"] = "alfheim" }},
		} {
			t.Run(resource.typeName+" by "+way.name, func(t *testing.T) {
				t.Parallel()
				w := newFleet(t)
				w.mock.Update(func(state *mockserver.State) {
					for _, organization := range state.Organizations {
						organization.MyAccount = resource.before
					}
				})
				o := w.create(resource.typeName, resource.config)
				config := maps.Clone(resource.config)
				way.change(w, config)

				saved := w.wantAction(o, config, "replace")
				if diff := cmp.Diff([]string{"organization"}, saved.requiresReplace); diff != "" {
					t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
				}
				if len(saved.diags) != 2 {
					t.Fatalf("want two warnings, got\n%s", saved.diags)
				}
				// Terraform shows warnings of the first call alone.
				wantWarning(t, saved.diags.about("Destroying the "+resource.thing), `"bifrost"`, resource.back)
				wantWarning(t, saved.diags.about("Taking over the "+resource.thing), `"alfheim"`, resource.line)
				if resource.typeName == portal && saved.planned["url"] != w.mock.URL()+"/t/alfheim/myaccount" {
					t.Errorf("planned %v", saved.planned)
				}

				wantNoError(t, w.apply(saved))
				if o.state["organization"] != "alfheim" {
					t.Errorf("the state is %v", o.state)
				}
				if diff := cmp.Diff(values{"organization": "alfheim"}, o.identity); diff != "" {
					t.Errorf("the identity differs (- want, + got):\n%s", diff)
				}
				w.wantStoredIn("bifrost", resource.other)
				w.wantStoredIn("alfheim", resource.owned)
				w.wantAction(o, config, "no-op")

				// The record is that of the new organization.
				wantNoError(t, w.apply(w.plan(o, nil)))
				w.wantStoredIn("alfheim", resource.other)
			})
		}
	}
}

// TestNoReplacementWithoutChange: other changes list no attribute that would require a replacement.
func TestNoReplacementWithoutChange(t *testing.T) {
	t.Parallel()

	for typeName, configs := range configsOf {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newFleet(t)
			o := w.create(typeName, configs[0])
			for _, organization := range []any{nil, "bifrost"} {
				config := maps.Clone(configs[1])
				config["organization"] = organization
				if saved := w.wantAction(o, config, "update"); len(saved.requiresReplace) > 0 {
					t.Errorf("requires replacement: %v", saved.requiresReplace)
				}
			}
			// Writing down the organization that holds already changes nothing.
			config := maps.Clone(configs[0])
			config["organization"] = "bifrost"
			w.wantAction(o, config, "no-op")
		})
	}
}

func TestRulesHoldInTheNewOrganization(t *testing.T) {
	t.Parallel()

	w := newFleet(t)
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccount[twoFactorObject] = attributes{"totp_enabled": "true"}
	})
	o := w.create(twoFactor, values{"totp_enrollment_enabled": true})
	saved := w.plan(o, values{"totp_enrollment_enabled": true, "organization": "alfheim"})
	wantError(t, saved.diags, "[totp_enrollment_enabled]", `in organization "alfheim": totp_enabled is off`)
}
