package redact

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact/redacttest"
)

func TestWithoutSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{redacttest.OddSecret, redacttest.LiveToken, "short1", "ünï©ode-🗝"} {
		for name, form := range redacttest.Forms(secret) {
			got := withoutSecrets("before "+form+" after", "other-secret", secret)
			if got == withheld {
				continue
			}
			if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") ||
				!strings.Contains(got, mark) {
				t.Errorf("%s of %q: %q", name, secret, got)
			}
			if rest := strings.ReplaceAll(got, mark, ""); len(rest) > len("before  after")+8 &&
				!strings.Contains(name, "form") && name != "base64, wrapped" {
				t.Errorf("%s of %q: %q is left", name, secret, rest)
			}
		}
	}
	for name, test := range map[string]struct {
		text    string
		secrets []string
		want    string
	}{
		"nothing to hide":           {"all clear", []string{"secret"}, "all clear"},
		"no secrets":                {"all clear", nil, "all clear"},
		"empty secret":              {"all clear", []string{""}, "all clear"},
		"twice":                     {"x s3cret y s3cret z", []string{"s3cret"}, "x (redacted) y (redacted) z"},
		"one secret begins another": {"token-long token", []string{"token", "token-long"}, "(redacted) (redacted)"},
		"one secret ends another":   {"my-token token", []string{"token", "my-token"}, "(redacted) (redacted)"},
		"encoded":                   {"x %733cret y", []string{"s3cret"}, withheld},
	} {
		if got := withoutSecrets(test.text, test.secrets...); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func FuzzWithoutSecrets(f *testing.F) {
	f.Add("a secret in a text", "secret")
	f.Add(`"p:+/%&= \"ü\\<"`, `p:+/%&= "ü\<`)
	f.Add("cGFzc3dvcmQ=", "password")
	f.Add("(redacted)", "red")
	f.Fuzz(func(t *testing.T, text, secret string) {
		got := withoutSecrets(text, secret)
		if secret == "" && got != text {
			t.Errorf("%q became %q", text, got)
		}
		rest := strings.ReplaceAll(got, mark, "")
		left := strings.ReplaceAll(text, secret, "") // may hold the secret anew, where its pieces meet
		if secret != "" && got != withheld && strings.Contains(rest, secret) && !strings.Contains(mark, secret) &&
			!strings.Contains(left, secret) {
			t.Errorf("%q in %q leaves %q", secret, text, got)
		}
	})
}
