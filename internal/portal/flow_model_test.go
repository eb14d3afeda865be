package portal

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Random flows and wishes, against a model of the server that shares no code with what is tested. It only takes from
// there which second factors there are, and their names, so that a new one is drawn, too. That each of them asks for a
// passcode, apart from the backup codes, the model says itself.

// sequence is an authenticationSequence, in requests and in answers.
type sequence struct {
	Type      *string        `json:"type,omitempty"`
	Steps     []sequenceStep `json:"steps"`
	Script    *string        `json:"script,omitempty"`
	Subject   int            `json:"subjectStepId"`
	Attribute int            `json:"attributeStepId"`
	New       any            `json:"new,omitempty"`
}

type sequenceStep struct {
	ID      int              `json:"id"`
	Options []sequenceOption `json:"options"`
	New     any              `json:"new,omitempty"`
}

type sequenceOption struct {
	IDP           string `json:"idp"`
	Authenticator string `json:"authenticator"`
	New           any    `json:"new,omitempty"`
}

// hiddenOption is what a server adds for the other organizations that share an application. It does not show it.
var hiddenOption = sequenceOption{IDP: "SSO", Authenticator: "OrganizationAuthenticator"}

// flowServer is what a server stores, and how it changes that.
type flowServer struct {
	every  sequence // the flow of every application that has none
	own    *sequence
	shared bool
	// scripted is how often a request carried a Script: each takes a permission that not everybody has.
	scripted int
}

// get shows the flow of the application: connections first, however they were written.
func (s *flowServer) get(t *rapid.T) []byte {
	shown := s.every
	kind := "DEFAULT"
	if s.own != nil {
		shown, kind = *s.own, "USER_DEFINED"
	}
	shown.Type = &kind
	steps := shown.Steps
	shown.Steps = nil
	for i, step := range steps {
		var connections, local []sequenceOption
		for _, option := range step.Options {
			switch {
			case option == hiddenOption:
			case option.IDP == "LOCAL":
				local = append(local, option)
			default:
				connections = append(connections, option)
			}
		}
		shown.Steps = append(shown.Steps, sequenceStep{i + 1, append(connections, local...), step.New})
	}
	text, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// patch stores what is sent, as far as the server looks at it.
func (s *flowServer) patch(t *rapid.T, text []byte) {
	sent := sequence{}
	if err := json.Unmarshal(text, &sent); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if sent.Script != nil {
		s.scripted++
	}
	if sent.Type == nil || *sent.Type == "DEFAULT" {
		s.own = nil
	} else {
		if len(sent.Steps) == 0 {
			t.Fatalf("no Steps: %s", text)
		}
		slices.SortStableFunc(sent.Steps, func(a, b sequenceStep) int { return a.ID - b.ID })
		if sent.Steps[len(sent.Steps)-1].ID != len(sent.Steps) {
			t.Fatalf("wrong ids: %s", text)
		}
		for _, step := range sent.Steps {
			if len(step.Options) == 0 {
				t.Fatalf("a step without Options: %s", text)
			}
		}
		if sent.Subject == 0 || sent.Subject > len(sent.Steps) {
			sent.Subject = 1
		}
		if sent.Attribute == 0 || sent.Attribute > len(sent.Steps) {
			sent.Attribute = 1
		}
		if (sent.Script == nil || strings.TrimSpace(*sent.Script) == "") && s.own != nil {
			sent.Script = s.own.Script
		}
		s.own = &sent
	}
	s.share()
}

// share adds the hiddenOption option to the first step, for which an application needs a flow of its own.
func (s *flowServer) share() {
	if !s.shared {
		return
	}
	if s.own == nil {
		own := s.every
		own.Script = nil
		s.own = &own
	}
	s.own.Steps = slices.Clone(s.own.Steps)
	if first := &s.own.Steps[0]; !slices.Contains(first.Options, hiddenOption) {
		first.Options = append(slices.Clone(first.Options), hiddenOption)
	}
}

// flowBooks is what the model reads in a flow. It looks at names and positions only.
type flowBooks struct {
	on         map[Setting]bool // the factors
	enrollment string           // "true", "false", or "" where the script does not say
	first      map[Setting]bool // factors in steps that go before
	last       int              // the step of the second factors, or 0
	own        bool             // the script is somebody's
	wrong      bool             // the flow is not one that may be changed
	ids        [2]int           // of the steps that identify the user
	prefix     string
	// checked is whether somebody is verified before the second factors, or before their place.
	checked bool
}

var (
	notVerifying = regexp.MustCompile(`^LOCAL/(IdentifierExecutor|SessionExecutor|OrganizationIdentifierHandler|` +
		`SharedUserIdentifierExecutor|backup-code-authenticator)$`)
	whiteSpace  = regexp.MustCompile(`\s+`)
	wholeScript = regexp.MustCompile(`^varonLoginRequest=function\(context\)\{((?:executeStep\(.*?\);)+)\};$`)
	oneCall     = regexp.MustCompile(
		`executeStep\((\d+)(?:,\{authenticatorParams:\{common:` +
			`\{'enrolUserInAuthenticationFlow':'(true|false)'\}\}\},\{\})?\);`)
)

// factor returns the setting behind an option, if it is a second factor.
func (o sequenceOption) factor() (setting Setting, ok bool) {
	for _, factor := range secondFactors {
		if o.IDP == "LOCAL" && o.Authenticator == factor.authenticator {
			return factor.setting, true
		}
	}
	return "", false
}

func (s *flowServer) books(t *rapid.T) flowBooks {
	var flow sequence
	if err := json.Unmarshal(s.get(t), &flow); err != nil {
		t.Fatal(err)
	}
	read := flowBooks{on: map[Setting]bool{}, first: map[Setting]bool{}, ids: [2]int{flow.Subject, flow.Attribute}}
	runs := len(flow.Steps)
	said := map[int]string{} // what the script says in a step about enrollment
	if flow.Script != nil && strings.TrimSpace(*flow.Script) != "" {
		runs, said = callsOf(whiteSpace.ReplaceAllString(*flow.Script, ""))
	}
	verified, asking, asked := false, 0, map[int]bool{}
	for i, step := range flow.Steps {
		seen, otp, verifies, foreign := map[Setting]int{}, false, false, false
		for _, option := range step.Options {
			if setting, ok := option.factor(); ok {
				seen[setting]++
				otp = otp || setting != BackupCodes
			} else {
				foreign = true
			}
			verifies = verifies || !notVerifying.MatchString(option.IDP+"/"+option.Authenticator)
		}
		if !verified || len(seen) == 0 {
			for setting := range seen {
				read.first[setting] = true
			}
		} else {
			asking++
			read.last = i + 1
			asked[i+1] = seen[TOTP] > 0
			read.wrong = read.wrong || foreign || !otp || flow.Subject == i+1 || flow.Attribute == i+1
			for setting, times := range seen {
				read.wrong = read.wrong || times > 1 || read.first[setting]
				if (runs < 0 || i < runs) && otp {
					read.on[setting] = true
				}
			}
		}
		verified = verified || verifies
	}
	read.checked = verified
	read.wrong = read.wrong || asking > 1 || read.last > 0 && read.last < len(flow.Steps) ||
		runs >= 0 && runs != len(flow.Steps)
	for id, value := range said { // all say the same, and only where TOTP is asked for
		read.own = read.own || !asked[id] || read.enrollment != "" && read.enrollment != value
		read.enrollment = value
	}
	for id, totp := range asked {
		read.own = read.own || totp && len(said) > 0 && said[id] == ""
	}
	read.own = read.own || runs < 0 || len(said) > 0 && runs != len(flow.Steps)
	if read.own {
		read.enrollment, read.wrong = "", true
	}
	before := flow.Steps
	if read.last > 0 {
		before = flow.Steps[:read.last-1]
	}
	text, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	read.prefix = string(text)
	return read
}

// callsOf returns how many steps a script executes, and what it says about enrollment in which; -1 for other scripts.
func callsOf(script string) (int, map[int]string) {
	body := wholeScript.FindStringSubmatch(script)
	if len(body) == 0 || oneCall.ReplaceAllString(body[1], "") != "" {
		return -1, nil
	}
	said := map[int]string{}
	calls := oneCall.FindAllStringSubmatch(body[1], -1)
	for i, match := range calls {
		if match[1] != fmt.Sprint(i+1) {
			return -1, nil
		}
		if match[2] != "" {
			said[i+1] = match[2]
		}
	}
	return len(calls), said
}

// reads returns the settings as the model sees them.
func (b flowBooks) reads() Settings {
	settings := Settings{TOTPEnrollment: Off}
	for _, factor := range secondFactors {
		settings[factor.setting] = ValueOf(b.on[factor.setting])
	}
	if b.on[TOTP] {
		settings[TOTPEnrollment] = map[string]Value{"true": On, "false": Off, "": NotSet}[b.enrollment]
	}
	return settings
}

func drawOptions(t *rapid.T, pool []string, label string) []sequenceOption {
	var options []sequenceOption
	for _, name := range rapid.SliceOfN(rapid.SampledFrom(pool), 1, 3).Draw(t, label) {
		idp, authenticator, federated := strings.Cut(name, "/")
		if !federated {
			idp, authenticator = "LOCAL", name
		}
		option := sequenceOption{IDP: idp, Authenticator: authenticator}
		if rapid.IntRange(0, 9).Draw(t, "new in "+label) == 0 {
			option.New = "of the option <&>"
		}
		options = append(options, option)
	}
	return options
}

// drawSequence draws flows of all kinds, more often those that people have: steps that verify, and a step of factors.
func drawSequence(t *rapid.T, label string) sequence {
	first := []string{
		"BasicAuthenticator", "BasicAuthenticator", "Google/OIDC", "Corp/totp", "IdentifierExecutor",
		"FIDOAuthenticator",
		"SessionExecutor", "email-otp-authenticator", "backup-code-authenticator", "SharedUserIdentifierExecutor",
		"totp",
	}
	var second []string
	for _, factor := range secondFactors {
		second = append(second, factor.authenticator)
	}
	var flow sequence
	for i := range rapid.IntRange(1, 3).Draw(t, label+" first steps") {
		flow.Steps = append(flow.Steps, sequenceStep{ID: i + 1, Options: drawOptions(t, first, label+" first")})
	}
	if rapid.Bool().Draw(t, label+" has factors") {
		options := drawOptions(t, second, label+" second")
		if rapid.IntRange(0, 4).Draw(t, label+" distinct") > 0 {
			order := func(a, b sequenceOption) int { return strings.Compare(a.Authenticator, b.Authenticator) }
			slices.SortFunc(options, order)
			options = slices.CompactFunc(options, func(a, b sequenceOption) bool { return order(a, b) == 0 })
		}
		flow.Steps = append(flow.Steps, sequenceStep{ID: len(flow.Steps) + 1, Options: options, New: "of the step"})
	}
	n := len(flow.Steps)
	if rapid.IntRange(0, 9).Draw(t, label+" has something new") == 0 {
		flow.New = []any{1.5, nil}
	}
	flow.Subject = max(1, n-rapid.IntRange(0, 3).Draw(t, label+" subject"))
	flow.Attribute = max(1, n-rapid.IntRange(0, 3).Draw(t, label+" attributes"))
	if rapid.IntRange(0, 9).Draw(t, label+" ids") > 0 {
		flow.Subject, flow.Attribute = 1, 1
	}
	calls := make([]string, n)
	for i := range calls {
		calls[i] = fmt.Sprintf("executeStep(%d);", i+1)
	}
	enroll := func(value string) {
		for i, step := range flow.Steps[1:] {
			isTOTP := func(o sequenceOption) bool { return o.Authenticator == "totp" && o.IDP == "LOCAL" }
			if slices.ContainsFunc(step.Options, isTOTP) {
				calls[i+1] = fmt.Sprintf("executeStep(%d, {authenticatorParams: {common: "+
					"{'enrolUserInAuthenticationFlow': '%s'}}}, {});", i+2, value)
			}
		}
	}
	switch rapid.IntRange(0, 11).Draw(t, label+" script") {
	case 0, 1, 2, 3:
		return flow
	case 4, 5:
		enroll("true")
	case 6, 7:
		enroll("false")
	case 8:
		calls = append(calls, fmt.Sprintf("executeStep(%d);", n+1))
	case 9:
		calls[n-1] = ""
	}
	head, tail := "var onLoginRequest = function(context) {", "};"
	if rapid.IntRange(0, 9).Draw(t, label+" own") == 0 {
		head = "// by hand\n" + head
	}
	blanks := rapid.SampledFrom([]string{"\n", "\n    ", "\r\n\t"}).Draw(t, label+" layout")
	script := head + blanks + strings.Join(calls, blanks) + blanks + tail
	flow.Script = &script
	return flow
}

func drawWant(t *rapid.T) Settings {
	want := Settings{}
	draw := func(setting Setting, values ...Value) {
		if value := rapid.SampledFrom(values).Draw(t, string(setting)); value != Unknown {
			want[setting] = value
		}
	}
	for _, factor := range secondFactors {
		draw(factor.setting, Unknown, Off, On)
	}
	draw(PortalEnabled, Unknown, Off, On)
	draw(TOTPEnrollment, Unknown, Unknown, Off, On, NotSet)
	return want
}

func shownBy(t *rapid.T, s *flowServer) Flow {
	var flow Flow
	if err := json.Unmarshal(s.get(t), &flow); err != nil {
		t.Fatalf("%s: %v", s.get(t), err)
	}
	return flow
}

// writeTo does what the client does: read, merge, write if that changes anything, and look again. It returns a refusal.
func writeTo(t *rapid.T, s *flowServer, want Settings, origin string) (refusal string) {
	live := shownBy(t, s)
	merged, refusal := live.Merge(want, origin)
	if refusal != "" || merged.Kind == live.Kind && merged.Script == live.Script && merged.SameSteps(live) {
		return refusal
	}
	text, err := json.Marshal(merged.Patch(live))
	if err != nil {
		t.Fatal(err)
	}
	s.patch(t, text)
	after := shownBy(t, s)
	wanted := merged
	if merged.Kind == ServerFlow { // whatever that is by now
		wanted.SubjectStep, wanted.AttributeStep = after.SubjectStep, after.AttributeStep
	}
	if (merged.Kind != ServerFlow || after.Kind != ServerFlow) && !after.Same(wanted) {
		t.Fatalf("%s was sent, and %s is there", text, s.get(t))
	}
	again, refusal := after.Merge(want, origin)
	if refusal != "" || !again.Same(after) || again.Kind != after.Kind && !s.shared {
		t.Fatalf("the second time: %q, %v", notationOf(again), refusal)
	}
	return ""
}

// refusedRightly says whether the model sees why a wish cannot be met.
func (b flowBooks) refusedRightly(want Settings) bool {
	on := func(setting Setting) bool {
		if value, known := want[setting].Bool(); known {
			return value
		}
		return b.on[setting]
	}
	otp := false
	for _, factor := range secondFactors {
		if on(factor.setting) && b.first[factor.setting] {
			return true
		}
		otp = otp || on(factor.setting) && factor.setting != BackupCodes
	}
	return b.wrong || !otp && on(BackupCodes) || want[TOTPEnrollment] == On && !on(TOTP) || otp && !b.checked
}

// met says whether the model sees a wish fulfilled.
func (b flowBooks) met(want Settings) bool {
	for setting, value := range want {
		if setting == PortalEnabled || setting == TOTPEnrollment && value == NotSet && b.enrollment == "" {
			continue
		}
		if b.reads()[setting] != value {
			return false
		}
	}
	return true
}

func TestRandomLoginFlows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &flowServer{every: drawSequence(t, "the server's"), shared: rapid.IntRange(0, 3).Draw(t, "shared") == 0}
		if rapid.IntRange(0, 2).Draw(t, "own") > 0 {
			own := drawSequence(t, "own")
			s.own = &own
			s.share()
		}
		start, kind, origin := s.books(t), shownBy(t, s).Kind, shownBy(t, s).Origin()
		first := shownBy(t, s)
		for range rapid.IntRange(1, 4).Draw(t, "wishes") {
			want := drawWant(t)
			before, live := s.books(t), shownBy(t, s)
			text := string(s.get(t))
			if got := live.Settings(); !maps.Equal(got, before.reads()) || (live.WhyCustom() != "") != before.wrong {
				t.Fatalf("%s is read as %v, custom: %q; want %v, %t",
					text, got, live.WhyCustom(), before.reads(), before.wrong)
			}
			refusal := writeTo(t, s, want, origin)
			after := s.books(t)
			if refusal != "" {
				if before.met(want) || !before.refusedRightly(want) || string(s.get(t)) != text {
					t.Fatalf("%v for %s: %v", want, text, refusal)
				}
				continue
			}
			if !after.met(want) {
				t.Fatalf("%v in %s became %s", want, text, s.get(t))
			}
			for setting, value := range before.reads() {
				_, declared := want[setting]
				tied := setting == TOTPEnrollment && before.on[TOTP] != after.on[TOTP]
				if !declared && !tied && after.reads()[setting] != value {
					t.Fatalf("%v in %s: %s was not wanted, %s", want, text, setting, s.get(t))
				}
			}
			if after.prefix != before.prefix || after.ids != before.ids || after.wrong != before.wrong {
				t.Fatalf("%v in %s became %s", want, text, s.get(t))
			}
		}
		if refusal := writeTo(t, s, start.reads(), origin); refusal != "" {
			t.Fatalf("%v cannot be restored: %v", start.reads(), refusal)
		}
		last := shownBy(t, s)
		if !last.Same(first) {
			t.Fatalf("%s is restored as %s", notationOf(first), s.get(t))
		}
		if !s.shared && origin != "" && last.Kind != kind {
			t.Fatalf("%s is not handed back: %s", notationOf(first), s.get(t))
		}
	})
}
