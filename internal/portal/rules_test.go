package portal

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// otherFactors are those that backup codes can stand in for: all other second factors, in the Console's order.
func otherFactors() []Setting {
	return slices.DeleteFunc(TwoFactor(), func(setting Setting) bool {
		return setting == TOTPEnrollment || setting == BackupCodes
	})
}

func TestViolations(t *testing.T) {
	t.Parallel()
	known := func(enrollment Value, on ...Setting) map[Setting]bool { return allSettings(enrollment, on...).Known() }
	enrollment := Rule{TOTPEnrollment, []Setting{TOTP}}
	backup := Rule{BackupCodes, otherFactors()}
	for name, test := range map[string]struct {
		values map[Setting]bool
		want   []Rule
	}{
		"nothing is known":                  {nil, nil},
		"all off":                           {known(Off), nil},
		"all on":                            {known(On, TwoFactor()...), nil},
		"enrollment with TOTP":              {map[Setting]bool{TOTP: true, TOTPEnrollment: true}, nil},
		"enrollment without TOTP":           {map[Setting]bool{TOTP: false, TOTPEnrollment: true}, []Rule{enrollment}},
		"enrollment with TOTP unknown":      {map[Setting]bool{TOTPEnrollment: true}, nil},
		"enrollment off without TOTP":       {map[Setting]bool{TOTP: false, TOTPEnrollment: false}, nil},
		"backup codes with email":           {known(NotSet, EmailOTP, BackupCodes), nil},
		"backup codes with SMS":             {known(NotSet, SMSOTP, BackupCodes), nil},
		"backup codes with TOTP":            {known(NotSet, TOTP, BackupCodes), nil},
		"backup codes without a factor":     {known(NotSet, BackupCodes), []Rule{backup}},
		"backup codes off without a factor": {known(NotSet), nil},
		"both":                              {known(On, BackupCodes), []Rule{enrollment, backup}},
	} {
		if diff := cmp.Diff(test.want, Violations(test.values)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, factor := range otherFactors() {
		if broken := Violations(known(NotSet, factor, BackupCodes)); broken != nil {
			t.Errorf("backup codes with %s break %v", factor, broken)
		}
		unknown := known(NotSet, BackupCodes)
		delete(unknown, factor)
		if broken := Violations(unknown); broken != nil {
			t.Errorf("backup codes, with %s unknown, break %v", factor, broken)
		}
	}
	for _, setting := range []Setting{BackupCodes, EmailOTP, SMSOTP, TOTP} {
		if !backup.Concerns(setting) {
			t.Errorf("%s should take part in the rule on backup codes", setting)
		}
	}
	for _, setting := range []Setting{PortalEnabled, TOTPEnrollment} {
		if backup.Concerns(setting) {
			t.Errorf("%s should not take part in the rule on backup codes", setting)
		}
	}
}

func TestSettingsAreReadWithThoseThatRulesConnect(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings, want []Setting
	}{
		"no rule is about it":      {[]Setting{PortalEnabled}, []Setting{PortalEnabled}},
		"a setting with a need":    {[]Setting{TOTPEnrollment}, []Setting{TOTPEnrollment, TOTPEnrollment, TOTP}},
		"a need of one of the two": {[]Setting{SMSOTP}, append([]Setting{SMSOTP, BackupCodes}, otherFactors()...)},
	} {
		if diff := cmp.Diff(test.want, WithRelated(test.settings)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatAChangeHasToBeJudgedWith(t *testing.T) {
	t.Parallel()
	smsUnread := allSettings(Off)
	delete(smsUnread, SMSOTP)
	for name, test := range map[string]struct {
		want, live Settings
		unread     []Setting
	}{
		"what goes on has needs": {Settings{BackupCodes: On}, Settings{BackupCodes: Off}, otherFactors()},
		"some needs were read":   {Settings{BackupCodes: On}, smsUnread, []Setting{SMSOTP}},
		"what goes off is needed": {
			Settings{TOTP: Off}, Settings{TOTP: On}, []Setting{TOTPEnrollment, BackupCodes},
		},
		"what goes off has no needs":     {Settings{BackupCodes: Off}, Settings{BackupCodes: On}, nil},
		"what goes on leaves others be":  {Settings{TOTP: On}, Settings{TOTP: Off}, nil},
		"what stays needs nothing":       {Settings{BackupCodes: On}, Settings{BackupCodes: On}, nil},
		"first it has to be read itself": {Settings{BackupCodes: On}, Settings{}, nil},
		"no rule is about it":            {Settings{PortalEnabled: Off}, Settings{PortalEnabled: On}, nil},
	} {
		if diff := cmp.Diff(test.unread, UnreadRelated(test.want, test.live), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestKnownValues(t *testing.T) {
	t.Parallel()
	values := Settings{PortalEnabled: On, TOTP: Off, TOTPEnrollment: NotSet, SMSOTP: Unknown}
	if diff := cmp.Diff(map[Setting]bool{PortalEnabled: true, TOTP: false}, values.Known()); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
}
