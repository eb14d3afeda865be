package redact

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// namedCredential is a value behind a name that tells what it is, in any of the forms that a request's body or query
// has. A placeholder such as {{mobile}} is none.
var namedCredential = regexp.MustCompile(
	`(?i)(?:pass|pwd|secret|token|key|auth|cred|sign)[\w.-]*["']?\s*[:=>]\s*["']?([^"'&,;<>{}\s]{4,})`)

// wordBounds part a body or a query into words.
const wordBounds = "\"'{}[]()<>&;,:=?/\\ \t\r\n"

// NamedCredentials returns what looks like a credential in the body or the query of a request, by the name in front.
func NamedCredentials(text string) []string {
	var found []string
	for _, match := range namedCredential.FindAllStringSubmatch(text, maxPieces) {
		found = append(found, match[1])
	}
	return found
}

// maxPieces bounds what of one text is looked for in every message.
const maxPieces = 16

// CredentialsInBody returns what may be a credential in a body or a query: what has such a name, and words as long as
// no word that a message needs.
func CredentialsInBody(text string) []string {
	const long = 16
	found := NamedCredentials(text)
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(wordBounds, r) }) {
		if len(found) == 2*maxPieces {
			break
		}
		if len(word) >= long && !slices.Contains(found, word) {
			found = append(found, word)
		}
	}
	return found
}

// CredentialsInHeaders returns what may be a credential of its own in a text of several headers: each value, its last
// word, as in "Bearer …", and what it gives a name to, as in "session=…". Short ones are words that a message may need.
func CredentialsInHeaders(headers string) []string {
	var found []string
	harmless := []string{"accept", "content-type", "host", "user-agent"}
	for piece := range strings.FieldsFuncSeq(headers, func(r rune) bool { return strings.ContainsRune(",;\r\n", r) }) {
		name, value, named := strings.Cut(piece, ":")
		switch {
		case !named:
			value = name
		case slices.Contains(harmless, strings.ToLower(strings.TrimSpace(name))):
			continue
		}
		value = strings.TrimSpace(value)
		found = append(found, value)
		if words := strings.Fields(value); len(words) > 1 {
			value = words[len(words)-1]
			found = append(found, value)
		}
		if _, given, ok := strings.Cut(value, "="); ok {
			found = append(found, strings.Trim(given, `"`))
		}
		if len(found) > 3*maxPieces {
			break
		}
	}
	return slices.DeleteFunc(found, func(text string) bool { return len(text) < 8 })
}

// CredentialsInURL returns what may be a credential in the address of a gateway: a password, a name that comes without
// one, and what is in the path and the query, as it is written there and as it is meant.
func CredentialsInURL(address string) []string {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil
	}
	found := CredentialsInBody(parsed.RawQuery)
	for _, values := range parsed.Query() {
		for _, value := range values {
			if len(value) >= 8 && !strings.Contains(value, "{{") && len(found) < 3*maxPieces {
				found = append(found, value)
			}
		}
	}
	found = append(found, CredentialsInBody(parsed.Path)...)
	password, given := parsed.User.Password()
	if !given {
		password = parsed.User.Username()
	}
	return append(found, password)
}
