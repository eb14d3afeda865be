package smssender_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestMain(m *testing.M) { providertest.Main(m) }

// What nearly every test of a sender speaks of.

type (
	values     = providertest.Values
	liveSender = mockserver.SMSSender
)

const (
	smsSender = providertest.SenderType
	unknown   = providertest.Unknown
)

func newSender() *providertest.Object { return &providertest.Object{TypeName: smsSender} }

func twilio(change values) values { return providertest.Twilio.With(change) }

func custom(change values) values { return providertest.Custom.With(change) }
