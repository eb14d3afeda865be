package provider

import "testing"

func TestTimeoutsThatNothingMeets(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		for typeName, config := range map[string]values{portal: {"enabled": true}, twoFactor: {"totp_enabled": true},
			senderType: twilio, loginFlowType: flowConfig(password)} {
			for _, operation := range []string{"create", "read", "update", "delete"} {
				for _, limit := range []string{"0s", "-5s", "5", "5ns", " 5s", "soon", ""} {
					with := config.with(values{"timeouts": values{operation: limit}})
					wantError(t, w.start().plan(&object{typeName: typeName}, with).diags, "[timeouts."+operation+"]",
						"Invalid timeouts."+operation,
						"is not a time limit: expected is a number with a unit, above zero", `"45s"`)
				}
				wantNoError(t, w.start().plan(&object{typeName: typeName},
					config.with(values{"timeouts": values{operation: "1h30m"}})).diags)
			}
		}
	})
}

// TestRefreshWithoutTime: a refresh goes by the state, so a limit that is too short stays in the way after it has left
// the configuration.
func TestRefreshWithoutTime(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.create(portal, values{"enabled": true, "timeouts": values{"read": "10m"}})
		o.state["timeouts"].(values)["read"] = "1ns"
		wantError(t, w.start().refresh(o), "(0 attempts): the time for the operation ran out.", "timeouts.read",
			"A refresh goes by the limit in the state", "-refresh=false")

		o.state["timeouts"].(values)["read"] = "1m"
		wantNoDiagnostics(t, w.start().refresh(o))
	})
}
