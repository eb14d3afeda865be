package handover_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// Short words for tables.

const (
	portal     = asgardeo.PortalEnabled
	email      = asgardeo.EmailOTP
	sms        = asgardeo.SMSOTP
	totp       = asgardeo.TOTP
	enrollment = asgardeo.TOTPEnrollment
	backup     = asgardeo.BackupCodes

	on      = asgardeo.On
	off     = asgardeo.Off
	notSet  = asgardeo.NotSet
	unknown = asgardeo.Unknown
)

type (
	values   = asgardeo.Settings
	declared = handover.Declared
	settings = []asgardeo.Setting
)

var here = handover.Place{Installation: "https://example.com", Organization: "bifrost", API: asgardeo.ApplicationAPI}

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
