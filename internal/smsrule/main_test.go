package smsrule_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestMain(m *testing.M) { providertest.Main(m) }

// The words of these tests.
type (
	object = providertest.Object
	place  = providertest.Place
	values = providertest.Values
)

const (
	needSender = providertest.NeedSender
	unknown    = providertest.Unknown
)

var (
	smsOn, smsOff     = providertest.SMSOn, providertest.SMSOff
	newWorkspaceIn    = providertest.NewWorkspaceIn
	wantError         = providertest.WantError
	wantNoDiagnostics = providertest.WantNoDiagnostics
	wantNoError       = providertest.WantNoError
	wantWarning       = providertest.WantWarning
)
