// Package redacttest has secrets for tests, in every form in which a server may repeat them.
package redacttest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

const (
	// OddSecret has every character that some encoding changes.
	OddSecret = `p:+/%&= "ü\<~'q7Zk` // #nosec G101 -- it opens nothing
	// LiveToken has the usual characters of a token.
	LiveToken = "eyJ4NXQiOiJ0b2tlbi4.live_token-9f8e7d6c" // #nosec G101 -- it opens nothing
)

// Forms lists the ways in which a server or a proxy may repeat a secret, by name.
func Forms(secret string) map[string]string {
	plain := jsonOf(secret, false)
	escaped := jsonOf(secret, true)
	twice := jsonOf(escaped, true)
	query := url.QueryEscape(secret)
	body := "grant_type=client_credentials&client_id=id&client_secret=" + query + "&scope=internal_login"
	forms := map[string]string{
		"percent-encoded form":        query,
		"percent-encoded, %20":        strings.ReplaceAll(query, "+", "%20"),
		"percent-encoded, lower case": lowerHex(query),
		"percent-encoded path":        url.PathEscape(secret),
		"percent-encoded every byte":  each("%%%02x", []byte(secret)),
		"JSON":                        strings.Trim(plain, `"`),
		"JSON, slash escaped":         strings.ReplaceAll(strings.Trim(plain, `"`), "/", `\/`),
		"JSON, HTML escaped":          strings.Trim(escaped, `"`),
		"JSON, only ASCII":            each(`\u%04X`, utf16.Encode([]rune(secret))),
		"JSON within JSON":            strings.Trim(strings.Trim(twice, `"`), `\"`),
		"base64":                      base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 for URLs":             base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64 without padding":      base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"base64 behind one byte":      base64.StdEncoding.EncodeToString([]byte("i" + secret))[2:],
		"base64 of Basic credentials": base64.StdEncoding.EncodeToString([]byte("id:" + secret)),
		"base64 of the form body":     base64.StdEncoding.EncodeToString([]byte(body)),
		"base64 of JSON":              base64.StdEncoding.EncodeToString([]byte(escaped)),
		"base64, wrapped":             Wrapped(base64.StdEncoding.EncodeToString([]byte(body)), 76, "\r\n"),
		"base64, wrapped early":       Wrapped(base64.StdEncoding.EncodeToString([]byte(secret)), 5, "\n "),
		"hexadecimal":                 hex.EncodeToString([]byte(secret)),
		"hexadecimal, capitals":       strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"hexadecimal of the form":     hex.EncodeToString([]byte(body)),
		"hexadecimal, spaced":         Wrapped(hex.EncodeToString([]byte(secret)), 2, " "),
		"hexadecimal, dumped":         each("0x%02X, ", []byte(secret)),
		"split by a line break":       Wrapped(secret, 4, "\n"),
		"split by blanks":             Wrapped(secret, 3, " \t "),
		"split, percent-encoded":      Wrapped(query, 4, "\n"),
		"base64 behind two bytes":     base64.StdEncoding.EncodeToString([]byte("i:" + secret))[3:],
	}
	// Most encodings leave a token as it is.
	maps.DeleteFunc(forms, func(_, form string) bool { return form == secret })
	forms["raw"] = secret
	return forms
}

// each formats the units of a text one by one.
func each[T any](format string, units []T) string {
	var text strings.Builder
	for _, unit := range units {
		fmt.Fprintf(&text, format, unit)
	}
	return text.String()
}

// jsonOf encodes a text, with or without the escapes that HTML needs.
func jsonOf(text string, forHTML bool) string {
	var encoded strings.Builder
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(forHTML)
	if err := encoder.Encode(text); err != nil {
		panic(err) // no text has that
	}
	return strings.TrimSpace(encoded.String())
}

// Wrapped puts something between the lines of so many bytes each.
func Wrapped(text string, width int, between string) string {
	var lines []string
	for line := range slices.Chunk([]byte(text), width) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, between)
}

// lowerHex turns %C3 into %c3 and leaves the rest.
func lowerHex(text string) string {
	parts := strings.Split(text, "%")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToLower(parts[i][:2]) + parts[i][2:]
	}
	return strings.Join(parts, "%")
}
