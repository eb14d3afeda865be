package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// This file is what the model knows of the portal's and the two-factor settings: where they are stored, how the Console reads
// them, and what an apply makes of them.

// place is where the server keeps a setting.
type place struct{ object, key string }

var places = map[string]place{
	"enabled":                 {statusObject, "enable"},
	"email_otp_enabled":       {twoFactorObject, "email_otp_enabled"},
	"sms_otp_enabled":         {twoFactorObject, "sms_otp_enabled"},
	"totp_enabled":            {twoFactorObject, "totp_enabled"},
	"backup_codes_enabled":    {twoFactorObject, "backup_code_enabled"},
	"totp_enrollment_enabled": {enrollmentObject, "enrolUserInAuthenticationFlow"},
}

var flagsOfType = map[string][]string{
	portal:    {"enabled"},
	twoFactor: {"email_otp_enabled", "sms_otp_enabled", "totp_enabled", "totp_enrollment_enabled", "backup_codes_enabled"},
}

// effective is what the Console shows.
func effective(organization *mockserver.Organization, flag string) bool {
	stored := organization.MyAccount[places[flag].object][places[flag].key]
	switch {
	case flag == "enabled":
		return stored == nil || fmt.Sprint(stored) != "false"
	case stored == nil:
		return false
	}
	return strings.EqualFold(fmt.Sprint(stored), "true")
}

// contradictions lists what the Console would not offer.
func contradictionsIn(on func(flag string) bool) []string {
	var found []string
	if on("totp_enrollment_enabled") && !on("totp_enabled") {
		found = append(found, "enrollment without TOTP")
	}
	if on("backup_codes_enabled") && !on("email_otp_enabled") && !on("sms_otp_enabled") && !on("totp_enabled") {
		found = append(found, "backup codes without a factor")
	}
	return found
}

var parts = map[string][]string{
	"enrollment without TOTP":       {"totp_enrollment_enabled", "totp_enabled"},
	"backup codes without a factor": {"backup_codes_enabled", "email_otp_enabled", "sms_otp_enabled", "totp_enabled"},
}

// contradiction names what a configuration would bring about, together with what it does not declare. What is there already, and
// stays as it is, does not count.
func contradiction(config, prior values, organization *mockserver.Organization) string {
	for _, found := range contradictionsIn(func(flag string) bool {
		if on, declared := config[flag].(bool); declared {
			return on
		}
		return effective(organization, flag)
	}) {
		declared := slices.DeleteFunc(slices.Clone(parts[found]), func(flag string) bool { return config[flag] == nil })
		if len(declared) == len(parts[found]) || slices.ContainsFunc(declared, func(flag string) bool { return changes(config, prior, organization, flag) }) {
			return found
		}
	}
	return ""
}

// changes reports whether a configuration changes a flag that it declares.
func changes(config, prior values, organization *mockserver.Organization, flag string) bool {
	return config[flag] != prior[flag] || config[flag] != effective(organization, flag)
}

// books are what the model notes of each setting while Terraform has it.
type books map[string]*entry

type entry struct {
	before bool // what the setting was before Terraform
	ours   bool // what Terraform made of it last
	lost   bool // a failure came in between, so that nobody can tell for sure who made it what it is
	unsure bool // the server lied when Terraform looked
}

// flagsIn returns the settings that a configuration or state declares.
func flagsIn(config values) map[string]bool {
	declared := map[string]bool{}
	for flag := range places {
		if on, ok := config[flag].(bool); ok {
			declared[flag] = on
		}
	}
	return declared
}

// handover is what destroying a resource with this state writes. It is not known when anything in the books is not, or when it
// depends on the sender and nobody can be sure what the provider made of that.
func (b books) handover(state values, organization *mockserver.Organization, sureOfSender bool) (want map[string]bool, known bool) {
	want = map[string]bool{}
	for flag := range flagsIn(state) {
		live := effective(organization, flag)
		switch entry := b[flag]; {
		case state["on_destroy"] == "keep":
			return want, true
		case state["on_destroy"] == "reset":
			want[flag] = flag == "enabled"
		case entry == nil || entry.unsure || entry.lost && entry.ours != live:
			return nil, false
		case entry.ours == live:
			want[flag] = entry.before
		}
		if on, written := want[flag]; written && on == live {
			delete(want, flag)
		}
	}
	if want["sms_otp_enabled"] && !usableSender(organization) {
		if !sureOfSender {
			return nil, false
		}
		delete(want, "sms_otp_enabled")
	}
	before := contradictionsIn(func(flag string) bool { return effective(organization, flag) })
	for _, found := range contradictionsIn(func(flag string) bool {
		if on, written := want[flag]; written {
			return on
		}
		return effective(organization, flag)
	}) {
		dependent := parts[found][0]
		if slices.Contains(before, found) {
			continue
		}
		if effective(organization, dependent) {
			want[dependent] = false
		} else {
			delete(want, dependent)
		}
	}
	return want, true
}

// checkRefresh compares what Terraform has read with what there is.
func (m *model) checkRefresh(c *change, refreshed *object, faults []hitch) {
	if c.typeName == smsSenderType {
		m.checkSenderRefresh(c, refreshed, faults)
		return
	}
	if c.thing.state != nil && refreshed.state == nil {
		m.t.Errorf("%s disappeared from the state in a refresh", c.thing.name)
	}
	if lying(faults) || refreshed.state == nil {
		return
	}
	organization := m.mock.State().Organizations[refreshed.state["organization"].(string)]
	for flag, on := range flagsIn(refreshed.state) {
		if on != effective(organization, flag) {
			m.t.Errorf("%s was read as %s = %t, but the server has %v", c.thing.name, flag, on, organization.MyAccount[places[flag].object])
		}
	}
}

// wrongToPlan says why the plan of a change has to fail. Earlier changes of the same plan count: a sender may be among them.
func (m *model) wrongToPlan(c *change, earlier []*change) string {
	organization := m.mock.State().Organizations[c.organization]
	switch {
	case c.config == nil:
		return ""
	case c.typeName == smsSenderType:
		return missingSecret(c)
	case c.typeName == portal:
		return ""
	}
	prior := c.prior
	if prior != nil && prior["organization"] != c.organization {
		prior = nil // it is created anew there
	}
	if found := contradiction(c.config, prior, organization); found != "" {
		return found
	}
	planned := slices.ContainsFunc(earlier, func(other *change) bool {
		return other.kind() == smsSenderType && other.organization == c.organization
	})
	if c.config["sms_otp_enabled"] == true && changes(c.config, prior, organization, "sms_otp_enabled") && !planned && !usableSender(organization) {
		return "SMS OTP without a sender"
	}
	return ""
}

var transitionLine = regexp.MustCompile(`(?m)^ {2}(\w+): (true|false) -> (true|false)`)

// checkAnnouncements compares the warnings of a plan with what applying it will do to others.
func (m *model) checkAnnouncements(c *change) {
	if c.typeName == smsSenderType {
		return
	}
	announced := func(summary string) []string {
		lines := []string{}
		for _, warning := range c.plan.diags.warnings().about(summary) {
			for _, match := range transitionLine.FindAllStringSubmatch(warning.Detail, -1) {
				lines = append(lines, strings.TrimSpace(match[0]))
			}
		}
		slices.Sort(lines)
		return lines
	}
	expected := func(name string, want map[string]bool) []string {
		lines := []string{}
		for flag, on := range want {
			if live := effective(m.mock.State().Organizations[name], flag); live != on {
				lines = append(lines, fmt.Sprintf("%s: %t -> %t", flag, live, on))
			}
		}
		slices.Sort(lines)
		return lines
	}
	if c.plan.action == "create" || c.plan.action == "replace" {
		if diff := cmp.Diff(expected(c.organization, flagsIn(c.config)), announced("Taking over")); diff != "" {
			m.t.Errorf("the takeover by %s is announced wrongly (- want, + got):\n%s", c.thing.name, diff)
		}
	}
	if c.plan.action == "delete" || c.plan.action == "replace" {
		name := c.prior["organization"].(string)
		want, known := c.thing.books.handover(c.prior, m.mock.State().Organizations[name], c.plan.action == "delete")
		if !known {
			return
		}
		if diff := cmp.Diff(expected(name, want), announced("Destroying")); diff != "" {
			m.t.Errorf("what destroying %s writes is announced wrongly (- want, + got):\n%s\n%s", c.thing.name, diff, c.plan.diags)
		}
	}
}

// expectation is what an apply makes of one organization's settings.
type expectation struct {
	organization string
	must         map[string]bool // what it has to write
	may          map[string]bool // what it may put right on the way
	unknown      bool            // books that are not known leave open what is written
}

// expected says what a successful apply of a plan does.
func (o outcome) expected() []expectation {
	var all []expectation
	if o.plan.action == "delete" || o.plan.action == "replace" {
		name := o.prior["organization"].(string)
		want, known := o.thing.books.handover(o.prior, o.before.Organizations[name], len(o.faults) == 0)
		all = append(all, expectation{organization: name, must: want, unknown: !known})
	}
	switch o.plan.action {
	case "create", "replace":
		all = append(all, expectation{organization: o.organization, must: flagsIn(o.config)})
	case "update":
		e := expectation{organization: o.organization, must: o.changed(), may: flagsIn(o.config)}
		for changed := range o.changed() {
			for flag, on := range flagsIn(o.config) {
				if places[flag].object == places[changed].object {
					e.must[flag] = on // the object is written as a whole
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

// writesFactors reports whether an update writes the object that holds the factors.
func (o outcome) writesFactors() bool {
	for flag := range o.changed() {
		if places[flag].object == twoFactorObject {
			return true
		}
	}
	return false
}

// changed returns the settings whose values the plan changes.
func (o outcome) changed() map[string]bool {
	changed := flagsIn(o.config)
	maps.DeleteFunc(changed, func(flag string, on bool) bool { return o.prior[flag] == on })
	return changed
}

// judgeSettings compares what an apply did to the server with what it had to do.
func (m *model) judgeSettings(o outcome) {
	if !lying(o.faults) {
		m.judgeFailure(o)
		m.judgeServer(o)
	}
	m.judgeState(o)
	o.keepBooks()
}

// judgeFailure insists that an apply fails when it must, and only when it may.
func (m *model) judgeFailure(o outcome) {
	var refused string
	exact := o.plan.action != "update"
	if o.config != nil && o.typeName == twoFactor && o.plan.action != "no-op" {
		organization := o.before.Organizations[o.organization]
		prior := o.prior
		if exact {
			prior = nil
		}
		refused = contradiction(o.config, prior, organization)
		if o.config["sms_otp_enabled"] == true && changes(o.config, prior, organization, "sms_otp_enabled") && !usableSender(organization) && (exact || o.writesFactors()) {
			refused, exact = "SMS OTP without a sender", true
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
	for _, e := range o.expected() {
		expectations[e.organization] = e
	}
	for name, before := range o.before.Organizations {
		after := o.after.Organizations[name]
		if !reflect.DeepEqual(before.SMSSenders, after.SMSSenders) {
			m.t.Errorf("%s of %s changed a sender", o.plan.action, o.thing.name)
		}
		earlier := contradictionsIn(func(flag string) bool { return effective(before, flag) })
		for _, found := range contradictionsIn(func(flag string) bool { return effective(after, flag) }) {
			if !slices.Contains(earlier, found) {
				m.t.Errorf("%s of %s left %s in %s: %v", o.plan.action, o.thing.name, found, name, after.MyAccount)
			}
		}
		m.judgeOrganization(o, expectations[name], name)
	}
}

// judgeOrganization compares one organization's stored objects before and after.
func (m *model) judgeOrganization(o outcome, e expectation, name string) {
	before, after := o.before.Organizations[name], o.after.Organizations[name]
	where := fmt.Sprintf("%s of %s in %s (%v)", o.plan.action, o.thing.name, name, o.config)
	writes := m.successfulWrites(name)
	for _, object := range []string{statusObject, twoFactorObject, enrollmentObject} {
		keys := map[string]bool{} // that may be written
		changed := false
		for flag, place := range places {
			if place.object != object {
				continue
			}
			was, is := effective(before, flag), effective(after, flag)
			must, written := e.must[flag]
			may, allowed := e.may[flag]
			switch {
			case e.unknown:
				written = true
			case !o.failed && written && is != must:
				m.t.Errorf("%s: %s is %t, want %t", where, flag, is, must)
			case o.failed && written && is != was && is != must, !written && allowed && is != was && is != may, !written && !allowed && is != was:
				m.t.Errorf("%s: %s became %t, which nobody asked for", where, flag, is)
			}
			keys[place.key] = written || allowed
			changed = changed || was != is
		}
		if len(o.faults) == 0 && (writes[object] > 1 || writes[object] == 1 && !changed) {
			m.t.Errorf("%s: %s was written %d times:\nbefore %v\nafter  %v", where, object, writes[object], before.MyAccount[object], after.MyAccount[object])
		}
		if !changed && !reflect.DeepEqual(before.MyAccount[object], after.MyAccount[object]) && len(o.faults) == 0 {
			m.t.Errorf("%s: %s was written without need:\nbefore %v\nafter  %v", where, object, before.MyAccount[object], after.MyAccount[object])
		}
		m.judgeAttributes(where+": "+object, before.MyAccount[object], after.MyAccount[object], keys)
	}
}

// judgeAttributes insists that attributes which are not written stay as they are, and that those which are have the form that everybody
// understands.
func (m *model) judgeAttributes(where string, before, after attributes, keys map[string]bool) {
	for key := range after {
		was, existed := before[key]
		is := fmt.Sprint(after[key])
		if existed && fmt.Sprint(was) == is || keys[key] && (is == "true" || is == "false") {
			continue
		}
		m.t.Errorf("%s/%s became %q:\nbefore %v\nafter  %v", where, key, is, before, after)
	}
	for key := range before {
		if _, still := after[key]; !still && (before[key] != nil || !keys[key]) {
			m.t.Errorf("%s/%s is lost:\nbefore %v\nafter  %v", where, key, before, after)
		}
	}
}

// successfulWrites counts the writes of an organization's objects since the last look at the journal.
func (m *model) successfulWrites(organization string) map[string]int {
	written := map[string]int{}
	for _, request := range m.mock.Requests() {
		var body struct{ Name string }
		if request.Method != http.MethodPut || request.Organization != organization || request.Status != 200 || json.Unmarshal([]byte(request.Body), &body) != nil {
			continue
		}
		written[body.Name]++
	}
	return written
}

// judgeState insists that the state says what was reached, and never more.
func (m *model) judgeState(o outcome) {
	switch {
	case !o.failed:
		if got, want := flagsIn(o.thing.state), flagsIn(o.config); !reflect.DeepEqual(got, want) {
			m.t.Errorf("%s was applied, its configuration is %v and its state %v", o.thing.name, want, got)
		}
	case o.plan.action == "create" && o.thing.state != nil:
		m.t.Errorf("the create of %s failed and left the state %v", o.thing.name, o.thing.state)
	case o.plan.action == "delete" && !reflect.DeepEqual(o.prior, o.thing.state):
		m.t.Errorf("the destroy of %s failed and turned the state %v into %v", o.thing.name, o.prior, o.thing.state)
	case o.plan.action == "update":
		server := o.after.Organizations[o.organization]
		for flag := range places {
			got := o.thing.state[flag]
			if reached := same(got, o.config[flag]) && (got == nil || effective(server, flag) == got); !reached && !same(got, o.prior[flag]) && !lying(o.faults) {
				m.t.Errorf("the update of %s failed, and %s is %v in the state: before %v, planned %v", o.thing.name, flag, got, o.prior[flag], o.config[flag])
			}
		}
	}
	if state := o.thing.state; state != nil && !same(o.thing.identity["organization"], state["organization"]) {
		m.t.Errorf("%s has the identity %v and the state %v", o.thing.name, o.thing.identity, state)
	}
}

// keepBooks notes what an apply did.
func (o outcome) keepBooks() {
	b := o.thing.books
	if o.thing.state == nil || o.plan.action == "create" || o.plan.action == "replace" && !o.failed {
		b = books{}
	}
	o.thing.books = b
	if o.thing.state == nil {
		return
	}
	name := o.thing.state["organization"].(string)
	before, after := o.before.Organizations[name], o.after.Organizations[name]
	attempted := map[string]bool{}
	for _, e := range o.expected() {
		if e.organization == name {
			maps.Copy(attempted, e.may)
			maps.Copy(attempted, e.must)
		}
	}
	destroying := o.plan.action == "delete" || o.plan.action == "replace" && o.failed
	created := !destroying && o.plan.action != "update"
	changed := o.changed()
	for flag, on := range attempted {
		was, is := effective(before, flag), effective(after, flag)
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
		switch {
		case was != is:
			record.ours = is
		case !o.failed && (planned || created):
			record.ours = on
		}
		record.lost = o.failed && (planned || destroying || record.lost) || !o.failed && record.lost && !planned && was == is
		record.unsure = record.unsure || lying(o.faults)
		b[flag] = record
	}
}
