package provider

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
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

// edit is something that somebody does in the Console, or that the next version of the Console does.
type edit struct {
	organization string
	what         string // see apply and place.edit
	flag         string // for "set" and "unset"
	object       string // for "remove" and "add"
	value        any    // raw, as the server stores it
	form         values // for "save": the form's values; for "sender": see newSender
}

// edit applies edits, as one.
func (m *model) edit(edits []edit) {
	if len(edits) == 0 {
		return
	}
	m.mock.Update(func(state *mockserver.State) { editAll(m.place, *state, edits) })
	m.sightings = append(m.sightings, m.mock.State())
}

func editAll(p place, state mockserver.State, edits []edit) {
	for _, e := range edits {
		e.apply(p, state.Organizations[e.organization])
	}
}

// meanwhile are edits of the Console while an apply waits before it writes once more.
type meanwhile struct {
	mutex   sync.Mutex
	pending []edit
	done    bool
}

// await lets edits happen in the next wait.
func (w *meanwhile) await(edits []edit) {
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

func (w *meanwhile) take() []edit {
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
			c.mock.Update(func(state *mockserver.State) { editAll(c.model.place, *state, edits) })
		}
	}
	return answer, err
}

func (e edit) apply(p place, organization *mockserver.Organization) {
	switch e.what {
	case "sender":
		fields := newSender(e.form)
		fields.Properties["future"] = "kept"
		organization.SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: fields.Provider, ProviderURL: new(fields.URL), Key: new(fields.Key), Secret: new(fields.Secret),
			Sender: new(fields.Sender), ContentType: fields.ContentType, Properties: fields.Properties,
			Authentication: fields.Authentication,
		}
	case "remove sender":
		delete(organization.SMSSenders, "SMSPublisher")
	default:
		p.edit(organization, e)
	}
}

// hitch is a fault of the server or of the way there.
type hitch struct {
	organization string
	method, path string // path: what comes after the organization
	skip, times  int    // requests that pass before it, and that it hits; -1: all
	fault        mockserver.Fault
}

const (
	storeCalls    = "/api/identity/config-mgt/v1.0/resource/myaccount"
	senderCalls   = "/api/server/v2/notification-senders/sms"
	senderCallsV1 = "/api/server/v1/notification-senders/sms"
	tokenCalls    = "/oauth2/token"
)

// arm lets faults happen.
func (m *model) arm(hitches []hitch) {
	for _, h := range hitches {
		h = m.place.misfortune(h)
		match := mockserver.Match{Method: h.method, PathPrefix: "/t/" + h.organization + h.path}
		if h.skip > 0 {
			m.mock.AddFault(mockserver.Fault{Match: match, Times: h.skip, Action: mockserver.ActionLatency, LatencyMS: 1})
		}
		fault := h.fault
		fault.Match, fault.Times = match, h.times
		addFaults(m.mock, fault)
	}
}

// addFaults lets what happens to senders happen in both versions of their API: a server where only one suffers looks
// older than it is.
func addFaults(mock *mockserver.Server, fault mockserver.Fault) {
	mock.AddFault(fault)
	if other := strings.Replace(fault.Match.PathPrefix, senderCalls, senderCallsV1, 1); other != fault.Match.PathPrefix {
		fault.Match.PathPrefix = other
		mock.AddFault(fault)
	}
}

// lying reports that a server might have told something that is not true. Nothing can be expected of an apply then,
// except that a later one puts it right: there is no version that would give the lie away.
func lying(hitches []hitch) bool {
	return slices.ContainsFunc(hitches, func(h hitch) bool { return h.fault.Action == mockserver.ActionStaleRead })
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
	{Action: mockserver.ActionStatus, Status: 404, Body: textNoType},
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
	s.planFaults, s.applyFaults = nil, []hitch{{
		organization: organization, method: "PUT",
		path: rapid.SampledFrom([]string{storeCalls, storeCalls, senderCalls}).Draw(t, "path"),
		skip: rapid.IntRange(0, 1).Draw(t, "skip"), times: rapid.IntRange(1, 2).Draw(t, "times"),
		fault: mockserver.Fault{
			Action: mockserver.ActionStatus, Status: rapid.SampledFrom([]int{429, 503}).Draw(t, "status"),
		},
	}}
	// Not the values themselves: nobody can tell one that Terraform has just written from the same one by somebody else.
	s.meanwhile = []edit{{
		organization: organization, what: "add", value: "kept",
		object: rapid.SampledFrom([]string{statusObject, twoFactorObject, enrollmentObject}).Draw(t, "object"),
	}}
	if oneIn(t, 2, "sender") {
		s.meanwhile = []edit{{organization: organization, what: "sender", form: drawSender(t, []string{"Twilio", "Custom"})}}
	}
}

// drawDestroy is "terraform destroy" of everything, where nothing refers to anything.
func drawDestroy(t *rapid.T) step {
	return drawTurns(t, step{verb: "apply", targets: everything(), again: true})
}

// everything lists all resources, to be destroyed.
func everything() []target {
	var targets []target
	for _, typeName := range []string{portal, twoFactor, smsSenderType} {
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
		s.targets = []target{
			{typeName: rapid.SampledFrom([]string{portal, twoFactor, twoFactor, smsSenderType}).Draw(t, "type"), rename: true},
		}
	default:
		s.targets = rapid.SliceOfN(rapid.Custom(drawTarget), 1, 3).Draw(t, "targets")
	}
	return drawTurns(t, s)
}

func oneIn(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1 // small values are what failures shrink to
}

func drawTarget(t *rapid.T) target {
	result := target{
		typeName: rapid.SampledFrom([]string{portal, twoFactor, twoFactor, smsSenderType}).Draw(t, "type"),
		slot:     rapid.IntRange(0, 1).Draw(t, "slot"),
		move:     oneIn(t, 10, "move"),
	}
	if oneIn(t, 5, "destroy") {
		return result
	}
	switch result.typeName {
	case portal:
		result.config = values{"enabled": rapid.Bool().Draw(t, "enabled")}
	case twoFactor:
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
	for _, flag := range flagsOfType()[twoFactor] {
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

func drawEdits(t *rapid.T, kind sequenceKind) []edit {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edit { return drawEdit(t, kind) }), 1, 3).Draw(t, "edits")
}

// editsOf lists what the Console does in sequences of a kind. A single flag may contradict others.
var editsOf = map[sequenceKind][]string{
	calmSequence: {"save", "save", "switch", "add", "sender", "remove sender", "generated script", "unset enrollment"},
	wildSequence: {
		"set", "set", "save", "switch", "add", "unset", "remove", "sender", "remove sender", "generated script",
	},
	customSequence: {"save", "save", "switch", "add", "sender", "passkey", "script", "generated script"},
}

func drawEdit(t *rapid.T, kind sequenceKind) edit {
	e := edit{
		organization: rapid.SampledFrom(organizations).Draw(t, "organization"),
		what:         rapid.SampledFrom(editsOf[kind]).Draw(t, "edit"),
	}
	if e.what == "unset enrollment" {
		e.what, e.flag = "unset", "totp_enrollment_enabled"
		return e
	}
	switch e.what {
	case "set":
		e.flag = rapid.SampledFrom(allFlags()).Draw(t, "flag")
		texts := []any{"true", "false", "TRUE", "False", "fALSE", "", "yes", "1", 1, true, false, nil}
		e.value = rapid.SampledFrom(texts).Draw(t, "value")
	case "unset":
		e.flag = rapid.SampledFrom(allFlags()).Draw(t, "flag")
	case "add", "remove":
		e.object = rapid.SampledFrom([]string{statusObject, twoFactorObject, enrollmentObject}).Draw(t, "object")
		e.value = rapid.SampledFrom([]any{"kept", "", "<&>\u2028\"\\ü", "{\"a\":1}", 17, true, nil}).Draw(t, "value")
	case "save":
		e.form = values{}
		for _, flag := range flagsOfType()[twoFactor] {
			e.form[flag] = rapid.Bool().Draw(t, flag)
		}
	case "switch":
		e.value = rapid.Bool().Draw(t, "on")
	case "sender":
		e.form = drawSender(t, []string{"Twilio", "Custom", "twilio", "Bulksms"})
	}
	return e
}

// drawHitches draws none in most cases: one in the given number has some. They happen to the organizations of the
// targets.
func drawHitches(t *rapid.T, targets []target, n int) []hitch {
	if !oneIn(t, n, "faults") {
		return nil
	}
	if oneIn(t, 4, "half-way") { // where it takes more than one write
		return []hitch{{
			organization: organizations[rapid.SampledFrom(targets).Draw(t, "target").slot], method: "PUT", path: storeCalls,
			skip:  1,
			times: rapid.SampledFrom([]int{1, 2, -1}).Draw(t, "times"),
			fault: mockserver.Fault{Action: mockserver.ActionStatus, Status: 400},
		}}
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) hitch {
		call := rapid.SampledFrom([][2]string{
			{"", ""}, {"POST", tokenCalls},
			{"GET", storeCalls}, {"GET", storeCalls + "/" + statusObject}, {"GET", storeCalls + "/" + twoFactorObject},
			{"GET", storeCalls + "/" + enrollmentObject},
			{"PUT", storeCalls}, {"PUT", storeCalls}, {"PUT", storeCalls},
			{"GET", senderCalls}, {"POST", senderCalls}, {"PUT", senderCalls}, {"DELETE", senderCalls},
		}).Draw(t, "call")
		h := hitch{
			organization: organizations[rapid.SampledFrom(targets).Draw(t, "target").slot],
			method:       call[0],
			path:         call[1],
			skip:         rapid.IntRange(0, 1).Draw(t, "skip"),
			times:        rapid.SampledFrom([]int{-1, 1, 2, 3}).Draw(t, "times"),
			fault:        rapid.SampledFrom(misbehaviours).Draw(t, "fault"),
		}
		if h.fault.Action == mockserver.ActionStaleRead && h.times != 1 {
			h.times = 2 // it does not last
		}
		return h
	}), 1, 2).Draw(t, "faults")
}
