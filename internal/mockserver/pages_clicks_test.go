package mockserver_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// clicked sends what a button of the page does.
func (c *client) clicked(organization, change string, headers ...string) *reply {
	c.t.Helper()
	form := url.Values{"organization": {organization}, "change": {change}}
	return c.send(
		"POST",
		"/_mock/console",
		form.Encode(),
		append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

// settings are all that a click can change, as the API answers it. What the scripts say is compared without their
// layout.
func (p *portal) settings() map[string]string {
	p.t.Helper()
	connector := p.call("GET", "/t/bifrost/api/server/v1/identity-governance/"+totpPath, "").expect(http.StatusOK)
	properties, _ := connector.object()["properties"].([]any)
	all := map[string]string{
		"enabled":      fmt.Sprint(p.get()["applicationEnabled"]),
		"flow":         strings.ReplaceAll(strings.Join(strings.Fields(p.flow()), " "), `\n`, ""),
		"organization": "",
		"sender":       "none",
		"stored":       fmt.Sprint(p.server.State().Organizations["bifrost"].MyAccount),
		"revocations":  fmt.Sprint(p.server.State().Organizations["bifrost"].Revocations),
		"other":        fmt.Sprint(p.server.State().Organizations["asgard"]),
	}
	for _, property := range properties {
		object, _ := property.(map[string]any)
		all["organization"] += fmt.Sprint(object["value"])
	}
	if sender := p.call("GET", sendersPath+"/SMSPublisher", ""); sender.status == http.StatusOK {
		all["sender"] = sender.text("provider") + " " + sender.text("sender")
	}
	return all
}

// totpPath is the connector of TOTP: its category and itself, each in base64url.
const totpPath = "TXVsdGkgRmFjdG9yIEF1dGhlbnRpY2F0b3Jz/connectors/dG90cA"

// Scripts as they are in [portal.settings].
const (
	runsOne   = ` "var onLoginRequest = function(context) { executeStep(1);};"`
	runsTwo   = ` "var onLoginRequest = function(context) { executeStep(1); executeStep(2);};"`
	enrolling = ` "var onLoginRequest = function(context) { executeStep(1); executeStep(2, { authenticatorParams: ` +
		`{ common: { 'enrolUserInAuthenticationFlow': '%s' } } }, {});};"`
	password = "[LOCAL/BasicAuthenticator]"
)

func TestClicksChangeWhatTheySay(t *testing.T) {
	t.Parallel()
	factors := func(script string, options ...string) func(*mockserver.Organization) {
		return withFlow(
			mockserver.AuthenticationSequence{
				Steps:  []mockserver.Step{step("BasicAuthenticator"), step(options...)},
				Script: script,
			},
		)
	}
	off := func(o *mockserver.Organization) { o.MyAccountApplication().ApplicationEnabled = new(false) }
	hasSender := func(o *mockserver.Organization) {
		o.SMSSenders = map[string]*mockserver.SMSSender{
			"SMSPublisher": {Provider: "Twilio", ContentType: "FORM", Sender: new("+1")},
		}
	}
	userDefined := func(rest string) map[string]string {
		return map[string]string{"flow": "USER_DEFINED " + password + rest}
	}
	for name, test := range map[string]struct {
		found  func(*mockserver.Organization)
		change string
		want   map[string]string // what is different afterwards
	}{
		"portal off":       {nil, "portal off", map[string]string{"enabled": "false", "revocations": "1"}},
		"portal on":        {off, "portal on", map[string]string{"enabled": "true"}},
		"the first factor": {nil, "factor totp on", userDefined(" [LOCAL/totp] 1 1" + runsTwo)},
		"another factor": {factors("", "totp"), "factor sms-otp-authenticator on",
			userDefined(" [LOCAL/totp LOCAL/sms-otp-authenticator] 1 1")},
		"a passkey": {factors("", "totp"), "factor FIDOAuthenticator on",
			userDefined(" [LOCAL/totp LOCAL/FIDOAuthenticator] 1 1")},
		"one of two factors": {factors("", "totp", "email-otp-authenticator"), "factor totp off",
			userDefined(" [LOCAL/email-otp-authenticator] 1 1")},
		"the last factor": {factors("", "totp"), "factor totp off", userDefined(" 1 1" + runsOne)},
		"backup codes": {factors("", "totp"), "factor backup-code-authenticator on",
			userDefined(" [LOCAL/totp LOCAL/backup-code-authenticator] 1 1")},
		"with a script of somebody's own": {
			withFlow(mockserver.AuthenticationSequence{Steps: []mockserver.Step{step("BasicAuthenticator")}, Script: "own"}),
			"factor totp on", userDefined(` [LOCAL/totp] 1 1 "own"`),
		},
		"enrollment on": {factors("", "totp"), "enrollment on",
			userDefined(" [LOCAL/totp] 1 1" + fmt.Sprintf(enrolling, "true"))},
		"enrollment off": {factors("", "totp"), "enrollment off",
			userDefined(" [LOCAL/totp] 1 1" + fmt.Sprintf(enrolling, "false"))},
		"enrollment unset": {factors(strings.Trim(fmt.Sprintf(enrolling, "true"), ` "`), "totp"), "enrollment unset",
			userDefined(" [LOCAL/totp] 1 1" + runsTwo)},
		"a step goes, what the script says of another stays": {
			withFlow(mockserver.AuthenticationSequence{
				Steps:  []mockserver.Step{step("BasicAuthenticator"), step("totp"), step("email-otp-authenticator")},
				Script: strings.Replace(strings.Trim(fmt.Sprintf(enrolling, "false"), ` "`), "};", "executeStep(3);};", 1),
			}), "factor email-otp-authenticator off", userDefined(" [LOCAL/totp] 1 1" + fmt.Sprintf(enrolling, "false")),
		},
		"the organization's enrollment": {nil, "organization-enrollment off", map[string]string{"organization": "false"}},
		"the flow reset":                {factors("x", "totp"), "flow reset", map[string]string{"flow": defaultFlow}},
		"the sender goes":               {hasSender, "sender remove", map[string]string{"sender": "none"}},
		"a sender comes":                {nil, "sender add", map[string]string{"sender": "Twilio +15550199"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, test.found, mockserver.WithPages(), mockserver.WithOrganization("asgard"))
			want := p.settings()
			for name, value := range test.want {
				if want[name] == value {
					t.Errorf("%s is %s before the click", name, value)
				}
				want[name] = value
			}
			for range 2 { // a second click on a page that is out of date does no harm
				r := p.clicked("bifrost", test.change).expect(http.StatusSeeOther)
				if got := r.header.Get("Location"); got != "/?organization=bifrost" {
					t.Errorf("leads to %s", got)
				}
				for name, got := range p.settings() {
					if got != want[name] {
						t.Errorf("%s is\n%s, want\n%s", name, got, want[name])
					}
				}
			}
		})
	}
}

// Every button of the page is one of the clicks above, and nothing else is a click.
func TestButtonsAreClicks(t *testing.T) {
	t.Parallel()
	p := newPortal(
		t,
		withFlow(mockserver.AuthenticationSequence{Steps: []mockserver.Step{step("BasicAuthenticator"), step("totp")}}),
		mockserver.WithPages(),
	)
	page := string(p.send("GET", "/", "").expect(http.StatusOK).body)
	var changes []string
	for part := range strings.SplitSeq(page, `name="change" value="`) {
		changes = append(changes, part[:max(0, strings.Index(part, `"`))])
	}
	for _, want := range []string{
		"portal off", "factor totp off", "factor email-otp-authenticator on", "enrollment on", "enrollment unset",
		"organization-enrollment off", "flow reset", "sender add",
	} {
		if !slices.Contains(changes, want) {
			t.Errorf("no button for %q among %q", want, changes[1:])
		}
	}
	found := p.server.State()
	for _, change := range changes[1:] {
		p.server.SetState(found)
		if r := p.clicked("bifrost", change); r.status != http.StatusSeeOther {
			t.Errorf("%s: status %d: %s", change, r.status, r.body)
		}
	}
	before := p.settings()
	for _, change := range []string{
		"", "portal", "portal maybe", "portal off on", "factor", "factor BasicAuthenticator off", "factor totp maybe",
		"enrollment",
		"enrollment maybe", "organization-enrollment", "flow", "flow on", "sender", "sender replace", "everything off",
	} {
		if r := p.clicked("bifrost", change); r.status != http.StatusBadRequest {
			t.Errorf("%q: status %d", change, r.status)
		}
	}
	p.clicked("nowhere", "portal off").expect(http.StatusNotFound)
	if r := p.send("GET", "/_mock/console", "").expect(http.StatusMethodNotAllowed); r.header.Get("Allow") != "POST" {
		t.Errorf("allows %q", r.header.Get("Allow"))
	}
	for name, got := range p.settings() {
		if got != before[name] {
			t.Errorf("%s has changed to %s", name, got)
		}
	}
}

// What the server refuses Terraform, it refuses the Console, too, and the page says so.
func TestRefusedClicks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		found        func(*mockserver.Organization)
		change, says string
	}{
		"a protected application": {func(o *mockserver.Organization) { o.MyAccountApplication().Access = "READ" },
			"portal off",
			"Updating system applications is not allowed"},
		"a sender that an older server needs": {func(o *mockserver.Organization) {
			o.SMSGuard = true
			o.MyAccount = map[string]mockserver.Attributes{"myaccount-2FA-config": {"sms_otp_enabled": "true"}}
			o.SMSSenders = map[string]*mockserver.SMSSender{"SMSPublisher": {Provider: "Twilio", ContentType: "FORM",
				Sender: new("+1")}}
		}, "sender remove", "There are applications using this connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, test.found, mockserver.WithPages())
			before := p.settings()
			p.clicked("bifrost", test.change).expect(http.StatusSeeOther)
			for name, got := range p.settings() {
				if got != before[name] {
					t.Errorf("%s has changed to %s", name, got)
				}
			}
			if page := string(
				p.send("GET", "/", "").body,
			); !strings.Contains(page, "Refused: ") ||
				!strings.Contains(page, test.says) {
				t.Errorf("the page does not say %q", test.says)
			}
		})
	}
	p := newPortal(t, withFlow(mockserver.AuthenticationSequence{
		Steps: []mockserver.Step{step("BasicAuthenticator"), step("totp")}, Script: "own",
	}), mockserver.WithPages())
	before := p.flow()
	if r := p.clicked(
		"bifrost",
		"enrollment on",
	).expect(
		http.StatusBadRequest,
	); !strings.Contains(
		string(r.body),
		"script of its own",
	) {
		t.Errorf("answers %s", r.body)
	}
	if got := p.flow(); got != before {
		t.Errorf("somebody's script is gone: %s", got)
	}
	p.server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{}
	})
	p.clicked("bifrost", "portal off").expect(http.StatusBadRequest)
}

// A later server refuses a change of the login flow that loses what it has added.
func TestClicksKeepUnknownMembers(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(o *mockserver.Organization) {
		withFlow(mockserver.AuthenticationSequence{Steps: []mockserver.Step{step("BasicAuthenticator"), step("totp")}})(o)
		o.UnknownMembers = true
	}, mockserver.WithPages())
	p.clicked("bifrost", "factor email-otp-authenticator on").expect(http.StatusSeeOther)
	if got := p.flow(); got != "USER_DEFINED "+password+" [LOCAL/totp LOCAL/email-otp-authenticator] 1 1" {
		t.Errorf("flow %s", got)
	}
}

func TestClicksOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		headers []string
		status  int
	}{
		"a program":                 {nil, http.StatusSeeOther},
		"its own page":              {[]string{"Sec-Fetch-Site", "same-origin"}, http.StatusSeeOther},
		"its own page, older":       {[]string{"Origin", "itself"}, http.StatusSeeOther},
		"another site":              {[]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"another port":              {[]string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		"another site, older":       {[]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"a page without an origin":  {[]string{"Origin", "null"}, http.StatusForbidden},
		"a name that leads here":    {[]string{"Host", "rebound.evil.example"}, http.StatusForbidden},
		"such a name without a dot": {[]string{"Host", "rebound"}, http.StatusForbidden},
		"another machine's address": {[]string{"Host", "192.0.2.1:8787"}, http.StatusForbidden},
		"localhost":                 {[]string{"Host", "localhost:8787"}, http.StatusSeeOther},
		"a name below localhost":    {[]string{"Host", "mock.localhost:8787"}, http.StatusSeeOther},
		"an IPv6 address":           {[]string{"Host", "[::1]:8787"}, http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, nil, mockserver.WithPages())
			for i, value := range test.headers {
				if value == "itself" {
					test.headers[i] = p.server.URL()
				}
			}
			r := p.clicked("bifrost", "portal off", test.headers...).expect(test.status)
			if off := p.get()["applicationEnabled"] == false; off != (r.status == http.StatusSeeOther) {
				t.Errorf("status %d, and the portal is off: %t", r.status, off)
			}
			// Reading is refused under a foreign name only: a link from another site may lead here.
			want := http.StatusOK
			if test.status == http.StatusForbidden && test.headers[0] == "Host" {
				want = http.StatusForbidden
			}
			p.send("GET", "/", "", test.headers...).expect(want)
		})
	}
}

// A server that the network reaches has many names, but none that anybody can let lead here.
func TestPagesBeyondLoopback(t *testing.T) {
	t.Parallel()
	server, err := mockserver.Start("0.0.0.0:0", mockserver.WithPages())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	c := anonymous(t, server)
	for host, status := range map[string]int{
		"mock:8787": http.StatusOK, "192.0.2.1:8787": http.StatusOK, "localhost": http.StatusOK,
		"rebound.evil.example:8787": http.StatusForbidden,
	} {
		if r := c.send("GET", "/", "", "Host", host); r.status != status {
			t.Errorf("%s: status %d", host, r.status)
		}
	}
}
