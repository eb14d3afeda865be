package provider

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The acceptance tests (*_acc_test.go) run a real Terraform CLI against a mock server. Every test has a server of its
// own, so that all may run in parallel. After each step that applies, the harness insists on an empty plan.
//
// What a server stores and what it was sent is written in one notation, one line for each stored object:
//
//	bifrost/status enable=true
//	bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false

const (
	portalAddress    = "asgardeo_my_account_portal.this"
	twoFactorAddress = "asgardeo_my_account_two_factor.this"
)

// accServer is the mock server of one acceptance test.
type accServer struct {
	*mockserver.Server
	t *testing.T
	// where the settings are; nil: what a line says is stored, and the provider is not told otherwise by the CLI's
	// environment
	at place
}

// startAccServer starts a server, or skips the test where acceptance tests are not asked for.
func startAccServer(t *testing.T, options ...mockserver.Option) *accServer {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skipf("acceptance tests run a Terraform CLI: set %s=1, or run make test", resource.EnvTfAcc)
	}
	return &accServer{Server: mockserver.New(t, options...), t: t}
}

// accProviders serves the provider from this process. The CLI asks for a new one in each run. All that it exchanges
// with a server has to be as documented.
func accProviders(t *testing.T) map[string]func() (tfprotov6.ProviderServer, error) {
	t.Helper()
	return map[string]func() (tfprotov6.ProviderServer, error){
		"asgardeo": providerserver.NewProtocol6WithError(&asgardeoProvider{
			version: "test", retryWaitMin: time.Millisecond, wrap: contract.Check(t),
		}),
	}
}

// run runs the steps of a test. The optional check looks at the server after everything was destroyed.
func (s *accServer) run(destroyed func(), steps ...resource.TestStep) {
	s.t.Helper()
	test := resource.TestCase{ProtoV6ProviderFactories: accProviders(s.t), Steps: steps}
	if destroyed != nil {
		test.CheckDestroy = func(*terraform.State) error { destroyed(); return nil }
	}
	resource.Test(s.t, test)
}

// config is a configuration for the server's first organization.
func (s *accServer) config(body string) string {
	return s.configWith(fmt.Sprintf(`
		organization  = %q
		client_id     = %q
		client_secret = %q`,
		mockserver.DefaultOrganization, mockserver.DefaultClientID, mockserver.DefaultClientSecret), body)
}

// configWith is a configuration with other arguments of the provider than usual.
func (s *accServer) configWith(arguments, body string) string {
	api := "classic"
	if s.at != nil {
		api = s.at.String()
	}
	return fmt.Sprintf("provider \"asgardeo\" {\n base_url = %q\n requests_per_minute = 0\n my_account_api = "+
		"%q\n%s\n}\n%s",
		s.URL(), api, arguments, body)
}

// portal is the configuration of a portal with these arguments.
func (s *accServer) portal(arguments string) string {
	return s.config(fmt.Sprintf("resource \"asgardeo_my_account_portal\" \"this\" {\n%s\n}\n", arguments))
}

// twoFactor is the configuration of two-factor settings with these arguments.
func (s *accServer) twoFactor(arguments string) string {
	return s.config(fmt.Sprintf("resource \"asgardeo_my_account_two_factor\" \"this\" {\n%s\n}\n", arguments))
}

// stores puts objects into the server, as somebody in the Console would: an object that exists is replaced.
func (s *accServer) stores(objects ...string) {
	s.Update(func(state *mockserver.State) {
		if s.inApplication() {
			s.storeFlags(state, objects...)
			return
		}
		for _, line := range objects {
			fields := strings.Fields(line)
			organization, object, _ := strings.Cut(fields[0], "/")
			attributes := mockserver.Attributes{}
			for _, field := range fields[1:] {
				key, value, _ := strings.Cut(field, "=")
				attributes[key] = value
			}
			state.Organizations[organization].MyAccount[object] = attributes
		}
	})
}

// storing is stores as preparation of a step.
func (s *accServer) storing(objects ...string) func() {
	return func() { s.stores(objects...) }
}

// losing removes an object, such as "bifrost/status", before a step.
func (s *accServer) losing(object string) func() {
	return func() {
		if s.inApplication() {
			s.stores(object)
			return
		}
		organization, name, _ := strings.Cut(object, "/")
		s.Update(func(state *mockserver.State) { delete(state.Organizations[organization].MyAccount, name) })
	}
}

// holds checks everything that the server stores.
func (s *accServer) holds(want ...string) {
	s.t.Helper()
	if s.inApplication() {
		s.holdFlags(want...)
		return
	}
	var got []string
	for organization, content := range s.State().Organizations {
		for name, attributes := range content.MyAccount {
			got = append(got, objectLine(organization, name, attributes))
		}
	}
	slices.Sort(got)
	if diff := gocmp.Diff(slices.Sorted(slices.Values(want)), got); diff != "" {
		s.t.Errorf("the server stores other objects (-want +got):\n%s", diff)
	}
}

// holding is holds as check of a step.
func (s *accServer) holding(want ...string) func() {
	return func() { s.t.Helper(); s.holds(want...) }
}

// wrote checks the writes since the last look, in their order, and looks away from them afterwards.
func (s *accServer) wrote(want ...string) {
	s.t.Helper()
	requests := s.Requests()
	s.ClearRequests()
	// Without this, a test that talks to nobody would prove that nothing is written.
	if !slices.ContainsFunc(requests, func(r mockserver.Request) bool { return r.Method == http.MethodGet }) {
		s.t.Error("the server was asked nothing: Terraform did not speak to it")
	}
	got := writes(requests)
	if s.inApplication() {
		want = changeLines(want)
		got = anyFactors(want, got)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		s.t.Errorf("other requests changed the server (-want +got):\n%s", diff)
	}
}

// writing is wrote as check of a step.
func (s *accServer) writing(want ...string) func() {
	return func() { s.t.Helper(); s.wrote(want...) }
}

// writes turns the requests that change something into lines. Those of stored objects are told apart by their content,
// all others by method and path.
func writes(requests []mockserver.Request) []string {
	var lines []string
	for _, request := range requests {
		if request.Method == http.MethodGet || strings.HasSuffix(request.Path, "/oauth2/token") {
			continue
		}
		line := request.Method + " " + request.Path
		var body struct {
			Name       string `json:"name"`
			Attributes []struct {
				Key   string `json:"key"`
				Value any    `json:"value"`
			} `json:"attributes"`
		}
		if request.Method == http.MethodPut && strings.HasSuffix(request.Path, "/resource/myaccount") &&
			json.Unmarshal([]byte(request.Body), &body) == nil {
			attributes := mockserver.Attributes{}
			for _, attribute := range body.Attributes {
				attributes[attribute.Key] = attribute.Value
			}
			line = objectLine(request.Organization, body.Name, attributes)
		}
		if change := applicationLine(request); change != "" {
			line = change
		}
		if request.Status >= http.StatusBadRequest {
			line += fmt.Sprintf(" (status %d)", request.Status)
		}
		lines = append(lines, line)
	}
	return lines
}

func objectLine(organization, name string, attributes mockserver.Attributes) string {
	line := organization + "/" + name
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		line += fmt.Sprintf(" %s=%v", key, attributes[key])
	}
	return line
}

// also joins checks of a step.
func also(checks ...func()) func() {
	return func() {
		for _, check := range checks {
			check()
		}
	}
}

// planning checks what a step's plan does with a resource.
func planning(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// planningNothing checks that a step's plan is empty.
func planningNothing() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// saving checks attributes of a resource or data source in the state. A nil value stands for null.
func saving(address string, attributes map[string]any) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		var want knownvalue.Check
		switch value := attributes[name].(type) {
		case nil:
			want = knownvalue.Null()
		case bool:
			want = knownvalue.Bool(value)
		case string:
			want = knownvalue.StringExact(value)
		default:
			panic(fmt.Sprintf("no check for a %T", value))
		}
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want))
	}
	return checks
}

// failing matches an error that holds these texts in this order. Terraform breaks lines and draws a frame, so any white
// space in a text matches those, too.
func failing(texts ...string) *regexp.Regexp {
	var parts []string
	for _, text := range texts {
		var words []string
		for word := range strings.FieldsSeq(text) {
			words = append(words, regexp.QuoteMeta(word))
		}
		parts = append(parts, strings.Join(words, `[\s│]+`))
	}
	return regexp.MustCompile("(?s)" + strings.Join(parts, ".*"))
}

// flagsOf renders the arguments of a two-factor block, in the order of the names.
func flagsOf(values map[string]bool) string {
	var lines []string
	for name, on := range values {
		lines = append(lines, fmt.Sprintf("%s = %t", name, on))
	}
	slices.SortFunc(lines, cmp.Compare[string])
	return strings.Join(lines, "\n")
}
