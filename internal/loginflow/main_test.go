package loginflow_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestMain(m *testing.M) { providertest.Main(m) }

// The words of these tests.
type (
	object = providertest.Object
	values = providertest.Values
)

const (
	password    = providertest.Password
	google      = providertest.Google
	emailOTP    = providertest.EmailOTP
	smsOTP      = providertest.SMSOTP
	passkey     = providertest.Passkey
	backup      = providertest.Backup
	conditional = providertest.Conditional
	unknown     = providertest.Unknown
)

var (
	newWorkspace      = providertest.NewApplicationWorkspace
	flowConfig        = providertest.FlowConfig
	consoleScript     = providertest.ConsoleScript
	wantError         = providertest.WantError
	wantNoDiagnostics = providertest.WantNoDiagnostics
	wantNoError       = providertest.WantNoError
	wantText          = providertest.WantText
	wantWarning       = providertest.WantWarning
)
