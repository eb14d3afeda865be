package provider_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// This file draws the steps of the model at random, and does what the Console and a faulty server do.

// GoString prints a step as it can be written in a test.
func (s step) GoString() string { return literal(reflect.ValueOf(s)) }

func literal(v reflect.Value) string {
	var parts []string
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				parts = append(parts, v.Type().Field(i).Name+": "+literal(v.Field(i)))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, strings.TrimPrefix(literal(v.Index(i)), v.Type().Elem().Name()))
		}
	default:
		return strings.ReplaceAll(fmt.Sprintf("%#v", v), "provider.", "")
	}
	return strings.ReplaceAll(v.Type().String(), "provider.", "") + "{" + strings.Join(parts, ", ") + "}"
}

// edit applies edits, as one.
func (m *model) edit(edits []providertest.Edit) {
	if len(edits) == 0 {
		return
	}
	m.Mock.Update(func(state *mockserver.State) { editAll(m.Place, *state, edits) })
	m.sightings = append(m.sightings, m.Mock.State())
}

func editAll(p providertest.Place, state mockserver.State, edits []providertest.Edit) {
	for _, e := range edits {
		e.Apply(p, state.Organizations[e.Organization])
	}
}

// meanwhile are edits of the Console while an apply waits before it writes once more.
type meanwhile struct {
	mutex   sync.Mutex
	pending []providertest.Edit
	done    bool
}

// await lets edits happen in the next wait.
func (w *meanwhile) await(edits []providertest.Edit) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.pending, w.done = edits, false
}

// came reports whether they did, and lets nothing happen from now on.
func (w *meanwhile) came() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.pending = nil
	return w.done
}

func (w *meanwhile) take() []providertest.Edit {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	edits := w.pending
	w.pending, w.done = nil, w.done || len(edits) > 0
	return edits
}

// interfered is a connection on which the news that a write has to wait starts what happens meanwhile.
type interfered struct {
	*textsOnly
	model *model
}

func (c *interfered) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := c.textsOnly.RoundTrip(request)
	if err == nil && slices.Contains([]int{429, 503}, answer.StatusCode) &&
		slices.Contains([]string{"PUT", "PATCH"}, request.Method) {
		if edits := c.model.meanwhile.take(); len(edits) > 0 {
			c.mock.Update(func(state *mockserver.State) { editAll(c.model.Place, *state, edits) })
		}
	}
	return answer, err
}

const (
	tokenCalls = "/oauth2/token"
)

// arm lets faults happen.
func (m *model) arm(hitches []providertest.Hitch) {
	for _, h := range hitches {
		h = m.Place.TranslateHitch(h)
		match := mockserver.Match{Method: h.Method, PathPrefix: "/t/" + h.Organization + h.Path}
		if h.Skip > 0 {
			m.Mock.AddFault(mockserver.Fault{Match: match, Times: h.Skip, Action: mockserver.ActionLatency, LatencyMS: 1})
		}
		fault := h.Fault
		fault.Match, fault.Times = match, h.Times
		providertest.AddFaults(m.Mock, fault)
	}
}

// lying reports that a server might have told something that is not true. Nothing can be expected of an apply then,
// except that a later one puts it right: there is no version that would give the lie away.
func lying(hitches []providertest.Hitch) bool {
	return slices.ContainsFunc(
		hitches,
		func(h providertest.Hitch) bool { return h.Fault.Action == mockserver.ActionStaleRead },
	)
}

// misbehaviours are all that a server, or something in between, may do to a call.
var misbehaviours = []mockserver.Fault{
	{Action: mockserver.ActionDropBefore},
	{Action: mockserver.ActionDropAfter},
	{Action: mockserver.ActionTruncate},
	{Action: mockserver.ActionStaleRead},
	{Action: mockserver.ActionExpireTokens},
	{Action: mockserver.ActionHTML404},
	{Action: mockserver.ActionRedirect},
	{Action: mockserver.ActionStatus, Status: 429},
	{Action: mockserver.ActionStatus, Status: 429, Headers: map[string]string{"Retry-After": "0"}},
	{
		Action: mockserver.ActionStatus, Status: 500,
		Body: `{"code":"CONFIGM_00034","message":"Internal server error","description":"Internal server error"}`,
	},
	{Action: mockserver.ActionStatus, Status: 502, Body: "<html>Bad gateway</html>"},
	{Action: mockserver.ActionStatus, Status: 503, Body: `{"code":503,"message":"Forbidden"}`},
	{Action: mockserver.ActionStatus, Status: 401, Body: `{"code":401,"message":"Unauthorized"}`},
	{Action: mockserver.ActionStatus, Status: 403, Body: `{"code":403,"message":"Forbidden"}`},
	{Action: mockserver.ActionStatus, Status: 404, Body: `{"code":404,"message":"an invalid tenant domain"}`},
	{Action: mockserver.ActionStatus, Status: 404, Body: providertest.NoTypeAnswer},
	{Action: mockserver.ActionStatus, Status: 400, Body: `{"code":"UE-10000","message":"Invalid Request"}`},
}

// kindsOfSequences part what can be compared in both places from what cannot, so that most sequences go on being
// compared: with neither faults nor contradictions, with all of them, and with login flows that only a person can
// decide about.
var kindsOfSequences = []sequenceKind{
	calmSequence, calmSequence, wildSequence, wildSequence, customSequence, sharedSequence, sharedSequence,
}

type sequenceKind string

const (
	calmSequence   sequenceKind = "calm"
	wildSequence   sequenceKind = "wild"
	customSequence sequenceKind = "custom flows"
	// Two resources of each type for one organization, in runs of the whole configuration.
	sharedSequence sequenceKind = "shared"
)

func drawStep(t *rapid.T, kind sequenceKind) step {
	if kind == sharedSequence {
		return drawSharedStep(t)
	}
	s := drawWildStep(t, kind)
	if kind != wildSequence {
		s.planFaults, s.applyFaults = nil, nil
	}
	return s
}

func drawWildStep(t *rapid.T, kind sequenceKind) step {
	s := step{verb: rapid.SampledFrom([]string{
		"apply", "apply", "apply", "apply", "apply", "console", "console", "plan", "import", "forget", "destroy",
	}).Draw(t, "verb")}
	switch s.verb {
	case "destroy":
		s = drawDestroy(t)
		s.applyFaults = drawHitches(t, s.targets, 4)
	case "console":
		s.edits = drawEdits(t, kind)
	case "import":
		s.targets = []target{drawTarget(t)}
		s.planFaults = drawHitches(t, s.targets, 4)
	case "forget":
		s.targets = []target{drawTarget(t)}
	default:
		s.targets = rapid.SliceOfN(rapid.Custom(drawTarget), 1, 3).Draw(t, "targets")
		s.planFaults = drawHitches(t, s.targets, 6)
		if s.verb == "apply" {
			s.applyFaults = drawHitches(t, s.targets, 3)
			s.again = rapid.Bool().Draw(t, "again")
			switch {
			case oneIn(t, 4, "changed before"):
				s.edits = drawEdits(t, kind)
			case kind == wildSequence && oneIn(t, 4, "changed meanwhile"):
				drawMeanwhile(t, &s)
			}
		}
	}
	return s
}

// drawMeanwhile lets a write wait, and the Console change something of the same organization before it is repeated.
func drawMeanwhile(t *rapid.T, s *step) {
	organization := organizations[rapid.SampledFrom(s.targets).Draw(t, "target").slot]
	s.planFaults, s.applyFaults = nil, []providertest.Hitch{{
		Organization: organization, Method: "PUT",
		Path: rapid.SampledFrom([]string{providertest.StoreCalls, providertest.StoreCalls, providertest.SenderCalls}).
			Draw(t, "path"),
		Skip: rapid.IntRange(0, 1).Draw(t, "skip"), Times: rapid.IntRange(1, 2).Draw(t, "times"),
		Fault: mockserver.Fault{
			Action: mockserver.ActionStatus, Status: rapid.SampledFrom([]int{429, 503}).Draw(t, "status"),
		},
	}}
	// Not the values themselves: nobody can tell one that Terraform has just written from the same one by somebody else.
	s.meanwhile = []providertest.Edit{{
		Organization: organization, What: "add", Value: "kept",
		Object: rapid.SampledFrom(storedObjects).Draw(t, "object"),
	}}
	if oneIn(t, 2, "sender") {
		s.meanwhile = []providertest.Edit{
			{Organization: organization, What: "sender", Form: drawSender(t, []string{"Twilio", "Custom"})},
		}
	}
}

// drawDestroy is "terraform destroy" of everything, where nothing refers to anything.
func drawDestroy(t *rapid.T) step {
	return drawTurns(t, step{verb: "apply", targets: everything(), again: true})
}

// everything lists all resources, to be destroyed.
func everything() []target {
	var targets []target
	for _, typeName := range []string{portalType, twoFactorType, senderType} {
		for slot := range organizations {
			targets = append(targets, target{typeName: typeName, slot: slot})
		}
	}
	return targets
}

// drawTurns lets what a step changes come in any order.
func drawTurns(t *rapid.T, s step) step {
	var turns []int
	for i := range everything() {
		turns = append(turns, i)
	}
	s.planTurns, s.turns = rapid.Permutation(turns).Draw(t, "planned"), rapid.Permutation(turns).Draw(t, "applied")
	s.together = rapid.Bool().Draw(t, "together")
	return s
}

// drawSharedStep is about two resources of each type for one organization.
func drawSharedStep(t *rapid.T) step {
	s := step{verb: rapid.SampledFrom([]string{
		"apply", "apply", "apply", "apply", "rename", "rename", "console", "plan", "import", "destroy",
	}).Draw(t, "verb")}
	switch s.verb {
	case "console":
		s.edits = drawEdits(t, calmSequence)
		return s
	case "import":
		s.targets = []target{drawTarget(t)}
		return s
	case "destroy":
		return drawDestroy(t)
	case "rename":
		s.verb = "apply"
		s.targets = []target{{typeName: rapid.SampledFrom(drawnTypes).Draw(t, "type"), rename: true}}
	default:
		s.targets = rapid.SliceOfN(rapid.Custom(drawTarget), 1, 3).Draw(t, "targets")
	}
	return drawTurns(t, s)
}

var storedObjects = []string{providertest.StatusObject, providertest.TwoFactorObject, providertest.EnrollmentObject}

// drawnTypes has the type with the most rules twice.
var drawnTypes = []string{portalType, twoFactorType, twoFactorType, senderType}

func oneIn(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1 // small values are what failures shrink to
}

func drawTarget(t *rapid.T) target {
	result := target{
		typeName: rapid.SampledFrom(drawnTypes).Draw(t, "type"),
		slot:     rapid.IntRange(0, 1).Draw(t, "slot"),
		move:     oneIn(t, 10, "move"),
	}
	if oneIn(t, 5, "destroy") {
		return result
	}
	switch result.typeName {
	case portalType:
		result.config = values{"enabled": rapid.Bool().Draw(t, "enabled")}
	case twoFactorType:
		result.config = drawFactors(t)
	default:
		result.config = drawSender(t, []string{"Twilio", "Vonage", "Custom"})
		if mode := rapid.SampledFrom([]string{"", "", "delete", "keep"}).Draw(t, "on_destroy"); mode != "" {
			result.config["on_destroy"] = mode
		}
		return result
	}
	if mode := rapid.SampledFrom([]string{"", "", "restore", "reset", "keep"}).Draw(t, "on_destroy"); mode != "" {
		result.config["on_destroy"] = mode
	}
	return result
}

// drawFactors draws any subset of the flags, mostly without a contradiction.
func drawFactors(t *rapid.T) values {
	config := values{}
	for _, flag := range providertest.FlagsOfType()[twoFactorType] {
		if rapid.Bool().Draw(t, "declare "+flag) {
			config[flag] = rapid.Bool().Draw(t, flag)
		}
	}
	if len(config) == 0 {
		config["email_otp_enabled"] = true
	}
	if oneIn(t, 8, "contradict") {
		return config
	}
	for _, found := range contradictionsIn(func(flag string) bool {
		return config[flag] != false && (config[flag] != nil || flag == "totp_enabled")
	}) {
		config[parts[found][0]] = false
	}
	if config["sms_otp_enabled"] == true && !oneIn(t, 3, "SMS") {
		config["sms_otp_enabled"] = false
	}
	return config
}

func drawSender(t *rapid.T, providers []string) values {
	config := values{
		"provider_name": rapid.SampledFrom(providers).Draw(t, "provider"),
		"sender":        rapid.SampledFrom([]string{"+15550100", "+15550199"}).Draw(t, "sender"),
	}
	for _, name := range []string{"key", "secret"} {
		value := rapid.SampledFrom([]string{"one", "two"}).Draw(t, name)
		switch rapid.IntRange(0, 5).Draw(t, name+" form") {
		case 0, 1:
			config[name+"_wo"], config[name+"_wo_version"] = value, rapid.IntRange(1, 2).Draw(t, "version")
		case 2, 3:
			config[name] = value
		case 4:
			config[name+"_wo"] = value
		}
	}
	if config["provider_name"] == "Custom" {
		config["provider_url"] = "https://sms.example.com/<send>?a=1&b=2"
		config["body"] = "{\"to\":\"{{mobile}}\",\"text\":\"{{body}}\"}"
		switch rapid.IntRange(0, 3).Draw(t, "headers") {
		case 0:
			config["http_headers"] = "X-Tenant: one"
		case 1:
			config["http_headers_wo"] = rapid.SampledFrom([]string{"X-Tenant: two", "X-Tenant: three"}).Draw(t,
				"http_headers_wo")
			config["http_headers_wo_version"] = rapid.IntRange(1, 2).Draw(t, "version")
		}
		drawAuthentication(t, config)
	}
	if oneIn(t, 3, "more") {
		config["content_type"], config["http_method"] = "FORM", "PUT"
	}
	return config
}

// drawAuthentication lets one half of the custom gateways have an authentication instead of key and secret.
func drawAuthentication(t *rapid.T, config values) {
	secret := rapid.SampledFrom([]string{"one", "two"}).Draw(t, "secret of the authentication")
	version := rapid.IntRange(1, 2).Draw(t, "version of the authentication")
	drawn := rapid.SampledFrom([]values{
		nil, nil, nil, nil, {"type": "NONE"}, {"type": "BASIC", "username": "user", "password": secret},
		{"type": "API_KEY", "header": "X-Key", "value": secret},
		{"type": "BEARER", "access_token_wo": secret, "access_token_wo_version": version},
	}).Draw(t, "authentication")
	if drawn == nil {
		return
	}
	config["authentication"] = drawn
	for _, name := range []string{"key", "key_wo", "key_wo_version", "secret", "secret_wo", "secret_wo_version"} {
		delete(config, name)
	}
}

func drawEdits(t *rapid.T, kind sequenceKind) []providertest.Edit {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providertest.Edit { return drawEdit(t, kind) }), 1, 3).
		Draw(t, "edits")
}

// editsOf lists what the Console does in sequences of a kind. A single flag may contradict others.
var editsOf = map[sequenceKind][]string{
	calmSequence: {"save", "save", "switch", "add", "sender", "remove sender", "generated script", "unset enrollment"},
	wildSequence: {
		"set", "set", "save", "switch", "add", "unset", "remove", "sender", "remove sender", "generated script",
	},
	customSequence: {"save", "save", "switch", "add", "sender", "passkey", "script", "generated script"},
}

func drawEdit(t *rapid.T, kind sequenceKind) providertest.Edit {
	e := providertest.Edit{
		Organization: rapid.SampledFrom(organizations).Draw(t, "organization"),
		What:         rapid.SampledFrom(editsOf[kind]).Draw(t, "edit"),
	}
	if e.What == "unset enrollment" {
		e.What, e.Flag = "unset", "totp_enrollment_enabled"
		return e
	}
	switch e.What {
	case "set":
		e.Flag = rapid.SampledFrom(providertest.AllFlags()).Draw(t, "flag")
		texts := []any{"true", "false", "TRUE", "False", "fALSE", "", "yes", "1", 1, true, false, nil}
		e.Value = rapid.SampledFrom(texts).Draw(t, "value")
	case "unset":
		e.Flag = rapid.SampledFrom(providertest.AllFlags()).Draw(t, "flag")
	case "add", "remove":
		e.Object = rapid.SampledFrom(storedObjects).Draw(t, "object")
		e.Value = rapid.SampledFrom([]any{"kept", "", "<&>\u2028\"\\ü", "{\"a\":1}", 17, true, nil}).Draw(t, "value")
	case "save":
		e.Form = values{}
		for _, flag := range providertest.FlagsOfType()[twoFactorType] {
			e.Form[flag] = rapid.Bool().Draw(t, flag)
		}
	case "switch":
		e.Value = rapid.Bool().Draw(t, "on")
	case "sender":
		e.Form = drawSender(t, []string{"Twilio", "Custom", "twilio", "Bulksms"})
	}
	return e
}

// drawHitches draws none in most cases: one in the given number has some. They happen to the organizations of the
// targets.
func drawHitches(t *rapid.T, targets []target, n int) []providertest.Hitch {
	if !oneIn(t, n, "faults") {
		return nil
	}
	if oneIn(t, 4, "half-way") { // where it takes more than one write
		return []providertest.Hitch{{
			Organization: organizations[rapid.SampledFrom(targets).Draw(t, "target").slot],
			Method:       "PUT",
			Path:         providertest.StoreCalls,
			Skip:         1,
			Times:        rapid.SampledFrom([]int{1, 2, -1}).Draw(t, "times"),
			Fault:        mockserver.Fault{Action: mockserver.ActionStatus, Status: 400},
		}}
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providertest.Hitch {
		call := rapid.SampledFrom([][2]string{
			{"", ""}, {"POST", tokenCalls},
			{"GET", providertest.StoreCalls},
			{"GET", providertest.StoreCalls + "/" + providertest.StatusObject},
			{"GET", providertest.StoreCalls + "/" + providertest.TwoFactorObject},
			{"GET", providertest.StoreCalls + "/" + providertest.EnrollmentObject},
			{"PUT", providertest.StoreCalls}, {"PUT", providertest.StoreCalls}, {"PUT", providertest.StoreCalls},
			{"GET", providertest.SenderCalls}, {"POST", providertest.SenderCalls},
			{"PUT", providertest.SenderCalls}, {"DELETE", providertest.SenderCalls},
		}).Draw(t, "call")
		h := providertest.Hitch{
			Organization: organizations[rapid.SampledFrom(targets).Draw(t, "target").slot],
			Method:       call[0],
			Path:         call[1],
			Skip:         rapid.IntRange(0, 1).Draw(t, "skip"),
			Times:        rapid.SampledFrom([]int{-1, 1, 2, 3}).Draw(t, "times"),
			Fault:        rapid.SampledFrom(misbehaviours).Draw(t, "fault"),
		}
		if h.Fault.Action == mockserver.ActionStaleRead && h.Times != 1 {
			h.Times = 2 // it does not last
		}
		return h
	}), 1, 2).Draw(t, "faults")
}
