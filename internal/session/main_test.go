package session_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestMain(m *testing.M) { providertest.Main(m) }

// What nearly every test here speaks of.
type (
	values    = providertest.Values
	workspace = providertest.Workspace
)

// The types of resources, as users write them.
const (
	portalType    = "asgardeo_my_account_portal"
	twoFactorType = "asgardeo_my_account_two_factor"
	senderType    = "asgardeo_sms_sender"
	flowType      = "asgardeo_my_account_login_flow"
)

const unknown = providertest.Unknown
