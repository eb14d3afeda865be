package loginflow_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestMain(m *testing.M) { providertest.Main(m) }
