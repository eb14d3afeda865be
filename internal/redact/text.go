package redact

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Text is a text that the server had a part in, fit for a message: without secrets and control characters, on one line,
// not too long. Only Clean and Phrase make one out of a variable, which a test sees to, so that nobody can forget to.
type Text string

const (
	// MaxDescription is how many characters of a server's text are worth repeating.
	MaxDescription = 1000
	// maxText is how many bytes are worth looking at. A longer text is left out as a whole: cut, it could end with one
	// half of a secret, which nothing would find.
	maxText = 12 << 10
)

// Clean makes a text of the server fit for a message.
func Clean(text string, secrets []string) Text {
	if text = strings.TrimSpace(text); len(text) > maxText {
		return Phrase("(left out: %d bytes of text)", len(text))
	}
	text = withoutSecrets(text, secrets...)
	if shown := strings.Map(visible, text); shown != text {
		// Without the characters in between, the pieces of a secret may have come together.
		text = withoutSecrets(shown, secrets...)
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > MaxDescription {
		return Text(string(runes[:MaxDescription]) + "…")
	}
	return Text(text)
}

// Phrase puts words of this package around what is a Text already, or a number.
func Phrase(format string, arguments ...any) Text {
	for i, argument := range arguments {
		switch argument.(type) {
		case int, time.Duration, Text:
		default:
			arguments[i] = mark // nobody has cleaned it
		}
	}
	return Text(fmt.Sprintf(format, arguments...))
}

// visible drops characters that a terminal would act on instead of showing them.
func visible(r rune) rune {
	if !unicode.IsSpace(r) && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
		return -1
	}
	return r
}
