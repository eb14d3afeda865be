package settings_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Unusual input that has to work: in the provider block, and in what the server stores.

func TestAwkwardConnections(t *testing.T) {
	t.Parallel()

	baseURL := func(before, after string) func(w *providertest.Workspace) {
		return func(w *providertest.Workspace) { w.Provider["base_url"] = before + w.Mock.URL() + after }
	}
	for _, test := range []struct {
		name    string
		options []mockserver.Option
		change  func(w *providertest.Workspace)
	}{
		{"a base URL with http", nil, func(*providertest.Workspace) {}},
		{
			"a base URL with https", []mockserver.Option{mockserver.WithTLS()},
			func(w *providertest.Workspace) { w.Provider["ca_certificate"] = w.Mock.CACertificate() },
		},
		{"a base URL with a trailing slash", nil, baseURL("", "/")},
		{"a base URL with slashes", nil, baseURL("", "///")},
		{"a base URL with blanks around it", nil, baseURL(" ", "\n")},
		{
			"a base URL with a path", []mockserver.Option{mockserver.WithPathPrefix("/identity/server")},
			func(*providertest.Workspace) {},
		},
		{
			"a base URL with a path and a trailing slash", []mockserver.Option{mockserver.WithPathPrefix("/identity")},
			baseURL("", "/"),
		},
		{"no retries", nil, func(w *providertest.Workspace) { w.Provider["max_retries"] = 0 }},
		{"no pacing", nil, func(w *providertest.Workspace) { w.Provider["requests_per_minute"] = 0 }},
		{"default pacing", nil, func(w *providertest.Workspace) { delete(w.Provider, "requests_per_minute") }},
		{"secrets with every special character", []mockserver.Option{
			mockserver.WithClient("id:+/%&=?#@", `s3:+/%&=?#@ "ü\%41`),
		}, func(w *providertest.Workspace) {
			w.Provider["client_id"], w.Provider["client_secret"] = "id:+/%&=?#@", `s3:+/%&=?#@ "ü\%41`
		}},
		{"a token that expires within the run", nil, func(w *providertest.Workspace) {
			w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionExpireTokens})
		}},
		{"a server that is busy at first", nil, func(w *providertest.Workspace) {
			w.Mock.AddFault(mockserver.Fault{Times: 3, Action: mockserver.ActionStatus, Status: 503})
		}},
		{"an answer that breaks off at first", nil, func(w *providertest.Workspace) {
			w.Mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: "GET"}, Times: 2, Action: mockserver.ActionTruncate,
			})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t, test.options...)
			test.change(w)
			config := values{"enabled": false}
			o := w.Create(providertest.Portal, config)
			w.WantStored(stored{providertest.StatusObject: {"enable": "false"}})
			if diff := cmp.Diff(w.Mock.URL()+"/t/bifrost/myaccount", o.State["url"]); diff != "" {
				t.Errorf("the portal's URL differs (- want, + got):\n%s", diff)
			}
			_, diags := w.Start().ImportByID(providertest.Portal, "bifrost")
			providertest.WantNoDiagnostics(t, diags)
			providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
			w.WantStored(stored{providertest.StatusObject: {"enable": "true"}})
		})
	}
}

// TestOrganizationOfAnOwnServer is about the organization that has no place in the server's paths.
func TestOrganizationOfAnOwnServer(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization("carbon.super", "example.com"))
		for organization, url := range map[string]string{
			"carbon.super": "/myaccount", "example.com": "/t/example.com/myaccount",
		} {
			w.Provider["organization"] = organization
			o := w.Create(providertest.Portal, values{"enabled": false})
			o.WantState(t, values{"organization": organization, "enabled": false, "url": w.Mock.URL() + url})
			w.Create(providertest.TwoFactor, values{"email_otp_enabled": true})
			w.WantsIn(organization, values{"enabled": false, "email_otp_enabled": true})
		}
	})
}

// TestNothingWrittenYet reads an organization whose objects do not exist.
func TestNothingWrittenYet(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		defaults := providertest.EveryFactor(false)
		w.Adopt(providertest.Portal).WantState(t, values{"enabled": true})
		w.Adopt(providertest.TwoFactor).WantState(t, at.ShownValues(defaults))
		data, diags := w.Start().Read(providertest.Portal, values{})
		providertest.WantNoDiagnostics(t, diags)
		if diff := cmp.Diff(values{
			"organization": "bifrost", "api": at.String(), "enabled": true, "url": w.Mock.URL() + "/t/bifrost/myaccount",
		},
			data); diff != "" {
			t.Errorf("the data source differs (- want, + got):\n%s", diff)
		}
		data, diags = w.Start().Read(providertest.TwoFactor, values{})
		providertest.WantNoDiagnostics(t, diags)
		want := values{"organization": "bifrost", "api": at.String()}
		maps.Copy(want, at.ShownValues(defaults))
		if diff := cmp.Diff(want, data); diff != "" {
			t.Errorf("the data source differs (- want, + got):\n%s", diff)
		}

		// What is declared as it is by default is not written.
		w.Calls()
		w.Create(providertest.Portal, values{"enabled": true})
		w.Create(providertest.TwoFactor, defaults)
		if written := w.Writes(); len(written) > 0 {
			t.Errorf("wrote %v", written)
		}
		w.Wants(values{})
	})
}

// TestStoredValuesOfEveryForm reads values as the Console does: they are strings, but not only this provider writes
// them.
func TestStoredValuesOfEveryForm(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name          string
		value         any
		portal, other bool
	}{
		{"true", "true", true, true},
		{"false", "false", false, false},
		{"TRUE", "TRUE", true, true},
		{"True", "True", true, true},
		{"FALSE", "FALSE", true, false}, // the portal is off only where the text is exactly "false"
		{"empty", "", true, false},
		{"a word", "enabled", true, false},
		{"JSON true", true, true, true},
		{"JSON false", false, false, false},
		{"JSON number 1", 1, true, false},
		{"JSON number 0", json.Number("0"), true, false},
		{"JSON null", nil, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.WithSender()
			if _, documented := test.value.(string); !documented {
				// the store holds strings, as far as is documented
				w.Wrap = contract.New(t).Except(func(*http.Response) bool { return true }).Wrap
			}
			extra := func(attributes providertest.Attributes) providertest.Attributes {
				// The mock shuffles attributes, so that those of interest are anywhere among these.
				for _, key := range []string{"a", "enabled", "Enable", "totp", "TOTP_ENABLED", "x-future", "zz"} {
					attributes[key] = "ü \"quoted\" <&> \\ "
				}
				return attributes
			}
			before := stored{
				providertest.StatusObject:     extra(providertest.Attributes{"enable": test.value}),
				providertest.TwoFactorObject:  extra(providertest.StoredFactors(test.value)),
				providertest.EnrollmentObject: extra(providertest.Attributes{"enrolUserInAuthenticationFlow": test.value}),
			}
			w.Console(before)
			before = w.Mock.State().Organizations["bifrost"].MyAccount
			w.Adopt(providertest.Portal).WantState(t, values{"enabled": test.portal})
			w.Adopt(providertest.TwoFactor).WantState(t, providertest.EveryFactor(test.other))

			// What is right already is left in the form it has.
			w.Calls()
			w.Create(providertest.Portal, values{"enabled": test.portal})
			w.Create(providertest.TwoFactor, providertest.EveryFactor(test.other))
			if written := w.Writes(); len(written) > 0 {
				t.Errorf("wrote %v", written)
			}
			w.WantStored(before)

			// What is not is written, and everything else stays as it was.
			w.Create(providertest.Portal, values{"enabled": !test.portal})
			w.Create(providertest.TwoFactor, providertest.EveryFactor(!test.other))
			text := map[bool]string{true: "true", false: "false"}
			w.WantStored(stored{
				providertest.StatusObject:     extra(providertest.Attributes{"enable": text[!test.portal]}),
				providertest.TwoFactorObject:  extra(providertest.StoredFactors(text[!test.other])),
				providertest.EnrollmentObject: extra(providertest.Attributes{"enrolUserInAuthenticationFlow": text[!test.other]}),
			})
		})
	}
}
