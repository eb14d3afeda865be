package providertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

// Product returns the CLI's name and version.
func (c *CLI) Product() (name, release string) {
	c.T.Helper()
	name, release, _ = strings.Cut(string(c.Run(0, "version")), " ")
	release, _, _ = strings.Cut(release, "\n")
	return name, strings.TrimPrefix(release, "v")
}

// Needs skips the test where the CLI is too old or another product.
func (c *CLI) Needs(release string, products ...string) {
	c.T.Helper()
	name, running := c.Product()
	if !AtLeast(c.T, running, release) || !slices.Contains(products, name) {
		c.T.Skipf("needs %s %s or later", strings.Join(products, " or "), release)
	}
}

// AtLeast reports whether a release is a minimum or later. What comes after the three numbers does not count.
func AtLeast(t *testing.T, release, minimum string) bool {
	t.Helper()
	parsed, err := version.NewVersion(release)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Core().GreaterThanOrEqual(version.Must(version.NewVersion(minimum)))
}

// NeedsCLI skips a test of write-only arguments and ephemeral resources where the CLI knows none. They are tested at
// the level of the protocol, too.
func NeedsCLI(t *testing.T) {
	t.Helper()
	NewCLI(t, StartAccServer(t), "").Needs("1.11.0", "Terraform", "OpenTofu")
}

// NeedsRemovedBlocks skips the test where removed blocks, or what they say of destroying, are unknown.
func NeedsRemovedBlocks(t *testing.T) {
	t.Helper()
	c := NewCLI(t, StartAccServer(t), "")
	if name, _ := c.Product(); name == "OpenTofu" {
		c.Needs("1.10.0", "OpenTofu")
		return
	}
	c.Needs("1.7.0", "Terraform")
}
