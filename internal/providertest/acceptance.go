package providertest

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
	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
)

// The acceptance tests (*_acc_test.go) run a real Terraform CLI against a mock server. Every test has a server of its
// own, so that all may run in parallel. After each step that applies, the harness insists on an empty plan.
//
// What a server stores and what it was sent is written in one notation, one line for each stored object:
//
//	bifrost/status enable=true
//	bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false

const (
	PortalAddress    = "asgardeo_my_account_portal.this"
	TwoFactorAddress = "asgardeo_my_account_two_factor.this"
)

// AccServer is the mock server of one acceptance test.
type AccServer struct {
	*mockserver.Server
	t *testing.T
	// where the settings are; nil: what a line says is stored, and the provider is not told otherwise by the CLI's
	// environment
	at Place
}

// StartAccServer starts a server, or skips the test where acceptance tests are not asked for.
func StartAccServer(t *testing.T, options ...mockserver.Option) *AccServer {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skipf("acceptance tests run a Terraform CLI: set %s=1, or run make test", resource.EnvTfAcc)
	}
	return &AccServer{Server: mockserver.New(t, options...), t: t}
}

// AccProviders serves the provider from this process. The CLI asks for a new one in each run. All that it exchanges
// with a server has to be as documented.
func AccProviders(t *testing.T) map[string]func() (tfprotov6.ProviderServer, error) {
	t.Helper()
	return map[string]func() (tfprotov6.ProviderServer, error){
		"asgardeo": providerserver.NewProtocol6WithError(&provider.Provider{
			Version: "test", RetryWaitMin: time.Millisecond, Wrap: contract.Check(t),
		}),
	}
}

// Run runs the steps of a test. The optional check looks at the server after everything was destroyed.
func (s *AccServer) Run(destroyed func(), steps ...resource.TestStep) {
	s.t.Helper()
	test := resource.TestCase{ProtoV6ProviderFactories: AccProviders(s.t), Steps: steps}
	if destroyed != nil {
		test.CheckDestroy = func(*terraform.State) error { destroyed(); return nil }
	}
	resource.Test(s.t, test)
}

// Config is a configuration for the server's first organization.
func (s *AccServer) Config(body string) string {
	return s.ConfigWith(fmt.Sprintf(`
		organization  = %q
		client_id     = %q
		client_secret = %q`,
		mockserver.DefaultOrganization, mockserver.DefaultClientID, mockserver.DefaultClientSecret), body)
}

// ConfigWith is a configuration with other arguments of the provider than usual.
func (s *AccServer) ConfigWith(arguments, body string) string {
	api := "classic"
	if s.at != nil {
		api = s.at.String()
	}
	return fmt.Sprintf("provider \"asgardeo\" {\n base_url = %q\n requests_per_minute = 0\n my_account_api = "+
		"%q\n%s\n}\n%s",
		s.URL(), api, arguments, body)
}

// Portal is the configuration of a portal with these arguments.
func (s *AccServer) Portal(arguments string) string {
	return s.Config(fmt.Sprintf("resource \"asgardeo_my_account_portal\" \"this\" {\n%s\n}\n", arguments))
}

// TwoFactor is the configuration of two-factor settings with these arguments.
func (s *AccServer) TwoFactor(arguments string) string {
	return s.Config(fmt.Sprintf("resource \"asgardeo_my_account_two_factor\" \"this\" {\n%s\n}\n", arguments))
}

// Stores puts objects into the server, as somebody in the Console would: an object that exists is replaced.
func (s *AccServer) Stores(objects ...string) {
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

// Storing is stores as preparation of a step.
func (s *AccServer) Storing(objects ...string) func() {
	return func() { s.Stores(objects...) }
}

// Losing removes an object, such as "bifrost/status", before a step.
func (s *AccServer) Losing(object string) func() {
	return func() {
		if s.inApplication() {
			s.Stores(object)
			return
		}
		organization, name, _ := strings.Cut(object, "/")
		s.Update(func(state *mockserver.State) { delete(state.Organizations[organization].MyAccount, name) })
	}
}

// Holds checks everything that the server stores.
func (s *AccServer) Holds(want ...string) {
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

// Holding is holds as check of a step.
func (s *AccServer) Holding(want ...string) func() {
	return func() { s.t.Helper(); s.Holds(want...) }
}

// Wrote checks the writes since the last look, in their order, and looks away from them afterwards.
func (s *AccServer) Wrote(want ...string) {
	s.t.Helper()
	requests := s.Requests()
	s.ClearRequests()
	// Without this, a test that talks to nobody would prove that nothing is written.
	if !slices.ContainsFunc(requests, func(r mockserver.Request) bool { return r.Method == http.MethodGet }) {
		s.t.Error("the server was asked nothing: Terraform did not speak to it")
	}
	got := Writes(requests)
	if s.inApplication() {
		want = changeLines(want)
		got = anyFactors(want, got)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		s.t.Errorf("other requests changed the server (-want +got):\n%s", diff)
	}
}

// Writing is wrote as check of a step.
func (s *AccServer) Writing(want ...string) func() {
	return func() { s.t.Helper(); s.Wrote(want...) }
}

// Writes turns the requests that change something into lines. Those of stored objects are told apart by their content,
// all others by method and path.
func Writes(requests []mockserver.Request) []string {
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

// Also joins checks of a step.
func Also(checks ...func()) func() {
	return func() {
		for _, check := range checks {
			check()
		}
	}
}

// Planning checks what a step's plan does with a resource.
func Planning(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// PlanningNothing checks that a step's plan is empty.
func PlanningNothing() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// Saving checks attributes of a resource or data source in the state. A nil value stands for null.
func Saving(address string, attributes map[string]any) []statecheck.StateCheck {
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

// Failing matches an error that holds these texts in this order. Terraform breaks lines and draws a frame, so any white
// space in a text matches those, too.
func Failing(texts ...string) *regexp.Regexp {
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

// FlagsOf renders the arguments of a two-factor block, in the order of the names.
func FlagsOf(values map[string]bool) string {
	var lines []string
	for name, on := range values {
		lines = append(lines, fmt.Sprintf("%s = %t", name, on))
	}
	slices.SortFunc(lines, cmp.Compare[string])
	return strings.Join(lines, "\n")
}

// Identities need Terraform 1.12 or OpenTofu 1.12.
var IdentityVersions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)}

// HasSMSSender gives the first organization a sender, as somebody in the Console would.
func (s *AccServer) HasSMSSender() {
	s.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders = map[string]*mockserver.SMSSender{"SMSPublisher": SMSSender()}
	})
}

// InConsole changes the application My Account of an organization, as somebody in the Console would:
//
//	enabled=false           the switch in its danger zone
//	factors=totp,email_otp  the last step of its login flow; without any, there is no such step
func (s *AccServer) InConsole(organization string, changes ...string) {
	s.t.Helper()
	s.Update(func(state *mockserver.State) {
		application := state.Organizations[organization].MyAccountApplication()
		for _, change := range changes {
			switch name, value, _ := strings.Cut(change, "="); name {
			case "enabled":
				application.ApplicationEnabled = new(value == "true")
			case "factors":
				application.AuthenticationSequence = consoleFlow(application.AuthenticationSequence, value)
			default:
				s.t.Errorf("nobody can change %s in the Console", change)
			}
		}
	})
}

// consoleFlow is a login flow that the Console has saved. It always has a script: where there was none, or one for
// another number of steps, the Console writes one that runs each step.
func consoleFlow(before *mockserver.AuthenticationSequence, factors string) *mockserver.AuthenticationSequence {
	if before == nil {
		before = &mockserver.AuthenticationSequence{}
	}
	steps := []mockserver.Step{{Options: []mockserver.StepOption{{Authenticator: "BasicAuthenticator"}}}}
	if len(before.Steps) > 0 {
		steps = slices.Clone(before.Steps[:1])
	}
	if factors != "" {
		var second mockserver.Step
		for name := range strings.SplitSeq(factors, ",") {
			i := slices.IndexFunc(KnownFlags, func(known knownFlag) bool { return known.flag == name+"_enabled" })
			second.Options = append(second.Options, mockserver.StepOption{Authenticator: KnownFlags[i].Authenticator})
		}
		steps = append(steps, second)
	}
	flow := &mockserver.AuthenticationSequence{Steps: steps, Script: before.Script}
	if flow.Script == "" || len(before.Steps) != len(steps) {
		flow.Script = "var onLoginRequest = function(context) {\n"
		for i := range steps {
			flow.Script += fmt.Sprintf("    executeStep(%d);\n", i+1)
		}
		flow.Script += "};\n"
	}
	return flow
}

// FoundByExamples sets the organizations to something: hardly anything of it is what the examples declare. The login
// flow of bifrost is one that somebody has saved in the Console; the others have the server's own.
func (s *AccServer) FoundByExamples() {
	s.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Connections = map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}
		state.Organizations["bifrost"].MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{
			Steps: []mockserver.Step{{Options: []mockserver.StepOption{
				{IDP: "Google", Authenticator: "GoogleOIDCAuthenticator"}, {Authenticator: "BasicAuthenticator"},
			}}},
		}
	})
	s.InConsole("bifrost", "factors=email_otp,backup_codes")
}

// Applications are the portals of all organizations as they are now, each in words.
func (s *AccServer) Applications() map[string]string {
	all := map[string]string{}
	for name, organization := range s.State().Organizations {
		application := organization.MyAccountApplication()
		text := fmt.Sprintf("disabled %t", application.ApplicationEnabled != nil && !*application.ApplicationEnabled)
		if flow := application.AuthenticationSequence; flow != nil && flow.Type != "DEFAULT" {
			text += fmt.Sprintf(", steps %v, script %s", optionsOf(flow.Steps), flow.Script)
		}
		all[name] = text
	}
	return all
}

// optionsOf are the authenticators of each step.
func optionsOf(steps []mockserver.Step) [][]string {
	var all [][]string
	for _, step := range steps {
		var options []string
		for _, option := range step.Options {
			options = append(options, option.Authenticator)
		}
		slices.Sort(options)
		all = append(all, options)
	}
	return all
}

func AtLeast(t *testing.T, release, minimum string) bool {
	t.Helper()
	parsed, err := version.NewVersion(release)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Core().GreaterThanOrEqual(version.Must(version.NewVersion(minimum)))
}

// Needs skips the test where the CLI is too old or another product.
func (c *Cli) Needs(release string, products ...string) {
	c.T.Helper()
	name, running := c.Product()
	if !AtLeast(c.T, running, release) || !slices.Contains(products, name) {
		c.T.Skipf("needs %s %s or later", strings.Join(products, " or "), release)
	}
}

// Adopt plans and applies what was generated: three imports, and nothing else.
func (c *Cli) Adopt(server *AccServer) {
	c.T.Helper()
	before := server.State()
	c.Plan(2, "-out", "adopt.tfplan").Has(c.T, "3 to import, 0 to add, 0 to change, 0 to destroy.")
	c.ApplySaved("adopt.tfplan").Has(c.T, "3 imported, 0 added, 0 changed, 0 destroyed.")
	c.Plan(0)
	server.Wrote()
	if !Same(before, server.State()) {
		c.T.Error("the server was changed")
	}
}

// WithSMSSender is an organization that may switch SMS OTP on.
func WithSMSSender() mockserver.Option {
	return mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		mockserver.DefaultOrganization: {SMSSenders: map[string]*mockserver.SMSSender{"SMSPublisher": SMSSender()}},
	}})
}

func SMSSender() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Twilio",
		Key:         new("sid"),
		Secret:      new("token"),
		Sender:      new("+15550100"),
		ContentType: "JSON",
	}
}
