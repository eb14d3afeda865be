package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccFirstPages lets the CLI validate what a reader copies from the README and the documentation's first page. The
// other pages show the files of examples/ or are guides, which have tests of their own.
func TestAccFirstPages(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	for page, least := range map[string]int{"README.md": 1, "docs/index.md": 3} {
		content, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, block := range parseGuide(t, string(content)) {
			if block.language != "terraform" && block.language != "hcl" {
				continue
			}
			found++
			t.Run(fmt.Sprintf("%s line %d", page, block.line), func(t *testing.T) {
				t.Parallel()
				c := providertest.NewCLIIn(t, server, t.TempDir())
				c.Write("main.tf", block.text)
				// Nobody looks at a provider block that nobody uses.
				c.Write("user.tf", `data "asgardeo_my_account_portal" "user" {}`)
				if !exampleRequired.MatchString(block.text) {
					c.Write("required.tf", providertest.RequiredProviders)
				}
				c.Run(0, "init", "-no-color")
				c.Run(0, "validate", "-no-color")
				c.Run(0, "fmt", "-check", "-diff", "main.tf")
				const provider = `provider "asgardeo" {`
				c.Write("main.tf", strings.Replace(block.text, provider, provider+"\n unheard_of = 1\n", 1)) // negative control
				c.Run(1, "validate", "-no-color").Has(t, "unheard_of")
			})
		}
		if found < least {
			t.Errorf("%s has %d blocks of configuration, want %d at the least", page, found, least)
		}
	}
}
