package provider

import (
	"fmt"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// indent makes lines of the server's text a paragraph of a message.
func indent(lines []asgardeo.Text) string {
	var text strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&text, "\n  %s", line)
	}
	return strings.TrimPrefix(text.String(), "\n")
}
