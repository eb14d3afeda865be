package smssender_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestSMSSenderWriteOnlyPassword: it reaches the server, no state has it, and its version alone sends another one.
func TestSMSSenderWriteOnlyPassword(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	password := func(text string, version int) values {
		return authenticated(values{
			"type": "BASIC", "username": "u", "password_wo": text, "password_wo_version": version,
		})
	}
	wantSent := func(text string) {
		t.Helper()
		if sent := w.Sender().Secret; sent == nil || *sent != text {
			t.Errorf("the server has another password than %q", text)
		}
	}
	o := w.Create(smsSender, password("first", 1))
	wantSent("first")
	if state := o.State["authentication"].(values); state["password_wo"] != nil ||
		state["password_wo_version"] != 1 {
		t.Errorf("the state has %v", state)
	}
	providertest.WantNoDiagnostics(t, w.WantAction(o, password("second", 1), "no-op").Diags)
	w.Up(o, password("second", 2))
	wantSent("second")
}
