package provider

import (
	"reflect"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// This file is what the model knows of resources that have to do with each other in one run: SMS OTP and the sender that
// it needs.

// leavesSender returns the organization whose sender a change destroys, or nothing.
func (c *change) leavesSender() string {
	if c.typeName != smsSenderType || c.prior == nil {
		return ""
	}
	if was := c.prior["organization"].(string); c.config == nil || was != c.organization {
		return was
	}
	return ""
}

// contradictsSMS says that a plan destroys a sender, although the configuration has SMS OTP on and no other sender.
func contradictsSMS(c *change, earlier []*change) string {
	for _, other := range earlier {
		if other.config["sms_otp_enabled"] == true && other.organization == c.leavesSender() {
			return "SMS OTP is to be on"
		}
	}
	return ""
}

// checkSendersThatStay insists that a plan says which senders will not be deleted. Which one plans later may change that.
func (m *model) checkSendersThatStay(changes []*change) {
	for i, c := range changes {
		name := c.leavesSender()
		if name == "" {
			continue
		}
		on := m.place.read(m.mock.State().Organizations[name]).on("sms_otp_enabled")
		wasOn, early, known := on, true, true
		said := len(c.plan.diags.about("The SMS sender of \""+name+"\" stays")) > 0
		for j, other := range changes {
			if other.typeName != twoFactor {
				continue
			}
			if other.prior != nil && other.prior["organization"] == name && (other.config == nil || other.organization != name) {
				if value, written := other.handover["sms_otp_enabled"]; written {
					on, early = value == seenOn, early && j < i
				}
				known = known && other.handover != nil
				said = said || len(other.plan.diags.about("The SMS sender of \""+name+"\" stays")) > 0
			} else if value, declared := other.config["sms_otp_enabled"]; declared && other.organization == name {
				on, early = value == true, early && j < i
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
	if name == "" {
		return false
	}
	needed := m.place.read(o.before.Organizations[name]).on("sms_otp_enabled")
	said := len(o.diags.about("The SMS sender of \""+name+"\" was not deleted")) > 0
	// Who may not look, or finds nothing to look at, leaves it to the server.
	blind := needed && slices.ContainsFunc(o.faults, func(h hitch) bool {
		return h.fault.Status == 403 || h.fault.Status == 404 || h.fault.Action == mockserver.ActionHTML404
	})
	if needed != said && !o.failed && !blind && !lying(o.faults) {
		m.t.Errorf("the sender of %s is needed: %t, which the destroy says: %t\n%s", name, needed, said, o.diags)
	}
	o.stayed[name] = o.stayed[name] || said
	return said
}

// judgeSenderThatStayed insists that settings leave senders alone, except for one that was to be deleted and is not needed
// anymore.
func (m *model) judgeSenderThatStayed(o outcome, name string) {
	before, after := o.before.Organizations[name], o.after.Organizations[name]
	unneeded := o.stayed[name] && !m.place.read(after).on("sms_otp_enabled")
	switch gone := len(after.SMSSenders) == 0; {
	case gone && unneeded:
		delete(o.stayed, name)
		if len(o.diags.about("The SMS sender of \""+name+"\" was deleted")) == 0 {
			m.t.Errorf("%s of %s does not say that it deleted the sender:\n%s", o.plan.action, o.thing.name, o.diags)
		}
	case !reflect.DeepEqual(before.SMSSenders, after.SMSSenders):
		m.t.Errorf("%s of %s changed a sender", o.plan.action, o.thing.name)
	case unneeded && !o.failed && len(o.faults) == 0:
		m.t.Errorf("%s of %s left a sender that was to be deleted:\n%s", o.plan.action, o.thing.name, o.diags)
	}
}
