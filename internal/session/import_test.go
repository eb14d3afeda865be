package session_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Import takes everything as it is, by the organization's name or by identity, and remembers it for destroy.

func TestImport(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		live := values{
			"enabled": false, "others": "kept",
			"email_otp_enabled": true, "totp_enabled": "TRUE", "backup_codes_enabled": true, "totp_enrollment_enabled": true,
		}
		for _, resource := range []struct {
			typeName        string
			all, part, both values // everything that is imported; a configuration with less; a configuration with a change
			changed         values
		}{
			{
				portalType,
				values{"enabled": false},
				values{"enabled": false, "on_destroy": "restore"},
				values{"enabled": true},
				values{"enabled": true},
			},
			{
				twoFactorType,
				providertest.EveryFactor(true).With(values{"sms_otp_enabled": false}),
				values{"totp_enabled": true},
				values{"email_otp_enabled": false, "totp_enrollment_enabled": false},
				values{"email_otp_enabled": false, "totp_enrollment_enabled": false},
			},
		} {
			for _, way := range []struct {
				name string
				by   func(w *workspace) (*providertest.Object, providertest.Diagnostics)
			}{
				{"id", func(w *workspace) (*providertest.Object, providertest.Diagnostics) {
					return w.Start().ImportByID(resource.typeName, "bifrost")
				}},
				{"id, without a provider's organization", func(w *workspace) (*providertest.Object, providertest.Diagnostics) {
					delete(w.Provider, "organization")
					defer func() { w.Provider["organization"] = "bifrost" }()
					return w.Start().ImportByID(resource.typeName, "bifrost")
				}},
				{"identity", func(w *workspace) (*providertest.Object, providertest.Diagnostics) {
					return w.Start().ImportByIdentity(resource.typeName, values{"organization": "bifrost"})
				}},
				{"empty identity", func(w *workspace) (*providertest.Object, providertest.Diagnostics) {
					return w.Start().ImportByIdentity(resource.typeName, values{})
				}},
			} {
				t.Run(resource.typeName+" by "+way.name, func(t *testing.T) {
					t.Parallel()
					w := providertest.NewWorkspaceIn(t, at)
					w.Sets(live)
					o, diags := way.by(w)
					providertest.WantNoDiagnostics(t, diags)
					all := values{"organization": "bifrost"}
					maps.Copy(all, resource.all)
					o.WantState(t, all)
					o.WantIdentity(t)
					w.WantAction(o, resource.all, "no-op")

					// A configuration that declares less lets go of the rest, without a call.
					saved := w.WantAction(o, resource.part, "update")
					providertest.WantNoDiagnostics(t, saved.Diags)
					w.Calls()
					providertest.WantNoDiagnostics(t, w.Apply(saved))
					w.WantCalls()
					o.WantState(t, resource.part)
					w.Wants(live)

					// A change, and the way back to what was imported.
					w.Up(o, resource.both)
					w.Wants(live.With(resource.changed))
					providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
					w.Wants(live)
				})
			}
		}
	})
}

func TestImportIsReadOnce(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Adopt(twoFactorType)
		w.WantCalls(append(at.Look(providertest.FlagsOfType()[twoFactorType]...), "POST token")...)
		private := string(o.Private)
		if private == "" {
			t.Error("import recorded nothing")
		}
		w.Sets(values{"email_otp_enabled": true})
		providertest.WantNoDiagnostics(t, w.Start().Refresh(o))
		if o.State["email_otp_enabled"] != true {
			t.Errorf("the refresh missed a change: %v", o.State)
		}
		if string(o.Private) != private {
			t.Error("a refresh after the import changed the record, which a plan that only refreshes reports as a change")
		}
	})
}

func TestImportOfWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		for _, typeName := range []string{portalType, twoFactorType, flowType} {
			for _, test := range []struct {
				id   string
				text []string
			}{
				{"", []string{"Invalid import ID", `"" is not the name`, "that name alone", `write "bifrost"`}},
				{"Bifrost", []string{"Invalid import ID", `write "bifrost"`}},
				{"bifrost/portal", []string{"Invalid import ID", `"bifrost/portal" is not the name of an organization`,
					`write "bifrost"`}},
				{"https://myaccount.asgardeo.io/t/asgard/overview", []string{"Invalid import ID", `write "asgard"`}},
				{"MyAccount", []string{"Invalid import ID", `write "bifrost"`}},
				{"bi frost", []string{"Invalid import ID"}},
				{"../bifrost", []string{"Invalid import ID"}},
				{"bifrost\n", []string{"Invalid import ID"}},
			} {
				_, diags := w.Start().ImportByID(typeName, test.id)
				providertest.WantError(t, diags, test.text...)
			}
			_, diags := w.Start().ImportByIdentity(typeName, values{"organization": "Bifrost"})
			providertest.WantError(t, diags, "Invalid import identity", `write "bifrost"`)
			w.WantCalls()

			// A well-formed name of an organization that is not the provider's: the provider's credentials are not sent there.
			_, diags = w.Start().ImportByID(typeName, "alfheim")
			providertest.WantError(t, diags, `no credentials for organization "alfheim"`)
			w.WantCalls()
			delete(w.Provider, "organization")
			_, diags = w.Start().ImportByID(typeName, "alfheim")
			providertest.WantError(t, diags, `knows no organization "alfheim"`)
			w.Provider["organization"] = "bifrost"
			w.Calls()
		}
	})
}

func TestImportWhileTheProviderIsNotKnownYet(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		for _, typeName := range []string{portalType, twoFactorType, flowType} {
			w.Provider["organization"] = unknown
			_, diags := w.Start().ImportByIdentity(typeName, values{})
			providertest.WantError(t, diags, "Provider configuration not known yet",
				"The provider's organization depends on something that is not applied yet")
			_, diags = w.Start().ImportByID(typeName, "bifrost")
			providertest.WantNoDiagnostics(t, diags)

			w.Provider["organization"] = "bifrost"
			secret := w.Provider["client_secret"]
			w.Provider["client_secret"] = unknown
			_, diags = w.Start().ImportByID(typeName, "bifrost")
			providertest.WantError(t, diags, "Provider configuration not known yet", "client_secret")
			w.Provider["client_secret"] = secret
		}
	})
}

func TestImportOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
		w.Provider["credentials"] = values{
			"alfheim": values{"client_id": mockserver.DefaultClientID,
				"client_secret": mockserver.DefaultClientSecret},
		}
		w.SetsIn("alfheim", values{"enabled": false})
		o, diags := w.Start().ImportByID(portalType, "alfheim")
		providertest.WantNoDiagnostics(t, diags)
		o.WantState(t, values{"organization": "alfheim", "enabled": false})
		if diff := cmp.Diff(values{"organization": "alfheim"}, o.Identity); diff != "" {
			t.Errorf("the identity differs (- want, + got):\n%s", diff)
		}
		w.WantAction(o, values{"organization": "alfheim", "enabled": false}, "no-op")

		// A configuration without the organization means the provider's, and says so by a replacement.
		replacement := w.WantAction(o, values{"enabled": false}, "replace")
		if diff := cmp.Diff([]string{"organization"}, replacement.RequiresReplace); diff != "" {
			t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
		}
	})
}
