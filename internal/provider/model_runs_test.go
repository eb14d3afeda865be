package provider_test

import (
	"maps"
	"reflect"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// This file is what the model knows of resources that have to do with each other in one run: SMS OTP and the sender
// that it needs, and two resources for the same settings.

// leavesSender returns the organization whose sender a change destroys, or nothing.
func (c *change) leavesSender() string {
	if c.typeName != senderType || c.prior == nil {
		return ""
	}
	if was := c.prior["organization"].(string); c.config == nil || was != c.organization {
		return was
	}
	return ""
}

// contradictsSMS says that a plan destroys a sender, although the configuration has SMS OTP on and no other sender.
func contradictsSMS(c *change, earlier []*change) string {
	if c.prior["on_destroy"] == "keep" {
		return ""
	}
	for _, other := range earlier {
		if other.kind() == senderType && other.organization == c.leavesSender() {
			return "" // which takes its place
		}
	}
	for _, other := range earlier {
		if other.config["sms_otp_enabled"] == true && other.organization == c.leavesSender() {
			return "SMS OTP is to be on"
		}
	}
	return ""
}

// checkSendersThatStay insists that a plan says which senders will not be deleted. Which one plans later may change
// that.
func (m *model) checkSendersThatStay(changes []*change) {
	for i, c := range changes {
		name := c.leavesSender()
		if name == "" || c.prior["on_destroy"] == "keep" {
			continue
		}
		on := m.Place.Read(m.Mock.State().Organizations[name]).On("sms_otp_enabled")
		wasOn, early, known := on, true, true
		said := len(c.plan.Diags.About("The SMS sender of \""+name+"\" stays")) > 0
		for j, other := range changes {
			if other.typeName != twoFactorType {
				continue
			}
			if other.prior != nil && other.prior["organization"] == name && (other.config == nil || other.organization != name) {
				if value, written := other.handover["sms_otp_enabled"]; written {
					on, early = value == providertest.FlagOn, early && j < i
				}
				known = known && other.handover != nil
				said = said || len(other.plan.Diags.About("The SMS sender of \""+name+"\" stays")) > 0
			} else if value, declared := other.config["sms_otp_enabled"]; declared && other.organization == name {
				on, early = value == true, early && j < i
				known = known && !on // else another sender takes its place, now or later
			}
		}
		if known && said != on && (on || early || !wasOn) {
			m.t.Errorf("the sender of %s stays: %t, which the plan says: %t", name, on, said)
		}
	}
}

// judgeWhetherItStays reports whether a sender that was to be deleted had to stay, and insists that this is heard of.
func (m *model) judgeWhetherItStays(o outcome) bool {
	name := o.leavesSender()
	switch {
	case name == "":
		return false
	case o.prior["on_destroy"] == "keep":
		o.stayed[name] = "kept"
		return true
	}
	needed := m.Place.Read(o.before.Organizations[name]).On("sms_otp_enabled")
	said := len(o.diags.About("The SMS sender of \""+name+"\" was not deleted")) > 0
	// Who may not look, or finds nothing to look at, leaves it to the server.
	blind := needed && slices.ContainsFunc(o.faults, func(h providertest.Hitch) bool {
		return h.Fault.Status == 403 || h.Fault.Status == 404 || h.Fault.Action == mockserver.ActionHTML404
	})
	if needed != said && !o.failed && !blind && !lying(o.faults) {
		m.t.Errorf("the sender of %s is needed: %t, which the destroy says: %t\n%s", name, needed, said, o.diags)
	}
	if said {
		o.stayed[name] = "needed"
	}
	return said
}

// judgeSenderThatStayed insists that settings leave senders alone, except for one that was to be deleted and is not
// needed anymore.
func (m *model) judgeSenderThatStayed(o outcome, name string) {
	before, after := o.before.Organizations[name], o.after.Organizations[name]
	unneeded := o.stayed[name] == "needed" && !m.Place.Read(after).On("sms_otp_enabled")
	switch gone := len(after.SMSSenders) == 0; {
	case gone && unneeded:
		delete(o.stayed, name)
		if len(o.diags.About("The SMS sender of \""+name+"\" was deleted")) == 0 {
			m.t.Errorf("%s of %s does not say that it deleted the sender:\n%s", o.plan.Action, o.thing.name, o.diags)
		}
	case !reflect.DeepEqual(before.SMSSenders, after.SMSSenders):
		m.t.Errorf("%s of %s changed a sender", o.plan.Action, o.thing.name)
	case unneeded && !o.failed && len(o.faults) == 0:
		m.t.Errorf("%s of %s left a sender that was to be deleted:\n%s", o.plan.Action, o.thing.name, o.diags)
	}
}

// home is where a resource is created or imported.
func (m *model) home(t target) string {
	if m.shared {
		return organizations[0]
	}
	return organizations[t.slot]
}

// wholeRun adds to the targets what else the configuration has, in a shared sequence, and finds what a rename is about.
func (m *model) wholeRun(s step) []target {
	if !m.shared {
		return s.targets
	}
	var targets []target
	for _, t := range s.targets {
		if !t.rename {
			targets = append(targets, t)
			continue
		}
		old, fresh := m.thing(target{typeName: t.typeName}), m.thing(target{typeName: t.typeName, slot: 1})
		if old.State == nil {
			old, fresh, t.slot = fresh, old, 1
		}
		if old.State != nil && old.config != nil && fresh.State == nil {
			targets = append(targets, target{typeName: t.typeName, slot: t.slot},
				target{typeName: t.typeName, slot: 1 - t.slot, config: old.config})
		}
	}
	for _, rest := range everything() {
		listed := slices.ContainsFunc(targets,
			func(t target) bool { return t.typeName == rest.typeName && t.slot == rest.slot })
		if thing := m.thing(rest); !listed && thing.State != nil && thing.config != nil {
			rest.config = thing.config
			targets = append(targets, rest)
		}
	}
	return targets
}

// mayShare allows a second resource for the settings of an organization. A second sender is allowed where the first one
// goes.
func (m *model) mayShare(c *change, earlier []*change) bool {
	return m.shared && (c.typeName != senderType || c.config == nil ||
		slices.ContainsFunc(earlier, func(other *change) bool {
			return other.kind() == senderType+" gone"
		}))
}

func (m *model) findRivals(changes []*change) {
	for i, c := range changes {
		for _, other := range changes[:i] {
			if m.shared && other.typeName == c.typeName && c.typeName != senderType {
				c.rival, other.rival = other, c
			}
		}
	}
}

// rivalDeclares and rivalHad say what the other resource of a run has to do with a setting.
func (c *change) rivalDeclares(flag string) bool {
	return c.rival != nil && c.rival.config[flag] != nil
}

func (c *change) rivalHad(flag string) bool { return c.rival != nil && c.rival.prior[flag] != nil }

// contradictsRival reports that two resources want different things, that one has gone with something that the other
// one needs, or that enrollment came without a value with the TOTP of the other one.
func (c *change) contradictsRival() bool {
	if c.rival == nil || c.config == nil {
		return false
	}
	if c.config["totp_enrollment_enabled"] != nil && c.config["totp_enabled"] == nil && c.rivalDeclares("totp_enabled") {
		return true
	}
	together := maps.Clone(c.config)
	for flag, on := range flagsIn(c.rival.config) {
		if c.config[flag] != nil && c.config[flag] != on {
			return true
		}
		together[flag] = on
	}
	gone := slices.ContainsFunc(providertest.AllFlags(), func(flag string) bool {
		_, written := c.rival.handover[flag]
		return written && c.config[flag] != nil
	})
	return gone || len(contradictionsIn(func(flag string) bool { return together[flag] == true })) > 0
}

// handbackLike is what destroying a resource does. What another one of the run has, too, may be left to that one, which
// depends on the order; what fits the facts is taken then.
func (m *model) handbackLike(c *change, now house, sureOfSender bool, fits func(handback) bool) handback {
	var possible handback
	for _, leaves := range []func(flag string) bool{
		func(string) bool { return false },
		c.rivalDeclares,
		func(flag string) bool { return c.rivalDeclares(flag) || c.rivalHad(flag) },
	} {
		state := maps.Clone(c.prior)
		maps.DeleteFunc(state, func(name string, _ any) bool { return leaves(name) })
		for _, known := range []books{c.thing.books, c.completed()} {
			possible = m.handover(known, state, now, sureOfSender)
			if c.rival == nil || possible.unknown || fits(possible) {
				return possible
			}
		}
	}
	return possible
}

// completed are the books of a resource with what another one, which goes, too, knew before.
func (c *change) completed() books {
	completed := maps.Clone(c.thing.books)
	if c.rival == nil || c.rival.config != nil {
		return completed
	}
	earlier := c.rival.history
	if !c.rival.done {
		earlier = c.rival.thing.books
	}
	for flag, mine := range completed {
		if theirs := earlier[flag]; theirs != nil && !theirs.unsure && !theirs.lost && theirs.ours == mine.before {
			merged := *mine
			merged.before = theirs.before
			completed[flag] = &merged
		}
	}
	return completed
}

// perhaps stands for a reason that the books cannot tell for sure.
const perhaps = "perhaps"

// undoneByRival says that a destroy which was planned before undoes what a resource declares that stays.
func (m *model) undoneByRival(c *change, earlier []*change) string {
	if c.rival == nil || c.rival.config != nil || c.prior == nil || !slices.Contains(earlier, c.rival) {
		return ""
	}
	if c.rival.handover == nil {
		return perhaps
	}
	for flag := range c.rival.handover {
		if c.config[flag] != nil && c.rival.prior[flag] != nil {
			return "destroying the other resource undoes " + flag
		}
	}
	return ""
}

// checkTwoResources insists that two resources which declare the same are heard of.
func (m *model) checkTwoResources(changes []*change) {
	for _, c := range changes {
		if c.rival == nil || c.config == nil || c.rival.config == nil {
			continue
		}
		twice := slices.ContainsFunc(providertest.AllFlags(),
			func(flag string) bool { return c.config[flag] != nil && c.rivalDeclares(flag) })
		said := append(slices.Clone(c.plan.Diags), c.rival.plan.Diags...).About("Two resources for the")
		if twice != (len(said) > 0) {
			m.t.Errorf("%s and %s declare the same: %t, which the plan says: %t", c.thing.name, c.rival.thing.name, twice,
				len(said) > 0)
		}
	}
}

// judgeLeaving insists that a destroy leaves alone what another resource has, or has taken over in this run.
func (m *model) judgeLeaving(o outcome) {
	if o.rival == nil || o.plan.Action != "delete" || o.failed {
		return
	}
	name := o.prior["organization"].(string)
	was, is := m.Place.Read(o.before.Organizations[name]), m.Place.Read(o.after.Organizations[name])
	for flag := range flagsIn(o.prior) {
		if o.rivalDeclares(flag) && (o.rival.done || o.rivalHad(flag)) && was[flag] != is[flag] {
			m.t.Errorf("the destroy of %s made %s %s, which %s has", o.thing.name, flag, is[flag], o.rival.thing.name)
		}
	}
}

// inherit completes the books of a created resource by what an earlier one knew, which was destroyed before in this
// run.
func (o outcome) inherit(flag string, record *entry) {
	if o.rival == nil || o.rival.history[flag] == nil || o.rival.prior[flag] == nil {
		return
	}
	known, mode := o.rival.history[flag], o.rival.prior["on_destroy"]
	restored := o.rival.left[flag] == known.ours || o.rival.left[flag] == known.before
	switch {
	case known.unsure, known.lost, mode == "keep", mode == "reset", flag == "totp_enrollment_enabled", !restored:
		record.unsure = true // the order of the plan decides
	case known.ours == o.rival.found[flag]:
		record.before = known.before
	}
}

// wantHistory insists that what was there before both resources is there again when both have gone.
func (m *model) wantHistory(now *round) {
	for _, c := range now.changes {
		if c.rival == nil || c.rival.history == nil || c.history == nil || c.prior["on_destroy"] != nil ||
			c.rival.prior["on_destroy"] != nil {
			continue
		}
		first := c
		if c.rival.turn < c.turn {
			first = c.rival
		}
		for _, flag := range []string{"enabled", "email_otp_enabled", "totp_enabled"} {
			mine, theirs := c.history[flag], c.rival.history[flag]
			sure := mine != nil && theirs != nil && !mine.unsure && !theirs.unsure && !mine.lost && !theirs.lost
			if !sure || c.prior[flag] == nil || !c.rivalHad(flag) || mine.ours != theirs.ours || mine.ours != first.found[flag] {
				continue
			}
			is := m.Place.Read(m.Mock.State().Organizations[organizations[0]])[flag]
			if before := mine.before; before != mine.ours && is != before {
				m.t.Errorf("%s and %s are gone, and %s is %s, which was %s before both", c.thing.name, c.rival.thing.name, flag, is,
					before)
			}
		}
	}
}
