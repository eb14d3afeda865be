package provider

import (
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// TestMain keeps the developer's own ASGARDEO_ variables out of the tests, and fails the run when a goroutine is left
// over.
func TestMain(m *testing.M) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "ASGARDEO_") {
			if err := os.Unsetenv(name); err != nil {
				panic(err)
			}
		}
	}
	goleak.VerifyTestMain(m)
}
