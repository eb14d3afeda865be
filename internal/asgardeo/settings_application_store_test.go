package asgardeo

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

const (
	applicationsAt = "/t/bifrost" + applicationsPath
	portalID       = "0b1d9f3a-6f0e-4c3f-9a51-3f2c0d1e4b5a"
	portalAt       = applicationsAt + "/" + portalID
)

// listed is an answer to the lookup, with the portal and somebody else's application.
var listed = json200(`{"totalResults":2,"startIndex":1,"count":2,"links":[],"applications":[` +
	`{"id":"ffffffff","name":"my account","self":"/x"},{"name":"My Account","id":"` + portalID + `","access":"WRITE"}]}`)

func json200(body string) reply {
	return reply{status: http.StatusOK, body: body}
}

// portalWith is an answer to the read of the application: its switch, and its flow as JSON.
func portalWith(enabled, flow string) reply {
	return json200(`{"name":"My Account","id":"` + portalID + `","access":"write","applicationEnabled":` + enabled +
		`,"advancedConfigurations":{"fragment":false,"more":[1]},"authenticationSequence":` + flow + `,"unheardOf":null}`)
}

const passwordFlow = `{"steps":[{"options":[{"authenticator":"BasicAuthenticator","idp":"LOCAL"}],"id":1}],` +
	`"type":"DEFAULT"}`

var patched = reply{status: http.StatusOK}

func openApplication(t *testing.T, answers ...http.Handler) (*script, *MyAccount) {
	t.Helper()
	server := serve(t, answers...)
	return server, open(t, configFor(t, server.URL)).MyAccount(portal.ApplicationAPI)
}

func TestApplicationIsReadByItsExactName(t *testing.T) {
	t.Parallel()
	server, account := openApplication(t, listed, portalWith("false", passwordFlow))
	got, err := account.Read(t.Context(), append(portal.TwoFactor(), portal.PortalEnabled)...)
	if err != nil {
		t.Fatal(err)
	}
	want := settingsWith(nil)
	if diff := cmp.Diff(want, got.Settings); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if paths := pathsOf(server.seen(false)); !slices.Equal(paths, []string{"GET " + applicationsAt, "GET " + portalAt}) {
		t.Errorf("calls %q", paths)
	}
	if got.Origin() == "" || got.SendsSMS() {
		t.Errorf("origin %q, sends SMS %t", got.Origin(), got.SendsSMS())
	}
	if reason, steps := got.CustomFlow(); reason != "" || steps != nil {
		t.Errorf("custom because %q: %q", reason, steps)
	}
	initial := portal.Settings{}
	for setting := range want {
		initial[setting] = account.Initial(setting)
	}
	want[portal.PortalEnabled], want[portal.TOTPEnrollment] = portal.On, portal.NotSet
	if diff := cmp.Diff(want, initial); diff != "" || account.API != portal.APIs()[0] {
		t.Errorf("initial values (-want +got):\n%s", diff)
	}
}

func pathsOf(requests []received) []string {
	var paths []string
	for _, request := range requests {
		paths = append(paths, request.method+" "+request.path)
	}
	return paths
}

// What the server answers instead of the application is never taken for it, and never for defaults.
func TestAnswersThatAreNotTheApplication(t *testing.T) {
	t.Parallel()
	missing := reply{404, nil, `{"code":"APP-60006",` +
		`"message":"Application not found.","description":"Gone.","traceId":"1"}`}
	nobody := json200(`{"totalResults":0,"applications":[]}`)
	for name, test := range map[string]struct {
		answers []http.Handler
		kind    Kind
		reason  string
	}{
		"none of that name": {
			[]http.Handler{json200(`{"totalResults":1,"applications":[{"id":"a","name":"My Account Beta"}]}`)},
			ApplicationMissing, "",
		},
		"none at all":             {[]http.Handler{nobody}, ApplicationMissing, ""},
		"no list where it says 0": {[]http.Handler{json200(`{"totalResults":0}`)}, ApplicationMissing, ""},
		"an empty object":         {[]http.Handler{json200(`{}`)}, Unexpected, "not a list of applications"},
		"an id that is a path": {
			[]http.Handler{json200(`{"applications":[{"id":"../../x","name":"My Account"}]}`)}, Unexpected,
			"id that cannot be one",
		},
		"no id": {
			[]http.Handler{json200(`{"applications":[{"name":"My Account"}]}`)}, Unexpected, "id that cannot be one",
		},
		"another application": {
			[]http.Handler{listed, json200(`{"name":"Console","authenticationSequence":` + passwordFlow + `}`)}, Unexpected,
			`"Console" instead of "My Account"`,
		},
		"a flow missing": {
			[]http.Handler{listed, json200(`{"name":"My Account"}`)}, Unexpected, "without a login flow",
		},
		"a flow of null":           {[]http.Handler{listed, portalWith("true", "null")}, Unexpected, "without a login flow"},
		"an empty flow":            {[]http.Handler{listed, portalWith("true", "{}")}, NotAPI, "not the JSON expected"},
		"another type of flow":     {[]http.Handler{listed, portalWith("true", `[]`)}, NotAPI, "not the JSON expected"},
		"gone twice":               {[]http.Handler{listed, missing, listed, missing}, ApplicationMissing, ""},
		"gone, and nobody follows": {[]http.Handler{listed, missing, nobody}, ApplicationMissing, ""},
		"a page":                   {[]http.Handler{listed, reply{200, htmlType, htmlPage}}, NotAPI, "an HTML page"},
		"the gateway's 404": {
			[]http.Handler{listed, reply{404, nil, `{"code":404,"message":"Not Found","description":"No tenant."}`}},
			UnknownOrganization, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, account := openApplication(t, test.answers...)
			got, err := account.Read(t.Context(), portal.TOTP)
			failure := failureOf(t, err)
			if failure.Kind != test.kind || !strings.Contains(string(failure.Reason), test.reason) || got != nil {
				t.Errorf("kind %d, want %d; reason %q: %v", failure.Kind, test.kind, failure.Reason, got)
			}
		})
	}
}

func TestSwitchThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"null", `"true"`, "1", "{}"} {
		_, account := openApplication(t, listed, portalWith(value, passwordFlow))
		if _, err := account.Read(t.Context(), portal.TOTP); err != nil {
			t.Errorf("%s: second factors: %v", value, err)
		}
		_, err := account.Read(t.Context(), portal.PortalEnabled)
		if failure := failureOf(t, err); failure.Kind != SwitchMissing {
			t.Errorf("%s: the error is %+v", value, failure)
		}
		_, err = account.Write(
			t.Context(),
			[]portal.Setting{portal.PortalEnabled},
			always(portal.Settings{portal.PortalEnabled: portal.On}),
		)
		if failure := failureOf(t, err); failure.Kind != SwitchMissing {
			t.Errorf("%s: the error of a write is %+v", value, failure)
		}
	}
}

// The flow goes back as a whole: members in any order, with others that nobody has heard of.
func TestApplicationPatch(t *testing.T) {
	t.Parallel()
	flow := func(last string) string {
		return `{"script":null,"later":{"a":[1e400]},"attributeStepId":1,"steps":[` + last +
			`{"options":[{"authenticator":"GoogleOIDCAuthenticator","idp":"G <&> \"","tag":1.50},` +
			`{"idp":"LOCAL","authenticator":"BasicAuthenticator"}],` +
			`"new":true,"id":1}],"requestPathAuthenticators":[],"subjectStepId":1,"type":"user_defined"}`
	}
	last := `{"id":2,"options":[{"authenticator":"totp","idp":"LOCAL"}]},`
	server, account := openApplication(t, listed, portalWith("true", flow("")), patched, portalWith("true", flow(last)))
	written, err := account.Write(
		t.Context(),
		[]portal.Setting{portal.TOTP},
		always(portal.Settings{portal.TOTP: portal.On}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Changed: []portal.Setting{portal.TOTP}}, written); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	requests := server.seen(false)
	if len(requests) != 4 || requests[2].method != http.MethodPatch || requests[2].path != portalAt {
		t.Fatalf("calls %q", pathsOf(requests))
	}
	want := `{"authenticationSequence":{"attributeStepId":1,"later":{"a":[1e400]},"steps":[` +
		`{"id":1,"new":true,"options":[` +
		`{"authenticator":"GoogleOIDCAuthenticator","idp":"G <&> \"","tag":1.50},` +
		`{"authenticator":"BasicAuthenticator","idp":"LOCAL"}]},` +
		`{"id":2,"options":[{"authenticator":"totp","idp":"LOCAL"}]}],"subjectStepId":1,"type":"USER_DEFINED"}}`
	if diff := cmp.Diff(want, requests[2].body); diff != "" {
		t.Errorf("the body (-want +got):\n%s", diff)
	}
}

func TestChangeThatIsNotMade(t *testing.T) {
	t.Parallel()
	same := portalWith("true", passwordFlow)
	fragment := json200(strings.Replace(same.body, `"fragment":false`, `"fragment":true`, 1))
	fault := reply{500, nil, `{"code":"SE-50000","message":"Fault.","description":"Fault."}`}
	for name, test := range map[string]struct {
		answers   []http.Handler
		kind      Kind
		fragment  bool
		uncertain bool
	}{
		"the same as before":    {[]http.Handler{listed, same, patched, same}, NotApplied, false, false},
		"of a sub-organization": {[]http.Handler{listed, fragment, patched, fragment}, NotApplied, true, false},
		"nobody can tell":       {[]http.Handler{listed, same, patched, fault}, ServerFault, false, true},
		"refused": {
			[]http.Handler{listed, same, reply{400, nil, `{"code":"APP-60001","description":"Invalid."}`}}, InvalidFlow, false,
			false,
		},
		"read-only, all along": {
			[]http.Handler{listed, json200(strings.Replace(same.body, `"write"`, `"Read"`, 1))}, ReadOnlyApplication, false,
			false,
		},
		"read-only, unannounced": {
			[]http.Handler{listed, same, reply{400, nil, `{"code":"OAUTH-60005","description":"No."}`}}, ReadOnlyApplication,
			false, false,
		},
		"not this client's right": {
			[]http.Handler{listed, same, reply{403, nil, `{"code":"APP-60008","description":"No."}`}},
			ApplicationForbidden, false, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, account := openApplication(t, test.answers...)
			written, err := account.Write(
				t.Context(),
				[]portal.Setting{portal.PortalEnabled},
				always(portal.Settings{portal.PortalEnabled: portal.Off}),
			)
			failure := failureOf(t, err)
			if failure.Kind != test.kind || failure.Fragment != test.fragment || len(written.Changed) > 0 ||
				(len(written.Uncertain) > 0) != test.uncertain {
				t.Errorf("kind %d, want %d; written %+v: %+v", failure.Kind, test.kind, written, failure)
			}
		})
	}
}

// What can be told without a call is: a custom flow, and an application that the server protects.
func TestReadingRefusesWithoutACall(t *testing.T) {
	t.Parallel()
	custom := strings.Replace(passwordFlow, `"DEFAULT"`, `"USER_DEFINED",`+
		`"script":"var onLoginRequest = function(context) { alert(1); };"`, 1)
	server, account := openApplication(t, listed, portalWith("true", custom))
	live, err := account.Read(t.Context(), portal.TwoFactor()...)
	if err != nil {
		t.Fatal(err)
	}
	failure := failureOf(t, live.Accepts(Change{Want: portal.Settings{portal.TOTP: portal.On}}))
	if failure.Kind != CustomFlow || failure.Reason == "" || len(failure.Steps) != 1 || failure.Organization != bifrost {
		t.Errorf("the error is %+v", failure)
	}
	for _, want := range []portal.Settings{
		{portal.TOTP: portal.Off, portal.EmailOTP: portal.Off}, {portal.PortalEnabled: portal.Off}, {},
	} {
		if err := live.Accepts(Change{Want: want}); err != nil {
			t.Errorf("%v: %v", want, err)
		}
	}
	if reason, _ := live.CustomFlow(); reason == "" {
		t.Error("nobody is told that the flow decides by itself")
	}
	if calls := server.seen(false); len(calls) != 2 {
		t.Errorf("calls %q", pathsOf(calls))
	}
	classic := &Reading{Settings: portal.Settings{}}
	reason, _ := classic.CustomFlow()
	if reason != "" || classic.Origin() != "" || classic.ResetsFlow(Change{Origin: "x"}) {
		t.Error("the classic settings have no flow")
	}
}

func TestEachChangeOfTheApplicationIsNamed(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	account := organization.MyAccount(portal.ApplicationAPI)
	for _, test := range []struct {
		want    portal.Settings
		changed []portal.Setting
	}{
		{
			portal.Settings{portal.TOTP: portal.On, portal.BackupCodes: portal.On},
			[]portal.Setting{portal.TOTP, portal.BackupCodes},
		},
		{portal.Settings{portal.TOTP: portal.On, portal.PortalEnabled: portal.Off}, []portal.Setting{portal.PortalEnabled}},
		{portal.Settings{portal.TOTPEnrollment: portal.Off}, []portal.Setting{portal.TOTPEnrollment}},
		{portal.Settings{portal.TOTPEnrollment: portal.NotSet}, []portal.Setting{portal.TOTPEnrollment}},
		{portal.Settings{portal.TOTPEnrollment: portal.NotSet, portal.TOTP: portal.On}, nil},
		{
			portal.Settings{portal.TOTP: portal.Off, portal.BackupCodes: portal.Off, portal.PortalEnabled: portal.On},
			[]portal.Setting{portal.PortalEnabled, portal.TOTP, portal.BackupCodes},
		},
	} {
		written, err := account.Write(t.Context(), append(portal.TwoFactor(), portal.PortalEnabled), always(test.want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.changed, written.Changed); diff != "" {
			t.Errorf("%v changed (-want +got):\n%s", test.want, diff)
		}
	}
	if got := server.State().Organizations[bifrost].Revocations; got != 3 {
		t.Errorf("%d updates left the portal off, want 3", got)
	}
}

// Readers that come at the same time share one lookup and one read; writers wait for each other.
func TestManyAtOnceOnOneApplication(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	get := mockserver.Match{Method: "GET"}
	server.AddFault(mockserver.Fault{Match: get, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 50})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := organization.MyAccount(portal.ApplicationAPI).Recent(t.Context(), portal.TOTP); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := calls(server); len(got) != 3 {
		t.Errorf("calls %q", got)
	}
	for _, setting := range []portal.Setting{portal.TOTP, portal.EmailOTP, portal.SMSOTP, portal.PortalEnabled} {
		group.Go(func() {
			want := portal.Settings{setting: portal.ValueOf(setting != portal.PortalEnabled)}
			account := organization.MyAccount(portal.ApplicationAPI)
			if _, err := account.Write(t.Context(), []portal.Setting{setting}, always(want)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	live, err := organization.MyAccount(portal.ApplicationAPI).Read(t.Context(), portal.PortalEnabled)
	if err != nil {
		t.Fatal(err)
	}
	want := settingsWith(
		portal.Settings{
			portal.EmailOTP:       portal.On,
			portal.SMSOTP:         portal.On,
			portal.TOTP:           portal.On,
			portal.TOTPEnrollment: portal.NotSet,
		},
	)
	if diff := cmp.Diff(want, live.Settings); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

// An id that is gone when the change is sent is forgotten; the next call looks the application up again.
func TestApplicationGoneBeforeTheChange(t *testing.T) {
	t.Parallel()
	missing := reply{404, nil, `{"code":"APP-60006","message":"Application not found.","description":"Gone."}`}
	shown := portalWith("true", passwordFlow)
	server, account := openApplication(t, listed, shown, missing, listed, shown, missing, listed, shown)
	_, err := account.Write(
		t.Context(),
		[]portal.Setting{portal.PortalEnabled},
		always(portal.Settings{portal.PortalEnabled: portal.Off}),
	)
	if failure := failureOf(t, err); failure.Kind != ApplicationMissing {
		t.Errorf("the error is %+v", failure)
	}
	if _, err := account.Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Error(err)
	}
	if paths := pathsOf(server.seen(false)); paths[3] != "GET "+applicationsAt || paths[6] != "GET "+applicationsAt {
		t.Errorf("calls %q", paths)
	}
}

// The server's own flow may have changed while the application had another one. It gets that back all the same.
func TestServerFlowThatHasChanged(t *testing.T) {
	t.Parallel()
	own := strings.NewReplacer(`"DEFAULT"`, `"USER_DEFINED"`,
		`],"id":1}]`, `],"id":1},{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"}]}]`).Replace(passwordFlow)
	changed := strings.Replace(passwordFlow, "BasicAuthenticator", "FIDOAuthenticator", 1)
	server, account := openApplication(t, listed, portalWith("true", passwordFlow), portalWith("true", own), patched,
		portalWith("true", changed))
	before, err := account.Read(t.Context(), portal.TOTP)
	if err != nil {
		t.Fatal(err)
	}
	written, err := account.Write(t.Context(), []portal.Setting{portal.TOTP}, func(*Reading) (Change, error) {
		return Change{Want: portal.Settings{portal.TOTP: portal.Off}, Origin: before.Origin()}, nil
	})
	if err != nil || !slices.Equal(written.Changed, []portal.Setting{portal.TOTP}) {
		t.Errorf("written %v: %v", written, err)
	}
	requests := server.seen(false)
	if len(requests) != 5 || requests[3].body != `{"authenticationSequence":{"type":"DEFAULT"}}` {
		t.Errorf("calls %q", pathsOf(requests))
	}
}
