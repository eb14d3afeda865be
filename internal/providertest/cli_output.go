package providertest

import (
	"strings"
	"testing"
)

// CLIOutput is what a command of the CLI printed.
type CLIOutput string

// Plain is the output without the frames and line breaks that depend on the width of the screen.
func (o CLIOutput) Plain() string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(string(o))), " ")
}

// Has checks that the output holds all the texts, wherever lines were broken.
func (o CLIOutput) Has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.Plain(), text) {
			t.Errorf("the output lacks %q:\n%s", text, o)
		}
	}
}

// Lacks checks that the output holds none of the texts, wherever lines were broken.
func (o CLIOutput) Lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(o.Plain(), text) {
			t.Errorf("the output has %q:\n%s", text, o)
		}
	}
}
