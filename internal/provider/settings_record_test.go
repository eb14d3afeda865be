package provider

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// recordOf returns the record of earlier values that the state of an object holds.
func recordOf(t tester, o *object) string {
	t.Helper()
	var private map[string][]byte
	must(t, json.Unmarshal(o.private, &private))
	return string(private[snapshotKey])
}

// A record of a later version may say what this one does not understand. It is neither used nor lost.
func TestRecordOfALaterVersionIsKept(t *testing.T) {
	t.Parallel()
	const later = `{"version":99,"settings":{"totp_enabled":{"before":true}},"more":"kept"}`
	w := newApplicationWorkspace(t)
	f := w.create(twoFactor, values{"totp_enabled": true})
	f.private = []byte(`{"before_terraform":"` + base64.StdEncoding.EncodeToString([]byte(later)) + `"}`)
	saved := w.plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
	wantWarning(t, w.apply(saved).about("Unreadable record"), "version 99")
	if got := recordOf(t, f); got != later {
		t.Errorf("the record became %s", got)
	}
	wantWarning(t, w.plan(f, nil).diags.about("Destroying"), "no record")
}

// The record says whose settings it is about, and holds neither more nor less than what restore needs.
func TestRecordOfEarlierValues(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	f := w.create(twoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": false})
	want := `{"version":2,"installation":"` + w.mock.URL() + `","organization":"bifrost","api":"application",` +
		`"settings":{` +
		`"totp_enabled":{"before":false,"set":true},"totp_enrollment_enabled":{"before":false,"set":false}},` +
		`"origin":"[[[\"\" \"BasicAuthenticator\"]]] subject 1 attributes 1"}`
	if got := recordOf(t, f); got != want {
		t.Errorf("the record is\n%s, want\n%s", got, want)
	}
}

// The same name at another address is another organization: what it was elsewhere is not written there.
func TestRecordOfAnotherInstallationIsNotUsed(t *testing.T) {
	t.Parallel()
	w, elsewhere := newApplicationWorkspace(t), newApplicationWorkspace(t)
	w.setFlow(password+"|"+emailOTP, "")
	f := w.create(twoFactor, values{"email_otp_enabled": false})
	elsewhere.setFlow(password, "")
	wantNoError(t, elsewhere.start().refresh(f))
	destroying := elsewhere.plan(f, nil)
	wantWarning(t, destroying.diags.about("The record is not about these"), w.mock.URL())
	elsewhere.patches()
	wantNoError(t, elsewhere.apply(destroying))
	elsewhere.wantPatches()
	elsewhere.wantFlow("USER_DEFINED BasicAuthenticator")
	if !strings.Contains(w.flow(), "BasicAuthenticator") {
		t.Error("the first installation was changed")
	}
}
