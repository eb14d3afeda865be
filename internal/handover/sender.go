package handover

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// SenderNotes is what a run has seen of the SMS sender of an organization: SMS OTP and its sender are two resources
// that cannot stay together in any order.
type SenderNotes struct {
	InState  bool         // a resource of the state has it
	Declared bool         // the configuration has it
	Needed   bool         // the configuration has SMS OTP on
	Leaving  bool         // its destruction is planned
	Remains  bool         // and what was planned before needs it
	SMSOTP   portal.Value // what a planned destroy makes of SMS OTP, or off where the configuration says so
	Created  bool         // a resource of the configuration has created it
	Stayed   bool         // it was to be deleted, and SMS OTP needed it
	Kept     bool         // its resource was destroyed, and its on_destroy keeps it
}

// Sender shows the notes about an organization's sender, to read and to change.
func (r *Run) Sender(organization string, see func(notes *SenderNotes)) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.senders[organization] == nil {
		r.senders[organization] = &SenderNotes{}
	}
	see(r.senders[organization])
}

// NoteSenderDeclared notes that the configuration has a sender. One of an organization that is not known yet, which has
// no name, may be any organization's.
func (r *Run) NoteSenderDeclared(organization string) {
	r.Sender(organization, func(notes *SenderNotes) { notes.Declared = true })
}

// DeclaresSender reports whether a sender was planned earlier in this run. depends_on makes sure that it was.
func (r *Run) DeclaresSender(organization string) bool {
	var here, somewhere bool
	r.Sender(organization, func(notes *SenderNotes) { here = notes.Declared })
	r.Sender("", func(notes *SenderNotes) { somewhere = notes.Declared })
	return here || somewhere
}

// CreatedSender reports whether this run has created the sender: an organization has no room for a second one.
func (r *Run) CreatedSender(organization string) (created bool) {
	r.Sender(organization, func(notes *SenderNotes) { created = notes.Created })
	return created
}
