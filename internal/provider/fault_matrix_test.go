package provider_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Every call of every operation meets every misfortune, once and for good: what is worth another try recovers,
// everything else says what to do, and nothing is lost or changed that was not to be.

// misfortune is something that a server, or something in between, does to a call.
type misfortune struct {
	name  string
	fault mockserver.Fault
	// Whether the call is repeated, and whether it is with a new token; otherwise it fails at once.
	repeated, renewed bool
	// What the error says: what happened, and what to do.
	text []string
	// The same at the token endpoint, where that differs.
	tokenText []string
}

func statusFault(status int, body string) mockserver.Fault {
	return mockserver.Fault{Action: mockserver.ActionStatus, Status: status, Body: body}
}

var (
	textBusy        = []string{"too many requests (3 attempts)", "lower requests_per_minute", "raise max_retries"}
	textServer      = []string{"failed to answer", "attempt", "Run the command again"}
	textUnreachable = []string{"could not be reached", "base_url (ASGARDEO_BASE_URL)"}
	textToken       = []string{
		"refused the access token", "ASGARDEO_ACCESS_TOKEN", "check that the application is enabled",
	}
	textClient = []string{
		"The token endpoint of organization", "refused the client", "Check client_id and client_secret (ASGARDEO_CLIENT_ID",
	}
	textUnknown = []string{`knows no organization "bifrost"`, "Check organization (", "ASGARDEO_REGION"}
	textPage    = []string{"not one of the management API", "HTTPS_PROXY", "base_url (ASGARDEO_BASE_URL)"}
	textScope   = []string{
		"although the access token has the scope internal_", "the organization may restrict this API",
	}
	textOther = []string{"did not accept the call", "please report it"}
)

var misfortunes = []misfortune{
	{name: "429", fault: statusFault(429, ""), repeated: true, text: textBusy},
	{
		name: "429 with Retry-After", repeated: true, text: textBusy,
		fault: mockserver.Fault{Action: mockserver.ActionStatus, Status: 429, Headers: map[string]string{"Retry-After": "0"}},
	},
	{
		name: "500", fault: statusFault(500, `{"code":"CONFIGM_00034","message":"Internal server error"}`), repeated: true,
		text: textServer,
	},
	{name: "502 page", fault: statusFault(502, "<html>Bad gateway</html>"), repeated: true, text: textServer},
	{
		name: "503", fault: statusFault(503, `{"code":503,"message":"Forbidden","traceId":"trace-1"}`), repeated: true,
		text: append(textServer, "Trace id: trace-1"),
	},
	{
		name: "closed before", fault: mockserver.Fault{Action: mockserver.ActionDropBefore}, repeated: true,
		text: textUnreachable,
	},
	{
		name: "closed after", fault: mockserver.Fault{Action: mockserver.ActionDropAfter}, repeated: true,
		text: textUnreachable,
	},
	{
		name: "truncated", fault: mockserver.Fault{Action: mockserver.ActionTruncate}, repeated: true,
		text: append(textUnreachable, "the answer was cut short"),
	},
	{
		name: "expired token", fault: mockserver.Fault{Action: mockserver.ActionExpireTokens}, renewed: true, text: textToken,
	},
	{
		name: "401", fault: statusFault(401, `{"code":401,"message":"Unauthorized"}`), renewed: true, text: textToken,
		tokenText: textClient,
	},
	{name: "403", fault: statusFault(403, `{"code":403,"message":"Forbidden"}`), text: textScope, tokenText: textClient},
	{
		name: "404 page", fault: mockserver.Fault{Action: mockserver.ActionHTML404}, text: append(textPage, "an HTML page"),
		tokenText: textUnknown,
	},
	{name: "redirect", fault: mockserver.Fault{Action: mockserver.ActionRedirect}, text: textUnknown},
	{
		name: "page", fault: statusFault(200, "<html>Sign in</html>"), text: append(textPage, "an HTML page"),
		tokenText: textPage,
	},
	{
		name: "404 of the gateway", fault: statusFault(404, `{"code":404,"message":"an invalid tenant domain"}`),
		text: textUnknown,
	},
	{
		name: "404 no type", fault: statusFault(404, `{"code":"CONFIGM_00008","message":"Not Found"}`),
		text: []string{
			"has no classic My Account settings", "set my_account_api = \"application\"",
			"an administrator creates the resource type",
		},
		tokenText: textPage,
	},
	{
		name: "404 no application", fault: statusFault(404, `{"code":"APP-60006","message":"Application cannot be found."}`),
		text: []string{
			`no application "My Account" in organization "bifrost"`, "No resource was dropped", "my_account_api = \"classic\"",
		},
		tokenText: textPage,
	},
	{
		name:  "400 invalid flow",
		fault: statusFault(400, `{"code":"APP-60001","message":"Invalid application configuration."}`),
		text:  []string{`"My Account" of organization "bifrost" invalid with this change`, "a connection that was deleted"},
	},
	{
		name:  "400 read-only",
		fault: statusFault(400, `{"code":"OAUTH-60005","message":"Updating system applications is not allowed."}`),
		text:  []string{"is read-only: the server refuses every change", "read_only_apps"},
	},
	{
		name: "403 forbidden", fault: statusFault(403, `{"code":"APP-60008","message":"Operation is forbidden."}`),
		text: []string{"does not let this client change the application", "who may edit"},
	},
	{
		name: "403 no script scope", fault: statusFault(403, `{"code":"APP-60520","message":"Operation is forbidden."}`),
		text: []string{"internal_application_script_update", "the organization may restrict this API"},
	},
	{
		name: "200 without effect", fault: statusFault(200, ""),
		text: []string{"did not take effect", "run the command again"},
	},
	{
		name: "404 nothing stored", fault: statusFault(404, `{"code":"CONFIGM_00017","message":"Not Found"}`),
		text: textOther, tokenText: textPage,
	},
	{
		name: "404 no sender", fault: statusFault(404, `{"code":"NSM-60006","message":"No notification sender found."}`),
		text: []string{"has no SMS sender anymore", "Plan again"}, tokenText: textPage,
	},
	{
		name: "404 of an unknown code", fault: statusFault(404, `{"code":"X-1","message":"Not Found"}`), text: textOther,
		tokenText: textPage,
	},
	{
		name: "404 without a body", fault: statusFault(404, ""), text: append(textPage, "an empty answer"),
		tokenText: textPage,
	},
	{
		name: "409", fault: statusFault(409, `{"code":"NSM-60002","message":"Notification sender already exists."}`),
		text: textOther,
	},
	{
		name: "400", fault: statusFault(400, `{"code":"UE-1","message":"Bad Request"}`), text: textOther,
		tokenText: append(textClient, "UE-1"),
	},
	{name: "stale", fault: mockserver.Fault{Action: mockserver.ActionStaleRead}},
}

// endpoint is a call that operations make.
type endpoint struct {
	name, method, path string
	skip               int  // calls of the kind that come first in the operation
	whole              bool // the path has nothing behind it
}

// is reports that a request is such a call.
func (e endpoint) is(method, path string) bool {
	prefix := e.match().PathPrefix
	return method == e.method && (path == prefix || !e.whole && strings.HasPrefix(path, prefix))
}

// ofApplication reports that a call is about the application.
func (e endpoint) ofApplication() bool {
	return strings.HasPrefix(e.path, providertest.ApplicationCalls)
}

func (e endpoint) match() mockserver.Match {
	return mockserver.Match{Method: e.method, PathPrefix: "/t/bifrost" + e.path}
}

var (
	callToken     = endpoint{name: "token", method: "POST", path: tokenCalls}
	callGetStatus = endpoint{
		name:   "GET status",
		method: "GET",
		path:   providertest.StoreCalls + "/" + providertest.StatusObject,
	}
	callGetTwoFactor = endpoint{
		name:   "GET 2FA",
		method: "GET",
		path:   providertest.StoreCalls + "/" + providertest.TwoFactorObject,
	}
	callGetEnrollment = endpoint{
		name:   "GET TOTP",
		method: "GET",
		path:   providertest.StoreCalls + "/" + providertest.EnrollmentObject,
	}
	callPut            = endpoint{name: "PUT", method: "PUT", path: providertest.StoreCalls}
	callPutSecond      = endpoint{name: "second PUT", method: "PUT", path: providertest.StoreCalls, skip: 1}
	callLookUp         = endpoint{name: "lookup", method: "GET", path: providertest.ApplicationCalls, whole: true}
	callGetApplication = endpoint{name: "GET application", method: "GET", path: providertest.ApplicationCalls + "/"}
	callPatch          = endpoint{name: "PATCH", method: "PATCH", path: providertest.ApplicationCalls + "/"}
	callGetSenders     = endpoint{name: "GET senders", method: "GET", path: providertest.SenderCalls}
	callPostSender     = endpoint{name: "POST sender", method: "POST", path: providertest.SenderCalls}
	callPutSender      = endpoint{name: "PUT sender", method: "PUT", path: providertest.SenderCalls}
	callDeleteSender   = endpoint{name: "DELETE sender", method: "DELETE", path: providertest.SenderCalls}
)

// callConfirm is the look at an application that was changed, after so many others.
func callConfirm(others int) endpoint {
	return endpoint{name: "GET after PATCH", method: "GET", path: providertest.ApplicationCalls + "/", skip: others}
}

func (e endpoint) confirms() bool { return e.ofApplication() && e.skip > 0 }

// operation is what Terraform does with a resource.
type operation struct {
	typeName, name string
	before, after  values // configurations; before: of the resource that exists already
	calls          []endpoint
	at             providertest.Place
}

// operationsIn lists the operations with the calls that they make where the settings are in a place.
func operationsIn(at providertest.Place) []operation {
	portalOff, portalOn := values{
		"enabled": false,
	}, values{
		"enabled":    true,
		"on_destroy": "reset",
	}
	few := values{
		"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": false, "totp_enrollment_enabled": false,
	}
	all := values{
		"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
	}
	sender := values{
		"provider_name": "Twilio", "sender": "+15550100",
		"key": providertest.PlantedKey, "secret": providertest.PlantedSecret, "http_headers": providertest.PlantedHeaders,
	}
	other := maps.Clone(sender)
	other["sender"] = "+15550199"
	getAll := []endpoint{callToken, callGetTwoFactor, callGetEnrollment}
	putAll := append(slices.Clone(getAll), callPut, callPutSecond)
	var operations []operation
	add := func(typeName, name string, before, after values, calls []endpoint) {
		operations = append(operations, operation{typeName, name, before, after, calls, at})
	}
	if at.String() == "application" {
		look := []endpoint{callToken, callLookUp, callGetApplication}
		change := func(others int) []endpoint { return append(slices.Clone(look), callPatch, callConfirm(others)) }
		// A create looks as the plan does, and once more before it writes.
		add(portalType, "create", nil, portalOff, change(2))
		add(portalType, "read", portalOff, nil, look)
		add(portalType, "update", portalOff, portalOn, change(1))
		add(portalType, "delete", portalOff, nil, change(1))
		add(portalType, "import", nil, nil, look)
		add(twoFactorType, "create", nil, all, append(change(2), callGetSenders))
		add(twoFactorType, "read", all, nil, look)
		add(twoFactorType, "update", few, all, append(change(1), callGetSenders))
		add(twoFactorType, "delete", all, nil, change(1))
		add(twoFactorType, "import", nil, nil, look)
		flow, otherFlow := providertest.FlowConfig(
			providertest.Password+"|totp",
		), providertest.FlowConfig(providertest.Password+"|"+providertest.Passkey).
			With(values{"script": providertest.Conditional})
		add(flowType, "create", nil, otherFlow, change(2))
		add(flowType, "read", flow, nil, look)
		add(flowType, "update", flow, otherFlow, change(1))
		add(flowType, "delete", flow, nil, change(1))
		add(flowType, "import", nil, nil, look)
		add(senderType, "delete", sender, nil, append(look, callDeleteSender))
		return operations
	}
	add(portalType, "create", nil, portalOff, []endpoint{callToken, callGetStatus, callPut})
	add(portalType, "read", portalOff, nil, []endpoint{callToken, callGetStatus})
	add(portalType, "update", portalOff, portalOn, []endpoint{callToken, callGetStatus, callPut})
	add(portalType, "delete", portalOff, nil, []endpoint{callToken, callGetStatus, callPut})
	add(portalType, "import", nil, nil, []endpoint{callToken, callGetStatus})
	add(twoFactorType, "create", nil, all, append(slices.Clone(putAll), callGetSenders))
	add(twoFactorType, "read", all, nil, getAll)
	add(twoFactorType, "update", few, all, append(slices.Clone(putAll), callGetSenders))
	add(twoFactorType, "delete", all, nil, putAll)
	add(twoFactorType, "import", nil, nil, getAll)
	add(senderType, "create", nil, sender, []endpoint{callToken, callGetSenders, callPostSender})
	add(senderType, "read", sender, nil, []endpoint{callToken, callGetSenders})
	add(senderType, "update", sender, other, []endpoint{callToken, callGetSenders, callPutSender})
	add(senderType, "delete", sender, nil, []endpoint{callToken, callGetTwoFactor, callDeleteSender})
	add(senderType, "import", sender, nil, []endpoint{callToken, callGetSenders})
	return operations
}

// reads reports that an operation is no change of the server.
func (o operation) reads() bool { return o.name == "read" || o.name == "import" }

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, testFaultMatrix)
}

func testFaultMatrix(t *testing.T, at providertest.Place) {
	t.Helper()
	for _, operation := range operationsIn(at) {
		t.Run(operation.typeName+" "+operation.name, func(t *testing.T) {
			t.Parallel()
			stage := prepare(t, operation)
			for _, call := range operation.calls {
				for _, misfortune := range misfortunes {
					if misfortune.misses(call) {
						continue
					}
					for _, forever := range []bool{false, true} {
						name := fmt.Sprintf("%s of the %s, %s", misfortune.name, call.name,
							map[bool]string{false: "once", true: "for good"}[forever])
						t.Run(name, func(t *testing.T) { stage.meet(t, call, misfortune, forever) })
					}
				}
			}
		})
	}
}

// TestSlowAnswers is about answers that come later than request_timeout allows. Each call meets them in one operation.
func TestSlowAnswers(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, testSlowAnswers)
}

func testSlowAnswers(t *testing.T, at providertest.Place) {
	t.Helper()
	slow := misfortune{
		name: "slow answer", fault: mockserver.Fault{Action: mockserver.ActionLatency, LatencyMS: 600}, repeated: true,
		text: append(textUnreachable, "no answer within 200ms", "allow more time with request_timeout"),
	}
	seen := map[endpoint]bool{}
	for _, operation := range operationsIn(at) {
		calls := slices.DeleteFunc(slices.Clone(operation.calls), func(call endpoint) bool { return seen[call] })
		for _, call := range calls {
			seen[call] = true
		}
		if len(calls) == 0 {
			continue
		}
		t.Run(operation.typeName+" "+operation.name, func(t *testing.T) {
			t.Parallel()
			stage := prepare(t, operation)
			stage.w.Provider["request_timeout"] = "200ms"
			for _, call := range calls {
				t.Run(call.name+", once", func(t *testing.T) { stage.meet(t, call, slow, false) })
				if call == callToken || call == callPut || call == callPatch || call == callPostSender {
					t.Run(call.name+", for good", func(t *testing.T) { stage.meet(t, call, slow, true) })
				}
			}
		})
	}
}

// misses reports that a misfortune cannot happen to a call.
func (m misfortune) misses(call endpoint) bool {
	senderCall := strings.HasPrefix(call.path, providertest.SenderCalls)
	switch m.name {
	case "stale":
		// The lookup is a list, and not of what is written. TestStaleConfirmation is about the look after a change.
		return call.method != "GET" || call == callLookUp || call.confirms()
	case "404 no type", "404 nothing stored":
		return senderCall || call.ofApplication()
	case "404 no application":
		return !call.ofApplication()
	case "400 invalid flow", "400 read-only", "403 forbidden", "403 no script scope", "200 without effect":
		return call != callPatch
	case "404 no sender", "409":
		return !senderCall && call != callToken
	case "truncated":
		return call == callDeleteSender || call == callPatch // whose answers have nothing to cut
	}
	return false
}

// stage is a server on which an operation can be repeated.
type stage struct {
	operation
	w     *workspace
	state mockserver.State
	o     providertest.Object
	saved providertest.Plan
	calls map[string]int // how many of each call the operation makes when all is well
}

func prepare(t *testing.T, operation operation) *stage {
	t.Helper()
	w := providertest.NewWorkspaceIn(t, operation.at, mockserver.WithClient("client", providertest.PlantedClientSecret))
	w.Provider["client_id"], w.Provider["client_secret"] = "client", providertest.PlantedClientSecret
	w.Wrap = providertest.BesidesFaults(t)
	w.Provider["max_retries"] = 2
	w.Sets(values{"enabled": true, "sms_otp_enabled": "FALSE", "others": "kept"})
	if operation.at.String() == "classic" {
		w.Console(providertest.Stored{providertest.EnrollmentObject: {"future": "kept"}})
	}
	if operation.typeName == twoFactorType {
		w.WithSender()
	}
	s := &stage{operation: operation, w: w, o: providertest.Object{TypeName: operation.typeName}, calls: map[string]int{}}
	if operation.before != nil {
		s.o = *w.Create(operation.typeName, operation.before)
	}
	switch {
	case operation.name == "import":
		s.o = providertest.Object{TypeName: operation.typeName}
	case operation.name == "delete" || operation.after != nil:
		s.saved = *w.Plan(&s.o, operation.after)
		providertest.WantNoError(t, s.saved.Diags)
	}
	s.state = w.Mock.State()
	w.Mock.ClearRequests()
	o, diags := s.run(t) // positive control
	providertest.WantNoError(t, diags)
	s.wantDone(t, o)
	for _, request := range w.Mock.Requests() {
		s.calls[request.Method+" "+request.Path]++
	}
	for _, call := range operation.calls {
		if s.count(call) == 0 {
			t.Errorf("the operation does not make the call %s", call.name)
		}
	}
	return s
}

// count returns how many requests of a call's kind the journal has.
func (s *stage) count(call endpoint) int {
	n := 0
	for _, request := range s.w.Mock.Requests() {
		if call.is(request.Method, request.Path) {
			n++
		}
	}
	return n
}

// reset makes the server what it was before the operation.
func (s *stage) reset() {
	s.w.Mock.ClearFaults()
	s.w.Mock.SetState(s.state)
	s.w.Mock.ClearRequests()
}

// run runs the operation on a copy of the object.
func (s *stage) run(t providertest.Tester) (*providertest.Object, providertest.Diagnostics) {
	t.Helper()
	o := s.o
	s.w.T = t
	p := s.w.Start()
	switch s.name {
	case "read":
		return &o, p.Refresh(&o)
	case "import":
		imported, diags := p.ImportByID(s.typeName, "bifrost")
		if len(diags.Errors()) > 0 {
			imported = &providertest.Object{TypeName: s.typeName} // Terraform saves nothing of it
		}
		return imported, diags
	}
	saved := s.saved
	saved.Object = &o
	return &o, p.Apply(&saved)
}

// wantDone insists that the operation has done its work.
func (s *stage) wantDone(t *testing.T, o *providertest.Object) {
	t.Helper()
	switch s.name {
	case "delete":
		if o.State != nil {
			t.Errorf("destroyed, but still in the state: %v", o.State)
		}
	case "import":
		if o.State["organization"] != "bifrost" {
			t.Errorf("imported, but the state is %v", o.State)
		}
	case "read":
		if diff := cmp.Diff(s.o.State, o.State); diff != "" {
			t.Errorf("the refresh changed the state:\n%s", diff)
		}
	default:
		for name, value := range s.after {
			if !providertest.Same(o.State[name], value) {
				t.Errorf("%s is %v in the state, want %v", name, o.State[name], value)
			}
		}
		organization := s.w.Mock.State().Organizations["bifrost"]
		for flag, on := range flagsIn(s.after) {
			if seen := s.w.Place.Read(organization)[flag]; seen != providertest.FlagStateOf(on) {
				t.Errorf("%s is %s on the server, want %t", flag, seen, on)
			}
		}
	}
}

// meet runs the operation with a misfortune.
func (s *stage) meet(t *testing.T, call endpoint, m misfortune, forever bool) {
	t.Helper()
	s.reset()
	match, times := call.match(), 1
	if call.skip > 0 {
		s.w.Mock.AddFault(mockserver.Fault{Match: match, Times: call.skip, Action: mockserver.ActionLatency, LatencyMS: 1})
	}
	if forever {
		times = -1
	}
	fault := m.fault
	fault.Match, fault.Times = match, times
	providertest.AddFaults(s.w.Mock, fault)

	o, diags := s.run(t)

	wanted := s.outcome(call, m, forever)
	switch failed := len(diags.Errors()) > 0; {
	case failed != (wanted == fails):
		t.Fatalf("failed: %t, want %t:\n%s", failed, wanted == fails, diags)
	case failed:
		s.wantNothingLost(t, o)
		providertest.WantError(t, diags, s.text(call, m)...)
	case wanted == succeeds:
		s.wantDone(t, o)
	}
	providertest.WantAbsent(t, diags.String(), providertest.PlantedClientSecret, providertest.PlantedKey,
		providertest.PlantedSecret, providertest.PlantedHeaders, "Bearer ")
	s.wantNothingElseChanged(t, call, wanted)
	if wanted == fails || wanted == succeeds {
		s.wantAttempts(t, call, m, forever)
	}
}

// The outcomes of an operation that meets a misfortune.
const (
	succeeds = "succeeds"
	fails    = "fails"
	believes = "believes" // succeeds with what the server says, although that is not true
)

func (s *stage) outcome(call endpoint, m misfortune, forever bool) string {
	switch {
	case m.name == "stale" && call == callGetSenders && s.typeName == twoFactorType && (forever || s.name == "create"):
		// as there is no sender, for all that one can see; the look before the write is more patient than the plan's
		return fails
	case m.name == "stale" && call == callGetSenders && s.name == "import" && forever:
		return fails
	case call == callGetSenders && s.announces() && (!forever || m.name == "stale"):
		return succeeds
	case m.name == "stale", call.method == "GET" && m.name == "404 nothing stored":
		return believes
	case m.name == "404 no "+
		"application" && !forever && (call == callGetApplication || call.confirms() || call == callPatch):
		return succeeds // the id may have become another one
	case s.typeName == flowType && s.name == "delete" && m.name == "400 invalid flow":
		return succeeds // the flow stays: trying again would never help
	case call == callToken && m.name == "expired token":
		return succeeds // it is the new one that counts
	case call == callDeleteSender && m.name == "404 no sender":
		return succeeds // it is gone, whoever did it
	case call == callDeleteSender && m.name == "closed after":
		return succeeds // it is gone
	case (call == callPostSender || call == callPut || call == callPutSecond) && (m.name == "closed "+
		"after" || m.name == "truncated"):
		return succeeds // what was sent is there
	case (call.method == "PUT" || call.method == "PATCH") && (m.name == "closed after" || m.name == "truncated"):
		return succeeds // likewise
	case call == callPostSender && m.name == "page" && !forever:
		return succeeds
	case call == callGetSenders && s.typeName == twoFactorType && m.name == "403",
		call == callGetTwoFactor && s.typeName == senderType && (m.name == "403" || m.name == "404 no type"),
		call.ofApplication() && s.typeName == senderType && (m.name == "403" || m.name == "404 no application"):
		return succeeds // who may not look is not kept from changing
	case !forever && (m.repeated || m.renewed && call != callToken || call == callToken && s.announces()):
		return succeeds
	}
	return fails
}

// announces reports that the plan, which an apply makes once more, looks for a sender that is there already. It goes on
// without an answer, so what hits the token hits this look first.
func (s *stage) announces() bool {
	return s.typeName == senderType && s.name == "create"
}

// text is what the error has to say.
func (s *stage) text(call endpoint, m misfortune) []string {
	text := m.text
	switch {
	case call == callToken && m.tokenText != nil:
		text = m.tokenText
	case call == callGetSenders && s.name == "import" && m.name == "stale":
		return []string{"Unable to import the SMS sender", `Organization "bifrost" has no SMS sender`}
	case call == callGetSenders && s.typeName == twoFactorType && m.name == "stale":
		return []string{"sms_otp_enabled needs an SMS sender", "sms_sender = "}
	case call == callGetSenders && s.typeName == twoFactorType && m.name == "404 no sender":
		text = textOther
	case call == callPostSender && m.name == "409":
		text = []string{"has an SMS sender already", "terraform import asgardeo_sms_sender.<name> bifrost"}
	}
	if call == callGetSenders && s.typeName == twoFactorType {
		return append([]string{"Unable to check the SMS sender", "skip_sms_sender_check = true"}, text...)
	}
	return append([]string{"Unable to "}, text...)
}

// wantNothingLost insists that a failure leaves a state with which one can go on.
func (s *stage) wantNothingLost(t *testing.T, o *providertest.Object) {
	t.Helper()
	if s.o.State == nil {
		if o.State != nil {
			t.Errorf("the failed %s left the state %v", s.name, o.State)
		}
		return
	}
	for name, value := range s.o.State {
		if got := o.State[name]; !providertest.Same(got, value) &&
			(s.name != "update" || !providertest.Same(got, s.after[name])) {
			t.Errorf("the failed %s turned %s from %v into %v", s.name, name, value, got)
		}
	}
	if !reflect.DeepEqual(s.o.Identity, o.Identity) {
		t.Errorf("the failed %s turned the identity %v into %v", s.name, s.o.Identity, o.Identity)
	}
}

// wantNothingElseChanged compares the server with what it was. Only what the operation is about may be different.
func (s *stage) wantNothingElseChanged(t *testing.T, call endpoint, outcome string) {
	t.Helper()
	before, after := s.state.Organizations["bifrost"], s.w.Mock.State().Organizations["bifrost"]
	if s.reads() || outcome == fails && (call == callToken || call.method == "GET" && !call.confirms()) {
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("the server was changed (- before, + after):\n%s", diff)
		}
		return
	}
	if s.typeName != senderType && !reflect.DeepEqual(before.SMSSenders, after.SMSSenders) {
		t.Error("a sender was changed")
	}
	if s.at.String() == "application" {
		s.wantOnlyFlagsChanged(t, before, after)
		return
	}
	mine := map[string]bool{}
	for flag := range flagsIn(s.before) {
		mine[providertest.ClassicFlags[flag].Object+"/"+providertest.ClassicFlags[flag].Key] = true
	}
	for flag := range flagsIn(s.after) {
		mine[providertest.ClassicFlags[flag].Object+"/"+providertest.ClassicFlags[flag].Key] = true
	}
	for object, attributes := range before.MyAccount {
		for key, value := range attributes {
			if got := after.MyAccount[object][key]; got != value && !mine[object+"/"+key] && outcome != believes {
				t.Errorf("%s/%s is %v, was %v", object, key, got, value)
			}
		}
	}
	for object, attributes := range after.MyAccount {
		for key, value := range attributes {
			if _, existed := before.MyAccount[object][key]; !existed && !mine[object+"/"+key] {
				t.Errorf("%s/%s = %v appeared", object, key, value)
			}
		}
	}
}

// wantOnlyFlagsChanged is the same for the application: undeclared flags stay, and everything that is not a flag.
func (s *stage) wantOnlyFlagsChanged(t *testing.T, before, after *mockserver.Organization) {
	t.Helper()
	if s.typeName == flowType { // all that is a part of the flow is its business
		on := func(o *mockserver.Organization) any { return o.MyAccountApplication().ApplicationEnabled }
		if !reflect.DeepEqual(on(before),
			on(after)) {
			t.Error("the portal was switched")
		}
		return
	}
	s.at.WantOnlyWritten(t, s.name, before, after, nil)
	was, is := s.at.Read(before), s.at.Read(after)
	for _, flag := range providertest.AllFlags() {
		if s.before[flag] == nil && s.after[flag] == nil && was[flag] != is[flag] {
			t.Errorf("%s became %s, was %s", flag, is[flag], was[flag])
		}
	}
}

// wantAttempts counts how often the call was tried.
func (s *stage) wantAttempts(t *testing.T, call endpoint, m misfortune, forever bool) {
	t.Helper()
	attempts := 1
	switch {
	case call == callGetSenders && m.name == "stale" && (s.name == "update" || s.name == "import"):
		attempts = 4
	case call == callPostSender && (m.repeated || m.name == "page") && m.fault.Status != 429:
		attempts = 2 // once more, after a look at what is there
	case m.repeated:
		attempts = 3
	case m.renewed && call != callToken, m.name == "404 no application" && call != callLookUp:
		attempts = 2
	}
	if (call == callToken || call == callGetSenders) && s.announces() {
		attempts *= 2
	}
	n, usual := s.count(call), s.usual(call)
	for wait := time.Now(); forever && m.name == "slow answer" && n < attempts &&
		time.Since(wait) < time.Second; n = s.count(call) {
		time.Sleep(time.Millisecond) // the server notices a little later that nobody waits for its answer
	}
	if s.outcome(call, m, forever) == fails {
		n -= call.skip
		if s.name == "create" && s.typeName != senderType && n > attempts && n <= 3*attempts+1 {
			return // what may have been written is put back then, which meets the same misfortune
		}
		// The operation stops here. Go itself repeats a GET whose connection breaks at once.
		if n != attempts && (!strings.HasPrefix(m.name, "closed") || n < attempts || n > attempts+1) {
			t.Errorf("%d attempts, want %d", n, attempts)
		}
		return
	}
	if n < usual || n > usual+1 && !forever {
		t.Errorf("%d calls, want %d or one more", n, usual)
	}
}

func (s *stage) usual(call endpoint) int {
	n := 0
	for what, count := range s.calls {
		if method, path, _ := strings.Cut(what, " "); call.is(method, path) {
			n += count
		}
	}
	return n
}

// TestStaleConfirmation: the look at what came of a change may be older than the change. Patience helps, and in the end
// the server is believed.
func TestStaleConfirmation(t *testing.T) {
	t.Parallel()

	for typeName, config := range map[string]values{
		portalType: {"enabled": false}, twoFactorType: {"email_otp_enabled": true},
	} {
		for _, times := range []int{1, 3, -1} {
			t.Run(fmt.Sprintf("%s, %d times", typeName, times), func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, providertest.ApplicationPlace{})
				o := &providertest.Object{TypeName: typeName}
				saved := w.Plan(o, config)
				w.Calls()
				// Before the change there is nothing older, so it is the look after it that is stale.
				w.Mock.AddFault(mockserver.Fault{
					Match: callGetApplication.match(), Times: times, Action: mockserver.ActionStaleRead,
				})
				diags := w.Apply(saved)
				if times < 0 {
					providertest.WantError(t, diags, "Unable to create the", "did not take effect", "run the command again")
					if o.State != nil {
						t.Errorf("the failed create left the state %v", o.State)
					}
					w.Mock.ClearFaults()
					w.WantShown(config) // the server has done it all the same
					w.Up(o, config)
					return
				}
				providertest.WantNoError(t, diags)
				o.WantState(t, config)
				looks := append(slices.Repeat([]string{applicationRead}, 3+times), "POST token", applicationLookup)
				w.WantCalls(append(looks, applicationChange)...)
			})
		}
	}
}

// TestSenderWhoseCreationNobodySaw is about the one call that must not simply be repeated.
func TestSenderWhoseCreationNobodySaw(t *testing.T) {
	t.Parallel()

	config := values{
		"provider_name": "Twilio",
		"key":           "AC00",
		"secret":        "sender-secret",
		"sender":        "+15550100",
	}
	post, list := callPostSender.match(), callGetSenders.match()
	const drop, lose, stale = mockserver.ActionDropBefore, mockserver.ActionDropAfter, mockserver.ActionStaleRead
	equal := func(sender *mockserver.SMSSender) { sender.Properties = map[string]string{"added.by.the.server": "x"} }
	other := func(sender *mockserver.SMSSender) { sender.Secret = new("another-secret") }
	for _, test := range []struct {
		name   string
		exists func(*mockserver.SMSSender) // what somebody else has created meanwhile, if anything
		faults []mockserver.Fault
		calls  []string
		text   []string // of the error; nil: the sender is created or adopted
	}{
		{"it arrived", nil, []mockserver.Fault{{Match: post, Action: lose}}, []string{"POST sms", "GET sms"}, nil},
		{
			"it did not arrive", nil, []mockserver.Fault{{Match: post, Action: drop}},
			[]string{"POST sms", "GET sms", "POST sms"}, nil,
		},
		{
			"it arrived, and the list does not have it yet", nil,
			[]mockserver.Fault{{Match: post, Action: lose}, {Match: list, Action: stale}},
			[]string{"POST sms", "GET sms", "POST sms", "GET sms"}, nil,
		},
		{
			"it did not arrive, and the second one was not seen either", nil,
			[]mockserver.Fault{{Match: post, Action: drop}, {Match: post, Action: lose}},
			[]string{"POST sms", "GET sms", "POST sms", "GET sms"}, nil,
		},
		{
			"it did not arrive, twice", nil, []mockserver.Fault{{Match: post, Times: 2, Action: drop}},
			[]string{"POST sms", "GET sms", "POST sms", "GET sms"}, textUnreachable,
		},
		{
			"it may have arrived, and the list fails", nil,
			[]mockserver.Fault{{Match: post, Action: drop}, {Match: list, Action: mockserver.ActionStatus, Status: 403}},
			[]string{"POST sms", "GET sms"}, textUnreachable,
		},
		{
			"an equal one is there", equal, []mockserver.Fault{{Match: post, Action: drop}}, []string{"POST sms", "GET sms"},
			[]string{`Organization "bifrost" has an SMS sender already`, "terraform import asgardeo_sms_sender.<name> bifrost"},
		},
		{
			"somebody else's is there", other, []mockserver.Fault{{Match: post, Action: drop}}, []string{"POST sms", "GET sms"},
			[]string{`Organization "bifrost" has an SMS sender already`, "terraform import asgardeo_sms_sender.<name> bifrost"},
		},
		// Without a lost answer there is no reason to take a sender for one's own.
		{
			"an equal one is there, and the server says so", equal, nil, []string{"POST sms"},
			[]string{"has an SMS sender already", "terraform import"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.Provider["max_retries"] = 2
			o := &providertest.Object{TypeName: senderType}
			saved := w.Plan(o, config)
			if test.exists != nil {
				w.WithSender()
				w.Mock.Update(func(state *mockserver.State) {
					test.exists(state.Organizations["bifrost"].SMSSenders["SMSPublisher"])
				})
			}
			before := w.Mock.State()
			w.Calls()
			// the plan's look passes
			w.Mock.AddFault(mockserver.Fault{Match: list, Action: mockserver.ActionLatency, LatencyMS: 1})
			for _, fault := range test.faults {
				w.Mock.AddFault(fault)
			}
			diags := w.Apply(saved)
			w.WantCalls(append([]string{"POST token", "GET sms"}, test.calls...)...)
			if test.text == nil {
				providertest.WantNoError(t, diags) // what somebody else has created meanwhile is a warning
				w.WantAction(o, config, "no-op")
				return
			}
			providertest.WantError(t, diags, append([]string{"Unable to create the SMS sender"}, test.text...)...)
			providertest.WantAbsent(t, diags.String(), "sender-secret", "another-secret")
			if o.State != nil {
				t.Errorf("the failed create left the state %v", o.State)
			}
			if diff := cmp.Diff(before, w.Mock.State()); diff != "" {
				t.Errorf("the server was changed:\n%s", diff)
			}
		})
	}
}
