package provider_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Values that will be known during apply: they postpone a decision, and are never taken for missing.

// shows is how a warning shows what changes.
func shows(typeName string) string {
	if typeName == flowType {
		return "  now"
	}
	return "->"
}

func TestUnknownSettings(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, name := range map[string]string{portalType: "enabled", twoFactorType: "totp_enabled"} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				o := &providertest.Object{TypeName: typeName}
				saved := w.Plan(o, values{name: unknown})
				providertest.WantWarning(t, saved.Diags, "Taking over the", name+": ", "(known after apply)")
				if saved.Planned[name] != unknown {
					t.Errorf("planned %v", saved.Planned)
				}
				providertest.WantNoError(t, w.Apply(saved, values{name: true}))
				o.WantState(t, values{name: true})

				saved = w.WantAction(o, values{name: unknown}, "update")
				providertest.WantNoDiagnostics(t, saved.Diags)
				providertest.WantNoError(t, w.Apply(saved, values{name: false}))
				o.WantState(t, values{name: false})

				// It may turn out to be what it is.
				saved = w.WantAction(o, values{name: unknown}, "update")
				w.Calls()
				providertest.WantNoDiagnostics(t, w.Apply(saved, values{name: false}))
				w.WantCalls()
			})
		}
	})
}

func TestUnknownOrganizationOfAResource(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range providertest.ConfigsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
				w.Provider["credentials"] = values{
					"alfheim": values{
						"client_id":     mockserver.DefaultClientID,
						"client_secret": mockserver.DefaultClientSecret,
					},
				}
				with := func(config values, organization any) values {
					changed := values{"organization": organization}
					maps.Copy(changed, config)
					return changed
				}

				// A new resource is planned without a call; its takeover shows at apply.
				o := &providertest.Object{TypeName: typeName}
				saved := w.WantAction(o, with(configs[0], unknown), "create")
				providertest.WantWarning(t, saved.Diags, "an organization that is not known yet: not compared",
					"known during apply only: organization")
				w.WantCalls()
				if saved.Planned["organization"] != unknown {
					t.Errorf("planned %v", saved.Planned)
				}
				providertest.WantWarning(t, providertest.WithoutSignOutWarning(w.Apply(saved, values{"organization": "alfheim"})),
					"Taking over the", `"alfheim"`)
				if diff := cmp.Diff(values{"organization": "alfheim"}, o.Identity); diff != "" {
					t.Errorf("the identity differs (- want, + got):\n%s", diff)
				}

				// An existing one stays where it is: planning "known after apply" would replace it.
				w.WantAction(o, with(configs[0], unknown), "no-op")
				saved = w.WantAction(o, with(configs[1], unknown), "update")
				if saved.Planned["organization"] != "alfheim" {
					t.Errorf("planned %v", saved.Planned)
				}
				providertest.WantNoError(t, w.Apply(saved, values{"organization": "alfheim"}))
				o.WantState(t, with(configs[1], "alfheim"))
			})
		}
	})
}

func TestUnknownOrganizationOfTheProvider(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range providertest.ConfigsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				plan := func(o *providertest.Object, config values) *providertest.Plan {
					t.Helper()
					w.Provider["organization"] = unknown
					defer func() { w.Provider["organization"] = "bifrost" }()
					return w.Plan(o, config)
				}

				o := &providertest.Object{TypeName: typeName}
				saved := plan(o, configs[0])
				providertest.WantWarning(t, saved.Diags, "an organization that is not known yet: not compared",
					"known during apply only: organization")
				if saved.Action != "create" || saved.Planned["organization"] != unknown {
					t.Errorf("planned to %s %v", saved.Action, saved.Planned)
				}
				providertest.WantNoError(t, w.Apply(saved))
				o.WantIdentity(t)

				// The client itself is known, so that an existing resource is refreshed, and judged, as ever.
				if saved = plan(o, configs[0]); saved.Action != "no-op" {
					t.Errorf("planned to %s: %v", saved.Action, saved.Planned)
				}
				providertest.WantNoDiagnostics(t, saved.Diags)
				if saved = plan(o, configs[1]); saved.Action != "update" || saved.Planned["organization"] != "bifrost" {
					t.Errorf("planned to %s %v", saved.Action, saved.Planned)
				}
				providertest.WantNoError(t, w.Apply(saved))
				o.WantState(t, configs[1])

				// What would have to know it now says so.
				w.Provider["organization"] = unknown
				_, diags := w.Start().Read(typeName, values{})
				providertest.WantError(t, diags, "Provider configuration not known yet", "The provider's organization")
				_, diags = w.Start().Read(typeName, values{"organization": "bifrost"})
				providertest.WantNoDiagnostics(t, diags)
			})
		}
	})
}

// TestUnknownConnection is about arguments without which nothing can be called.
func TestUnknownConnection(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range providertest.ConfigsOf {
			for _, arguments := range [][]string{
				{"base_url"}, {"client_secret"}, {"client_id", "client_secret"}, {"client_secret", "organization"},
			} {
				t.Run(typeName+" "+strings.Join(arguments, " "), func(t *testing.T) {
					t.Parallel()
					w := providertest.NewWorkspaceIn(t, at)
					unknownProvider := maps.Clone(w.Provider)
					for _, argument := range arguments {
						unknownProvider[argument] = unknown
					}

					// Plan of a new resource, apply with everything known.
					o := &providertest.Object{TypeName: typeName}
					saved := providertest.Start(t, unknownProvider).Plan(o, configs[0])
					providertest.WantWarning(t, saved.Diags, "not compared",
						"known during apply only: "+strings.TrimSuffix(strings.Join(arguments, ", "), ", organization"))
					w.WantCalls()
					providertest.WantNoError(t, w.Apply(saved))
					o.WantState(t, configs[0])
					o.WantIdentity(t)
					w.Calls()

					// A refresh keeps what is there, and says so.
					before := *o
					p := providertest.Start(t, unknownProvider)
					providertest.WantWarning(t, p.Refresh(o), "not refreshed", `"bifrost"`, arguments[0])
					if diff := cmp.Diff(before, *o, cmp.AllowUnexported(providertest.Object{})); diff != "" {
						t.Errorf("the refresh changed the state:\n%s", diff)
					}
					if unchanged := p.Plan(o, configs[0]); unchanged.Action != "no-op" || len(unchanged.Diags) > 0 {
						t.Errorf("the plan would %s:\n%s", unchanged.Action, unchanged.Diags)
					}
					p = providertest.Start(t, unknownProvider)
					update, destruction := p.Plan(o, configs[1]), providertest.Start(t, unknownProvider).Plan(o, nil)
					providertest.WantNoDiagnostics(t, update.Diags)
					providertest.WantWarning(t, destruction.Diags, "Destroying the", shows(typeName)) // by the state

					// Nothing can be done yet…
					creation := p.Plan(&providertest.Object{TypeName: typeName}, configs[0])
					for _, change := range []*providertest.Plan{update, destruction, creation} {
						providertest.WantError(t, providertest.Start(t, unknownProvider).Apply(change),
							"Provider configuration not known yet", arguments[0], "-target")
					}
					if diff := cmp.Diff(before, *o, cmp.AllowUnexported(providertest.Object{})); diff != "" {
						t.Errorf("the failure changed the state:\n%s", diff)
					}
					w.WantCalls()

					// … until all is known.
					providertest.WantNoError(t, w.Apply(update))
					o.WantState(t, configs[1])
					providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
				})
			}
		}
	})
}

// TestDeferral is what a Terraform that can defer is told when the provider is not known yet.
func TestDeferral(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(portalType, values{"enabled": false})
		for _, test := range []struct {
			name     string
			argument string
			value    any
			deferred bool
		}{
			{"everything known", "organization", "bifrost", false},
			{"organization unknown", "organization", unknown, false},
			{"secret unknown", "client_secret", unknown, true},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				config := maps.Clone(w.Provider)
				config[test.argument] = test.value
				p := providertest.NewProcess(t)
				providertest.WantNoDiagnostics(t,
					p.Configure(config, &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true}))
				for _, planned := range []*providertest.Plan{
					p.Plan(&providertest.Object{TypeName: portalType}, values{"enabled": false}),
					p.Plan(o, values{"enabled": true}),
				} {
					providertest.WantNoError(t, planned.Diags)
					if planned.Deferred != test.deferred {
						t.Errorf("deferred: %t, want %t", planned.Deferred, test.deferred)
					}
				}
			})
		}
	})
}

// While nobody knows whose the provider's credentials are, they go to no organization that a new resource names.
func TestCredentialsOfAnUnknownOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
		for _, own := range []bool{false, true} {
			if own { // positive control
				w.Provider["credentials"] = values{
					"alfheim": values{
						"client_id":     mockserver.DefaultClientID,
						"client_secret": mockserver.DefaultClientSecret,
					},
				}
			}
			for typeName, configs := range providertest.ConfigsOf {
				w.Provider["organization"] = unknown
				saved := w.Plan(&providertest.Object{TypeName: typeName}, configs[0].With(values{"organization": "alfheim"}))
				providertest.WantNoError(t, saved.Diags)
				if own {
					providertest.WantWarning(t, saved.Diags.About("Taking over"), shows(typeName))
					continue
				}
				providertest.WantWarning(t, saved.Diags, `"alfheim": not compared`)
				w.WantCalls()
				w.Provider["organization"] = "bifrost"
				providertest.WantError(t, w.Apply(saved), `"alfheim"`)
			}
		}
	})
}

// The portal's address depends on base_url: with an update, it may be another one.
func TestURLWhileTheBaseURLIsUnknown(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(portalType, values{"enabled": false})
		known := w.Provider["base_url"].(string)
		w.Provider["base_url"] = unknown
		w.WantAction(o, values{"enabled": false}, "no-op")
		saved := w.WantAction(o, values{"enabled": true}, "update")
		w.Provider["base_url"] = strings.Replace(known, "127.0.0.1", "localhost", 1)
		providertest.WantNoError(t, w.Apply(saved))
		if url := fmt.Sprint(o.State["url"]); !strings.Contains(url, "localhost") {
			t.Errorf("the address is %s", url)
		}
	})
}
