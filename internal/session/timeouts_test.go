package session_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestTimeoutsThatNothingMeets(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		for typeName, config := range map[string]values{
			portalType:    {"enabled": true},
			twoFactorType: {"totp_enabled": true},
			senderType:    providertest.Twilio,
			flowType:      providertest.FlowConfig(providertest.Password),
		} {
			for _, operation := range []string{"create", "read", "update", "delete"} {
				for _, limit := range []string{"0s", "-5s", "5", "5ns", " 5s", "soon", ""} {
					with := config.With(values{"timeouts": values{operation: limit}})
					providertest.WantError(t, w.Start().Plan(&providertest.Object{TypeName: typeName}, with).Diags,
						"[timeouts."+operation+"]", "Invalid timeouts."+operation,
						"is not a time limit: expected is a number with a unit, above zero", `"45s"`)
				}
				providertest.WantNoError(t, w.Start().Plan(&providertest.Object{TypeName: typeName},
					config.With(values{"timeouts": values{operation: "1h30m"}})).Diags)
			}
		}
	})
}

// TestRefreshWithoutTime: a refresh goes by the state, so a limit that is too short stays in the way after it has left
// the configuration.
func TestRefreshWithoutTime(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(portalType, values{"enabled": true, "timeouts": values{"read": "10m"}})
		o.State["timeouts"].(values)["read"] = "1ns"
		providertest.WantError(t, w.Start().Refresh(o), "(0 attempts): the time for the operation ran out.", "timeouts.read",
			"A refresh goes by the limit in the state", "-refresh=false")

		o.State["timeouts"].(values)["read"] = "1m"
		providertest.WantNoDiagnostics(t, w.Start().Refresh(o))
	})
}

// TestTimeoutThatTurnsOutBad is found before anything is written: a create could not keep what it has written.
func TestTimeoutThatTurnsOutBad(t *testing.T) {
	t.Parallel()
	for typeName, config := range map[string]values{
		portalType:    {"enabled": false},
		twoFactorType: {"totp_enabled": true},
		senderType:    providertest.Twilio,
		flowType:      providertest.FlowConfig(providertest.Password + "|totp"),
	} {
		w := providertest.NewWorkspace(t)
		o := &providertest.Object{TypeName: typeName}
		creation := w.Plan(o, config.With(values{"timeouts": values{"create": unknown}}))
		providertest.WantNoError(t, creation.Diags)
		w.Calls()
		known := config.With(values{"timeouts": values{"create": "soon"}})
		providertest.WantError(t, w.Apply(creation, known), `"soon"`)
		if o.State != nil || len(w.Writes()) > 0 {
			t.Errorf("%s: the state is %v", typeName, o.State)
		}
	}
}
