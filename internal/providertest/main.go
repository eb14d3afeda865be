package providertest

import (
	"flag"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// Main runs the tests of a package, from its TestMain. It keeps the developer's own ASGARDEO_ variables out of the
// tests, draws the same random sequences in every run, and fails the run when a goroutine is left over.
func Main(m *testing.M) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "ASGARDEO_") {
			if err := os.Unsetenv(name); err != nil {
				panic(err)
			}
		}
	}
	// A build must not fail by chance. To search with new sequences: make test-model, or -rapid.seed=0.
	if flag.Lookup("rapid.seed") != nil {
		if err := flag.Set("rapid.seed", "1"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m,
		// The CLI harness serves the provider in this process; its pipes may outlive the last test by a moment.
		goleak.IgnoreAnyFunction("github.com/hashicorp/go-plugin.copyChan"),
		goleak.IgnoreAnyFunction("github.com/hashicorp/go-plugin.(*grpcStdioServer).StreamStdio"),
		goleak.IgnoreAnyFunction("github.com/hashicorp/go-plugin.(*grpcStdioClient).Run"),
	)
}
