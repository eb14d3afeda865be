package provider

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Unusual input that has to work: in the provider block, and in what the server stores.

func TestAwkwardConnections(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name    string
		options []mockserver.Option
		change  func(w *workspace)
	}{
		{"a base URL with http", nil, func(*workspace) {}},
		{
			"a base URL with https", []mockserver.Option{mockserver.WithTLS()},
			func(w *workspace) { w.provider["ca_certificate"] = w.mock.CACertificate() },
		},
		{"a base URL with a trailing slash", nil, func(w *workspace) { w.provider["base_url"] = w.mock.URL() + "/" }},
		{"a base URL with slashes", nil, func(w *workspace) { w.provider["base_url"] = w.mock.URL() + "///" }},
		{"a base URL with blanks around it", nil, func(w *workspace) { w.provider["base_url"] = " " + w.mock.URL() + "\n" }},
		{"a base URL with a path", []mockserver.Option{mockserver.WithPathPrefix("/identity/server")}, func(*workspace) {}},
		{"a base URL with a path and a trailing slash", []mockserver.Option{
			mockserver.WithPathPrefix("/identity"),
		}, func(w *workspace) {
			w.provider["base_url"] = w.mock.URL() + "/"
		}},
		{"no retries", nil, func(w *workspace) { w.provider["max_retries"] = 0 }},
		{"no pacing", nil, func(w *workspace) { w.provider["requests_per_minute"] = 0 }},
		{"default pacing", nil, func(w *workspace) { delete(w.provider, "requests_per_minute") }},
		{"secrets with every special character", []mockserver.Option{
			mockserver.WithClient("id:+/%&=?#@", `s3:+/%&=?#@ "ü\%41`),
		}, func(w *workspace) {
			w.provider["client_id"], w.provider["client_secret"] = "id:+/%&=?#@", `s3:+/%&=?#@ "ü\%41`
		}},
		{"a token that expires within the run", nil, func(w *workspace) {
			w.mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionExpireTokens})
		}},
		{"a server that is busy at first", nil, func(w *workspace) {
			w.mock.AddFault(mockserver.Fault{Times: 3, Action: mockserver.ActionStatus, Status: 503})
		}},
		{"an answer that breaks off at first", nil, func(w *workspace) {
			w.mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: "GET"}, Times: 2, Action: mockserver.ActionTruncate,
			})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, test.options...)
			test.change(w)
			config := values{"enabled": false}
			o := w.create(portal, config)
			w.wantStored(stored{statusObject: {"enable": "false"}})
			if diff := cmp.Diff(w.mock.URL()+"/t/bifrost/myaccount", o.state["url"]); diff != "" {
				t.Errorf("the portal's URL differs (- want, + got):\n%s", diff)
			}
			_, diags := w.start().importByID(portal, "bifrost")
			wantNoDiagnostics(t, diags)
			wantNoError(t, w.apply(w.plan(o, nil)))
			w.wantStored(stored{statusObject: {"enable": "true"}})
		})
	}
}

// TestOrganizationOfAnOwnServer is about the organization that has no place in the server's paths.
func TestOrganizationOfAnOwnServer(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at, mockserver.WithOrganization("carbon.super", "example.com"))
		for organization, url := range map[string]string{
			"carbon.super": "/myaccount", "example.com": "/t/example.com/myaccount",
		} {
			w.provider["organization"] = organization
			o := w.create(portal, values{"enabled": false})
			o.wantState(t, values{"organization": organization, "enabled": false, "url": w.mock.URL() + url})
			w.create(twoFactor, values{"email_otp_enabled": true})
			w.wantsIn(organization, values{"enabled": false, "email_otp_enabled": true})
		}
	})
}

// TestNothingWrittenYet reads an organization whose objects do not exist.
func TestNothingWrittenYet(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		defaults := everyFactor(false)
		w.adopt(portal).wantState(t, values{"enabled": true})
		w.adopt(twoFactor).wantState(t, at.showing(defaults))
		data, diags := w.start().read(portal, values{})
		wantNoDiagnostics(t, diags)
		if diff := cmp.Diff(values{
			"organization": "bifrost", "api": at.String(), "enabled": true, "url": w.mock.URL() + "/t/bifrost/myaccount",
		},
			data); diff != "" {
			t.Errorf("the data source differs (- want, + got):\n%s", diff)
		}
		data, diags = w.start().read(twoFactor, values{})
		wantNoDiagnostics(t, diags)
		want := values{"organization": "bifrost", "api": at.String()}
		maps.Copy(want, at.showing(defaults))
		if diff := cmp.Diff(want, data); diff != "" {
			t.Errorf("the data source differs (- want, + got):\n%s", diff)
		}

		// What is declared as it is by default is not written.
		w.calls()
		w.create(portal, values{"enabled": true})
		w.create(twoFactor, defaults)
		if written := w.writes(); len(written) > 0 {
			t.Errorf("wrote %v", written)
		}
		w.wants(values{})
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
			w := newWorkspace(t)
			w.withSender()
			if _, documented := test.value.(string); !documented {
				// the store holds strings, as far as is documented
				w.wrap = contract.New(t).Except(func(*http.Response) bool { return true }).Wrap
			}
			extra := func(attributes attributes) attributes {
				// The mock shuffles attributes, so that those of interest are anywhere among these.
				for _, key := range []string{"a", "enabled", "Enable", "totp", "TOTP_ENABLED", "x-future", "zz"} {
					attributes[key] = "ü \"quoted\" <&> \\ "
				}
				return attributes
			}
			before := stored{
				statusObject:     extra(attributes{"enable": test.value}),
				twoFactorObject:  extra(storedFactors(test.value)),
				enrollmentObject: extra(attributes{"enrolUserInAuthenticationFlow": test.value}),
			}
			w.console(before)
			before = w.mock.State().Organizations["bifrost"].MyAccount
			w.adopt(portal).wantState(t, values{"enabled": test.portal})
			w.adopt(twoFactor).wantState(t, everyFactor(test.other))

			// What is right already is left in the form it has.
			w.calls()
			w.create(portal, values{"enabled": test.portal})
			w.create(twoFactor, everyFactor(test.other))
			if written := w.writes(); len(written) > 0 {
				t.Errorf("wrote %v", written)
			}
			w.wantStored(before)

			// What is not is written, and everything else stays as it was.
			w.create(portal, values{"enabled": !test.portal})
			w.create(twoFactor, everyFactor(!test.other))
			text := map[bool]string{true: "true", false: "false"}
			w.wantStored(stored{
				statusObject:     extra(attributes{"enable": text[!test.portal]}),
				twoFactorObject:  extra(storedFactors(text[!test.other])),
				enrollmentObject: extra(attributes{"enrolUserInAuthenticationFlow": text[!test.other]}),
			})
		})
	}
}
