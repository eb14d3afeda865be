package portal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestViolations(t *testing.T) {
	t.Parallel()
	enrollment := Rule{TOTPEnrollment, []Setting{TOTP}}
	backup := Rule{BackupCodes, []Setting{EmailOTP, SMSOTP, TOTP}}
	for name, test := range map[string]struct {
		values map[Setting]bool
		want   []Rule
	}{
		"nothing is known": {nil, nil},
		"all off": {
			map[Setting]bool{EmailOTP: false, SMSOTP: false, TOTP: false, TOTPEnrollment: false, BackupCodes: false}, nil,
		},
		"all on": {
			map[Setting]bool{EmailOTP: true, SMSOTP: true, TOTP: true, TOTPEnrollment: true, BackupCodes: true}, nil,
		},
		"enrollment with TOTP":         {map[Setting]bool{TOTP: true, TOTPEnrollment: true}, nil},
		"enrollment without TOTP":      {map[Setting]bool{TOTP: false, TOTPEnrollment: true}, []Rule{enrollment}},
		"enrollment with TOTP unknown": {map[Setting]bool{TOTPEnrollment: true}, nil},
		"enrollment off without TOTP":  {map[Setting]bool{TOTP: false, TOTPEnrollment: false}, nil},
		"backup codes with email": {
			map[Setting]bool{EmailOTP: true, SMSOTP: false, TOTP: false, BackupCodes: true}, nil,
		},
		"backup codes with SMS": {
			map[Setting]bool{EmailOTP: false, SMSOTP: true, TOTP: false, BackupCodes: true}, nil,
		},
		"backup codes with TOTP": {
			map[Setting]bool{EmailOTP: false, SMSOTP: false, TOTP: true, BackupCodes: true}, nil,
		},
		"backup codes without a factor": {
			map[Setting]bool{EmailOTP: false, SMSOTP: false, TOTP: false, BackupCodes: true}, []Rule{backup},
		},
		"backup codes, one factor unknown": {map[Setting]bool{EmailOTP: false, TOTP: false, BackupCodes: true}, nil},
		"backup codes off without a factor": {
			map[Setting]bool{EmailOTP: false, SMSOTP: false, TOTP: false, BackupCodes: false}, nil,
		},
		"both": {
			map[Setting]bool{EmailOTP: false, SMSOTP: false, TOTP: false, TOTPEnrollment: true, BackupCodes: true},
			[]Rule{enrollment, backup},
		},
	} {
		if diff := cmp.Diff(test.want, Violations(test.values)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
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
		"a need of one of the two": {[]Setting{SMSOTP}, []Setting{SMSOTP, BackupCodes, EmailOTP, SMSOTP, TOTP}},
	} {
		if diff := cmp.Diff(test.want, WithRelated(test.settings)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatAChangeHasToBeJudgedWith(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want, live Settings
		unread     []Setting
	}{
		"what goes on has needs": {
			Settings{BackupCodes: On}, Settings{BackupCodes: Off}, []Setting{EmailOTP, SMSOTP, TOTP},
		},
		"some needs were read": {
			Settings{BackupCodes: On}, Settings{BackupCodes: Off, EmailOTP: Off, TOTP: Off}, []Setting{SMSOTP},
		},
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
