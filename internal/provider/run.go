package provider

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// run adds to what a run knows of settings what it has seen of SMS senders: SMS OTP and the sender are two resources
// that cannot stay together in any order. See sms_rule_check.go.
type run struct {
	*handover.Run
	mutex   sync.Mutex
	senders map[string]*senderNotes // by organization; "" for one that is not known yet
}

func newRun() *run {
	return &run{Run: handover.NewRun(), senders: map[string]*senderNotes{}}
}

// senderNotes is what a run has seen of the SMS sender of an organization.
type senderNotes struct {
	inState bool           // a resource of the state has it
	planned bool           // the configuration has it
	leaves  bool           // its destruction is planned
	remains bool           // and what was planned before needs it
	needed  bool           // the configuration has SMS OTP on
	smsOTP  asgardeo.Value // what a planned destroy makes of SMS OTP, or off where the configuration says so
	stays   bool           // it was to be deleted, and SMS OTP needed it
	created bool           // a resource of the configuration has created it
	kept    bool           // its resource was destroyed, and its on_destroy keeps it
}

func (r *run) sender(organization string, look func(notes *senderNotes)) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.senders[organization] == nil {
		r.senders[organization] = &senderNotes{}
	}
	look(r.senders[organization])
}

// createdSender reports whether this run has created the sender: an organization has no room for a second one.
func (r *run) createdSender(organization string) (created bool) {
	r.sender(organization, func(notes *senderNotes) { created = notes.created })
	return created
}

// planSender notes that this run's plan has a sender. An unknown organization may be any.
func (d *providerData) planSender(organization types.String) {
	if d != nil {
		d.sender(organization.ValueString(), func(notes *senderNotes) { notes.planned = true })
	}
}

// plansSender reports whether a sender was planned earlier in this run. depends_on makes sure that it was.
func (r *run) plansSender(organization types.String) bool {
	var here, somewhere bool
	r.sender(organization.ValueString(), func(notes *senderNotes) { here = notes.planned })
	r.sender("", func(notes *senderNotes) { somewhere = notes.planned })
	return here || somewhere
}
