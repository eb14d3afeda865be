// Package redact takes secrets out of what a server says, in every encoding in which it may repeat them.
package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
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

const (
	// mark stands for a secret.
	mark = "(redacted)"
	// withheld stands for a text that repeats a secret in a disguise.
	withheld = mark + " (the whole text, because it repeats a secret)"
	// shortest is how many characters of a disguise are worth looking for: fewer occur by chance.
	shortest = 6
)

// withoutSecrets marks where secrets were in a text. A text that repeats one in an encoding, as servers and proxies do
// when they quote a request, is withheld whole: what to cut out of it is not worth finding out.
func withoutSecrets(text string, secrets ...string) string {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool { return secret == "" })
	if len(secrets) == 0 {
		return text
	}
	// Longest first: one secret may be a part of another one.
	slices.SortStableFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, mark)
	}
	repeats := finder(secrets)
	rest := strings.ReplaceAll(text, mark, "\x00") // a secret may be a part of that word
	seen := map[string]bool{rest: true}
	for _, first := range decoders {
		once := first(rest)
		for _, second := range decoders {
			seen[once], seen[second(once)] = true, true
		}
	}
	for decoded := range seen {
		if repeats(decoded) {
			return withheld
		}
	}
	return text
}

// spellings are the forms in which a request holds a secret: a form and JSON have their own.
func spellings(secret string) []string {
	form := url.QueryEscape(secret)
	spellings := []string{secret, form, strings.ReplaceAll(form, "+", "%20"), url.PathEscape(secret)}
	for _, escapeHTML := range []bool{true, false} {
		var quoted strings.Builder
		encoder := json.NewEncoder(&quoted)
		encoder.SetEscapeHTML(escapeHTML)
		if encoder.Encode(secret) == nil {
			spellings = append(spellings, strings.TrimSuffix(quoted.String()[1:], "\"\n"))
		}
	}
	slices.Sort(spellings)
	return slices.Compact(spellings)
}

// disguises are a text in base64, wherever in a longer one it stood, and in hexadecimal digits.
func disguises(text string) []string {
	found := []string{hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text)))}
	for before, unsure := range []int{0, 2, 3} {
		bytes := append(make([]byte, before), text...)
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			found = append(found, encoding.EncodeToString(bytes)[unsure:len(bytes)*8/6])
		}
	}
	return slices.DeleteFunc(found, func(disguise string) bool { return len(disguise) < shortest })
}

// finder returns what finds secrets and their disguises in a text, also where the text has split them: by white space,
// as wrapped lines do, or by what stands between hexadecimal digits.
func finder(secrets []string) func(text string) bool {
	var needles, dense, digits []string
	for _, secret := range secrets {
		needles = append(needles, secret)
		for _, spelling := range spellings(secret) {
			needles = append(needles, disguises(spelling)...)
			if needle := hex.EncodeToString([]byte(spelling)); len(needle) >= 2*shortest {
				digits = append(digits, needle)
			}
		}
	}
	for _, needle := range needles {
		if needle = withoutSpace(needle); len(needle) >= shortest {
			dense = append(dense, needle)
		}
	}
	holds := func(text string, needles []string) bool {
		return slices.ContainsFunc(needles, func(needle string) bool { return strings.Contains(text, needle) })
	}
	return func(text string) bool {
		return holds(text, needles) || holds(withoutSpace(text), dense) ||
			holds(strings.ToLower(betweenDigits.ReplaceAllString(text, "")), digits)
	}
}

func withoutSpace(text string) string {
	return strings.Join(strings.Fields(text), "")
}

// betweenDigits is what dumps put before or between hexadecimal digits.
var betweenDigits = regexp.MustCompile(`0[xX]|\\[xX]|[\s:,;_\-\[\](){}]+`)

// decoders undo the encodings in which a text may repeat a secret, wherever they occur in it.
var decoders = []func(text string) string{
	withoutSpace,
	html.UnescapeString,
	percentDecoded,
	func(form string) string { return percentDecoded(strings.ReplaceAll(form, "+", " ")) },
	func(text string) string { return base64Run.ReplaceAllStringFunc(text, base64Decoded) },
	func(quoted string) string { return backslashed.ReplaceAllStringFunc(quoted, unquoted) },
}

var (
	percented   = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	base64Run   = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	backslashed = regexp.MustCompile(`(\\u[0-9A-Fa-f]{4})+|\\.`)
)

// base64Decoded finds secrets that are too short for needles of their own.
func base64Decoded(run string) string {
	run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
	decoded, _ := base64.RawStdEncoding.DecodeString(run[:len(run)-len(run)%4])
	return string(decoded)
}

func percentDecoded(text string) string {
	return percented.ReplaceAllStringFunc(text, func(escape string) string {
		decoded, _ := url.PathUnescape(escape)
		return decoded
	})
}

// unquoted undoes an escape of JSON.
func unquoted(escape string) string {
	var decoded string
	if json.Unmarshal([]byte(`"`+escape+`"`), &decoded) != nil {
		return escape[1:]
	}
	return decoded
}
