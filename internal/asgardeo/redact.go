package asgardeo

import (
	"encoding/base64"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

const (
	redacted = "(redacted)"
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
	words := strings.Fields(Redact(text, secrets...))
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.Join(words, " "))
	if runes := []rune(text); len(runes) > maxDescription {
		return string(runes[:maxDescription]) + "…"
	}
	return text
}

// Redact replaces secrets in a text, also where a server or a proxy has encoded them: with percent signs, for JSON, for
// HTML, in base64 (alone or as a part, as in Basic credentials), or in two of these after each other.
func Redact(text string, secrets ...string) string {
	// Most texts are much shorter than a token, and undoing an encoding never makes one twice as long.
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool { return secret == "" || len(secret) > 2*len(text) })
	if len(secrets) == 0 {
		return text
	}
	needles := needlesOf(secrets)
	hidden := make([]bool, len(text))
	for _, view := range viewsOf(text) {
		for _, needle := range needles {
			for from := 0; ; from++ {
				found := strings.Index(view.text[from:], needle)
				if found < 0 {
					break
				}
				from += found
				for i := view.at[from]; i < view.at[from+len(needle)]; i++ {
					hidden[i] = true
				}
			}
		}
	}
	var result strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			result.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			result.WriteString(redacted)
		}
	}
	return result.String()
}

// needlesOf returns what to look for: the secrets, and those of their characters in base64 that do not depend on what
// stands before and after the secret.
func needlesOf(secrets []string) []string {
	const shortest = 6 // fewer characters of base64 occur by chance
	var needles []string
	for _, secret := range secrets {
		needles = append(needles, secret)
		for before, unsure := range []int{0, 2, 3} {
			bytes := append(make([]byte, before), secret...)
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
				core := encoding.EncodeToString(bytes)[unsure : len(bytes)*8/6]
				if len(core) >= shortest && !slices.Contains(needles, core) {
					needles = append(needles, core)
				}
			}
		}
	}
	return needles
}

// view is a text with an encoding undone.
type view struct {
	text string
	at   []int // where each byte of text, and its end, is in the original
}

// viewsOf returns the text as it is and with every pair of encodings undone.
func viewsOf(text string) []view {
	plain := view{text, make([]int, len(text)+1)}
	for i := range plain.at {
		plain.at[i] = i
	}
	views := []view{plain}
	for range 2 {
		for _, known := range views {
			for _, d := range decoders {
				if !strings.ContainsAny(known.text, d.signs) {
					continue
				}
				if next := known.decoded(d.decode); next.text != known.text && !slices.ContainsFunc(views, func(v view) bool { return v.text == next.text }) {
					views = append(views, next)
				}
			}
		}
	}
	return views
}

// decoders undo an encoding at the start of a text that is not empty. They return what stands there and how long that
// is; a length of 0 says that nothing is encoded there. Without one of its signs a text is not encoded at all.
var decoders = []struct {
	signs  string
	decode func(text string) (decoded string, length int)
}{
	{"%", percent},
	{"%+", form},
	{`\`, backslash},
	{"&", entity},
}

func (v view) decoded(decode func(string) (string, int)) view {
	var text strings.Builder
	at := make([]int, 0, len(v.at))
	for i := 0; i < len(v.text); {
		part, length := decode(v.text[i:])
		if length == 0 {
			part, length = v.text[i:i+1], 1
		}
		text.WriteString(part)
		for range len(part) {
			at = append(at, v.at[i])
		}
		i += length
	}
	return view{text.String(), append(at, v.at[len(v.text)])}
}

func percent(text string) (string, int) {
	if text[0] != '%' || len(text) < 3 {
		return "", 0
	}
	decoded, err := url.PathUnescape(text[:3])
	if err != nil {
		return "", 0
	}
	return decoded, 3
}

func form(text string) (string, int) {
	if text[0] == '+' {
		return " ", 1
	}
	return percent(text)
}

func backslash(text string) (string, int) {
	if text[0] != '\\' || len(text) < 2 {
		return "", 0
	}
	if short := strings.IndexByte("bfnrt", text[1]); short >= 0 {
		return "\b\f\n\r\t"[short : short+1], 2
	}
	first, ok := unit(text)
	if !ok {
		return text[1:2], 2
	}
	if second, ok := unit(text[6:]); ok && utf16.IsSurrogate(first) {
		return string(utf16.DecodeRune(first, second)), 12
	}
	return string(first), 6
}

// unit reads one \uXXXX.
func unit(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	value, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(value), err == nil
}

func entity(text string) (string, int) {
	const longest = 10
	if text[0] != '&' {
		return "", 0
	}
	end := strings.IndexByte(text[:min(len(text), longest)], ';')
	if end < 0 {
		return "", 0
	}
	return html.UnescapeString(text[:end+1]), end + 1
}
