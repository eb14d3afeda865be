package provider

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What "terraform query" finds. Terraform ends a list at the first event with an error, and skips events that have
// only warnings.

// listed is one result of a list.
type listed struct {
	name               string
	identity, resource values
}

// list makes the calls of a list block: validation and listing.
func (p *process) list(typeName string, config values, include bool, limit int64) (results []listed,
	diags diagnostics) {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider lists nothing")
	}
	block := p.encode(p.schemas.ListResourceSchemas[typeName].ValueType(), config)
	validated, err := server.ValidateListResourceConfig(p.t.Context(),
		&tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: block})
	must(p.t, err)
	if diags = validated.Diagnostics; len(diags.errors()) > 0 {
		return nil, diags
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{TypeName: typeName, Config: block,
		IncludeResource: include, Limit: limit})
	must(p.t, err)
	for event := range stream.Results {
		diags = append(diags, event.Diagnostics...)
		if len(diags.errors()) > 0 {
			return nil, diags
		}
		if event.Identity == nil {
			continue
		}
		o := &object{typeName: typeName}
		results = append(results, listed{event.DisplayName, p.decodeIdentity(o, event.Identity),
			p.decode(p.resourceType(o), event.Resource)})
	}
	return results, diags
}

func wantListed(t *testing.T, got []listed, want ...listed) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(listed{})); diff != "" {
		t.Errorf("other things are listed (- want, + got):\n%s", diff)
	}
}

// portalsOf are the results for the portals of organizations.
func portalsOf(organizations ...string) []listed {
	var portals []listed
	for _, name := range organizations {
		portals = append(portals, listed{"My Account portal of " + name, values{"organization": name}, nil})
	}
	return portals
}

// newListing is a workspace of several organizations, and one more, "vanaheim", that the provider has no credentials
// for.
func newListing(t *testing.T) *workspace {
	t.Helper()
	w := newFleet(t)
	credentials := w.provider["credentials"].(values)
	credentials["asgard"], credentials["midgard"] = credentials["alfheim"], credentials["alfheim"]
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["asgard"] = &mockserver.Organization{}
		state.Organizations["vanaheim"] = &mockserver.Organization{}
	})
	return w
}

func TestListOfEachType(t *testing.T) {
	t.Parallel()
	w := newListing(t)
	w.console(stored{statusObject: {"enable": "false"},
		twoFactorObject: {"totp_enabled": "true", "backup_code_enabled": "TRUE"}})
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: "Custom", ProviderURL: new("https://sms.example.com"), Key: new("listed-key"),
			Secret: new("listed-secret"), ContentType: "FORM",
			Properties: map[string]string{"body": "{{body}}", "http.method": "POST", "http.headers": "X-Tenant: 1"},
		}
	})
	for typeName, want := range map[string]listed{
		portal: {
			"My Account portal of bifrost", values{"organization": "bifrost"},
			values{"organization": "bifrost", "api": "classic", "enabled": false, "url": w.mock.URL() + "/t/bifrost/myaccount"},
		},
		twoFactor: {
			"Two-factor settings of bifrost", values{"organization": "bifrost"},
			values{
				"organization": "bifrost", "api": "classic", "email_otp_enabled": false, "sms_otp_enabled": false,
				"totp_enabled": true, "totp_enrollment_enabled": false,
				"backup_codes_enabled": true,
			},
		},
		senderType: {
			"SMS sender of bifrost", values{"organization": "bifrost", "name": "SMSPublisher"},
			values{ // and nothing that may hold credentials
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
				results, diags := w.start().list(typeName, config, true, 0)
				wantNoDiagnostics(t, diags)
				wantListed(t, results, want)

				// Names alone.
				results, diags = w.start().list(typeName, config, false, 0)
				wantNoDiagnostics(t, diags)
				wantListed(t, results, listed{want.name, want.identity, nil})

				// What is listed can be imported, and is the same then, but for what a list must not show.
				o, diags := w.start().importByIdentity(typeName, want.identity)
				wantNoDiagnostics(t, diags)
				hidden := values{}
				if typeName == senderType {
					hidden = values{"provider_url": "https://sms.example.com", "body": "{{body}}"}
				}
				o.wantState(t, want.resource.with(hidden))
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
		want          []listed
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
			results, diags := w.start().list(portal, values{"organizations": test.organizations}, false, test.limit)
			wantNoError(t, diags)
			wantListed(t, results, test.want...)
			if len(diags) != len(test.warnings) {
				t.Errorf("got %d warnings, want %d:\n%s", len(diags), len(test.warnings), diags)
			}
			for summary, detail := range test.warnings {
				wantWarning(t, diags.about(summary), detail)
			}
			if calls := w.calls(); len(calls) != test.calls {
				t.Errorf("%d calls, want %d: %v", len(calls), test.calls, calls)
			}
		})
	}
}

// TestListThatCannotBeRead: where nothing else is found, what kept it from being found is an error.
func TestListThatCannotBeRead(t *testing.T) {
	t.Parallel()
	things := map[string]string{portal: "My Account portal", twoFactor: "two-factor settings", senderType: "SMS sender",
		loginFlowType: "login flow"}
	fault := func(organization string) func(w *workspace) {
		return breaks(http.MethodGet, "/t/"+organization+"/api/", mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 500,
			Body: `{"code":"CONFIGM_00020","message":"Internal server error","description":"Internal server error"}`,
		})
	}
	for typeName, thing := range things {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newListing(t)
			w.provider["max_retries"] = 0
			w.wrap = besidesFaults(t) // the same answer comes from services that document another one
			fault("alfheim")(w)
			_, diags := w.start().list(typeName, values{"organizations": []any{"alfheim"}}, false, 0)
			wantError(t, diags, fmt.Sprintf("Unable to list the %s of %q", thing, "alfheim"), "failed to answer",
				"HTTP status: 500")
			_, diags = w.start().list(typeName, values{"organization": "midgard"}, false, 0)
			wantError(t, diags, fmt.Sprintf("Unable to list the %s of %q", thing, "midgard"), `knows no organization "midgard"`)
			_, diags = w.start().list(typeName, values{"organizations": []any{"alfheim", "vanaheim"}}, false, 0)
			if len(diags) != 2 || len(diags.errors()) != 2 {
				t.Errorf("want two errors, got\n%s", diags)
			}
			wantError(t, diags.about("Unable to list the "+thing), `"alfheim"`)
			wantError(t, diags.about("Unable to sign in"), `no credentials for organization "vanaheim"`)
			wantAbsent(t, diags.String(), mockserver.DefaultClientSecret)

			// Others that can be read make it a warning, even if there is no sender among them.
			_, diags = w.start().list(typeName, values{"organizations": []any{"alfheim", "bifrost"}}, false, 0)
			wantWarning(t, diags, fmt.Sprintf("The %s of %q: not listed", thing, "alfheim"), "HTTP status: 500")

			w.mock.ClearFaults() // positive control
			_, diags = w.start().list(typeName, values{"organizations": []any{"alfheim", "bifrost"}}, false, 0)
			wantNoDiagnostics(t, diags)
		})
	}
}

func TestListOfSendersThatDoNotExist(t *testing.T) {
	t.Parallel()
	w := newListing(t)
	both := values{"organizations": []any{"asgard", "bifrost"}}
	results, diags := w.start().list(senderType, both, true, 1)
	wantNoDiagnostics(t, diags)
	wantListed(t, results)

	w.withSender()
	results, diags = w.start().list(senderType, both, false, 1)
	wantNoDiagnostics(t, diags)
	wantListed(t, results, listed{"SMS sender of bifrost", values{"organization": "bifrost", "name": "SMSPublisher"}, nil})
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
		for _, typeName := range []string{portal, twoFactor, senderType, loginFlowType} {
			t.Run(test.name+" "+typeName, func(t *testing.T) {
				t.Parallel()
				p := newProcess(t) // "terraform validate" does not configure the provider
				response, err := p.server.(tfprotov6.ListResourceServer).ValidateListResourceConfig(t.Context(),
					&tfprotov6.ValidateListResourceConfigRequest{
						TypeName: typeName, Config: p.encode(p.schemas.ListResourceSchemas[typeName].ValueType(), test.config),
						IncludeResourceObject: new(dynamic(t, tftypes.Bool, true)), Limit: new(dynamic(t, tftypes.Number, 3)),
					})
				must(t, err)
				if test.errors == nil {
					wantNoDiagnostics(t, response.Diagnostics)
					return
				}
				wantError(t, response.Diagnostics, test.errors...)
			})
		}
	}
	w.wantCalls()
}

func dynamic(t *testing.T, typ tftypes.Type, value any) tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(typ, toTerraform(typ, value))
	must(t, err)
	return encoded
}

func TestListWithoutConfiguredProvider(t *testing.T) {
	t.Parallel()
	_, diags := newProcess(t).list(portal, values{}, false, 0)
	wantError(t, diags, "Provider not configured")

	w := newListing(t)
	w.provider["organization"] = unknown
	_, diags = w.start().list(portal, values{}, false, 0)
	wantError(t, diags, "Provider configuration not known yet",
		"The provider's organization depends on something that is not applied yet")
	results, diags := w.start().list(portal, values{"organization": "alfheim"}, false, 0) // which does not need it
	wantNoDiagnostics(t, diags)
	wantListed(t, results, portalsOf("alfheim")...)

	delete(w.provider, "organization")
	_, diags = w.start().list(portal, values{}, false, 0)
	wantError(t, diags, "Missing organization", "ASGARDEO_ORGANIZATION")

	w.provider["base_url"] = unknown
	_, diags = w.start().list(portal, values{"organizations": []any{"alfheim", "bifrost"}}, false, 0)
	wantError(t, diags, "Provider configuration not known yet", "base_url")
}
