package asgardeo

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	redacted = "(redacted)"
	// withheld stands for a text that repeats a secret in a disguise.
	withheld = redacted + " (the whole text, because it repeats a secret)"
	// maxDescription is how many characters of a server's text are worth repeating.
	maxDescription = 1000
)

// cleaner returns clean with the organization's secrets and others. The tokens are looked up when a text is cleaned.
func (o *Organization) cleaner(others ...string) func(text string) string {
	return func(text string) string {
		return clean(text, slices.Concat(o.tokens.issued(), o.secrets, others))
	}
}

// clean makes a text of the server fit for a message: without secrets, on one line, not too long.
func clean(text string, secrets []string) string {
	text = Redact(text, secrets...)
	if shown := strings.Map(visible, text); shown != text {
		text = Redact(shown, secrets...) // without the characters in between, the pieces of a secret may have come together
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxDescription {
		return string(runes[:maxDescription]) + "…"
	}
	return text
}

// visible drops characters that a terminal would act on instead of showing them.
func visible(r rune) rune {
	if !unicode.IsSpace(r) && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
		return -1
	}
	return r
}

// Redact replaces secrets in a text. A text that repeats one in an encoding, as servers and proxies do when they quote a
// request, is withheld whole: what to cut out of it is not worth finding out.
func Redact(text string, secrets ...string) string {
	needles := needlesOf(secrets)
	if len(needles) == 0 {
		return text
	}
	for _, needle := range needles {
		text = strings.ReplaceAll(text, needle, redacted)
	}
	for _, first := range decoders {
		once := first(text)
		for _, second := range decoders {
			for _, decoded := range []string{once, second(once)} {
				if decoded != text && slices.ContainsFunc(needles, func(needle string) bool { return strings.Contains(decoded, needle) }) {
					return withheld
				}
			}
		}
	}
	return text
}

// needlesOf returns what to look for, longest first: the secrets, and those of their characters in base64 that do not
// depend on what stands before and after the secret.
func needlesOf(secrets []string) []string {
	const shortest = 6 // fewer characters of base64 occur by chance
	var needles []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		needles = append(needles, secret)
		for before, unsure := range []int{0, 2, 3} {
			bytes := append(make([]byte, before), secret...)
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
				if core := encoding.EncodeToString(bytes)[unsure : len(bytes)*8/6]; len(core) >= shortest {
					needles = append(needles, core)
				}
			}
		}
	}
	slices.SortStableFunc(needles, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return slices.Compact(needles)
}

// decoders undo the encodings in which a text may repeat a secret, wherever they occur in it.
var decoders = []func(text string) string{
	html.UnescapeString,
	percentDecoded,
	func(form string) string { return percentDecoded(strings.ReplaceAll(form, "+", " ")) },
	func(quoted string) string { return backslashed.ReplaceAllStringFunc(quoted, unquoted) },
}

var (
	percented   = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	backslashed = regexp.MustCompile(`(\\u[0-9A-Fa-f]{4})+|\\.`)
)

func percentDecoded(text string) string {
	return percented.ReplaceAllStringFunc(text, func(escape string) string {
		decoded, err := url.PathUnescape(escape)
		if err != nil {
			return escape
		}
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
