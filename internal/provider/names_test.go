package provider_test

import "github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"

// What nearly every test here speaks of.
type (
	values    = providertest.Values
	workspace = providertest.Workspace
)

// The types of resources.
const (
	portalType    = providertest.Portal
	twoFactorType = providertest.TwoFactor
	senderType    = providertest.SenderType
	flowType      = providertest.LoginFlowType
)

// unknown is a value that Terraform does not know yet.
const unknown = providertest.Unknown
