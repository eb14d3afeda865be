package settings_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// recordOf returns the record of earlier values that the state of an object holds.
func recordOf(t providertest.Tester, o *providertest.Object) string {
	t.Helper()
	var private map[string][]byte
	providertest.Must(t, json.Unmarshal(o.Private, &private))
	return string(private[session.RecordKey])
}

// A record of a later version may say what this one does not understand. It is neither used nor lost.
func TestRecordOfALaterVersionIsKept(t *testing.T) {
	t.Parallel()
	const later = `{"version":99,"settings":{"totp_enabled":{"before":true}},"more":"kept"}`
	w := providertest.NewApplicationWorkspace(t)
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	f.Private = []byte(`{"before_terraform":"` + base64.StdEncoding.EncodeToString([]byte(later)) + `"}`)
	saved := w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
	providertest.WantWarning(t, w.Apply(saved).About("Unreadable record"), "version 99")
	if got := recordOf(t, f); got != later {
		t.Errorf("the record became %s", got)
	}
	providertest.WantWarning(t, w.Plan(f, nil).Diags.About("Destroying"), "no record")
}

// The record says whose settings it is about, and holds neither more nor less than what restore needs.
func TestRecordOfEarlierValues(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": false})
	want := `{"version":2,"installation":"` + w.Mock.URL() + `","organization":"bifrost","api":"application",` +
		`"settings":{` +
		`"totp_enabled":{"before":false,"set":true},"totp_enrollment_enabled":{"before":false,"set":false}},` +
		`"origin":"[[[\"\" \"BasicAuthenticator\"]]] subject 1 attributes 1"}`
	if got := recordOf(t, f); got != want {
		t.Errorf("the record is\n%s, want\n%s", got, want)
	}
	w = providertest.NewApplicationWorkspace(t)
	p := w.Create(providertest.Portal, values{"enabled": false})
	want = `{"version":2,"installation":"` + w.Mock.URL() + `","organization":"bifrost","api":"application",` +
		`"settings":{"enabled":{"before":true,"set":false}}}` // the login flow is not the portal's
	if got := recordOf(t, p); got != want {
		t.Errorf("the portal's record is\n%s, want\n%s", got, want)
	}
}

// The same name at another address is another organization: what it was elsewhere is not written there.
func TestRecordOfAnotherInstallationIsNotUsed(t *testing.T) {
	t.Parallel()
	w, elsewhere := providertest.NewApplicationWorkspace(t), providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	f := w.Create(providertest.TwoFactor, values{"email_otp_enabled": false})
	elsewhere.SetFlow(providertest.Password, "")
	providertest.WantNoError(t, elsewhere.Start().Refresh(f))
	destroying := elsewhere.Plan(f, nil)
	providertest.WantWarning(t, destroying.Diags.About("The record is not about these"), w.Mock.URL())
	elsewhere.Patches()
	diags := elsewhere.Apply(destroying)
	providertest.WantNoError(t, diags)
	providertest.WantText(t, diags.Warnings(), "The record is not about these", w.Mock.URL())
	elsewhere.WantPatches()
	elsewhere.WantFlow("USER_DEFINED BasicAuthenticator")
	if !strings.Contains(w.Flow(), "BasicAuthenticator") {
		t.Error("the first installation was changed")
	}
}
