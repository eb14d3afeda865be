package session_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What "terraform query" finds. Terraform ends a list at the first event with an error, and skips events that have
// only warnings.

func wantListed(t *testing.T, got []providertest.Listed, want ...providertest.Listed) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(providertest.Listed{})); diff != "" {
		t.Errorf("other things are listed (- want, + got):\n%s", diff)
	}
}

// portalsOf are the results for the portals of organizations.
func portalsOf(organizations ...string) []providertest.Listed {
	var portals []providertest.Listed
	for _, name := range organizations {
		portals = append(portals, providertest.Listed{
			Name: "My Account portal of " + name, Identity: values{"organization": name},
		})
	}
	return portals
}

// newListing is a workspace of several organizations, and one more, "vanaheim", that the provider has no credentials
// for.
func newListing(t *testing.T) *workspace {
	t.Helper()
	w := providertest.NewFleet(t)
	credentials := w.Provider["credentials"].(values)
	credentials["asgard"], credentials["midgard"] = credentials["alfheim"], credentials["alfheim"]
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["asgard"] = &mockserver.Organization{}
		state.Organizations["vanaheim"] = &mockserver.Organization{}
	})
	return w
}

func TestListOfEachType(t *testing.T) {
	t.Parallel()
	w := newListing(t)
	w.Console(providertest.Stored{providertest.StatusObject: {"enable": "false"},
		providertest.TwoFactorObject: {"totp_enabled": "true", "backup_code_enabled": "TRUE"}})
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: "Custom", ProviderURL: new("https://sms.example.com"), Key: new("listed-key"),
			Secret: new("listed-secret"), ContentType: "FORM",
			Properties: map[string]string{"body": "{{body}}", "http.method": "POST", "http.headers": "X-Tenant: 1"},
		}
	})
	for typeName, want := range map[string]providertest.Listed{
		portalType: {
			Name: "My Account portal of bifrost", Identity: values{"organization": "bifrost"},
			Resource: values{
				"organization": "bifrost", "api": "classic", "enabled": false, "url": w.Mock.URL() + "/t/bifrost/myaccount",
			},
		},
		twoFactorType: {
			Name: "Two-factor settings of bifrost", Identity: values{"organization": "bifrost"},
			Resource: values{
				"organization": "bifrost", "api": "classic", "email_otp_enabled": false, "sms_otp_enabled": false,
				"totp_enabled": true, "totp_enrollment_enabled": false,
				"backup_codes_enabled": true,
			},
		},
		senderType: {
			Name: "SMS sender of bifrost", Identity: values{"organization": "bifrost", "name": "SMSPublisher"},
			Resource: values{ // and nothing that may hold credentials
				"organization": "bifrost", "name": "SMSPublisher", "provider_name": "Custom", "content_type": "FORM",
				"http_method": "POST",
			},
		},
	} {
		for name, config := range map[string]values{
			"the provider's organization": {},
			"one organization":            {"organization": "bifrost"},
			"a list of one":               {"organizations": []any{"bifrost"}},
		} {
			t.Run(typeName+" of "+name, func(t *testing.T) {
				t.Parallel()
				results, diags := w.Start().List(typeName, config, true, 0)
				providertest.WantNoDiagnostics(t, diags)
				wantListed(t, results, want)

				// Names alone.
				results, diags = w.Start().List(typeName, config, false, 0)
				providertest.WantNoDiagnostics(t, diags)
				wantListed(t, results, providertest.Listed{Name: want.Name, Identity: want.Identity})

				// What is listed can be imported, and is the same then, but for what a list must not show.
				o, diags := w.Start().ImportByIdentity(typeName, want.Identity)
				providertest.WantNoDiagnostics(t, diags)
				hidden := values{}
				if typeName == senderType {
					hidden = values{"provider_url": "https://sms.example.com", "body": "{{body}}"}
				}
				o.WantState(t, want.Resource.With(hidden))
			})
		}
	}
}

func TestListOfOrganizations(t *testing.T) {
	t.Parallel()
	const noCredentials, noOrganization = `no credentials for organization "vanaheim"`, `knows no organization "midgard"`
	for _, test := range []struct {
		name          string
		organizations []any
		limit         int64
		want          []providertest.Listed
		warnings      map[string]string // by summary
		calls         int
	}{
		{name: "in the order of the configuration", organizations: []any{"bifrost", "asgard", "alfheim"},
			want: portalsOf("bifrost", "asgard", "alfheim"), calls: 6},
		{name: "limit", organizations: []any{"bifrost", "asgard", "alfheim"}, limit: 2, want: portalsOf("bifrost", "asgard"),
			calls: 4},
		{name: "limit above what there is", organizations: []any{"bifrost", "asgard"}, limit: 7,
			want: portalsOf("bifrost", "asgard"), calls: 4},
		{
			name: "no credentials for one of them", organizations: []any{"vanaheim", "bifrost", "asgard"},
			want: portalsOf("bifrost", "asgard"), calls: 4,
			warnings: map[string]string{`The My Account portal of "vanaheim": not listed`: noCredentials},
		},
		{
			name: "one of them does not exist", organizations: []any{"bifrost", "midgard", "asgard"},
			want: portalsOf("bifrost", "asgard"), calls: 5,
			warnings: map[string]string{`The My Account portal of "midgard": not listed`: noOrganization},
		},
		{
			name: "two out of three, which do not count for the limit", organizations: []any{"vanaheim", "midgard", "bifrost"},
			limit: 1, want: portalsOf("bifrost"), calls: 3,
			warnings: map[string]string{
				`The My Account portal of "vanaheim": not listed`: noCredentials,
				`The My Account portal of "midgard": not listed`:  noOrganization,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newListing(t)
			results, diags := w.Start().
				List(portalType, values{"organizations": test.organizations}, false, test.limit)
			providertest.WantNoError(t, diags)
			wantListed(t, results, test.want...)
			if len(diags) != len(test.warnings) {
				t.Errorf("got %d warnings, want %d:\n%s", len(diags), len(test.warnings), diags)
			}
			for summary, detail := range test.warnings {
				providertest.WantWarning(t, diags.About(summary), detail)
			}
			if calls := w.Calls(); len(calls) != test.calls {
				t.Errorf("%d calls, want %d: %v", len(calls), test.calls, calls)
			}
		})
	}
}

// TestListThatCannotBeRead: where nothing else is found, what kept it from being found is an error.
func TestListThatCannotBeRead(t *testing.T) {
	t.Parallel()
	things := map[string]string{
		portalType:    "My Account portal",
		twoFactorType: "two-factor settings",
		senderType:    "SMS sender",
		flowType:      "login flow",
	}
	fault := func(organization string) func(w *workspace) {
		return providertest.Breaks(http.MethodGet, "/t/"+organization+"/api/", mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 500,
			Body: `{"code":"CONFIGM_00020","message":"Internal server error","description":"Internal server error"}`,
		})
	}
	for typeName, thing := range things {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newListing(t)
			w.Provider["max_retries"] = 0
			w.Wrap = providertest.BesidesFaults(t) // the same answer comes from services that document another one
			fault("alfheim")(w)
			_, diags := w.Start().List(typeName, values{"organizations": []any{"alfheim"}}, false, 0)
			providertest.WantError(t, diags, fmt.Sprintf("Unable to list the %s of %q", thing, "alfheim"), "failed to answer",
				"HTTP status: 500")
			_, diags = w.Start().List(typeName, values{"organization": "midgard"}, false, 0)
			providertest.WantError(t, diags, fmt.Sprintf("Unable to list the %s of %q", thing, "midgard"),
				`knows no organization "midgard"`)
			_, diags = w.Start().List(typeName, values{"organizations": []any{"alfheim", "vanaheim"}}, false, 0)
			if len(diags) != 2 || len(diags.Errors()) != 2 {
				t.Errorf("want two errors, got\n%s", diags)
			}
			providertest.WantError(t, diags.About("Unable to list the "+thing), `"alfheim"`)
			providertest.WantError(t, diags.About("Unable to sign in"), `no credentials for organization "vanaheim"`)
			providertest.WantAbsent(t, diags.String(), mockserver.DefaultClientSecret)

			// Others that can be read make it a warning, even if there is no sender among them.
			_, diags = w.Start().List(typeName, values{"organizations": []any{"alfheim", "bifrost"}}, false, 0)
			providertest.WantWarning(t, diags, fmt.Sprintf("The %s of %q: not listed", thing, "alfheim"), "HTTP status: 500")

			w.Mock.ClearFaults() // positive control
			_, diags = w.Start().List(typeName, values{"organizations": []any{"alfheim", "bifrost"}}, false, 0)
			providertest.WantNoDiagnostics(t, diags)
		})
	}
}

func TestListOfSendersThatDoNotExist(t *testing.T) {
	t.Parallel()
	w := newListing(t)
	both := values{"organizations": []any{"asgard", "bifrost"}}
	results, diags := w.Start().List(senderType, both, true, 1)
	providertest.WantNoDiagnostics(t, diags)
	wantListed(t, results)

	w.WithSender()
	results, diags = w.Start().List(senderType, both, false, 1)
	providertest.WantNoDiagnostics(t, diags)
	wantListed(t, results, providertest.Listed{
		Name: "SMS sender of bifrost", Identity: values{"organization": "bifrost", "name": "SMSPublisher"},
	})
}

func TestListConfiguration(t *testing.T) {
	t.Parallel()
	w := newListing(t)
	for _, test := range []struct {
		name   string
		config values
		errors []string // nil: none
	}{
		{"nothing", values{}, nil},
		{"one organization", values{"organization": "bifrost"}, nil},
		{"several", values{"organizations": []any{"bifrost", "asgard"}}, nil},
		{"not known yet", values{"organizations": unknown}, nil},
		{"one not known yet", values{"organization": unknown}, nil},
		{"one of several not known yet", values{"organizations": []any{"bifrost", unknown}}, nil},
		{"one and several", values{"organization": "bifrost", "organizations": []any{"asgard"}},
			[]string{"[organizations]", "organization"}},
		{"an empty list", values{"organizations": []any{}}, []string{"[organizations]", "at least 1"}},
		{"the same twice", values{"organizations": []any{"bifrost", "asgard", "bifrost"}},
			[]string{"[organizations]", "duplicate", "bifrost"}},
		{"a name in capitals", values{"organization": "Bifrost"}, []string{"[organization]", `write "bifrost"`}},
		{"a URL among names", values{"organizations": []any{"asgard", "https://console.asgardeo.io/t/bifrost"}},
			[]string{"[organizations", "not a URL"}},
	} {
		for _, typeName := range []string{portalType, twoFactorType, senderType, flowType} {
			t.Run(test.name+" "+typeName, func(t *testing.T) {
				t.Parallel()
				p := providertest.NewProcess(t) // "terraform validate" does not configure the provider
				response, err := p.Server.(tfprotov6.ListResourceServer).ValidateListResourceConfig(t.Context(),
					&tfprotov6.ValidateListResourceConfigRequest{
						TypeName: typeName, Config: p.Encode(p.Schemas.ListResourceSchemas[typeName].ValueType(), test.config),
						IncludeResourceObject: new(providertest.Dynamic(t, tftypes.Bool, true)),
						Limit:                 new(providertest.Dynamic(t, tftypes.Number, 3)),
					})
				providertest.Must(t, err)
				if test.errors == nil {
					providertest.WantNoDiagnostics(t, response.Diagnostics)
					return
				}
				providertest.WantError(t, response.Diagnostics, test.errors...)
			})
		}
	}
	w.WantCalls()
}

func TestListWithoutConfiguredProvider(t *testing.T) {
	t.Parallel()
	_, diags := providertest.NewProcess(t).List(portalType, values{}, false, 0)
	providertest.WantError(t, diags, "Provider not configured")

	w := newListing(t)
	w.Provider["organization"] = unknown
	_, diags = w.Start().List(portalType, values{}, false, 0)
	providertest.WantError(t, diags, "Provider configuration not known yet",
		"The provider's organization depends on something that is not applied yet")
	results, diags := w.Start().
		List(portalType, values{"organization": "alfheim"}, false, 0)
		// which does not need it
	providertest.WantNoDiagnostics(t, diags)
	wantListed(t, results, portalsOf("alfheim")...)

	delete(w.Provider, "organization")
	_, diags = w.Start().List(portalType, values{}, false, 0)
	providertest.WantError(t, diags, "Missing organization", "ASGARDEO_ORGANIZATION")

	w.Provider["base_url"] = unknown
	_, diags = w.Start().
		List(portalType, values{"organizations": []any{"alfheim", "bifrost"}}, false, 0)
	providertest.WantError(t, diags, "Provider configuration not known yet", "base_url")
}
