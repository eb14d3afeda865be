package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// This file goes through the documented API answer by answer. All other tests, too, are held to what is documented;
// here the document is what decides which tests there are.

// calling has, for each documented operation, what makes the provider call it. It prepares the workspace and returns
// what is left to do.
var calling = map[string]func(w *workspace) func() providertest.Diagnostics{
	"getToken":    reading(portalType),
	"getSettings": reading(portalType),
	"revokeToken": func(w *workspace) func() providertest.Diagnostics {
		return func() providertest.Diagnostics {
			p := w.Start()
			_, diags := p.OpenToken(values{"scopes": []any{viewScope}})
			if len(diags.Errors()) > 0 {
				return diags
			}
			return append(diags, p.CloseToken()...)
		}
	},
	"listSenders": func(w *workspace) func() providertest.Diagnostics {
		w.WithSender()
		return reading(senderType)(w)
	},
	"putSettings": func(w *workspace) func() providertest.Diagnostics {
		return applying(w, &providertest.Object{TypeName: portalType}, values{"enabled": false})
	},
	"createSender": func(w *workspace) func() providertest.Diagnostics {
		return applying(w, &providertest.Object{TypeName: senderType}, providertest.SenderValues())
	},
	"putSender": func(w *workspace) func() providertest.Diagnostics {
		changed := providertest.SenderValues()
		changed["sender"] = "+15550199"
		return applying(w, w.Create(senderType, providertest.SenderValues()), changed)
	},
	"listApplications": reading(portalType),
	"getApplication":   reading(portalType),
	"patchApplication": func(w *workspace) func() providertest.Diagnostics {
		return applying(w, &providertest.Object{TypeName: portalType}, values{"enabled": false})
	},
	"deleteSender": func(w *workspace) func() providertest.Diagnostics {
		return applying(w, w.Create(senderType, providertest.SenderValues()), nil)
	},
}

// notCalledYet are the documented operations that the provider does not call. The mock server is held to them by the
// tests of the package contract. An operation leaves this list for the map above when the provider calls it.
var notCalledYet = []string{
	"getApplicationAuthenticators", "putScript", "listAuthenticators", "getConnector", "patchConnector",
	// Version 1 is for old servers; see TestSenderVersion in the client's tests.
	"listSendersV1", "createSenderV1", "putSenderV1", "deleteSenderV1",
}

// placeWith is where an operation is called: those of applications are only called where the settings are one.
func placeWith(operation string) providertest.Place {
	if strings.Contains(operation, "Application") {
		return providertest.ApplicationPlace{}
	}
	return providertest.ClassicPlace{}
}

// isCalled reports whether an operation is to be tested here.
func isCalled(t *testing.T, operation string) bool {
	t.Helper()
	waits := slices.Contains(notCalledYet, operation)
	if waits == (calling[operation] != nil) {
		t.Errorf("%s must be either in calling or in notCalledYet", operation)
	}
	return !waits && calling[operation] != nil
}

func reading(typeName string) func(w *workspace) func() providertest.Diagnostics {
	return func(w *workspace) func() providertest.Diagnostics {
		return func() providertest.Diagnostics {
			_, diags := w.Start().Read(typeName, values{})
			return diags
		}
	}
}

func applying(
	w *workspace,
	o *providertest.Object,
	config values,
) func() providertest.Diagnostics {
	saved := w.Plan(o, config)
	return func() providertest.Diagnostics { return w.Apply(saved) }
}

// TestEveryDocumentedFailure lets each operation fail in each documented way. That ends in one error, which has what
// support and search engines ask for, and is no longer there when the server is well again.
func TestEveryDocumentedFailure(t *testing.T) {
	t.Parallel()
	harmless := map[string]bool{
		"getSettings 404 not stored":      true, // defaults hold
		"deleteSender 404 no such sender": true, // which is what was asked for
		"deleteSender 400 in use":         true, // it stays, with a warning
		// Servers without version 2 answer so. Version 1, which is well here, tells that it is one.
		"listSenders 401 unauthorized": true,
		"listSenders 404 page":         true,
	}
	for _, failure := range contract.Failures() {
		if !isCalled(t, failure.Operation) {
			continue
		}
		if failure.Operation == "revokeToken" {
			continue // no error, but a warning: TestAccessTokenThatCannotBeRevoked
		}
		name := fmt.Sprintf("%s %d %s", failure.Operation, failure.Status, failure.Name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, placeWith(failure.Operation))
			w.Provider["max_retries"] = 0
			act := calling[failure.Operation](w)
			w.Mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: failure.Method, PathPrefix: "/t/bifrost" + failure.Path}, Times: -1,
				Action: mockserver.ActionStatus, Status: failure.Status, Headers: failure.Header, Body: failure.Body,
			})
			diags := act()
			if harmless[name] {
				providertest.WantNoError(t, diags)
				return
			}
			var body struct {
				Code, Error any
				TraceID     string
			}
			if strings.HasPrefix(failure.Body, "{") {
				providertest.Must(t, json.Unmarshal([]byte(failure.Body), &body))
			}
			texts := []string{"Unable to", `"bifrost"`, fmt.Sprintf("HTTP status: %d", failure.Status)}
			for _, code := range []any{body.Code, body.Error} {
				if code != nil {
					texts = append(texts, fmt.Sprintf("Server code: %v", code))
				}
			}
			if body.TraceID != "" {
				texts = append(texts, "Trace id: "+body.TraceID)
			}
			providertest.WantError(t, diags, texts...)
			providertest.WantAbsent(t, diags.String(), mockserver.DefaultClientSecret, "sender-secret")

			w.Mock.ClearFaults()
			providertest.WantNoError(t, act())
		})
	}
}

// TestEveryDocumentedAnswer makes the mock server give each documented answer by itself. What it does not give has a
// reason.
func TestEveryDocumentedAnswer(t *testing.T) {
	t.Parallel()
	const (
		checkedBefore = "the provider finds the mistake before it calls"
		between       = "nothing stands between the provider and the mock server"
		notBroken     = "the mock server fails on nothing that the provider sends"
	)
	gaps := map[string]string{ // by answer, or by status
		"302":              between + ", and the requests say that they are JSON",
		"429":              "the mock server limits nobody",
		"500":              notBroken,
		"503":              notBroken,
		"5XX":              between,
		"getToken 400":     "the request is always in order",
		"getSettings 400":  checkedBefore,
		"putSettings 400":  checkedBefore,
		"listSenders 400":  checkedBefore,
		"createSender 400": checkedBefore,

		"listApplications 400": checkedBefore,
	}

	expiring := func(w *workspace) {
		w.Mock.AddFault(
			mockserver.Fault{Match: mockserver.Match{PathPrefix: providertest.APIPath}, Action: mockserver.ActionExpireTokens},
		)
	}
	changing := func(change func(*mockserver.Organization)) func(*workspace) {
		return func(w *workspace) {
			w.Mock.Update(func(state *mockserver.State) { change(state.Organizations["bifrost"]) })
		}
	}
	withoutSender := changing(func(o *mockserver.Organization) { delete(o.SMSSenders, "SMSPublisher") })
	withoutApplication := changing(providertest.ApplicationPlace{}.RemoveSettings)
	checker := contract.New(t)
	for _, row := range []struct {
		answer string
		moment string // right before the first call of this operation …
		change func(*workspace)
	}{
		{"getToken 200", "", nil},
		{"getToken 302", "getToken", removeOrganization},
		{"getToken 401", "getToken", changing(func(o *mockserver.Organization) { o.ClientSecret = "another" })},
		{"getToken 404", "getToken", removeOrganization},
		{
			"getSettings 200", "getSettings",
			func(w *workspace) {
				w.Console(providertest.Stored{providertest.StatusObject: {"enable": "false", "more": ""}})
			},
		},
		{"getSettings 401", "getSettings", expiring},
		{"getSettings 403", "getToken", providertest.Without("internal_config_mgt_view")},
		{"getSettings 404", "", nil},
		{"putSettings 200", "", nil},
		{"putSettings 401", "putSettings", expiring},
		{"putSettings 403", "getToken", providertest.Without("internal_config_mgt_update")},
		{"putSettings 404", "putSettings", changing(func(o *mockserver.Organization) { o.TypeMissing = true })},
		{"listApplications 200", "", nil},
		{"listApplications 401", "listApplications", expiring},
		{"listApplications 403", "getToken", providertest.Without("internal_application_mgt_view")},
		{"listApplications 404", "listApplications", removeOrganization},
		{"getApplication 200", "", nil},
		{"getApplication 401", "getApplication", expiring},
		{"getApplication 403", "getApplication", func(w *workspace) { // the lookup takes the same scope, and comes first
			providertest.Without("internal_application_mgt_view")(w)
			expiring(w)
		}},
		{"getApplication 404", "getApplication", withoutApplication},
		{"patchApplication 200", "", nil},
		{"patchApplication 400", "patchApplication", changing(func(o *mockserver.Organization) {
			o.MyAccountApplication().Access = "READ"
		})},
		{"patchApplication 401", "patchApplication", expiring},
		{"patchApplication 403", "getToken", providertest.Without("internal_application_mgt_update")},
		{"patchApplication 404", "patchApplication", withoutApplication},
		{"listSenders 200", "", nil},
		{"listSenders 401", "listSenders", expiring},
		{"listSenders 403", "getToken", providertest.Without("internal_notification_senders_view")},
		{"listSenders 404", "listSenders", removeOrganization},
		{"createSender 201", "", nil},
		{"createSender 401", "createSender", expiring},
		{"createSender 403", "getToken", providertest.Without("internal_notification_senders_create")},
		{"createSender 404", "createSender", removeOrganization},
		{"createSender 409", "createSender", (*workspace).WithSender},
		{"putSender 200", "", nil},
		{"putSender 400", "putSender", withoutSender},
		{"putSender 401", "putSender", expiring},
		{"putSender 403", "getToken", providertest.Without("internal_notification_senders_update")},
		{"putSender 404", "putSender", removeOrganization},
		{"deleteSender 204", "", nil},
		{"revokeToken 200", "", nil},
		{"revokeToken 401", "revokeToken", changing(func(o *mockserver.Organization) { o.ClientSecret = "another-secret" })},
		{"deleteSender 400", "deleteSender", changing(func(o *mockserver.Organization) {
			o.SMSGuard = true
			o.MyAccount[providertest.TwoFactorObject] = providertest.Attributes{"sms_otp_enabled": "true"}
		})},
		{"deleteSender 401", "deleteSender", expiring},
		{"deleteSender 403", "getToken", providertest.Without("internal_notification_senders_delete")},
		{"deleteSender 404", "deleteSender", withoutSender},
	} {
		var options []mockserver.Option
		if row.answer == "getToken 302" {
			options = append(options, mockserver.WithTenantRedirect())
		}
		operation, _, _ := strings.Cut(row.answer, " ")
		w := providertest.NewWorkspaceIn(t, placeWith(operation), options...)
		w.Provider["max_retries"] = 0
		act := calling[operation](w)
		before := checker.Seen()[row.answer]
		w.Wrap = func(connection http.RoundTripper) http.RoundTripper {
			return &interruption{connection: checker.Wrap(connection), moment: row.moment, change: func() { row.change(w) }}
		}
		act()
		if checker.Seen()[row.answer] == before {
			t.Errorf("%s did not come; so far came %v", row.answer, checker.Seen())
		}
	}

	seen := checker.Seen()
	for _, answer := range contract.Answers() {
		operation, status, _ := strings.Cut(answer, " ")
		if !isCalled(t, operation) {
			continue
		}
		reason := gaps[answer]
		if reason == "" {
			reason = gaps[status]
		}
		switch {
		case seen[answer] > 0 && gaps[answer] != "":
			t.Errorf("%s came although %s", answer, reason)
		case seen[answer] == 0 && reason == "":
			t.Errorf("%s never came", answer)
		case seen[answer] == 0:
			t.Logf("%-17s by the document's examples only: %s", answer, reason)
		default:
			t.Logf("%-17s %d×", answer, seen[answer])
		}
	}
	for answer := range maps.Keys(gaps) {
		if strings.Contains(answer, " ") && !slices.Contains(contract.Answers(), answer) {
			t.Errorf("%s is no documented answer", answer)
		}
	}
}

// interruption changes something on the server right before the first call of an operation.
type interruption struct {
	connection http.RoundTripper
	moment     string
	once       sync.Once
	change     func()
}

func (i *interruption) RoundTrip(request *http.Request) (*http.Response, error) {
	for _, failure := range contract.Failures() {
		if failure.Operation == i.moment && failure.Method == request.Method &&
			strings.HasPrefix(request.URL.Path, "/t/bifrost"+failure.Path) {
			i.once.Do(i.change)
			break
		}
	}
	return i.connection.RoundTrip(request)
}
