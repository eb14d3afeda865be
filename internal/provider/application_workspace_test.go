package provider

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// This file looks at the portal as an application. Login flows are written in one line: steps are parted by "|",
// options by blanks, and a connection's option reads connection/authenticator.

const (
	password = "BasicAuthenticator"
	passkey  = "FIDOAuthenticator"
	emailOTP = "email-otp-authenticator"
	smsOTP   = "sms-otp-authenticator"
	backup   = "backup-code-authenticator"
	google   = "Google/GoogleOIDCAuthenticator"
	lookup   = "GET applications"
	read     = "GET application"
	patch    = "PATCH application"
	token    = "POST token"
)

// newApplicationWorkspace is a workspace whose provider block says nothing of where the settings are.
func newApplicationWorkspace(t tester, options ...mockserver.Option) *workspace {
	t.Helper()
	w := newWorkspace(t, options...)
	delete(w.provider, "my_account_api")
	w.mock.Update(func(state *mockserver.State) {
		for _, organization := range state.Organizations {
			organization.Connections = map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}
		}
	})
	return w
}

// application returns a copy of the portal's application in "bifrost".
func (w *workspace) application() *mockserver.Application {
	return w.mock.State().Organizations["bifrost"].MyAccountApplication()
}

// edit changes the application as somebody in the Console would.
func (w *workspace) edit(change func(*mockserver.Application)) {
	w.mock.Update(func(state *mockserver.State) { change(state.Organizations["bifrost"].MyAccountApplication()) })
}

// switchPortal switches the application.
func (w *workspace) switchPortal(on bool) {
	w.edit(func(a *mockserver.Application) { a.ApplicationEnabled = new(on) })
}

// setFlow gives the application a login flow of its own.
func (w *workspace) setFlow(steps, script string) {
	w.edit(func(a *mockserver.Application) {
		a.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: stepsOf(steps), Script: script,
		}
	})
}

func stepsOf(text string) []mockserver.Step {
	var steps []mockserver.Step
	for i, step := range strings.Split(text, "|") {
		steps = append(steps, mockserver.Step{ID: i + 1})
		for option := range strings.FieldsSeq(step) {
			connection, authenticator, federated := strings.Cut(option, "/")
			if !federated {
				connection, authenticator = "LOCAL", option
			}
			steps[i].Options = append(steps[i].Options, mockserver.StepOption{IDP: connection, Authenticator: authenticator})
		}
	}
	return steps
}

// flow returns type and steps of the stored login flow, such as "USER_DEFINED BasicAuthenticator | totp".
func (w *workspace) flow() string {
	sequence := w.application().AuthenticationSequence
	if sequence == nil {
		return "DEFAULT"
	}
	var steps []string
	for _, step := range sequence.Steps {
		var options []string
		for _, option := range step.Options {
			name := option.Authenticator
			if option.IDP != "LOCAL" && option.IDP != "" {
				name = option.IDP + "/" + name
			}
			options = append(options, name)
		}
		steps = append(steps, strings.Join(options, " "))
	}
	return strings.TrimSpace(sequence.Type + " " + strings.Join(steps, " | "))
}

func (w *workspace) wantFlow(want string) {
	w.t.Helper()
	if got := w.flow(); got != want {
		w.t.Errorf("the login flow is\n%s, want\n%s", got, want)
	}
}

// script is the stored login script without white space.
func (w *workspace) script() string {
	sequence := w.application().AuthenticationSequence
	if sequence == nil {
		return ""
	}
	return strings.Join(strings.Fields(sequence.Script), "")
}

// consoleScript is what the Console stores for a flow of n steps when nobody has written a script.
func consoleScript(n int) string {
	text := "var onLoginRequest = function(context) {\n"
	for i := range n {
		text += "    executeStep(" + string(rune('1'+i)) + ");\n"
	}
	return text + "};\n"
}

func withoutBlanks(text string) string {
	return strings.Join(strings.Fields(text), "")
}

// patches returns the bodies of the successful changes of applications since the last look.
func (w *workspace) patches() []map[string]any {
	w.t.Helper()
	bodies := []map[string]any{}
	for _, request := range w.mock.Requests() {
		if request.Method != http.MethodPatch {
			continue
		}
		var body map[string]any
		must(w.t, json.Unmarshal([]byte(request.Body), &body))
		bodies = append(bodies, body)
	}
	w.mock.ClearRequests()
	return bodies
}

// wantPatches compares them with JSON texts.
func (w *workspace) wantPatches(want ...string) {
	w.t.Helper()
	wanted := []map[string]any{}
	for _, text := range want {
		var body map[string]any
		must(w.t, json.Unmarshal([]byte(text), &body))
		wanted = append(wanted, body)
	}
	if diff := cmp.Diff(wanted, w.patches()); diff != "" {
		w.t.Errorf("the changes differ (- want, + got):\n%s", diff)
	}
}

// wantNoRequestTo insists that a part of the API was not called since the last look, and some other one was.
func (w *workspace) wantNoRequestTo(paths ...string) {
	w.t.Helper()
	requests := w.mock.Requests()
	if len(requests) == 0 {
		w.t.Error("the server was asked nothing")
	}
	for _, request := range requests {
		for _, path := range paths {
			if strings.Contains(request.Path, path) {
				w.t.Errorf("%s %s", request.Method, request.Path)
			}
		}
	}
}

// wantText insists that exactly one diagnostic is about something, and on what it says.
func wantText(t tester, diags diagnostics, summary string, parts ...string) {
	t.Helper()
	found := diags.about(summary)
	if len(found) != 1 {
		t.Fatalf("%d diagnostics about %q, want 1:\n%s", len(found), summary, diags)
	}
	for _, part := range parts {
		if !strings.Contains(found.String(), part) {
			t.Errorf("%q is missing in:\n%s", part, found)
		}
	}
}
