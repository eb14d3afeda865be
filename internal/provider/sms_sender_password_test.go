package provider

import "testing"

// TestSMSSenderWriteOnlyPassword: it reaches the server, no state has it, and its version alone sends another one.
func TestSMSSenderWriteOnlyPassword(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	password := func(text string, version int) values {
		return authenticated(values{
			"type": "BASIC", "username": "u", "password_wo": text, "password_wo_version": version,
		})
	}
	wantSent := func(text string) {
		t.Helper()
		if sent := w.sender().Secret; sent == nil || *sent != text {
			t.Errorf("the server has another password than %q", text)
		}
	}
	o := w.create(senderType, password("first", 1))
	wantSent("first")
	if state := o.state["authentication"].(values); state["password_wo"] != nil || state["password_wo_version"] != 1 {
		t.Errorf("the state has %v", state)
	}
	wantNoDiagnostics(t, w.wantAction(o, password("second", 1), "no-op").diags)
	w.up(o, password("second", 2))
	wantSent("second")
}
