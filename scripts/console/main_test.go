package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// make demo shows that it works.
func TestNamesTheVariableThatIsNotSet(t *testing.T) {
	variables := []string{"ASGARDEO_BASE_URL", "ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET"}
	for _, missing := range append(variables, "none") {
		t.Run(missing, func(t *testing.T) {
			for _, name := range variables {
				t.Setenv(name, "http://127.0.0.1:1") // nobody answers there
			}
			if missing != "none" {
				t.Setenv(missing, "")
			}
			err := run(t.Context(), portal(false), io.Discard)
			if err == nil || strings.Contains(err.Error(), missing+" is not set") != (missing != "none") {
				t.Errorf("error %v", err)
			}
		})
	}
}

const (
	password = `{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"},` +
		`{"idp":"LOCAL","authenticator":"other"}]}`
	both = password + `,{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"}]}`
)

// answer is the application as a server would tell it.
func answer(enabled, steps string) []byte {
	return []byte(`{"name":"My Account","applicationEnabled":` + enabled +
		`,"authenticationSequence":{"steps":[` + steps + `]}}`)
}

// using parses arguments and uses the application that was answered.
func using(t *testing.T, arguments string, answered []byte) (printed string, changes any, err error) {
	t.Helper()
	use, ok := parse(strings.Fields(arguments))
	if !ok {
		t.Fatalf("%q is refused", arguments)
	}
	var current application
	if err := json.Unmarshal(answered, &current); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	changes, err = use(current, answered, &out)
	return out.String(), changes, err
}

func TestShowsWhatUsersMeet(t *testing.T) {
	t.Parallel()
	const want = `                      now
My Account portal     on
Users sign in with    password or other
and then with         -
`
	got, changes, err := using(t, "show", answer("true", password))
	if got != want || changes != nil || err != nil {
		t.Errorf("shows %q, changes %v, error %v", got, changes, err)
	}
}

// What ends the demo: a difference that no table shows is one, too.
func TestComparesWithWhatWasSaved(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "found.json")
	found := answer("true", password)
	if _, _, err := using(t, "save "+file, found); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		now       []byte
		different string
	}{
		"the same": {now: found},
		"in another order": {now: []byte(`{"applicationEnabled":true,"authenticationSequence":{"steps":[` + password +
			`]},"name":"My Account"}`)},
		"switched off": {now: answer("false", password), different: "applicationEnabled"},
		"another flow": {now: answer("true", both), different: "authenticationSequence"},
		"out of sight": {now: []byte(strings.Replace(string(found), "{", `{"more":1,`, 1)), different: "more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed, changes, err := using(t, "compare "+file, test.now)
			if changes != nil || !strings.Contains(printed, "as found") {
				t.Errorf("prints %q, changes %v", printed, changes)
			}
			switch {
			case test.different == "" && (err != nil || !strings.Contains(printed, "nothing about the application differs")):
				t.Errorf("error %v after %q", err, printed)
			case test.different != "" && (err == nil || !strings.HasSuffix(err.Error(), "not as it was found: "+test.different)):
				t.Errorf("error %v, want %s", err, test.different)
			}
			if _, _, err := using(t, "show "+file, test.now); err != nil {
				t.Errorf("show fails: %v", err)
			}
		})
	}
	if _, _, err := using(t, "compare "+file+".missing", found); !os.IsNotExist(err) {
		t.Errorf("error %v", err)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	for arguments, test := range map[string]struct{ steps, want string }{
		"portal off":          {password, `{"applicationEnabled":false}`},
		"portal on":           {password, `{"applicationEnabled":true}`},
		"second-factors totp": {both, `{"authenticationSequence":{"type":"USER_DEFINED","steps":[` + both + `]}}`},
		"second-factors none": {both, `{"authenticationSequence":{"type":"USER_DEFINED","steps":[` + password +
			`],"script":"var onLoginRequest = function(context) {\n    executeStep(1);\n};\n"}}`},
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			_, changes, err := using(t, arguments, answer("true", test.steps))
			if got, failed := json.Marshal(changes); err != nil || failed != nil || string(got) != test.want {
				t.Errorf("the body is %s (%v, %v)", got, err, failed)
			}
		})
	}
}

func TestRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, arguments := range []string{
		"", "portal", "portal maybe", "second-factors", "second-factors fax", "second-factors totp none",
		"save", "compare", "show a b", "hide",
	} {
		if _, ok := parse(strings.Fields(arguments)); ok {
			t.Errorf("%q is taken", arguments)
		}
	}
}
