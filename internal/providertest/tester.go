package providertest

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
)

// Tester is what a test and an attempt of a property-based test have in common.
type Tester interface {
	Helper()
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// Must fails the test on an error that is none of what it is about.
func Must(t Tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// MustJSON is a value as JSON.
func MustJSON(t Tester, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	Must(t, err)
	return string(text)
}

// Same reports whether two values are equal through and through.
func Same(a, b any) bool {
	return reflect.DeepEqual(a, b)
}

// WithoutBlanks is a text, such as a login script, without white space.
func WithoutBlanks(text string) string {
	return strings.Join(strings.Fields(text), "")
}
