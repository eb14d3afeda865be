// Package words makes sentences of lists and of texts that somebody else wrote.
package words

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/agext/levenshtein"
)

// Nearest returns the word that a misspelt one was probably meant for, or nothing.
func Nearest(text string, words []string) string {
	best, distance := "", 3
	for _, word := range words {
		slips := levenshtein.Distance(strings.ToLower(text), strings.ToLower(word), nil)
		if slips < distance && slips*2 < len(word) {
			best, distance = word, slips
		}
	}
	return best
}

// Quoted lists words, as in "a", "b" and "c".
func Quoted(words []string, last string) string {
	var list []string
	for _, word := range words {
		list = append(list, strconv.Quote(word))
	}
	return Listed(list, last)
}

// Listed lists words, as in a, b and c.
func Listed(words []string, last string) string {
	if end := len(words) - 1; end > 0 {
		return strings.Join(words[:end], ", ") + last + words[end]
	}
	return strings.Join(words, "")
}

// WithoutControls drops the characters with which a text could write over what a terminal shows.
func WithoutControls(text string) string {
	var kept strings.Builder
	for i, r := range text {
		lineBreak := r == '\n' || r == '\r' && strings.HasPrefix(text[i:], "\r\n")
		if !unicode.IsControl(r) || r == '\t' || lineBreak {
			kept.WriteRune(r)
		}
	}
	return kept.String()
}

// UpperFirst starts a sentence.
func UpperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
