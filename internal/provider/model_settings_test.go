package provider_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// This file is what the model knows of the portal's and the two-factor settings: where they are stored, how the Console
// reads them, and what an apply makes of them.

// contradictions lists what the Console would not offer.
func contradictionsIn(on func(flag string) bool) []string {
	var found []string
	if on("totp_enrollment_enabled") && !on("totp_enabled") {
		found = append(found, "enrollment without TOTP")
	}
	if on("backup_codes_enabled") && !slices.ContainsFunc(providertest.PasscodeFlags, on) {
		found = append(found, "backup codes without a factor")
	}
	return found
}

var parts = map[string][]string{
	"enrollment without TOTP":       {"totp_enrollment_enabled", "totp_enabled"},
	"backup codes without a factor": append([]string{"backup_codes_enabled"}, providertest.PasscodeFlags...),
}

// contradiction names what a configuration would bring about, together with what it does not declare. What is there
// already, and stays as it is, does not count.
func contradiction(config, prior values, now providertest.Live) string {
	for _, found := range contradictionsIn(func(flag string) bool {
		if on, declared := config[flag].(bool); declared {
			return on
		}
		return now.On(flag)
	}) {
		declared := slices.DeleteFunc(slices.Clone(parts[found]), func(flag string) bool { return config[flag] == nil })
		if len(declared) == len(parts[found]) ||
			slices.ContainsFunc(declared, func(flag string) bool { return changes(config, prior, now, flag) }) {
			return found
		}
	}
	return ""
}

// changes reports whether a configuration changes a flag that it declares.
func changes(config, prior values, now providertest.Live, flag string) bool {
	return config[flag] != prior[flag] || !now[flag].Equals(config[flag])
}

// books are what the model notes of each setting while Terraform has it.
type books map[string]*entry

type entry struct {
	before providertest.FlagState // what the setting was before Terraform
	ours   providertest.FlagState // what Terraform made of it last
	lost   bool                   // a failure came in between, so that nobody can tell for sure who made it what it is
	unsure bool                   // the server lied when Terraform looked
}

// flagsIn returns the settings that a configuration or state declares.
func flagsIn(config values) map[string]bool {
	declared := map[string]bool{}
	for _, flag := range providertest.AllFlags() {
		if on, ok := config[flag].(bool); ok {
			declared[flag] = on
		}
	}
	return declared
}

// declaredIn is flagsIn as what is seen then.
func declaredIn(config values) providertest.Live {
	declared := providertest.Live{}
	for flag, on := range flagsIn(config) {
		declared[flag] = providertest.FlagStateOf(on)
	}
	return declared
}

// house is an organization as somebody sees it in the Console of a place.
type house struct {
	providertest.Live
	custom bool // the login flow is more than second factors
	sender bool // there is one that SMS OTP could use
}

func (m *model) house(organization *mockserver.Organization) house {
	return house{m.Place.Read(organization), m.Place.Custom(organization), usableSender(organization)}
}

// initial is what a flag is where nobody chose anything.
func (m *model) initial(flag string) providertest.FlagState {
	if flag == "totp_enrollment_enabled" && m.Place.String() == "application" {
		return providertest.FlagNotSet // the organization's own setting decides
	}
	return providertest.FlagStateOf(flag == "enabled")
}

// handback is what destroying a resource with a state does.
type handback struct {
	want    providertest.Live // what is written
	stayOff []string          // what is not put back on, because what it needs is missing, in the order of the alphabet
	left    bool              // a login flow keeps it from being written
	// unknown says that nobody can tell, because anything in the books is not known, or because it depends on the sender
	// and nobody can be sure what the provider made of that.
	unknown bool
}

func (m *model) handover(b books, state values, now house, sureOfSender bool) handback {
	h := m.handoverByBooks(b, state, now)
	if h.unknown {
		return h
	}
	want := h.want
	if want["totp_enrollment_enabled"] == providertest.FlagNotSet && !now.On("totp_enabled") {
		delete(want, "totp_enrollment_enabled") // it has no value to lose
	}
	if want.On("sms_otp_enabled") && !now.sender {
		if !sureOfSender {
			return handback{unknown: true}
		}
		delete(want, "sms_otp_enabled")
		h.stayOff = append(h.stayOff, "sms_otp_enabled")
	}
	before := contradictionsIn(now.On)
	for _, found := range contradictionsIn(now.With(want).On) {
		dependent := parts[found][0]
		if slices.Contains(before, found) {
			continue
		}
		if now.On(dependent) {
			want[dependent] = providertest.FlagOff
		} else {
			delete(want, dependent)
			h.stayOff = append(h.stayOff, dependent)
		}
	}
	slices.Sort(h.stayOff)
	// The switch of the application has nothing to do with its flow.
	_, ofPortal := want["enabled"]
	if now.custom && !ofPortal && len(want) > 0 {
		h.want, h.left = providertest.Live{}, true
	}
	return h
}

// handoverByBooks is what the books say, whatever else depends on it.
func (m *model) handoverByBooks(b books, state values, now house) handback {
	want := providertest.Live{}
	for flag := range flagsIn(state) {
		switch entry := b[flag]; {
		case state["on_destroy"] == "keep":
		case state["on_destroy"] == "reset":
			want[flag] = m.initial(flag)
		case entry == nil || entry.unsure || entry.lost && entry.ours != now.Live[flag]:
			return handback{unknown: true}
		case entry.ours == now.Live[flag]:
			want[flag] = entry.before
		}
		if value, written := want[flag]; written && value == now.Live[flag] {
			delete(want, flag)
		}
	}
	return handback{want: want}
}

// checkRefresh compares what Terraform has read with what there is.
func (m *model) checkRefresh(c *change, refreshed *providertest.Object, faults []providertest.Hitch) {
	if c.typeName == senderType {
		m.checkSenderRefresh(c, refreshed, faults)
		return
	}
	if c.thing.State != nil && refreshed.State == nil {
		m.t.Errorf("%s disappeared from the state in a refresh", c.thing.name)
	}
	if lying(faults) || refreshed.State == nil {
		return
	}
	now := m.Place.Read(m.Mock.State().Organizations[refreshed.State["organization"].(string)])
	imported := len(flagsIn(c.thing.State)) == 0 && len(c.thing.books) == 0
	if imported {
		now = m.Place.Shown(now)
	}
	for _, flag := range providertest.FlagsOfType()[c.typeName] {
		declared := imported || c.thing.State[flag] != nil
		if got := refreshed.State[flag]; !declared && got != nil || declared && !now[flag].Equals(got) {
			m.t.Errorf("%s was read as %s = %v, but the server has %s", c.thing.name, flag, got, now[flag])
		}
	}
}

// wrongToPlan says why the plan of a change has to fail. Earlier changes of the same plan count: a sender may be among
// them.
func (m *model) wrongToPlan(c *change, earlier []*change) string {
	now := m.house(m.Mock.State().Organizations[c.organization])
	switch {
	case c.typeName == senderType && contradictsSMS(c, earlier) != "":
		return contradictsSMS(c, earlier)
	case c.config == nil:
		return ""
	case c.typeName == senderType:
		if wrong := missingSecret(c); wrong != "" {
			return wrong
		}
		return m.wrongToUpdate(c)
	case c.typeName == portalType:
		return m.undoneByRival(c, earlier)
	}
	prior := c.prior
	if prior != nil && prior["organization"] != c.organization {
		prior = nil // it is created anew there
	}
	if found := contradiction(c.config, prior, now.Live); found != "" {
		return found
	}
	planned := slices.ContainsFunc(earlier, func(other *change) bool {
		return other.kind() == senderType && other.organization == c.organization
	})
	if c.config["sms_otp_enabled"] == true && !planned {
		switch leaves := slices.ContainsFunc(earlier, func(other *change) bool {
			return other.leavesSender() == c.organization && other.prior["on_destroy"] != "keep"
		}); {
		case leaves:
			return "its sender is to be destroyed"
		case changes(c.config, prior, now.Live, "sms_otp_enabled") && !now.sender:
			return "SMS OTP without a sender"
		}
	}
	if undone := m.undoneByRival(c, earlier); undone != "" {
		return undone
	}
	return now.refuses(c.config)
}

// refuses says why a configuration cannot be had while the flow is more than second factors.
func (h house) refuses(config values) string {
	for flag, want := range declaredIn(config) {
		if h.custom && flag != "enabled" && h.Live[flag] != want {
			return "the login flow decides by itself, and " + flag + " is to be " + string(want)
		}
	}
	return ""
}

var transitionLine = regexp.MustCompile(`(?m)^ {2}(\w+): (true|false|not set) -> (true|false|not set)`)

// checkAnnouncements compares the warnings of a plan with what applying it will do to others.
func (m *model) checkAnnouncements(c *change, earlier []*change) {
	if c.typeName == senderType {
		return
	}
	announced := func(summary string) []string {
		lines := []string{}
		for _, warning := range c.plan.Diags.Warnings().About(summary) {
			for _, match := range transitionLine.FindAllStringSubmatch(warning.Detail, -1) {
				lines = append(lines, strings.TrimSpace(match[0]))
			}
		}
		slices.Sort(lines)
		return lines
	}
	expected := func(name string, want providertest.Live, takingOver bool) []string {
		lines := []string{}
		now := m.Place.Read(m.Mock.State().Organizations[name])
		if takingOver && now.With(want).On("totp_enabled") {
			now = m.Place.Shown(now) // what is declared along with TOTP is written with it
		}
		for flag, value := range want {
			if now[flag] != value {
				lines = append(lines, fmt.Sprintf("%s: %s -> %s", flag, now[flag], value))
			}
		}
		slices.Sort(lines)
		return lines
	}
	if c.plan.Action == "create" || c.plan.Action == "replace" {
		if diff := cmp.Diff(expected(c.organization, declaredIn(c.config), true), announced("Taking over")); diff != "" {
			m.t.Errorf("the takeover by %s is announced wrongly (- want, + got):\n%s", c.thing.name, diff)
		}
	}
	if c.plan.Action == "delete" || c.plan.Action == "replace" {
		name := c.prior["organization"].(string)
		now := m.house(m.Mock.State().Organizations[name])
		now.sender = now.sender || slices.ContainsFunc(earlier, func(other *change) bool {
			return other.kind() == senderType && other.organization == name
		})
		h := m.handbackLike(c, now, c.plan.Action == "delete", func(h handback) bool {
			return slices.Equal(expected(name, h.want, false), announced("Destroying")) &&
				slices.Equal(h.stayOff, staysOff(c.plan.Diags))
		})
		if h.unknown {
			return
		}
		c.handover = h.want
		if diff := cmp.Diff(expected(name, h.want, false), announced("Destroying")); diff != "" {
			m.t.Errorf("what destroying %s writes is announced wrongly (- want, + got):\n%s\n%s", c.thing.name, diff,
				c.plan.Diags)
		}
		said := strings.Contains(c.plan.Diags.String(), "login flow") &&
			strings.Contains(c.plan.Diags.String(), "stays as it is")
		if h.left != said {
			m.t.Errorf("the flow is left as it is: %t, which the plan says: %t\n%s", h.left, said, c.plan.Diags)
		}
		m.checkStayOff("the plan of "+c.thing.name, h, c.plan.Diags)
	}
	m.checkSideEffects(c)
}

var staysOffLine = regexp.MustCompile(`(?m)^(\w+) stays off, although it was on before Terraform`)

// checkStayOff insists that what is not put back on is heard of.
func (m *model) checkStayOff(who string, h handback, diags providertest.Diagnostics) {
	if said := staysOff(diags); !slices.Equal(h.stayOff, said) {
		m.t.Errorf("%s says that %v stay off, and should say %v:\n%s", who, said, h.stayOff, diags)
	}
}

func staysOff(diags providertest.Diagnostics) []string {
	var said []string
	for _, match := range staysOffLine.FindAllStringSubmatch(diags.Warnings().String(), -1) {
		said = append(said, match[1])
	}
	slices.Sort(said)
	return said
}

// checkSideEffects insists on what the plan says about those who use the application.
func (m *model) checkSideEffects(c *change) {
	now := m.house(m.Mock.State().Organizations[c.organization])
	if c.plan.Action != "create" && c.plan.Action != "update" {
		return
	}
	signsOut := m.Place.String() == "application" && c.config["enabled"] == false && now.On("enabled")
	if said := len(c.plan.Diags.About("Switching off the My Account portal")) > 0; said != signsOut {
		m.t.Errorf("the plan of %s signs users out: %t, which it says: %t\n%s", c.thing.name, signsOut, said, c.plan.Diags)
	}
	decides := now.custom && c.typeName == twoFactorType &&
		slices.ContainsFunc(providertest.FlagsOfType()[twoFactorType], func(flag string) bool {
			return c.config[flag] != nil && changes(c.config, c.priorHere(), now.Live, flag)
		})
	if said := len(c.plan.Diags.About("The login flow of")) > 0; said != decides {
		m.t.Errorf("the flow decides by itself: %t, which the plan of %s says: %t\n%s", decides, c.thing.name, said,
			c.plan.Diags)
	}
}

// priorHere is the state before, unless the resource was somewhere else.
func (c *change) priorHere() values {
	if c.prior["organization"] != c.organization {
		return nil
	}
	return c.prior
}

// expectation is what an apply makes of one organization's settings.
type expectation struct {
	organization string
	must         providertest.Live // what it has to write
	may          providertest.Live // what it may put right on the way
	unknown      bool              // books that are not known leave open what is written
	handback     *handback
}

// expected says what a successful apply of a plan does.
func (m *model) expected(o outcome) []expectation {
	var all []expectation
	if o.plan.Action == "delete" || o.plan.Action == "replace" {
		name := o.prior["organization"].(string)
		now, after := m.house(o.before.Organizations[name]), m.Place.Read(o.after.Organizations[name])
		h := m.handbackLike(o.change, now, len(o.faults) == 0, func(h handback) bool {
			const enrollment = "totp_enrollment_enabled" // which comes and goes with TOTP
			reached := now.With(h.want)
			if want, written := h.want[enrollment]; written {
				reached[enrollment] = follows(want, after)
			} else {
				reached[enrollment] = carried(now.Live, after)
			}
			return o.failed || maps.Equal(reached, after) && slices.Equal(h.stayOff, staysOff(o.diags))
		})
		all = append(all, expectation{organization: name, must: h.want, unknown: h.unknown, handback: &h})
	}
	switch o.plan.Action {
	case "create", "replace":
		all = append(all, expectation{organization: o.organization, must: declaredIn(o.config)})
	case "update":
		e := expectation{organization: o.organization, must: o.changed(), may: declaredIn(o.config)}
		for changed := range o.changed() {
			for flag, value := range declaredIn(o.config) {
				if m.Place.Document(flag) == m.Place.Document(changed) {
					e.must[flag] = value // the document is written as a whole
				}
			}
		}
		if len(e.must) == 0 {
			e.may = nil
		}
		all = append(all, e)
	}
	return all
}

// writesFactors reports whether an update writes the document that holds the factors.
func (m *model) writesFactors(o outcome) bool {
	for flag := range o.changed() {
		if m.Place.Document(flag) == m.Place.Document("sms_otp_enabled") {
			return true
		}
	}
	return false
}

// changed returns the settings whose values the plan changes.
func (o outcome) changed() providertest.Live {
	changed := declaredIn(o.config)
	maps.DeleteFunc(changed, func(flag string, _ providertest.FlagState) bool { return o.prior[flag] == o.config[flag] })
	return changed
}

// judgeSettings compares what an apply did to the server with what it had to do.
func (m *model) judgeSettings(o outcome) {
	if !lying(o.faults) {
		m.judgeFailure(o)
		m.judgeServer(o)
	}
	m.judgeState(o)
	m.keepBooks(o)
}

// exact reports that everything that counts is read before a write, so that it can be told whether the write is
// refused.
func (m *model) exact(o outcome) bool {
	return o.plan.Action != "update" || m.Place.Document("totp_enrollment_enabled") == m.Place.Document("totp_enabled")
}

// judgeFailure insists that an apply fails when it must, and only when it may.
func (m *model) judgeFailure(o outcome) {
	var refused string
	exact := m.exact(o)
	update := o.plan.Action == "update"
	if o.config != nil && o.typeName == twoFactorType && o.plan.Action != "no-op" &&
		(!update || len(o.changed()) > 0) {
		now := m.house(o.before.Organizations[o.organization])
		prior := o.prior
		if !update {
			prior = nil
		}
		refused = contradiction(o.config, prior, now.Live)
		sms := o.config["sms_otp_enabled"] == true && changes(o.config, prior, now.Live, "sms_otp_enabled")
		if sms && !now.sender && (!update || m.writesFactors(o)) {
			refused, exact = "SMS OTP without a sender", true
		}
		if flow := now.refuses(o.config); flow != "" {
			refused, exact = flow, true
		}
	}
	switch {
	case len(o.faults) > 0:
	case o.failed && refused == "":
		m.t.Errorf("apply of %s failed:\n%s", o.thing.name, o.diags)
	case !o.failed && refused != "" && exact:
		m.t.Errorf("%s was applied, although %s: %v", o.thing.name, refused, o.config)
	}
}

// judgeServer compares the server before and after.
func (m *model) judgeServer(o outcome) {
	expectations := map[string]expectation{}
	for _, e := range m.expected(o) {
		if e.handback != nil && !e.unknown && !o.failed {
			m.checkStayOff("the destroy of "+o.thing.name, *e.handback, o.diags)
		}
		expectations[e.organization] = e
	}
	for name, before := range o.before.Organizations {
		after := o.after.Organizations[name]
		m.judgeSenderThatStayed(o, name)
		earlier := contradictionsIn(m.Place.Read(before).On)
		for _, found := range contradictionsIn(m.Place.Read(after).On) {
			if !slices.Contains(earlier, found) {
				m.t.Errorf("%s of %s left %s in %s: %v", o.plan.Action, o.thing.name, found, name, m.Place.Read(after))
			}
		}
		m.judgeOrganization(o, expectations[name], name)
	}
	m.judgeLeaving(o)
}

// judgeOrganization compares what one organization has before and after.
func (m *model) judgeOrganization(o outcome, e expectation, name string) {
	before, after := o.before.Organizations[name], o.after.Organizations[name]
	was, is := m.Place.Read(before), m.Place.Read(after)
	where := fmt.Sprintf("%s of %s in %s (%v)", o.plan.Action, o.thing.name, name, o.config)
	writes := m.successfulWrites(name)
	written, changed := map[string]bool{}, map[string]bool{} // flags that may be written; documents
	for _, flag := range providertest.AllFlags() {
		must, wanted := e.must[flag]
		may, allowed := e.may[flag]
		if flag == "totp_enrollment_enabled" {
			must, may = follows(must, is), follows(may, is)
			if !wanted && !allowed {
				wanted, must = was[flag] != is[flag], carried(was, is)
			}
		}
		switch {
		case e.unknown:
			wanted = true
		case !o.failed && wanted && is[flag] != must:
			m.t.Errorf("%s: %s is %s, want %s", where, flag, is[flag], must)
		case was[flag] == is[flag]:
		case o.failed && wanted && is[flag] != must, !wanted && allowed && is[flag] != may, !wanted && !allowed:
			m.t.Errorf("%s: %s became %s, which nobody asked for", where, flag, is[flag])
		}
		written[flag] = wanted || allowed
		document := m.Place.Document(flag)
		changed[document] = changed[document] || was[flag] != is[flag]
	}
	for document, has := range changed {
		has = has || m.returnsFlow(o, before, after)
		if len(o.faults) == 0 && (writes[document] > 1 || writes[document] == 1 && !has) {
			m.t.Errorf("%s: %s was written %d times:\nbefore %v\nafter  %v", where, document, writes[document], was, is)
		}
		if len(o.faults) == 0 && writes[document] == 0 && has {
			m.t.Errorf("%s: %s was changed without a write", where, document)
		}
	}
	m.Place.WantOnlyWritten(m.t, where, before, after, written)
	m.judgeOrigin(o, name)
}

// follows turns what is wanted of enrollment into what is seen then: it is off where TOTP is not offered.
func follows(want providertest.FlagState, after providertest.Live) providertest.FlagState {
	if want == providertest.FlagNotSet && !after.On("totp_enabled") {
		return providertest.FlagOff
	}
	return want
}

// carried is what becomes of enrollment when nobody asks for anything: it comes and goes with TOTP, without a value.
func carried(was, is providertest.Live) providertest.FlagState {
	const enrollment, totp = "totp_enrollment_enabled", "totp_enabled"
	switch {
	case !is.On(totp) && was[enrollment] == providertest.FlagNotSet:
		return providertest.FlagOff
	case is.On(totp) && !was.On(totp) && is[enrollment] == providertest.FlagNotSet:
		return providertest.FlagNotSet
	}
	return was[enrollment]
}

// returnsFlow reports that a destroy has made the server's own flow out of one that asks for the same.
func (m *model) returnsFlow(o outcome, before, after *mockserver.Organization) bool {
	destroys := o.plan.Action == "delete" || o.plan.Action == "replace"
	return destroys && o.typeName == twoFactorType && !ownsNoFlow(before) && ownsNoFlow(after)
}

// ownsNoFlow reports that the application shows the flow of the server.
func ownsNoFlow(organization *mockserver.Organization) bool {
	own := providertest.MyAccountApplication(organization).AuthenticationSequence
	return own == nil || len(own.Steps) == 0
}

// judgeOrigin insists that a flow which was the server's before Terraform is that again, and no other one.
func (m *model) judgeOrigin(o outcome, name string) {
	if m.Place.String() != "application" || o.failed || o.rival != nil || o.typeName != twoFactorType ||
		o.thing.unsureOrigin ||
		o.prior == nil || o.prior["organization"] != name || o.plan.Action != "delete" && o.plan.Action != "replace" {
		return
	}
	before, after := o.before.Organizations[name], o.after.Organizations[name]
	restores := o.prior["on_destroy"] == nil || o.prior["on_destroy"] == "restore"
	own := providertest.FlowOf(after)
	onlyPassword := [][]mockserver.StepOption{{providertest.LocalOption(providertest.Password)}}
	bare := reflect.DeepEqual(providertest.SortedOptions(own.Steps), onlyPassword) &&
		own.Subject == 1 && own.Attribute == 1 &&
		own.Script.Text == "" &&
		own.Script.Enrollment == providertest.FlagNotSet &&
		(own.Script.Runs < 0 || own.Script.Runs == 1)
	want := ownsNoFlow(before) || restores && o.thing.origin && bare && len(flagsIn(o.prior)) > 0
	if got := ownsNoFlow(after); got != want {
		m.t.Errorf("after the destroy of %s, the flow of %s is the server's: %t, want %t: %+v", o.thing.name, name, got, want,
			own)
	}
}

// successfulWrites counts the writes of an organization's documents since the last look at the journal.
func (m *model) successfulWrites(organization string) map[string]int {
	written := map[string]int{}
	for _, request := range m.Mock.Requests() {
		if document := m.Place.DocumentWrittenBy(request); document != "" && request.Organization == organization &&
			request.Status == 200 {
			written[document]++
		}
	}
	return written
}

// judgeState insists that the state says what was reached, and never more.
func (m *model) judgeState(o outcome) {
	switch {
	case !o.failed:
		if got, want := flagsIn(o.thing.State), flagsIn(o.config); !reflect.DeepEqual(got, want) {
			m.t.Errorf("%s was applied, its configuration is %v and its state %v", o.thing.name, want, got)
		}
	case o.plan.Action == "create" && o.thing.State != nil:
		m.t.Errorf("the create of %s failed and left the state %v", o.thing.name, o.thing.State)
	case o.plan.Action == "create" && !lying(o.faults):
		m.judgePutBack(o)
	case o.plan.Action == "delete" && !reflect.DeepEqual(o.prior, o.thing.State):
		m.t.Errorf("the destroy of %s failed and turned the state %v into %v", o.thing.name, o.prior, o.thing.State)
	case o.plan.Action == "update":
		server := m.Place.Read(o.after.Organizations[o.organization])
		for _, flag := range providertest.FlagsOfType()[o.typeName] {
			got := o.thing.State[flag]
			reached := providertest.Same(got, o.config[flag]) && (got == nil || server[flag].Equals(got))
			if !reached && !providertest.Same(got, o.prior[flag]) && !lying(o.faults) {
				m.t.Errorf("the update of %s failed, and %s is %v in the state: before %v, planned %v",
					o.thing.name, flag, got, o.prior[flag], o.config[flag])
			}
		}
	}
	if state := o.thing.State; state != nil &&
		!providertest.Same(o.thing.Identity["organization"], state["organization"]) {
		m.t.Errorf("%s has the identity %v and the state %v", o.thing.name, o.thing.Identity, state)
	}
}

// judgePutBack insists that a create which failed leaves everything as it was, or says that it does not. Nothing is
// kept in the state.
func (m *model) judgePutBack(o outcome) {
	before := m.Place.Read(o.before.Organizations[o.organization])
	after := m.Place.Read(o.after.Organizations[o.organization])
	text := o.diags.Errors().String()
	_, written, left := strings.Cut(text, "Already written:")
	said := map[string]bool{}
	for _, match := range transitionLine.FindAllStringSubmatch(written, -1) {
		said[match[1]] = true
	}
	for _, flag := range providertest.AllFlags() {
		if before[flag].Alike(after[flag]) || left && said[flag] {
			continue
		}
		m.t.Errorf("the create of %s failed and left %s = %s, which was %s, and says:\n%s", o.thing.name, flag, after[flag],
			before[flag], text)
	}
	if left && !strings.Contains(text, "Nothing is kept in the state.") {
		m.t.Errorf("the create of %s failed, and does not say what comes of it:\n%s", o.thing.name, text)
	}
}

// keepBooks notes what an apply did.
func (m *model) keepBooks(o outcome) {
	b := o.thing.books
	if o.plan.Action == "delete" {
		name := o.prior["organization"].(string)
		o.history, o.found, o.left = b, m.Place.Read(o.before.Organizations[name]), m.Place.Read(o.after.Organizations[name])
	}
	if o.thing.State == nil || o.plan.Action == "create" || o.plan.Action == "replace" && !o.failed {
		b = books{}
	}
	o.thing.books = b
	if o.thing.State == nil {
		return
	}
	name := o.thing.State["organization"].(string)
	before, after := m.Place.Read(o.before.Organizations[name]), m.Place.Read(o.after.Organizations[name])
	attempted := map[string]providertest.FlagState{}
	for _, e := range m.expected(o) {
		if e.organization == name {
			maps.Copy(attempted, e.may)
			maps.Copy(attempted, e.must)
		}
	}
	destroying := o.plan.Action == "delete" || o.plan.Action == "replace" && o.failed
	created := !destroying && o.plan.Action != "update" && o.plan.Action != "no-op"
	if created {
		o.thing.origin, o.thing.unsureOrigin = ownsNoFlow(o.before.Organizations[name]), lying(o.faults) || o.rival != nil
	}
	changed := o.changed()
	for flag, value := range attempted {
		was, is := before[flag], after[flag]
		_, planned := changed[flag]
		planned = planned && !destroying
		record := b[flag]
		declaredAnew := created || planned && o.prior[flag] == nil
		if declaredAnew && (record == nil || record.ours != was || created) {
			// An apply that failed may have recorded what it found, or failed before it looked.
			record = &entry{before: was, ours: was, unsure: record != nil && record.lost && !created}
		} else if record == nil {
			record = &entry{unsure: true}
		}
		if created {
			o.inherit(flag, record)
		}
		switch {
		case was != is:
			record.ours = is
		case !o.failed && (planned || created):
			record.ours = value
		}
		record.lost = o.failed && (planned || destroying || record.lost) || !o.failed && record.lost && !planned && was == is
		record.unsure = record.unsure || lying(o.faults)
		b[flag] = record
	}
}
