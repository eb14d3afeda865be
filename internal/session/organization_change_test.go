package session_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// A resource that moves to another organization is replaced: the old organization is handed back, the new one taken
// over.

func TestChangeOfOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, resource := range []struct {
			typeName     string
			config       values
			thing        string
			before       values
			owned, other values // while and after Terraform owns the organization
			line, back   string
		}{
			{
				portalType, values{"enabled": false}, "My Account portal", values{"enabled": true},
				values{"enabled": false}, values{"enabled": true}, "enabled: true -> false", "enabled: false -> true",
			},
			{
				twoFactorType, values{"totp_enabled": true}, "two-factor settings", values{"totp_enabled": false},
				values{"totp_enabled": true}, values{"totp_enabled": false}, "totp_enabled: false -> true",
				"totp_enabled: true -> false",
			},
		} {
			for _, way := range []struct {
				name   string
				change func(w *workspace, config values)
			}{
				{"the resource's", func(_ *workspace, config values) { config["organization"] = "alfheim" }},
				{"the provider's", func(w *workspace, _ values) { w.Provider["organization"] = "alfheim" }},
			} {
				t.Run(resource.typeName+" by "+way.name, func(t *testing.T) {
					t.Parallel()
					w := providertest.NewFleetIn(t, at)
					w.SetsIn("bifrost", resource.before)
					w.SetsIn("alfheim", resource.before)
					o := w.Create(resource.typeName, resource.config)
					config := maps.Clone(resource.config)
					way.change(w, config)

					saved := w.WantAction(o, config, "replace")
					if diff := cmp.Diff([]string{"organization"}, saved.RequiresReplace); diff != "" {
						t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
					}
					if len(providertest.WithoutSignOutWarning(saved.Diags)) != 2 {
						t.Fatalf("want two warnings, got\n%s", saved.Diags)
					}
					// Terraform shows warnings of the first call alone.
					providertest.WantWarning(t, saved.Diags.About("Destroying the "+resource.thing), `"bifrost"`, resource.back)
					providertest.WantWarning(t, saved.Diags.About("Taking over the "+resource.thing), `"alfheim"`, resource.line)
					if resource.typeName == portalType && saved.Planned["url"] != w.Mock.URL()+"/t/alfheim/myaccount" {
						t.Errorf("planned %v", saved.Planned)
					}

					providertest.WantNoError(t, w.Apply(saved))
					if o.State["organization"] != "alfheim" {
						t.Errorf("the state is %v", o.State)
					}
					if diff := cmp.Diff(values{"organization": "alfheim"}, o.Identity); diff != "" {
						t.Errorf("the identity differs (- want, + got):\n%s", diff)
					}
					w.WantsIn("bifrost", resource.other)
					w.WantsIn("alfheim", resource.owned)
					w.WantAction(o, config, "no-op")

					// The record is that of the new organization.
					providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
					w.WantsIn("alfheim", resource.other)
				})
			}
		}
	})
}

// TestNoReplacementWithoutChange: other changes list no attribute that would require a replacement.
func TestNoReplacementWithoutChange(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range providertest.ConfigsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewFleetIn(t, at)
				o := w.Create(typeName, configs[0])
				for _, organization := range []any{nil, "bifrost"} {
					config := maps.Clone(configs[1])
					config["organization"] = organization
					if saved := w.WantAction(o, config, "update"); len(saved.RequiresReplace) > 0 {
						t.Errorf("requires replacement: %v", saved.RequiresReplace)
					}
				}
				// Writing down the organization that holds already changes nothing.
				config := maps.Clone(configs[0])
				config["organization"] = "bifrost"
				w.WantAction(o, config, "no-op")
			})
		}
	})
}

func TestRulesHoldInTheNewOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewFleetIn(t, at)
		w.Sets(values{"totp_enabled": true})
		o := w.Create(twoFactorType, values{"totp_enrollment_enabled": true})
		saved := w.Plan(o, values{"totp_enrollment_enabled": true, "organization": "alfheim"})
		providertest.WantError(t, saved.Diags, "[totp_enrollment_enabled]", `in organization "alfheim": totp_enabled is off`)
	})
}
