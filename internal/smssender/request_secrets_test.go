package smssender_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Gateways that know no header expect credentials in the address or in the body.
const (
	plantedPassword   = "pa55w0rd-in-the-address"
	plantedQuery      = "qu3ry"
	plantedPath       = "T0000B0000w3bh00k4711"
	plantedInBody     = "b0dy"
	plantedLongInBody = "l0ng-w0rd-without-a-name"
)

var talkative = values{
	"provider_name": "Custom",
	"provider_url": "https://user:" + plantedPassword + "@sms.example.com/" + plantedPath +
		"/send?api_key=" + plantedQuery + "&to={{mobile}}",
	"body": `{"password": "` + plantedInBody + `", "x": "` + plantedLongInBody + `", "to": {{mobile}}, ` +
		`"text": {{body}}}`,
}

// TestCredentialsOfARequestStayOut: neither a message nor the log repeats what an address or a body holds, whatever the
// server does.
func TestCredentialsOfARequestStayOut(t *testing.T) {
	t.Parallel()
	hidden := map[string]string{
		"password": plantedPassword, "query": plantedQuery, "path": plantedPath, "body": plantedInBody,
		"long word of the body": plantedLongInBody,
	}
	for name, encode := range providertest.Encodings {
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				w, wire, capture := providertest.NewWorkspace(t), providertest.NewWire(), providertest.NewLogged(t)
				w.Provider["max_retries"] = 0
				o := newSender()
				if method == http.MethodPut {
					w.SetSender(providertest.CustomStored())
					o = w.Adopt(smsSender)
				}
				wire.Match = mockserver.Match{Method: method, PathPrefix: "/t/bifrost/api/"}
				wire.Quote = providertest.Quoting(http.StatusBadRequest, false, encode)
				w.T, w.Wrap = capture, wire.Around(t)
				saved := w.Plan(o, talkative)
				diags := slices.Concat(saved.Diags, w.Apply(saved))
				if len(diags.Errors()) != 1 {
					t.Fatalf("the server was not refused once:\n%s", diags)
				}
				for _, text := range []string{diags.String(), capture.Log.String()} {
					for _, found := range providertest.Leaks([]byte(text), hidden) {
						t.Errorf("the %s is in\n%s", found, text)
					}
				}
				if providertest.Leaks(wire.Sent.Bytes(), hidden) == nil {
					t.Error("nothing was ever sent") // the control
				}
			})
		}
	}
}

// TestAddressAndBodyAreHidden: wherever Terraform shows an attribute, it hides these.
func TestAddressAndBodyAreHidden(t *testing.T) {
	t.Parallel()
	p := providertest.NewProcess(t)
	sensitive := map[string]bool{}
	for _, attribute := range p.Schemas.ResourceSchemas[smsSender].Block.Attributes {
		sensitive["resource "+attribute.Name] = attribute.Sensitive
	}
	for _, attribute := range p.Schemas.DataSourceSchemas[smsSender].Block.Attributes {
		sensitive["data source "+attribute.Name] = attribute.Sensitive
	}
	for _, name := range []string{
		"resource provider_url", "resource body", "resource http_headers", "data source provider_url",
	} {
		if !sensitive[name] {
			t.Errorf("%s is shown", name)
		}
	}
	if sensitive["resource sender"] || sensitive["data source provider_name"] {
		t.Error("everything is hidden")
	}
}

// TestControlCharactersOfTheServer: what a server has in a sender cannot write over what a terminal shows.
func TestControlCharactersOfTheServer(t *testing.T) {
	t.Parallel()
	const hostile = "line 1\r\nline 2\t\x1b[2J\x1b]0;owned\x07\r\u009b31mforged {{mobile}} {{body}}"
	const harmless = "line 1\r\nline 2\t[2J]0;owned31mforged {{mobile}} {{body}}"
	w := providertest.NewWorkspace(t)
	w.SetSender(&mockserver.SMSSender{
		Provider: "Custom", ContentType: "JSON",
		ProviderURL: new("https://sms.example.com/\x1b[2J"), Sender: new("+1\x1b[2J"),
		Properties: map[string]string{"body": hostile, "http.method": "POST\x1b[2J"},
	})
	o := w.Adopt(smsSender)
	read, diags := w.Start().Read(smsSender, values{})
	providertest.WantNoDiagnostics(t, diags)
	if o.State["body"] != harmless {
		t.Errorf("the body is %q", o.State["body"])
	}
	for what, state := range map[string]values{"resource": o.State, "data source": read} {
		for name, value := range state {
			if text := fmt.Sprint(value); strings.ContainsAny(text, "\x1b\x07\u009b") {
				t.Errorf("%s: %s is %q", what, name, text)
			}
		}
	}
	// A configuration that could never be equal to the state is refused.
	providertest.WantError(t, w.Start().Plan(o, custom(values{"body": "\x1b[1m{{mobile}} {{body}}"})).Diags, "[body]",
		"Control characters")
	providertest.WantNoDiagnostics(t, w.Start().Plan(o, custom(values{"body": "{{mobile}}\r\n\t{{body}} ✓"})).Diags)
}
