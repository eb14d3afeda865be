package providertest

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
	Password = "BasicAuthenticator"
	Passkey  = "FIDOAuthenticator"
	EmailOTP = "email-otp-authenticator"
	SMSOTP   = "sms-otp-authenticator"
	Backup   = "backup-code-authenticator"
	Google   = "Google/GoogleOIDCAuthenticator"
	Lookup   = "GET applications"
	Read     = "GET application"
	Patch    = "PATCH application"
	Token    = "POST token"
)

// NewApplicationWorkspace is a workspace whose provider block says nothing of where the settings are.
func NewApplicationWorkspace(t Tester, options ...mockserver.Option) *Workspace {
	t.Helper()
	w := NewWorkspace(t, options...)
	delete(w.Provider, "my_account_api")
	w.Mock.Update(func(state *mockserver.State) {
		for _, organization := range state.Organizations {
			organization.Connections = map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}
		}
	})
	return w
}

// Application returns a copy of the portal's application in "bifrost".
func (w *Workspace) Application() *mockserver.Application {
	return w.Mock.State().Organizations["bifrost"].MyAccountApplication()
}

// Edit changes the application as somebody in the Console would.
func (w *Workspace) Edit(change func(*mockserver.Application)) {
	w.Mock.Update(func(state *mockserver.State) { change(state.Organizations["bifrost"].MyAccountApplication()) })
}

// SwitchPortal switches the application.
func (w *Workspace) SwitchPortal(on bool) {
	w.Edit(func(a *mockserver.Application) { a.ApplicationEnabled = new(on) })
}

// SetFlow gives the application a login flow of its own.
func (w *Workspace) SetFlow(steps, script string) {
	w.Edit(func(a *mockserver.Application) {
		a.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: StepsOf(steps), Script: script,
		}
	})
}

func StepsOf(text string) []mockserver.Step {
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

// Flow returns type and steps of the stored login flow, such as "USER_DEFINED BasicAuthenticator | totp".
func (w *Workspace) Flow() string {
	sequence := w.Application().AuthenticationSequence
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

func (w *Workspace) WantFlow(want string) {
	w.T.Helper()
	if got := w.Flow(); got != want {
		w.T.Errorf("the login flow is\n%s, want\n%s", got, want)
	}
}

// Script is the stored login script without white space.
func (w *Workspace) Script() string {
	sequence := w.Application().AuthenticationSequence
	if sequence == nil {
		return ""
	}
	return strings.Join(strings.Fields(sequence.Script), "")
}

// ConsoleScript is what the Console stores for a flow of n steps when nobody has written a script.
func ConsoleScript(n int) string {
	text := "var onLoginRequest = function(context) {\n"
	for i := range n {
		text += "    executeStep(" + string(rune('1'+i)) + ");\n"
	}
	return text + "};\n"
}

func WithoutBlanks(text string) string {
	return strings.Join(strings.Fields(text), "")
}

// Patches returns the bodies of the successful changes of applications since the last look.
func (w *Workspace) Patches() []map[string]any {
	w.T.Helper()
	bodies := []map[string]any{}
	for _, request := range w.Mock.Requests() {
		if request.Method != http.MethodPatch {
			continue
		}
		var body map[string]any
		Must(w.T, json.Unmarshal([]byte(request.Body), &body))
		bodies = append(bodies, body)
	}
	w.Mock.ClearRequests()
	return bodies
}

// WantPatches compares them with JSON texts.
func (w *Workspace) WantPatches(want ...string) {
	w.T.Helper()
	wanted := []map[string]any{}
	for _, text := range want {
		var body map[string]any
		Must(w.T, json.Unmarshal([]byte(text), &body))
		wanted = append(wanted, body)
	}
	if diff := cmp.Diff(wanted, w.Patches()); diff != "" {
		w.T.Errorf("the changes differ (- want, + got):\n%s", diff)
	}
}

// WantNoRequestTo insists that a part of the API was not called since the last look, and some other one was.
func (w *Workspace) WantNoRequestTo(paths ...string) {
	w.T.Helper()
	requests := w.Mock.Requests()
	if len(requests) == 0 {
		w.T.Error("the server was asked nothing")
	}
	for _, request := range requests {
		for _, path := range paths {
			if strings.Contains(request.Path, path) {
				w.T.Errorf("%s %s", request.Method, request.Path)
			}
		}
	}
}

// WantText insists that exactly one diagnostic is about something, and on what it says.
func WantText(t Tester, diags Diagnostics, summary string, parts ...string) {
	t.Helper()
	found := diags.About(summary)
	if len(found) != 1 {
		t.Fatalf("%d diagnostics about %q, want 1:\n%s", len(found), summary, diags)
	}
	for _, part := range parts {
		if !strings.Contains(found.String(), part) {
			t.Errorf("%q is missing in:\n%s", part, found)
		}
	}
}

// applicationCalls counts the calls since the last look, by what they are about.
func (w *Workspace) applicationCalls() map[string]int {
	w.T.Helper()
	counted := map[string]int{}
	for _, request := range w.Mock.Requests() {
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, "/applications/") {
			what = "application"
		}
		counted[request.Method+" "+what]++
	}
	w.Mock.ClearRequests()
	return counted
}

func (w *Workspace) WantApplicationCalls(want map[string]int) {
	w.T.Helper()
	if got := w.applicationCalls(); !Same(got, want) {
		w.T.Errorf("the calls are %v, want %v", got, want)
	}
}

func MustJSON(t Tester, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	Must(t, err)
	return string(text)
}

// ScopesWithoutScripts is what an application may that is not authorized for login scripts.
func (w *Workspace) ScopesWithoutScripts() {
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Scopes = []string{
			"internal_application_mgt_view", "internal_application_mgt_update",
			"internal_notification_senders_view", "internal_notification_senders_update",
		}
	})
}

// Destroyed does what "terraform destroy" does: a refresh, a plan, and the plan of the destruction.
func (w *Workspace) Destroyed(o *Object, config Values) {
	w.T.Helper()
	WantNoError(w.T, w.Plan(o, config).Diags)
	WantNoError(w.T, w.Apply(w.Plan(o, nil)))
	if o.State != nil {
		w.T.Errorf("%s is still in the state", o.TypeName)
	}
}

// MembersOf compares the calls since the last look, and returns the members of the changes among them.
func (w *Workspace) MembersOf(want ...string) []string {
	w.T.Helper()
	requests := w.Mock.Requests()
	w.WantCalls(want...)
	return membersOf(w.T, requests)
}
