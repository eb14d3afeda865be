package asgardeo

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// decoded reads an object the way an answer of the store is read.
func decoded(t *testing.T, name, attributes string) object {
	t.Helper()
	var list []attribute
	if err := json.Unmarshal([]byte(attributes), &list); err != nil {
		t.Fatalf("%s: %v", attributes, err)
	}
	return newObject(name, list)
}

func TestValuesAreReadAsTheConsoleReadsThem(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value        string // JSON; empty: the key is missing
		flag, portal portal.Value
	}{
		"true":            {`"true"`, portal.On, portal.On},
		"TRUE":            {`"TRUE"`, portal.On, portal.On},
		"True":            {`"True"`, portal.On, portal.On},
		"false":           {`"false"`, portal.Off, portal.Off},
		"False":           {`"False"`, portal.Off, portal.On},
		"FALSE":           {`"FALSE"`, portal.Off, portal.On},
		"yes":             {`"yes"`, portal.Off, portal.On},
		"1":               {`"1"`, portal.Off, portal.On},
		"0":               {`"0"`, portal.Off, portal.On},
		"number":          {`1`, portal.Off, portal.On},
		"boolean true":    {`true`, portal.On, portal.On},
		"boolean false":   {`false`, portal.Off, portal.Off},
		"empty":           {`""`, portal.Off, portal.On},
		"blank around it": {`" true "`, portal.Off, portal.On},
		"escaped":         {`"\u0074rue"`, portal.On, portal.On},
		"null":            {`null`, portal.Off, portal.On},
		"missing":         {``, portal.Off, portal.On},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, setting := range append(portal.TwoFactor(), portal.PortalEnabled) {
				attributes := `[{"key":"other","value":"x"}]`
				if test.value != "" {
					attributes = `[{"key":"other","value":"x"},` +
						`{"key":"` + locations[setting].attribute + `","value":` + test.value + `}]`
				}
				want := test.flag
				if setting == portal.PortalEnabled {
					want = test.portal
				}
				if got := decoded(t, locations[setting].object, attributes).values()[setting]; got != want {
					t.Errorf("%s is %v, want %v", setting, got, want)
				}
			}
		})
	}
}

func TestUnusualAttributeLists(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attributes string
		want       portal.Value // of TOTP
	}{
		"none":                   {`[]`, portal.Off},
		"null instead of a list": {`null`, portal.Off},
		"a key without a value":  {`[{"key":"totp_enabled"}]`, portal.Off},
		"the first of two counts": {
			`[{"key":"totp_enabled","value":"true"},{"key":"totp_enabled","value":"false"}]`, portal.On,
		},
		"keys are case-sensitive":  {`[{"key":"TOTP_ENABLED","value":"true"}]`, portal.Off},
		"members nobody has heard": {`[{"attributeId":"7","key":"totp_enabled","value":"true","extra":{}}]`, portal.On},
		"an object as somebody's":  {`[{"key":"x","value":{"a":[1]}},{"key":"totp_enabled","value":"true"}]`, portal.On},
		"order: last of many": {
			`[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"totp_enabled","value":"true"}]`, portal.On,
		},
		"order: first of many": {
			`[{"key":"totp_enabled","value":"true"},{"key":"b","value":"2"},{"key":"a","value":"1"}]`, portal.On,
		},
		"null among the attributes": {`[null,{"key":"totp_enabled","value":"true"}]`, portal.On},
	} {
		if got := decoded(t, twoFactorObject, test.attributes).values()[portal.TOTP]; got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// An answer is an object of the store if it has any of an object's members, and is not one of another name or type.
func TestObjectsWithoutSomeOfTheirMembers(t *testing.T) {
	t.Parallel()
	for body, isObject := range map[string]bool{
		`{"resourceType":"MyAccount"}`:   true,
		`{"resourceName":"status"}`:      true,
		`{"attributes":[]}`:              true,
		`{"attributes":null,"files":[]}`: false,
	} {
		organization := open(t, configFor(t, serve(t, reply{status: http.StatusOK, body: body}).URL))
		if _, err := readSwitch(t.Context(), organization); (err == nil) != isObject {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		object     string
		attributes string
		want       portal.Settings
		merged     string
		changed    []portal.Setting
	}{
		"one flag of four, the others as they were": {
			twoFactorObject,
			`[{"key":"email_otp_enabled","value":"TRUE"},{"key":"totp_enabled","value":"false"},` +
				`{"key":"sms_otp_enabled","value":"no"}]`,
			portal.Settings{portal.TOTP: portal.On},
			`[{"key":"email_otp_enabled","value":"TRUE"},{"key":"sms_otp_enabled","value":"no"},` +
				`{"key":"totp_enabled","value":"true"}]`,
			[]portal.Setting{portal.TOTP},
		},
		"strangers keep type and text": {
			twoFactorObject,
			`[{"key":"new_factor","value":7.50},{"key":"ключ","value":"значение 🗝"},{"key":"blank","value":""},` +
				`{"key":"","value":"no key"},` +
				`{"key":"big","value":123456789012345678901234567890},{"key":"b","value":true},` +
				`{"key":"quoted","value":"a\"\\\/\u00e9"}]`,
			portal.Settings{portal.EmailOTP: portal.On},
			`[{"key":"","value":"no key"},{"key":"b","value":true},` +
				`{"key":"big","value":123456789012345678901234567890},{"key":"blank","value":""},` +
				`{"key":"email_otp_enabled","value":"true"},{"key":"new_factor","value":7.50},` +
				`{"key":"quoted","value":"a\"\\\/\u00e9"},{"key":"ключ","value":"значение 🗝"}]`,
			[]portal.Setting{portal.EmailOTP},
		},
		"right in an odd case is left alone": {
			twoFactorObject, `[{"key":"totp_enabled","value":"True"},{"key":"sms_otp_enabled","value":"FALSE"}]`,
			portal.Settings{portal.TOTP: portal.On, portal.SMSOTP: portal.Off, portal.EmailOTP: portal.On},
			`[{"key":"email_otp_enabled","value":"true"},{"key":"sms_otp_enabled","value":"FALSE"},` +
				`{"key":"totp_enabled","value":"True"}]`,
			[]portal.Setting{portal.EmailOTP},
		},
		"a stored null is replaced": {
			twoFactorObject, `[{"key":"totp_enabled","value":null},{"key":"x","value":"y"}]`,
			portal.Settings{portal.TOTP: portal.On},
			`[{"key":"totp_enabled","value":"true"},{"key":"x","value":"y"}]`,
			[]portal.Setting{portal.TOTP},
		},
		"a wanted default becomes explicit along with a change": {
			twoFactorObject, `[]`,
			portal.Settings{portal.TOTP: portal.On, portal.SMSOTP: portal.Off},
			`[{"key":"sms_otp_enabled","value":"false"},{"key":"totp_enabled","value":"true"}]`,
			[]portal.Setting{portal.TOTP},
		},
		"a key stored twice goes back once: the server refuses it twice": {
			twoFactorObject,
			`[{"key":"x","value":"1"},{"key":"totp_enabled","value":"false"},{"key":"totp_enabled","value":"true"},` +
				`{"key":"x","value":"2"}]`,
			portal.Settings{portal.TOTP: portal.On},
			`[{"key":"totp_enabled","value":"true"},{"key":"x","value":"1"}]`,
			[]portal.Setting{portal.TOTP},
		},
		"portal off": {
			statusObject, `[{"key":"enable","value":"True"}]`, portal.Settings{portal.PortalEnabled: portal.Off},
			`[{"key":"enable","value":"false"}]`, []portal.Setting{portal.PortalEnabled},
		},
		"portal on where nothing is stored": {
			statusObject, `[]`, portal.Settings{portal.PortalEnabled: portal.On},
			`null`, nil,
		},
		`portal off where "False" is stored, which means on`: {
			statusObject, `[{"key":"enable","value":"False"}]`, portal.Settings{portal.PortalEnabled: portal.Off},
			`[{"key":"enable","value":"false"}]`, []portal.Setting{portal.PortalEnabled},
		},
		"settings of other objects are none of its business": {
			enrollmentObject, `[{"key":"enrolUserInAuthenticationFlow","value":"false"}]`,
			portal.Settings{portal.TOTP: portal.On, portal.PortalEnabled: portal.Off},
			`[{"key":"enrolUserInAuthenticationFlow","value":"false"}]`, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := decoded(t, test.object, test.attributes)
			original := encode(t, before)
			merged := merge(t, before, test.want)
			if diff := cmp.Diff(test.merged, encode(t, merged)); diff != "" {
				t.Errorf("merged (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.changed, changedBetween(before, merged)); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
			if got := encode(t, before); got != original {
				t.Errorf("the object itself became %s", got)
			}
			if again := merge(t, merged, test.want); !again.equals(merged) {
				t.Errorf("a second merge makes it %s", encode(t, again))
			}
		})
	}
}

// merge returns the object with the wanted settings.
func merge(tb testing.TB, o object, want portal.Settings) object {
	tb.Helper()
	merged, err := o.merge(Change{Want: want})
	if err != nil {
		tb.Fatal(err)
	}
	return merged.(object)
}

// changedBetween lists the settings that two objects do not have in common.
func changedBetween(before, after object) (changed []portal.Setting) {
	for _, setting := range portal.EverySetting() {
		if before.values()[setting] != after.values()[setting] {
			changed = append(changed, setting)
		}
	}
	return changed
}

// encode writes attributes the way a PUT does.
func encode(t *testing.T, o object) string {
	t.Helper()
	encoded, err := encodeJSON(o.attributes())
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func TestOrderOfAttributesMeansNothing(t *testing.T) {
	t.Parallel()
	o := decoded(t, twoFactorObject, `[{"key":"email_otp_enabled","value":"true"},`+
		`{"key":"sms_otp_enabled","value":"false"},`+
		`{"key":"totp_enabled","value":"TRUE"},{"key":"backup_code_enabled","value":"x"},{"key":"y","value":"z"}]`)
	want := o.values()
	for i := range 2 * len(o.stored) {
		first := i % len(o.stored)
		attributes := slices.Concat(o.attributes()[first:], o.attributes()[:first])
		if i >= len(o.stored) {
			slices.Reverse(attributes)
		}
		shuffled := newObject(o.name, attributes)
		if got := shuffled.values(); !maps.Equal(got, want) {
			t.Fatalf("%s reads as %v, want %v", encode(t, shuffled), got, want)
		}
		if !shuffled.equals(o) || !o.equals(shuffled) {
			t.Fatalf("%s should be the same as %s", encode(t, shuffled), encode(t, o))
		}
	}
	for _, other := range []string{`[]`, `[{"key":"email_otp_enabled","value":"true"}]`,
		`[{"key":"email_otp_enabled","value":"false"},{"key":"sms_otp_enabled","value":"false"},` +
			`{"key":"totp_enabled","value":"TRUE"},{"key":"backup_code_enabled","value":"x"},{"key":"y","value":"z"}]`} {
		if decoded(t, twoFactorObject, other).equals(o) {
			t.Errorf("%s should differ", other)
		}
	}
}

// A default that is in effect because nothing is stored is told from one that is stored.
func TestWhatIsStored(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attributes string
		stored     bool
	}{
		"values":        {`[{"key":"totp_enabled","value":"false"},{"key":"enable","value":"true"}]`, true},
		"null":          {`[{"key":"totp_enabled","value":null},{"key":"enable","value":null}]`, false},
		"only the keys": {`[{"key":"totp_enabled"},{"key":"enable"}]`, false},
		"nothing":       {`[]`, false},
	} {
		if value, stored := decoded(t, twoFactorObject, test.attributes).value(portal.TOTP); value != portal.Off ||
			stored != test.stored {
			t.Errorf("%s: TOTP is %v, stored %t", name, value, stored)
		}
		value, stored := decoded(t, statusObject, test.attributes).value(portal.PortalEnabled)
		if value != portal.On || stored != test.stored {
			t.Errorf("%s: the portal is %v, stored %t", name, value, stored)
		}
	}
}

func TestSettingWithoutAKnownValueIsNotWritten(t *testing.T) {
	t.Parallel()
	merged, err := decoded(
		t,
		twoFactorObject,
		`[]`,
	).merge(Change{Want: portal.Settings{portal.EmailOTP: portal.On, portal.TOTP: portal.Unknown}})
	if err != nil {
		t.Fatal(err)
	}
	if got := encode(t, merged.(object)); got != `[{"key":"email_otp_enabled","value":"true"}]` {
		t.Errorf("it writes %s", got)
	}
}

// What somebody else changed beside a write does not matter when its outcome is looked at.
func TestLimitedToWhatAWriteSets(t *testing.T) {
	t.Parallel()
	from := decoded(t, twoFactorObject, `[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"c","value":"3"}]`)
	to := decoded(t, twoFactorObject,
		`[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"c","value":"4"},{"key":"d","value":"5"}]`)
	for name, test := range map[string]struct {
		found   string
		arrived bool
	}{
		"it arrived, and somebody changed the rest": {
			`[{"key":"e","value":"z"},{"key":"a","value":"x"},{"key":"c","value":"4"},{"key":"d","value":"5"}]`, true,
		},
		"it did not":                {`[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"c","value":"3"}]`, false},
		"a half of it did not":      {`[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"c","value":"4"}]`, false},
		"somebody changed the same": {`[{"key":"d","value":"y"},{"key":"c","value":"x"}]`, false},
	} {
		if got := decoded(t, twoFactorObject, test.found).ignoringUnwritten(from, to).equals(to); got != test.arrived {
			t.Errorf("%s: what was written is there: %t", name, got)
		}
	}
}

// TestDefaultAfterAChange: a wanted default becomes explicit along with a change, also where its setting comes later.
func TestDefaultAfterAChange(t *testing.T) {
	t.Parallel()
	wanted := portal.Settings{portal.EmailOTP: portal.On, portal.TOTP: portal.Off}
	merged, err := decoded(t, twoFactorObject, `[]`).merge(Change{Want: wanted})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"email_otp_enabled": `"true"`, "totp_enabled": `"false"`}
	if diff := cmp.Diff(want, merged.(object).stored); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}
