package provider

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A resource that moves to another organization is replaced: the old organization is handed back, the new one taken
// over.

// newFleet is newFleetIn for the classic place.
func newFleet(t *testing.T) *workspace {
	t.Helper()
	return newFleetIn(t, classicPlace{})
}

// newFleetIn is a workspace with two organizations.
func newFleetIn(t *testing.T, at place) *workspace {
	t.Helper()
	w := newWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
	credentials := values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret}
	w.provider["credentials"] = values{"alfheim": credentials, "bifrost": credentials}
	return w
}

func TestChangeOfOrganization(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, resource := range []struct {
			typeName     string
			config       values
			thing        string
			before       values
			owned, other values // while and after Terraform owns the organization
			line, back   string
		}{
			{
				portal, values{"enabled": false}, "My Account portal", values{"enabled": true},
				values{"enabled": false}, values{"enabled": true}, "enabled: true -> false", "enabled: false -> true",
			},
			{
				twoFactor, values{"totp_enabled": true}, "two-factor settings", values{"totp_enabled": false},
				values{"totp_enabled": true}, values{"totp_enabled": false}, "totp_enabled: false -> true",
				"totp_enabled: true -> false",
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
					w := newFleetIn(t, at)
					w.setsIn("bifrost", resource.before)
					w.setsIn("alfheim", resource.before)
					o := w.create(resource.typeName, resource.config)
					config := maps.Clone(resource.config)
					way.change(w, config)

					saved := w.wantAction(o, config, "replace")
					if diff := cmp.Diff([]string{"organization"}, saved.requiresReplace); diff != "" {
						t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
					}
					if len(besidesSignOut(saved.diags)) != 2 {
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
					w.wantsIn("bifrost", resource.other)
					w.wantsIn("alfheim", resource.owned)
					w.wantAction(o, config, "no-op")

					// The record is that of the new organization.
					wantNoError(t, w.apply(w.plan(o, nil)))
					w.wantsIn("alfheim", resource.other)
				})
			}
		}
	})
}

// TestNoReplacementWithoutChange: other changes list no attribute that would require a replacement.
func TestNoReplacementWithoutChange(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range configsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newFleetIn(t, at)
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
	})
}

func TestRulesHoldInTheNewOrganization(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newFleetIn(t, at)
		w.sets(values{"totp_enabled": true})
		o := w.create(twoFactor, values{"totp_enrollment_enabled": true})
		saved := w.plan(o, values{"totp_enrollment_enabled": true, "organization": "alfheim"})
		wantError(t, saved.diags, "[totp_enrollment_enabled]", `in organization "alfheim": totp_enabled is off`)
	})
}
