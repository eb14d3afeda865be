package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
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
	for name, encode := range encodings {
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				w, wire, capture := newWorkspace(t), newWire(), newLogged(t)
				w.provider["max_retries"] = 0
				o := &object{typeName: senderType}
				if method == http.MethodPut {
					w.setSender(customStored())
					o = w.adopt(senderType)
				}
				wire.match = mockserver.Match{Method: method, PathPrefix: "/t/bifrost/api/"}
				wire.quote = quoting(http.StatusBadRequest, false, encode)
				w.t, w.wrap = capture, wire.around(t)
				saved := w.plan(o, talkative)
				diags := slices.Concat(saved.diags, w.apply(saved))
				if len(diags.errors()) != 1 {
					t.Fatalf("the server was not refused once:\n%s", diags)
				}
				for _, text := range []string{diags.String(), capture.log.String()} {
					for _, found := range leaks([]byte(text), hidden) {
						t.Errorf("the %s is in\n%s", found, text)
					}
				}
				if leaks(wire.sent.Bytes(), hidden) == nil {
					t.Error("nothing was ever sent") // the control
				}
			})
		}
	}
}

// TestAddressAndBodyAreHidden: wherever Terraform shows an attribute, it hides these.
func TestAddressAndBodyAreHidden(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	sensitive := map[string]bool{}
	for _, attribute := range p.schemas.ResourceSchemas[senderType].Block.Attributes {
		sensitive["resource "+attribute.Name] = attribute.Sensitive
	}
	for _, attribute := range p.schemas.DataSourceSchemas[senderType].Block.Attributes {
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
	w := newWorkspace(t)
	w.setSender(&mockserver.SMSSender{
		Provider: "Custom", ProviderURL: new(
			"https://sms.example.com/\x1b[2J",
		), Sender: new("+1\x1b[2J"), ContentType: "JSON",
		Properties: map[string]string{"body": hostile, "http.method": "POST\x1b[2J"},
	})
	o := w.adopt(senderType)
	read, diags := w.start().read(senderType, values{})
	wantNoDiagnostics(t, diags)
	if o.state["body"] != harmless {
		t.Errorf("the body is %q", o.state["body"])
	}
	for what, state := range map[string]values{"resource": o.state, "data source": read} {
		for name, value := range state {
			if text := fmt.Sprint(value); strings.ContainsAny(text, "\x1b\x07\u009b") {
				t.Errorf("%s: %s is %q", what, name, text)
			}
		}
	}
	// A configuration that could never be equal to the state is refused.
	wantError(
		t,
		w.start().plan(o, custom.with(values{"body": "\x1b[1m{{mobile}} {{body}}"})).diags,
		"[body]",
		"Control characters",
	)
	wantNoDiagnostics(t, w.start().plan(o, custom.with(values{"body": "{{mobile}}\r\n\t{{body}} ✓"})).diags)
}
