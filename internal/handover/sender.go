package handover

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// SenderNotes is what a run has seen of the SMS sender of an organization: SMS OTP and its sender are two resources
// that cannot stay together in any order.
type SenderNotes struct {
	// Of a refresh and a plan:
	InState  bool         // a resource of the state has the sender
	Declared bool         // a resource of the configuration has it
	Needed   bool         // the configuration has SMS OTP on
	SMSOTP   portal.Value // what a planned destroy makes of SMS OTP, or off where the configuration says so
	Leaving  bool         // the sender's destruction is planned
	Remains  bool         // it is planned, and the sender will stay all the same, for SMS OTP
	// Of an apply:
	Created bool // a resource of the configuration has created the sender
	Stayed  bool // it was to be deleted, and SMS OTP needed it
	Kept    bool // its resource was destroyed, and on_destroy keeps it
}

// Replaceable reports that the sender's resource was destroyed, and the sender is there for a new one to replace.
func (n SenderNotes) Replaceable() bool { return n.Stayed || n.Kept }

// SenderNotes returns what is noted of an organization's sender.
func (r *Run) SenderNotes(organization string) SenderNotes {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.senders[organization]
}

// NoteSender changes the notes of an organization's sender, and returns what they were before.
func (r *Run) NoteSender(organization string, change func(notes *SenderNotes)) (before SenderNotes) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	before = r.senders[organization]
	notes := before
	change(&notes)
	r.senders[organization] = notes
	return before
}

// DeclaresSender reports whether a sender was planned earlier in this run; depends_on makes sure that it was. One of an
// organization that is not known yet, which has no name, may be any organization's.
func (r *Run) DeclaresSender(organization string) bool {
	return r.SenderNotes(organization).Declared || r.SenderNotes("").Declared
}
