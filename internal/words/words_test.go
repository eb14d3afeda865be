package words_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	for misspelt, meant := range map[string]string{
		"restore":    "restore",
		"RESTORE":    "restore",
		"restroe":    "restore",
		"resett":     "reset",
		"kep":        "keep",
		"kp":         "", // half of a word is no slip
		"delete":     "",
		"":           "",
		"restorat":   "restore",
		"restores!!": "",
	} {
		if got := words.Nearest(misspelt, []string{"restore", "reset", "keep"}); got != meant {
			t.Errorf("nearest to %q: %q, want %q", misspelt, got, meant)
		}
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for want, list := range map[string][]string{
		``:                 nil,
		`"a"`:              {"a"},
		`"a" or "b"`:       {"a", "b"},
		`"a", "b" or "c"`:  {"a", "b", "c"},
		`"\"", "\n" or ""`: {`"`, "\n", ""},
	} {
		if got := words.Quoted(list, " or "); got != want {
			t.Errorf("%q quoted: %s, want %s", list, got, want)
		}
	}
}

func TestWithoutControls(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain, ü, 世界":              "plain, ü, 世界",
		"tab\tand\nline breaks\r\n": "tab\tand\nline breaks\r\n",
		"over\rwritten":             "overwritten",
		"\x1b[31mred\x07\x00":       "[31mred",
		"\u009bcontrol of C1\x7f":   "control of C1",
	} {
		if got := words.WithoutControls(text); got != want {
			t.Errorf("%q without controls: %q, want %q", text, got, want)
		}
	}
}

func TestUpperFirst(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "it is": "It is", "URL": "URL", `"mars" is`: `"mars" is`} {
		if got := words.UpperFirst(text); got != want {
			t.Errorf("%q as a sentence: %q, want %q", text, got, want)
		}
	}
}
