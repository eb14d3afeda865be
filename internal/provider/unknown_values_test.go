package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Values that will be known during apply: they postpone a decision, and are never taken for missing.

// configsOf are a first configuration and a changed one for each resource.
var configsOf = map[string][2]values{
	portal:        {{"enabled": false}, {"enabled": true}},
	twoFactor:     {{"email_otp_enabled": true}, {"email_otp_enabled": false}},
	loginFlowType: {flowConfig(password + "|totp"), flowConfig(password + "|" + passkey)},
}

// shows is how a warning shows what changes.
func shows(typeName string) string {
	if typeName == loginFlowType {
		return "  now"
	}
	return "->"
}

func TestUnknownSettings(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, name := range map[string]string{portal: "enabled", twoFactor: "totp_enabled"} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				o := &object{typeName: typeName}
				saved := w.plan(o, values{name: unknown})
				wantWarning(t, saved.diags, "Taking over the", name+": ", "(known after apply)")
				if saved.planned[name] != unknown {
					t.Errorf("planned %v", saved.planned)
				}
				wantNoError(t, w.apply(saved, values{name: true}))
				o.wantState(t, values{name: true})

				saved = w.wantAction(o, values{name: unknown}, "update")
				wantNoDiagnostics(t, saved.diags)
				wantNoError(t, w.apply(saved, values{name: false}))
				o.wantState(t, values{name: false})

				// It may turn out to be what it is.
				saved = w.wantAction(o, values{name: unknown}, "update")
				w.calls()
				wantNoDiagnostics(t, w.apply(saved, values{name: false}))
				w.wantCalls()
			})
		}
	})
}

func TestUnknownOrganizationOfAResource(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range configsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
				w.provider["credentials"] = values{
					"alfheim": values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret},
				}
				with := func(config values, organization any) values {
					changed := values{"organization": organization}
					maps.Copy(changed, config)
					return changed
				}

				// A new resource is planned without a call; its takeover shows at apply.
				o := &object{typeName: typeName}
				saved := w.wantAction(o, with(configs[0], unknown), "create")
				wantWarning(t, saved.diags, "an organization that is not known yet: not compared",
					"known during apply only: organization")
				w.wantCalls()
				if saved.planned["organization"] != unknown {
					t.Errorf("planned %v", saved.planned)
				}
				wantWarning(t, besidesSignOut(w.apply(saved, values{"organization": "alfheim"})), "Taking over the", `"alfheim"`)
				if diff := cmp.Diff(values{"organization": "alfheim"}, o.identity); diff != "" {
					t.Errorf("the identity differs (- want, + got):\n%s", diff)
				}

				// An existing one stays where it is: planning "known after apply" would replace it.
				w.wantAction(o, with(configs[0], unknown), "no-op")
				saved = w.wantAction(o, with(configs[1], unknown), "update")
				if saved.planned["organization"] != "alfheim" {
					t.Errorf("planned %v", saved.planned)
				}
				wantNoError(t, w.apply(saved, values{"organization": "alfheim"}))
				o.wantState(t, with(configs[1], "alfheim"))
			})
		}
	})
}

func TestUnknownOrganizationOfTheProvider(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range configsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				plan := func(o *object, config values) *plan {
					t.Helper()
					w.provider["organization"] = unknown
					defer func() { w.provider["organization"] = "bifrost" }()
					return w.plan(o, config)
				}

				o := &object{typeName: typeName}
				saved := plan(o, configs[0])
				wantWarning(t, saved.diags, "an organization that is not known yet: not compared",
					"known during apply only: organization")
				if saved.action != "create" || saved.planned["organization"] != unknown {
					t.Errorf("planned to %s %v", saved.action, saved.planned)
				}
				wantNoError(t, w.apply(saved))
				o.wantIdentity(t)

				// The client itself is known, so that an existing resource is refreshed, and judged, as ever.
				if saved = plan(o, configs[0]); saved.action != "no-op" {
					t.Errorf("planned to %s: %v", saved.action, saved.planned)
				}
				wantNoDiagnostics(t, saved.diags)
				if saved = plan(o, configs[1]); saved.action != "update" || saved.planned["organization"] != "bifrost" {
					t.Errorf("planned to %s %v", saved.action, saved.planned)
				}
				wantNoError(t, w.apply(saved))
				o.wantState(t, configs[1])

				// What would have to know it now says so.
				w.provider["organization"] = unknown
				_, diags := w.start().read(typeName, values{})
				wantError(t, diags, "Provider configuration not known yet", "The provider's organization")
				_, diags = w.start().read(typeName, values{"organization": "bifrost"})
				wantNoDiagnostics(t, diags)
			})
		}
	})
}

// TestUnknownConnection is about arguments without which nothing can be called.
func TestUnknownConnection(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range configsOf {
			for _, arguments := range [][]string{
				{"base_url"}, {"client_secret"}, {"client_id", "client_secret"}, {"client_secret", "organization"},
			} {
				t.Run(typeName+" "+strings.Join(arguments, " "), func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					unknownProvider := maps.Clone(w.provider)
					for _, argument := range arguments {
						unknownProvider[argument] = unknown
					}

					// Plan of a new resource, apply with everything known.
					o := &object{typeName: typeName}
					saved := start(t, unknownProvider).plan(o, configs[0])
					wantWarning(t, saved.diags, "not compared",
						"known during apply only: "+strings.TrimSuffix(strings.Join(arguments, ", "), ", organization"))
					w.wantCalls()
					wantNoError(t, w.apply(saved))
					o.wantState(t, configs[0])
					o.wantIdentity(t)
					w.calls()

					// A refresh keeps what is there, and says so.
					before := *o
					p := start(t, unknownProvider)
					wantWarning(t, p.refresh(o), "not refreshed", `"bifrost"`, arguments[0])
					if diff := cmp.Diff(before, *o, cmp.AllowUnexported(object{})); diff != "" {
						t.Errorf("the refresh changed the state:\n%s", diff)
					}
					if unchanged := p.plan(o, configs[0]); unchanged.action != "no-op" || len(unchanged.diags) > 0 {
						t.Errorf("the plan would %s:\n%s", unchanged.action, unchanged.diags)
					}
					p = start(t, unknownProvider)
					update, destruction := p.plan(o, configs[1]), start(t, unknownProvider).plan(o, nil)
					wantNoDiagnostics(t, update.diags)
					wantWarning(t, destruction.diags, "Destroying the", shows(typeName)) // by the state

					// Nothing can be done yet…
					for _, change := range []*plan{update, destruction, p.plan(&object{typeName: typeName}, configs[0])} {
						wantError(t, start(t, unknownProvider).apply(change), "Provider configuration not known yet", arguments[0],
							"-target")
					}
					if diff := cmp.Diff(before, *o, cmp.AllowUnexported(object{})); diff != "" {
						t.Errorf("the failure changed the state:\n%s", diff)
					}
					w.wantCalls()

					// … until all is known.
					wantNoError(t, w.apply(update))
					o.wantState(t, configs[1])
					wantNoError(t, w.apply(w.plan(o, nil)))
				})
			}
		}
	})
}

// TestDeferral is what a Terraform that can defer is told when the provider is not known yet.
func TestDeferral(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.create(portal, values{"enabled": false})
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
				config := maps.Clone(w.provider)
				config[test.argument] = test.value
				p := newProcess(t)
				wantNoDiagnostics(t, p.configure(config, &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true}))
				for _, planned := range []*plan{
					p.plan(&object{typeName: portal}, values{"enabled": false}), p.plan(o, values{"enabled": true}),
				} {
					wantNoError(t, planned.diags)
					if planned.deferred != test.deferred {
						t.Errorf("deferred: %t, want %t", planned.deferred, test.deferred)
					}
				}
			})
		}
	})
}

// While nobody knows whose the provider's credentials are, they go to no organization that a new resource names.
func TestCredentialsOfAnUnknownOrganization(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
		for _, own := range []bool{false, true} {
			if own { // positive control
				w.provider["credentials"] = values{
					"alfheim": values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret},
				}
			}
			for typeName, configs := range configsOf {
				w.provider["organization"] = unknown
				saved := w.plan(&object{typeName: typeName}, configs[0].with(values{"organization": "alfheim"}))
				wantNoError(t, saved.diags)
				if own {
					wantWarning(t, saved.diags.about("Taking over"), shows(typeName))
					continue
				}
				wantWarning(t, saved.diags, `"alfheim": not compared`)
				w.wantCalls()
				w.provider["organization"] = "bifrost"
				wantError(t, w.apply(saved), `"alfheim"`)
			}
		}
	})
}

// The portal's address depends on base_url: with an update, it may be another one.
func TestURLWhileTheBaseURLIsUnknown(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.create(portal, values{"enabled": false})
		known := w.provider["base_url"].(string)
		w.provider["base_url"] = unknown
		w.wantAction(o, values{"enabled": false}, "no-op")
		saved := w.wantAction(o, values{"enabled": true}, "update")
		w.provider["base_url"] = strings.Replace(known, "127.0.0.1", "localhost", 1)
		wantNoError(t, w.apply(saved))
		if url := fmt.Sprint(o.state["url"]); !strings.Contains(url, "localhost") {
			t.Errorf("the address is %s", url)
		}
	})
}
