package portal

import (
	"flag"
	"testing"
)

// TestMain draws the same random flows in every run: a build must not fail by chance. To search with new ones:
// -rapid.seed=0, and -rapid.checks for how many.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
	m.Run()
}
