package validators_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// judge returns a validator's error, title and text.
func judge(t *testing.T, text validators.Text, value types.String) string {
	t.Helper()
	var resp validator.StringResponse
	text.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("argument"), ConfigValue: value}, &resp)
	if resp.Diagnostics.ErrorsCount() == 0 {
		return ""
	}
	found := resp.Diagnostics[0]
	return fmt.Sprintf("%s: %s", found.Summary(), found.Detail())
}

func TestTexts(t *testing.T) {
	t.Parallel()
	mode := validators.Choice("on_destroy", "restore", "reset", "keep")
	for _, test := range []struct {
		name      string
		validator validators.Text
		text      string
		says      string // empty: accepted
	}{
		{"a choice", mode, "keep", ""},
		{
			"a misspelt choice", mode, "restroe",
			`Invalid on_destroy: "restroe" is no value of on_destroy. Write "restore"; it can also be "reset" or "keep".`,
		},
		{
			"no choice", mode, "delete",
			`Invalid on_destroy: "delete" is no value of on_destroy. Write "restore", "reset" or "keep".`,
		},
		{"a text", validators.NotEmpty, " ", ""},
		{"no text", validators.NotEmpty, "", "Empty text: It is empty. Give it a value, or leave it out (null)."},
		{"an organization", validators.Organization, "bifrost", ""},
		{"an organization in capitals", validators.Organization, "Bifrost", "Invalid organization: "},
		{"a duration", validators.Duration("timeouts.read"), "1h30m", ""},
		{
			"a slip of the unit", validators.Duration("timeouts.read"), "5ns",
			`Invalid timeouts.read: "5ns" is not a time limit`,
		},
		{"line breaks", validators.Printable, "one\ntwo\r\n", ""},
		{"an escape sequence", validators.Printable, "\x1b[2J", "Control characters: It has control characters besides"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := judge(t, test.validator, types.StringValue(test.text))
			if !strings.HasPrefix(got, test.says) || (got == "") != (test.says == "") {
				t.Errorf("got %q, want %q", got, test.says)
			}
			for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
				if got := judge(t, test.validator, value); got != "" {
					t.Errorf("%s is judged: %s", value, got)
				}
			}
		})
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"1ms": time.Millisecond, "2m": 2 * time.Minute, "999us": 0, "0s": 0, "-5s": 0, "5": 0, "soon": 0, "": 0,
	} {
		if got, err := validators.ParseDuration(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
}

// TestWarnOfPlaceholder: it warns of what examples have where a value belongs, and does not repeat it.
func TestWarnOfPlaceholder(t *testing.T) {
	t.Parallel()
	const forgotten, quoted = "looks like a placeholder of an example", "looks like an expression, and is a plain text"
	for text, says := range map[string]string{
		"<client secret>": forgotten, "[secret]": forgotten, "REPLACE_ME": forgotten, "changeme": forgotten,
		"your-client-id": forgotten, "xxxx": forgotten, "***": forgotten, "…": forgotten, "TODO": forgotten,
		"${var.secret}": quoted, "var.secret": quoted, "module.app.client_id": quoted,

		"": "", "s3cret-of-mine": "", "a<b>c": "", "xxx": "", "variable.secret": "", "var": "", "yours": "",
	} {
		diags := validators.WarnOfPlaceholder(path.Root("client_secret"), "client_secret", text)
		switch {
		case says == "" && len(diags) > 0:
			t.Errorf("%q: an unexpected warning: %s", text, diags[0].Detail())
		case says == "":
		case len(diags) != 1 || diags[0].Summary() != "client_secret is a placeholder" ||
			!strings.Contains(diags[0].Detail(), says):
			t.Errorf("%q: %v, want a warning that it %s", text, diags, says)
		case strings.Contains(diags[0].Detail(), text):
			t.Errorf("the warning repeats %q: %s", text, diags[0].Detail())
		}
	}
}
