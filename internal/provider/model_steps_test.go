package provider

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

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
	what         string // see apply
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
	m.mock.Update(func(state *mockserver.State) {
		for _, e := range edits {
			e.apply(state.Organizations[e.organization])
		}
	})
}

func (e edit) apply(organization *mockserver.Organization) {
	objects, senders := organization.MyAccount, organization.SMSSenders
	put := func(object, key string) {
		changed := maps.Clone(objects[object])
		if changed == nil {
			changed = attributes{}
		}
		changed[key] = e.value
		objects[object] = changed
	}
	switch e.what {
	case "set":
		put(places[e.flag].object, places[e.flag].key)
	case "unset":
		changed := maps.Clone(objects[places[e.flag].object])
		delete(changed, places[e.flag].key)
		if changed != nil {
			objects[places[e.flag].object] = changed
		}
	case "add":
		put(e.object, "future")
	case "remove":
		delete(objects, e.object)
	case "save": // replaces both objects, whatever else is in them, and switches off what cannot stay on alone
		factors := attributes{"email_otp_enabled": "false", "sms_otp_enabled": "false", "totp_enabled": "false", "backup_code_enabled": "false"}
		anyFactor := false
		for _, flag := range []string{"email_otp_enabled", "sms_otp_enabled", "totp_enabled"} {
			factors[places[flag].key] = fmt.Sprint(e.form[flag] == true)
			anyFactor = anyFactor || e.form[flag] == true
		}
		factors["backup_code_enabled"] = fmt.Sprint(e.form["backup_codes_enabled"] == true && anyFactor)
		objects[twoFactorObject] = factors
		objects[enrollmentObject] = attributes{"enrolUserInAuthenticationFlow": fmt.Sprint(e.form["totp_enrollment_enabled"] == true && e.form["totp_enabled"] == true)}
	case "switch":
		objects[statusObject] = attributes{"enable": fmt.Sprint(e.value == true)}
	case "sender":
		fields := newSender(e.form)
		fields.Properties["future"] = "kept"
		senders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: fields.Provider, ProviderURL: new(fields.URL), Key: new(fields.Key), Secret: new(fields.Secret), Sender: new(fields.Sender),
			ContentType: fields.ContentType, Properties: fields.Properties,
		}
	case "remove sender":
		delete(senders, "SMSPublisher")
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
	storeCalls  = "/api/identity/config-mgt/v1.0/resource/myaccount"
	senderCalls = "/api/server/v" // of either version: who misses one asks for the other
	tokenCalls  = "/oauth2/token"
)

// arm lets faults happen.
func (m *model) arm(hitches []hitch) {
	for _, h := range hitches {
		match := mockserver.Match{Method: h.method, PathPrefix: "/t/" + h.organization + h.path}
		if h.skip > 0 {
			m.mock.AddFault(mockserver.Fault{Match: match, Times: h.skip, Action: mockserver.ActionLatency, LatencyMS: 1})
		}
		fault := h.fault
		fault.Match, fault.Times = match, h.times
		m.mock.AddFault(fault)
	}
}

// lying reports that a server might have told something that is not true. Nothing can be expected of an apply then, except that a
// later one puts it right: there is no version that would give the lie away.
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
	{Action: mockserver.ActionStatus, Status: 500, Body: `{"code":"CONFIGM_00034","message":"Internal server error","description":"Internal server error"}`},
	{Action: mockserver.ActionStatus, Status: 502, Body: "<html>Bad gateway</html>"},
	{Action: mockserver.ActionStatus, Status: 503, Body: `{"code":503,"message":"Forbidden"}`},
	{Action: mockserver.ActionStatus, Status: 401, Body: `{"code":401,"message":"Unauthorized"}`},
	{Action: mockserver.ActionStatus, Status: 403, Body: `{"code":403,"message":"Forbidden"}`},
	{Action: mockserver.ActionStatus, Status: 404, Body: `{"code":404,"message":"an invalid tenant domain"}`},
	{Action: mockserver.ActionStatus, Status: 404, Body: `{"code":"CONFIGM_00008","message":"Not Found"}`},
	{Action: mockserver.ActionStatus, Status: 400, Body: `{"code":"UE-10000","message":"Invalid Request"}`},
}

func drawStep(t *rapid.T) step {
	s := step{verb: rapid.SampledFrom([]string{"apply", "apply", "apply", "apply", "apply", "console", "console", "plan", "import", "forget"}).Draw(t, "verb")}
	switch s.verb {
	case "console":
		s.edits = drawEdits(t, 1)
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
			if oneIn(t, 4, "changed meanwhile") {
				s.edits = drawEdits(t, 1)
			}
		}
	}
	return s
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
	for _, flag := range flagsOfType[twoFactor] {
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
	config := values{"provider_name": rapid.SampledFrom(providers).Draw(t, "provider"), "sender": rapid.SampledFrom([]string{"+15550100", "+15550199"}).Draw(t, "sender")}
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
		config["provider_url"], config["body"] = "https://sms.example.com/<send>?a=1&b=2", "{\"to\":\"{{mobile}}\",\"text\":\"{{body}}\"}"
		if rapid.Bool().Draw(t, "headers") {
			config["http_headers"] = "Authorization: Bearer one"
		}
	}
	if oneIn(t, 3, "more") {
		config["content_type"], config["http_method"] = "FORM", "PUT"
	}
	return config
}

func drawEdits(t *rapid.T, atLeast int) []edit {
	return rapid.SliceOfN(rapid.Custom(drawEdit), atLeast, 3).Draw(t, "edits")
}

func drawEdit(t *rapid.T) edit {
	e := edit{
		organization: rapid.SampledFrom(organizations).Draw(t, "organization"),
		what:         rapid.SampledFrom([]string{"set", "set", "save", "switch", "add", "unset", "remove", "sender", "remove sender"}).Draw(t, "edit"),
	}
	allFlags := append([]string{"enabled"}, flagsOfType[twoFactor]...)
	switch e.what {
	case "set":
		e.flag = rapid.SampledFrom(allFlags).Draw(t, "flag")
		e.value = rapid.SampledFrom([]any{"true", "false", "TRUE", "False", "fALSE", "", "yes", "1", 1, true, false, nil}).Draw(t, "value")
	case "unset":
		e.flag = rapid.SampledFrom(allFlags).Draw(t, "flag")
	case "add", "remove":
		e.object = rapid.SampledFrom([]string{statusObject, twoFactorObject, enrollmentObject}).Draw(t, "object")
		e.value = rapid.SampledFrom([]any{"kept", "", "<&>\u2028\"\\ü", "{\"a\":1}", 17, true, nil}).Draw(t, "value")
	case "save":
		e.form = values{}
		for _, flag := range flagsOfType[twoFactor] {
			e.form[flag] = rapid.Bool().Draw(t, flag)
		}
	case "switch":
		e.value = rapid.Bool().Draw(t, "on")
	case "sender":
		e.form = drawSender(t, []string{"Twilio", "Custom", "twilio", "Bulksms"})
	}
	return e
}

// drawHitches draws none in most cases: one in the given number has some. They happen to the organizations of the targets.
func drawHitches(t *rapid.T, targets []target, n int) []hitch {
	if !oneIn(t, n, "faults") {
		return nil
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) hitch {
		call := rapid.SampledFrom([][2]string{
			{"", ""}, {"POST", tokenCalls},
			{"GET", storeCalls}, {"GET", storeCalls + "/" + statusObject}, {"GET", storeCalls + "/" + twoFactorObject}, {"GET", storeCalls + "/" + enrollmentObject},
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
