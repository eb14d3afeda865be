package mockserver_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func (c *client) page(path string) string {
	c.t.Helper()
	return string(c.send("GET", path, "").expect(http.StatusOK).body)
}

// words are what a page says, without its tags and with single blanks.
func words(page string) string {
	_, page, _ = strings.Cut(page, "<body")
	return html.UnescapeString(
		strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString("<body"+page, " ")), " "),
	)
}

// What a user meets, and what of it fails.
func TestPortalPage(t *testing.T) {
	t.Parallel()
	flow := func(script string, steps ...mockserver.Step) func(*mockserver.Organization) {
		return withFlow(mockserver.AuthenticationSequence{Steps: steps, Script: script})
	}
	factors := func(options ...string) func(*mockserver.Organization) {
		return flow("", step("BasicAuthenticator"), step(options...))
	}
	with := func(edits ...func(*mockserver.Organization)) func(*mockserver.Organization) {
		return func(o *mockserver.Organization) {
			for _, edit := range edits {
				edit(o)
			}
		}
	}
	sender := func(sender mockserver.SMSSender) func(*mockserver.Organization) {
		return func(o *mockserver.Organization) {
			o.SMSSenders = map[string]*mockserver.SMSSender{"SMSPublisher": &sender}
		}
	}
	// twilio is a sender after an edit that takes something away.
	twilio := func(edit func(*mockserver.SMSSender)) func(*mockserver.Organization) {
		complete := mockserver.SMSSender{
			Provider: "Twilio", Key: new("k"), Secret: new("s"), Sender: new("+1"), ContentType: "FORM",
		}
		edit(&complete)
		return with(factors("sms-otp-authenticator"), sender(complete))
	}
	organizationSays := func(value string) func(*mockserver.Organization) {
		return func(o *mockserver.Organization) {
			o.Governance = map[string]map[string]string{
				"Multi Factor Authenticators/totp": {"TOTP.EnrolUserInAuthenticationFlow": value},
			}
		}
	}
	off := func(o *mockserver.Organization) { o.MyAccountApplication().ApplicationEnabled = new(false) }
	gone := func(o *mockserver.Organization) { o.Applications = []mockserver.Application{} }
	onlyPassword := func(o *mockserver.Organization) { o.Authenticators = []string{"BasicAuthenticator"} }
	older := func(o *mockserver.Organization) {
		o.MyAccount = map[string]mockserver.Attributes{
			"status": {"enable": "false"}, "myaccount-2FA-config": {"totp_enabled": "false"},
		}
	}
	password, totp := step("BasicAuthenticator"), step("totp")
	const (
		enrolls      = "Whoever has none yet enrolls here."
		cannotEnroll = "Whoever has none yet cannot enroll here."
		fails        = "Fails: "
		onlyTOTP     = "TOTP is the only second factor, and nobody can enroll"
	)
	says := func(value string) string {
		return "var onLoginRequest = function(context) {executeStep(1);\n executeStep(2, {authenticatorParams: {common: " +
			`{"enrolUserInAuthenticationFlow": "` + value + `"}}}, {});}`
	}
	for name, test := range map[string]struct {
		edit  func(*mockserver.Organization)
		says  []string
		never []string
	}{
		"untouched": {
			nil, []string{"Sign in to My Account 1 Who you are Username & Password Then the portal opens."},
			[]string{"Second factor", fails},
		},
		"off":                      {with(factors("totp"), off), []string{"My Account is off"}, []string{"Sign in", "TOTP"}},
		"no application":           {gone, []string{"There is no My Account"}, []string{"Sign in"}},
		"the older store says off": {with(factors("totp"), older), []string{"Second factor TOTP"}, []string{"is off"}},
		"every kind": {
			flow("", step("BasicAuthenticator", "Google/GoogleOIDCAuthenticator", "SSO/OrganizationAuthenticator"),
				step("email-otp-authenticator", "totp", "FIDOAuthenticator", "backup-code-authenticator")),
			[]string{"Who you are One of these: Google Organization (SSO) Username & Password 2 Second factor One of these: " +
				"Email OTP TOTP " + enrolls + " Passkey Backup Code"},
			[]string{fails},
		},
		"the organization forbids enrollment": {
			with(factors("totp", "email-otp-authenticator"), organizationSays("false")),
			[]string{cannotEnroll}, []string{onlyTOTP},
		},
		"TOTP alone without enrollment": {
			with(factors("totp"), organizationSays("false")), []string{cannotEnroll, onlyTOTP}, nil,
		},
		"the script forbids enrollment": {
			flow(says("false"), password, totp), []string{cannotEnroll}, []string{"script of its own"},
		},
		"the script allows what the organization forbids": {
			with(flow(says("true"), password, totp), organizationSays("false")), []string{enrolls}, []string{cannotEnroll},
		},
		"a script leaves a step out": {
			flow("var onLoginRequest = function(context) { executeStep(1); };", password, totp),
			[]string{"The script does not run step 2"}, []string{"Second factor"},
		},
		"somebody's own script": {
			flow("var onLoginRequest = function(context) { if (context) { executeStep(1); } };", password, totp),
			[]string{"has a script of its own", "Second factor"}, []string{enrolls, cannotEnroll},
		},
		"SMS OTP": {
			twilio(func(*mockserver.SMSSender) {}), []string{"Second factor SMS OTP Then"}, []string{fails},
		},
		"SMS OTP without a sender": {
			factors("sms-otp-authenticator"), []string{"SMS OTP Fails: the organization has no SMS sender"}, nil,
		},
		"a sender without a key": {
			twilio(func(s *mockserver.SMSSender) { s.Key = nil }), []string{"Fails: the SMS sender has no key"}, nil,
		},
		"a sender without a secret": {
			twilio(func(s *mockserver.SMSSender) { s.Secret = new("") }), []string{"Fails: the SMS sender has no secret"}, nil,
		},
		"a sender without a number": {
			twilio(func(s *mockserver.SMSSender) { s.Sender = nil }),
			[]string{"Fails: the SMS sender has no number or name"}, nil,
		},
		"a gateway": {
			twilio(func(s *mockserver.SMSSender) {
				*s = mockserver.SMSSender{Provider: "Custom", ProviderURL: new("https://sms.example")}
			}), []string{"SMS OTP"}, []string{fails},
		},
		"a gateway without an address": {
			twilio(func(s *mockserver.SMSSender) { *s = mockserver.SMSSender{Provider: "Custom"} }),
			[]string{"Fails: the SMS sender has no address of its gateway"}, nil,
		},
		"TOTP first": {flow("", totp), []string{"1 Who you are TOTP Fails: nobody knows yet whose code it is"}, nil},
		"without a password": {
			flow("", step("IdentifierExecutor"), step("totp", "FIDOAuthenticator")),
			[]string{"2 Who you are"}, []string{fails, "Second factor"},
		},
		"backup codes alone": {
			factors("backup-code-authenticator"), []string{"Backup Code Fails: there is no second factor"}, nil,
		},
		"a connection that is gone": {
			flow("", step("BasicAuthenticator", "Bing/OIDC")),
			[]string{"Bing Fails: there is no such connection anymore", "The server refuses every change"}, nil,
		},
		"an authenticator that is gone": {
			with(factors("totp"), onlyPassword), []string{"TOTP Fails: the server has no such authenticator"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &mockserver.Organization{Connections: map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}}
			if test.edit != nil {
				test.edit(o)
			}
			c := anonymous(t, mockserver.New(t, mockserver.WithPages(),
				mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{"bifrost": o}})))
			got := words(c.page("/t/bifrost/myaccount"))
			for _, text := range test.says {
				if !strings.Contains(got, text) {
					t.Errorf("%q does not say %q", got, text)
				}
			}
			for _, text := range test.never {
				if strings.Contains(got, text) {
					t.Errorf("%q says %q", got, text)
				}
			}
			c.page("/") // has an answer for every organization, too
		})
	}
}

// The page of the Console shows what there is, and what has happened.
func TestConsolePage(t *testing.T) {
	t.Parallel()
	server := mockserver.New(
		t,
		mockserver.WithPages(),
		mockserver.WithOrganization("bifrost", "asgard", mockserver.SuperOrganization),
	)
	server.Update(func(state *mockserver.State) {
		state.Organizations["asgard"].MyAccountApplication().ApplicationEnabled = new(false)
		state.Organizations["bifrost"].MyAccount = map[string]mockserver.Attributes{"status": {"enable": "false"}}
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: "Custom", ProviderURL: new("https://sms.example/send"), Sender: new("+15550100"), ContentType: "JSON",
		}
	})
	c := newClient(t, server)
	c.clicked("bifrost", "portal off").expect(http.StatusSeeOther)
	c.call("GET", appsPath+"/unknown", "").expect(http.StatusNotFound)
	got := words(c.page("/?organization=bifrost"))
	for _, text := range []string{
		"asgard Off bifrost Off carbon.super On", "Nobody can sign in.", "Switch on the portal",
		"Email OTP A code by e-mail Off Switch on Email OTP",
		"Provider Custom Gateway https://sms.example Sends from +15550100 Content type JSON Credentials never shown here",
		"status: enable false", "Reads the application GET /api/server/v1/applications/unknown 404",
		"Switch off the portal in the Console Click",
		"Asks for an access token POST /oauth2/token 200",
	} {
		if !strings.Contains(got, text) {
			t.Errorf("%q does not say %q", got, text)
		}
	}
	if first := words(
		c.page("/"),
	); !strings.Contains(first, "Self-service portal") ||
		strings.Contains(first, "sms.example") ||
		!strings.Contains(first, "Nothing yet.") {
		t.Errorf("the first organization's page says %q", first)
	}
	if !strings.Contains(c.page("/?organization=bifrost"), `href="`+server.URL()+`/t/bifrost/myaccount"`) {
		t.Error("no link to the portal")
	}
	if got := words(c.page("/myaccount")); !strings.Contains(got, "carbon.super Sign in to My Account") {
		t.Errorf("the portal of the first organization of all says %q", got)
	}
	c.send("GET", "/?organization=nowhere", "").expect(http.StatusNotFound)
	c.send("GET", "/t/nowhere/myaccount", "").expect(http.StatusNotFound)
}

// A page is for whoever looks over a shoulder.
func TestPagesKeepSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	state := mockserver.State{Organizations: map[string]*mockserver.Organization{"bifrost": {
		MyAccount:  map[string]mockserver.Attributes{"status": {"enable": "true", "extra": secret}, "other": {"x": secret}},
		OtherTypes: map[string]map[string]mockserver.Attributes{"t": {"o": {"x": secret}}},
		SMSSenders: map[string]*mockserver.SMSSender{"SMSPublisher": {
			Provider:    "Custom",
			ProviderURL: new("https://me:" + secret + "@sms.example/" + secret + "?token=" + secret + "#" + secret),
			Key:         new(secret),
			Secret:      new(secret),
			Sender:      new("+15550100"),
			ContentType: "JSON",
			Authentication: &mockserver.SenderAuthentication{
				Type: "API_KEY", Properties: map[string]string{"header": secret, "value": secret},
			},
			Properties: map[string]string{"body": secret, "http.headers": "Authorization: " + secret, "url.params": secret},
		}},
		ClientSecret: secret,
		Applications: []mockserver.Application{
			{Name: "My Account", AuthenticationSequence: &mockserver.AuthenticationSequence{
				Steps: []mockserver.Step{step("BasicAuthenticator")}, Script: "var token = '" + secret + "';",
			}},
		},
		Governance: map[string]map[string]string{"a/b": {"c": secret}},
	}}}
	c := anonymous(t, mockserver.New(t, mockserver.WithPages(), mockserver.WithState(state)))
	c.postForm(tokenPath, url.Values{"client_id": {"x"}, "client_secret": {secret}})
	c.send(
		"PUT",
		sendersPath+"/SMSPublisher?key="+secret+"&x="+secret,
		`{"secret":"`+secret+`","x":"`+secret+`"}`,
		"Content-Type",
		"application/json",
		"Authorization",
		"Bearer "+secret,
	)
	c.send("POST", "/_mock/console", "organization=bifrost&change="+secret).expect(http.StatusBadRequest)
	for path, shown := range map[string]string{"/": "https://sms.example",
		"/t/bifrost/myaccount": "Username &amp; Password", "/?organization=bifrost": "+15550100"} {
		page := c.page(path)
		if strings.Contains(page, secret) {
			t.Errorf("%s shows a secret: %s", path, page)
		}
		if !strings.Contains(html.UnescapeString(page), html.UnescapeString(shown)) {
			t.Errorf("%s does not show %s", path, shown)
		}
	}
	for address, shown := range map[string]string{"https://[": "an address that cannot be read",
		"sms:" + secret: "an address that cannot be read"} {
		c.server.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].SMSSenders["SMSPublisher"].ProviderURL = &address
		})
		if page := c.page("/"); strings.Contains(page, secret) || !strings.Contains(page, shown) {
			t.Errorf("shows of %s: %s", address, page)
		}
	}
}

func TestPagesEscapeNames(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert("1")<` + "`'" + `&x=%3Cb%3E`
	state := mockserver.State{Organizations: map[string]*mockserver.Organization{evil: {
		MyAccount: map[string]mockserver.Attributes{"status": {"enable": evil}},
		SMSSenders: map[string]*mockserver.SMSSender{
			"SMSPublisher": {Provider: evil, Sender: new(evil), ContentType: evil, ProviderURL: new("javascript://" + evil)},
		},
		Connections: map[string][]string{evil: {evil}},
		Applications: []mockserver.Application{
			{Name: "My Account", AuthenticationSequence: &mockserver.AuthenticationSequence{
				Steps: []mockserver.Step{
					step("BasicAuthenticator"),
					{Options: []mockserver.StepOption{{IDP: evil, Authenticator: evil}, {Authenticator: evil}}},
				},
			}},
		},
		Authenticators: []string{"BasicAuthenticator", evil, "totp"},
	}}}
	c := anonymous(t, mockserver.New(t, mockserver.WithPages(), mockserver.WithState(state)))
	portal := "/t/" + url.PathEscape(evil) + "/myaccount"
	c.send("GET", portal+"/"+url.PathEscape(evil), "")
	c.clicked(evil, "factor totp on").expect(http.StatusSeeOther)
	for _, path := range []string{"/", portal} {
		page := c.page(path)
		if strings.Contains(page, "<script>") || strings.Contains(page, `alert("`) {
			t.Errorf("%s has it as it is: %s", path, page)
		}
		if got := words(page); !strings.Contains(got, evil) {
			t.Errorf("%s does not show it: %s", path, got)
		}
	}
	// The links lead where they say.
	links := regexp.MustCompile(`href="([^"#]*organization[^"]*)"`).FindAllStringSubmatch(c.page(portal)+c.page("/"), -1)
	if len(links) != 2 {
		t.Fatalf("links %q", links)
	}
	for _, link := range links {
		if got := words(c.page(html.UnescapeString(link[1]))); !strings.Contains(got, "Self-service portal") {
			t.Errorf("%s leads to %s", link[1], got)
		}
	}
	if got := words(
		string(c.send("GET", "/?organization="+url.QueryEscape("<b>"), "").expect(http.StatusNotFound).body),
	); !strings.Contains(
		got,
		`"<b>"`,
	) {
		t.Errorf("an unknown organization: %s", got)
	}
}

// The pages are beside the API: what is no page is answered as without them.
func TestPagesShadowNoAPI(t *testing.T) {
	t.Parallel()
	without, with := newClient(t, mockserver.New(t)), newClient(t, mockserver.New(t, mockserver.WithPages()))
	for _, call := range [][2]string{
		{"POST", "/"}, {"PUT", "/t/bifrost/myaccount"}, {"POST", "/myaccount"}, {"GET", "/index.html"}, {"GET",
			"/t/bifrost"}, {"GET", "/t/bifrost/"},
		{"GET", "/t/bifrost/myaccount/overview"}, {"GET", "/t/bifrost/MyAccount"}, {"GET", "/t//myaccount"}, {"GET",
			"/x/bifrost/myaccount"},
		{"GET", "/console"}, {"GET", "/t/bifrost/api/server/v1/applications"}, {"GET",
			"/t/bifrost/api/server/v1/unknown"}, {"GET", "/t/bifrost/_mock/console"},
		{"GET", "/_mock/state"}, {"GET", "/_mock/pages/"}, {"GET", "/_mock/pages/console.html"}, {"GET",
			"/_mock/pages/unknown"},
	} {
		want, got := without.call(call[0], call[1], ""), with.call(call[0], call[1], "")
		if got.status != want.status || got.header.Get("Content-Type") != want.header.Get("Content-Type") {
			t.Errorf("%s %s: status %d, without pages %d", call[0], call[1], got.status, want.status)
		}
	}
	for _, path := range []string{"/", "/t/bifrost/myaccount", "/t/bifrost/myaccount/", "/_mock/pages/style.css"} {
		before := len(with.server.Requests())
		if got := with.send("GET", path, "").status; got != http.StatusOK {
			t.Errorf("%s: status %d", path, got)
		}
		if r := with.send("HEAD", path, "").expect(http.StatusOK); len(r.body) > 0 {
			t.Errorf("HEAD %s has a body", path)
		}
		if got := len(with.server.Requests()); got != before {
			t.Errorf("%s is in the journal", path)
		}
		if got := without.send("GET", path, "").status; got == http.StatusOK {
			t.Errorf("%s is served without pages", path)
		}
	}
	// A fault is for the API.
	with.server.AddFault(
		mockserver.Fault{Action: mockserver.ActionStatus, Status: http.StatusServiceUnavailable, Times: 1},
	)
	with.page("/")
	with.clicked("bifrost", "portal off").expect(http.StatusSeeOther)
	with.call("GET", appsPath, "").expect(http.StatusServiceUnavailable)
}

func TestPagesBelowAPrefix(t *testing.T) {
	t.Parallel()
	c := anonymous(t, mockserver.New(t, mockserver.WithPages(), mockserver.WithPathPrefix("/identity")))
	c.http.CheckRedirect = nil // follow them
	host := strings.TrimSuffix(c.server.URL(), "/identity")
	for _, path := range []string{"/", "/t/bifrost/myaccount"} {
		for _, link := range references(c.page(path)) {
			if !strings.HasPrefix(strings.TrimPrefix(link, host), "/identity/") {
				t.Errorf("%s leads out of the prefix: %s", path, link)
			}
		}
	}
	if got := words(
		string(c.clicked("bifrost", "portal off").expect(http.StatusOK).body),
	); !strings.Contains(
		got,
		"Nobody can sign in",
	) {
		t.Errorf("the click leads to %s", got)
	}
}

// references are what a page links to and loads, but for places in itself.
func references(page string) []string {
	var found []string
	for _, match := range regexp.MustCompile(`(?:href|src|action)="([^"#][^"]*)"`).FindAllStringSubmatch(page, -1) {
		found = append(found, html.UnescapeString(match[1]))
	}
	return found
}

// What every page has: nothing from elsewhere, no way into a frame, and what screen readers go by.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	c := anonymous(t, mockserver.New(t, mockserver.WithPages(), mockserver.WithOrganization("bifrost", "asgard")))
	for _, path := range []string{"/", "/t/bifrost/myaccount", "/?organization=nowhere"} {
		r := c.send("GET", path, "")
		for name, want := range map[string]string{
			"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"Content-Type": "text/html; charset=utf-8", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		policy := r.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'",
			"base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy %q lacks %s", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy %q", path, policy)
		}
		page := string(r.body)
		for _, link := range references(page) {
			if strings.HasPrefix(link, "//") || !strings.HasPrefix(strings.TrimPrefix(link, c.server.URL()), "/") {
				t.Errorf("%s leads elsewhere: %s", path, link)
			}
			if strings.HasPrefix(link, "/_mock/pages/") {
				asset := c.send("GET", link, "").expect(http.StatusOK)
				if regexp.MustCompile(
					`https?://|@import|url\(`,
				).Match(
					regexp.MustCompile(`xmlns="[^"]*"`).ReplaceAll(asset.body, nil),
				) {
					t.Errorf("%s leads elsewhere", link)
				}
			}
		}
		ids := regexp.MustCompile(` id="([^"]*)"`).FindAllString(page, -1)
		slices.Sort(ids)
		if unique := slices.Compact(slices.Clone(ids)); len(unique) != len(ids) {
			t.Errorf("%s has an id twice: %q", path, ids)
		}
		for _, label := range regexp.MustCompile(`labelledby="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !slices.Contains(ids, ` id="`+label[1]+`"`) {
				t.Errorf("%s: nothing is called %s", path, label[1])
			}
		}
		for _, want := range []string{`<html lang="en">`, `name="viewport"`, "<title>", "<main"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if refreshes := strings.Contains(
			page,
			`<noscript><meta http-equiv="refresh"`,
		); refreshes != (r.status == http.StatusOK) {
			t.Errorf("%s: without scripts the page reloads itself: %t", path, refreshes)
		}
		if got := strings.Count(page, "<h1"); got != 1 {
			t.Errorf("%s has %d main headings", path, got)
		}
	}
	var labels []string
	for _, button := range regexp.MustCompile(`(?s)<button[^>]*>(.*?)</button>`).FindAllStringSubmatch(c.page("/"), -1) {
		labels = append(labels, words("<body>"+button[1]))
	}
	for i, label := range labels {
		if len(strings.Fields(label)) < 3 || slices.Contains(labels[:i], label) {
			t.Errorf("a button says no more than %q", label)
		}
	}
}
