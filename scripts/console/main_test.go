package main

import (
	"encoding/json"
	"io"
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
			err := use(portal(false), io.Discard)
			if err == nil || strings.Contains(err.Error(), missing+" is not set") != (missing != "none") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestShows(t *testing.T) {
	t.Parallel()
	shown := application{Enabled: true, Sequence: sequence{Type: "DEFAULT", Steps: []step{
		{ID: 1, Options: []option{{Authenticator: "BasicAuthenticator"}, {Authenticator: "FIDOAuthenticator"}}},
	}}}
	const want = "The application My Account is on. Its login flow (DEFAULT):\n" +
		"  step 1: BasicAuthenticator, FIDOAuthenticator\n"
	if got := shown.String(); got != want {
		t.Errorf("shows %q", got)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	const password = `{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]}`
	const both = password + `,{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"}]}`
	for arguments, test := range map[string]struct{ steps, want string }{
		"portal off":          {password, `{"applicationEnabled":false}`},
		"portal on":           {password, `{"applicationEnabled":true}`},
		"second-factors totp": {both, `{"authenticationSequence":{"type":"USER_DEFINED","steps":[` + both + `]}}`},
		"second-factors": {both, `{"authenticationSequence":{"type":"USER_DEFINED","steps":[` + password +
			`],"script":"var onLoginRequest = function(context) {\n    executeStep(1);\n};\n"}}`},
		"second-factors fax": {want: ""},
		"portal":             {want: ""},
		"":                   {want: ""},
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			change, ok := parse(strings.Fields(arguments))
			if !ok {
				if test.want != "" {
					t.Error("refused")
				}
				return
			}
			var current application
			if err := json.Unmarshal([]byte(`{"authenticationSequence":{"steps":[`+test.steps+`]}}`), &current); err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(change(current)); err != nil || string(got) != test.want {
				t.Errorf("the body is %s (%v)", got, err)
			}
		})
	}
}
