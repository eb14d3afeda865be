package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAccFirstPages lets the CLI validate what a reader copies from the README and the documentation's first page. The
// other pages show the files of examples/ or are guides, which have tests of their own.
func TestAccFirstPages(t *testing.T) {
	t.Parallel()
	server := startAccServer(t)
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
				c := newCLIIn(t, server, t.TempDir())
				c.write("main.tf", block.text)
				// Nobody looks at a provider block that nobody uses.
				c.write("user.tf", `data "asgardeo_my_account_portal" "user" {}`)
				if !exampleRequired.MatchString(block.text) {
					c.write("required.tf", cliRequired)
				}
				c.run(0, "init", "-no-color")
				c.run(0, "validate", "-no-color")
				c.run(0, "fmt", "-check", "-diff", "main.tf")
				const provider = `provider "asgardeo" {`
				c.write("main.tf", strings.Replace(block.text, provider, provider+"\n unheard_of = 1\n", 1)) // negative control
				c.run(1, "validate", "-no-color").has(t, "unheard_of")
			})
		}
		if found < least {
			t.Errorf("%s has %d blocks of configuration, want %d at the least", page, found, least)
		}
	}
}
