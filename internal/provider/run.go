package provider

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/semaphore"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// run is what a provider process remembers of the resources that it was asked about. Terraform starts one process for a
// plan and another one for its apply, and asks for one resource at a time, in an order that only dependencies decide.
// Resources of a configuration that are about the same settings find out about each other here:
//
//   - A refresh notes which settings a resource of the state has, and what they were before Terraform.
//   - A plan notes which settings a resource of the configuration declares, and which ones a planned destroy changes. So
//     two resources for one setting are heard of, and a resource that goes leaves to the other one what both have.
//   - An apply notes which settings were taken over, and what a resource that went knew of them. So neither destroys the
//     work of the other, in whichever order they run, and what was there before Terraform is still known.
//   - SMS OTP and the SMS sender are two resources that cannot stay together in any order: see sms_rule_check.go.
type run struct {
	mutex    sync.Mutex
	settings map[settingOfRun]*settingNotes
	senders  map[string]*senderNotes // by organization; "" for one that is not known yet
	flows    sync.Map                // resources for a whole login flow: see planFlow
	// loginFlows is about resources that follow each other: see my_account_login_flow_succession.go.
	loginFlows map[string]*flowNotes
	turns      map[string]*semaphore.Weighted
	// refreshed says that a resource was refreshed: this is no apply.
	refreshed bool
}

// settingOfRun is a setting of an organization in one of its places.
type settingOfRun struct {
	organization string
	api          asgardeo.API
	setting      asgardeo.Setting
}

// settingNotes is what a run has seen of a setting.
type settingNotes struct {
	inState   int       // resources of the state that have it
	histories []history // what those knew of it
	leaving   int       // resources whose destruction is planned
	undone    bool      // one of these changes it
	existing  int       // resources of the configuration that declare it and are in the state
	created   int       // resources of the configuration that declare it and are not
	taken     bool      // a resource has taken it over
	failed    bool      // a resource that was to take it over could not
	left      *history  // what a resource knew of it that left it as it was
}

// history is what a resource knows of a setting's time before Terraform.
type history struct {
	record
	origin string
}

func newRun() *run {
	return &run{
		settings: map[settingOfRun]*settingNotes{}, senders: map[string]*senderNotes{},
		loginFlows: map[string]*flowNotes{}, turns: map[string]*semaphore.Weighted{},
	}
}

// notes gives the notes about settings of one place to look at and change, one at a time.
func (r *run) notes(
	organization string, api asgardeo.API, settings []asgardeo.Setting,
	each func(setting asgardeo.Setting, notes *settingNotes),
) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, setting := range settings {
		key := settingOfRun{organization, api, setting}
		if r.settings[key] == nil {
			r.settings[key] = &settingNotes{}
		}
		each(setting, r.settings[key])
	}
}

// those lists the settings of one place that the run has noted something about.
func (r *run) those(
	organization string, api asgardeo.API, settings []asgardeo.Setting, noted func(notes *settingNotes) bool,
) []asgardeo.Setting {
	var found []asgardeo.Setting
	r.notes(organization, api, settings, func(setting asgardeo.Setting, notes *settingNotes) {
		if noted(notes) {
			found = append(found, setting)
		}
	})
	return found
}

// refresh notes that a resource was read, so that this is no apply.
func (r *run) refresh() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.refreshed = true
}

// applies reports that this may be an apply, which refreshes nothing.
func (r *run) applies() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return !r.refreshed
}

// took notes that a resource has begun to declare the settings.
func (r *run) took(account *asgardeo.MyAccount, settings []asgardeo.Setting) {
	r.notes(account.Name(), account.API(), settings, func(_ asgardeo.Setting, notes *settingNotes) {
		notes.taken = true
	})
}

// gaveUp notes that no resource takes the settings over after all.
func (r *run) gaveUp(account *asgardeo.MyAccount, settings []asgardeo.Setting) {
	r.notes(account.Name(), account.API(), settings, func(_ asgardeo.Setting, notes *settingNotes) {
		notes.failed = true
	})
}

// turn lets one resource at a time take an organization's settings over or hand them back, so that a resource which is
// destroyed sees what came of a create that runs at the same time. It returns what ends the turn.
func (r *run) turn(ctx context.Context, organization string) (func(), error) {
	r.mutex.Lock()
	turn := r.turns[organization]
	if turn == nil {
		turn = semaphore.NewWeighted(1)
		r.turns[organization] = turn
	}
	r.mutex.Unlock()
	if turn.Acquire(ctx, 1) != nil {
		return nil, fmt.Errorf("the operation was interrupted, or its time ran out, while another resource of "+
			"organization %q was being changed", organization)
	}
	return func() { turn.Release(1) }, nil
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
