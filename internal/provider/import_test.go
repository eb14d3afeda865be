package provider

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Import takes everything as it is, by the organization's name or by identity, and remembers it for destroy.

func TestImport(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
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
				portal, values{"enabled": false}, values{"enabled": false, "on_destroy": "restore"}, values{"enabled": true},
				values{"enabled": true},
			},
			{
				twoFactor,
				everyFactor(true).with(values{"sms_otp_enabled": false}),
				values{"totp_enabled": true},
				values{"email_otp_enabled": false, "totp_enrollment_enabled": false},
				values{"email_otp_enabled": false, "totp_enrollment_enabled": false},
			},
		} {
			for _, way := range []struct {
				name string
				by   func(w *workspace) (*object, diagnostics)
			}{
				{"id", func(w *workspace) (*object, diagnostics) { return w.start().importByID(resource.typeName, "bifrost") }},
				{"id, without an organization of the provider", func(w *workspace) (*object, diagnostics) {
					delete(w.provider, "organization")
					defer func() { w.provider["organization"] = "bifrost" }()
					return w.start().importByID(resource.typeName, "bifrost")
				}},
				{"identity", func(w *workspace) (*object, diagnostics) {
					return w.start().importByIdentity(resource.typeName, values{"organization": "bifrost"})
				}},
				{"empty identity", func(w *workspace) (*object, diagnostics) {
					return w.start().importByIdentity(resource.typeName, values{})
				}},
			} {
				t.Run(resource.typeName+" by "+way.name, func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					w.sets(live)
					o, diags := way.by(w)
					wantNoDiagnostics(t, diags)
					all := values{"organization": "bifrost"}
					maps.Copy(all, resource.all)
					o.wantState(t, all)
					o.wantIdentity(t)
					w.wantAction(o, resource.all, "no-op")

					// A configuration that declares less lets go of the rest, without a call.
					saved := w.wantAction(o, resource.part, "update")
					wantNoDiagnostics(t, saved.diags)
					w.calls()
					wantNoDiagnostics(t, w.apply(saved))
					w.wantCalls()
					o.wantState(t, resource.part)
					w.wants(live)

					// A change, and the way back to what was imported.
					w.up(o, resource.both)
					w.wants(live.with(resource.changed))
					wantNoError(t, w.apply(w.plan(o, nil)))
					w.wants(live)
				})
			}
		}
	})
}

func TestImportIsReadOnce(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.adopt(twoFactor)
		w.wantCalls(append(at.look(flagsOfType()[twoFactor]...), "POST token")...)
		private := string(o.private)
		if private == "" {
			t.Error("import recorded nothing")
		}
		w.sets(values{"email_otp_enabled": true})
		wantNoDiagnostics(t, w.start().refresh(o))
		if o.state["email_otp_enabled"] != true {
			t.Errorf("the refresh missed a change: %v", o.state)
		}
		if string(o.private) != private {
			t.Error("a refresh after the import changed the record, which a plan that only refreshes reports as a change")
		}
	})
}

func TestImportOfWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		for _, typeName := range []string{portal, twoFactor, loginFlowType} {
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
				_, diags := w.start().importByID(typeName, test.id)
				wantError(t, diags, test.text...)
			}
			_, diags := w.start().importByIdentity(typeName, values{"organization": "Bifrost"})
			wantError(t, diags, "Invalid import identity", `write "bifrost"`)
			w.wantCalls()

			// A well-formed name of an organization that is not the provider's: the provider's credentials are not sent there.
			_, diags = w.start().importByID(typeName, "alfheim")
			wantError(t, diags, `no credentials for organization "alfheim"`)
			w.wantCalls()
			delete(w.provider, "organization")
			_, diags = w.start().importByID(typeName, "alfheim")
			wantError(t, diags, `knows no organization "alfheim"`)
			w.provider["organization"] = "bifrost"
			w.calls()
		}
	})
}

func TestImportWhileTheProviderIsNotKnownYet(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		for _, typeName := range []string{portal, twoFactor, loginFlowType} {
			w.provider["organization"] = unknown
			_, diags := w.start().importByIdentity(typeName, values{})
			wantError(t, diags, "Provider configuration not known yet",
				"The provider's organization depends on something that is not applied yet")
			_, diags = w.start().importByID(typeName, "bifrost")
			wantNoDiagnostics(t, diags)

			w.provider["organization"] = "bifrost"
			secret := w.provider["client_secret"]
			w.provider["client_secret"] = unknown
			_, diags = w.start().importByID(typeName, "bifrost")
			wantError(t, diags, "Provider configuration not known yet", "client_secret")
			w.provider["client_secret"] = secret
		}
	})
}

func TestImportOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
		w.provider["credentials"] = values{"alfheim": values{"client_id": mockserver.DefaultClientID,
			"client_secret": mockserver.DefaultClientSecret}}
		w.setsIn("alfheim", values{"enabled": false})
		o, diags := w.start().importByID(portal, "alfheim")
		wantNoDiagnostics(t, diags)
		o.wantState(t, values{"organization": "alfheim", "enabled": false})
		if diff := cmp.Diff(values{"organization": "alfheim"}, o.identity); diff != "" {
			t.Errorf("the identity differs (- want, + got):\n%s", diff)
		}
		w.wantAction(o, values{"organization": "alfheim", "enabled": false}, "no-op")

		// A configuration without the organization means the provider's, and says so by a replacement.
		replacement := w.wantAction(o, values{"enabled": false}, "replace")
		if diff := cmp.Diff([]string{"organization"}, replacement.requiresReplace); diff != "" {
			t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
		}
	})
}
