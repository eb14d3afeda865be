package settings_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Short words for tables.
type (
	values = providertest.Values
	stored = providertest.Stored
)

func TestMain(m *testing.M) { providertest.Main(m) }
