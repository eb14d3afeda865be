package handover_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Short words for tables.

const (
	enabled    = portal.PortalEnabled
	email      = portal.EmailOTP
	sms        = portal.SMSOTP
	totp       = portal.TOTP
	enrollment = portal.TOTPEnrollment
	backup     = portal.BackupCodes

	on      = portal.On
	off     = portal.Off
	notSet  = portal.NotSet
	unknown = portal.Unknown
)

type (
	values   = portal.Settings
	declared = handover.Declared
	settings = []portal.Setting
)

var here = handover.Place{Installation: "https://example.com", Organization: "bifrost", API: portal.ApplicationAPI}

// passcodesOff are values with every factor off that asks for a passcode, apart from those that are named: the rule on
// backup codes is not judged while a factor is unknown.
func passcodesOff(others values) values {
	all := values{}
	for _, factor := range portal.Passcodes() {
		all[factor] = off
	}
	maps.Copy(all, others)
	return all
}

// passcodesBut lists the factors that ask for a passcode, without some of them.
func passcodesBut(some ...portal.Setting) settings {
	return slices.DeleteFunc(portal.Passcodes(), func(factor portal.Setting) bool { return slices.Contains(some, factor) })
}

// recordOf is a record of settings that Terraform found with one value and gave another one, if any.
func recordOf(before, made values) handover.Record {
	record := handover.NewRecord(here)
	for setting := range before {
		record = record.Found(before, setting)
	}
	for setting := range made {
		record = record.Wrote(made, settings{setting}, nil)
	}
	return record
}

// wantEqual compares what a function returns. Nothing is nothing, be it nil or empty.
func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(handover.Record{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s differs (- want, + got):\n%s", what, diff)
	}
}
