package settings

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// What a resource knows of the time before Terraform, and which resource of a run has a setting: see handover.Run.

// newRecord returns an empty record. The account is nil while nobody can tell where the settings are.
func newRecord(account *asgardeo.MyAccount) handover.Record {
	if account == nil {
		return handover.NewRecord(handover.Place{})
	}
	return handover.NewRecord(handover.Place{
		Installation: account.Installation(), Organization: account.Name(), API: account.API,
	})
}

// recordOf records the settings that were read as what was there before Terraform.
func (k *Kind) recordOf(
	account *asgardeo.MyAccount, live *asgardeo.Reading, settings []portal.Setting,
) handover.Record {
	record := newRecord(account).Found(live.Settings, settings...)
	if k.inLoginFlow {
		record.Origin = live.Origin()
	}
	return record
}

// loadRecord returns the record of a resource's settings, or an empty one where there is none that can be used.
func (r *kindResource) loadRecord(
	ctx context.Context, private session.PrivateState, of model,
) (handover.Record, diag.Diagnostics) {
	empty, organization := newRecord(r.accountOf(of)), of.organization.ValueString()
	content := session.LoadRecord(ctx, private)
	if len(content) == 0 {
		return empty, nil
	}
	record, unusable := handover.Decode(content, empty.Place)
	switch {
	case unusable == nil:
		return record, nil
	case unusable.Elsewhere == nil:
		return record, r.warning("Unreadable record of the earlier %s of %q", organization,
			fmt.Sprintf(unreadableRecord, unusable.Version))
	}
	place := unusable.Elsewhere
	return record, r.warning("The record is not about these %s of %q", organization,
		fmt.Sprintf(recordOfElsewhere, place.Organization, place.Installation, place.API))
}

// noteRefreshed notes what a refreshed resource of the state has, and what it knows of the time before Terraform.
func (r *kindResource) noteRefreshed(ctx context.Context, state model, private session.PrivateState) {
	known, _ := r.loadRecord(ctx, private, state)
	r.NoteState(state.claim(), known)
}

// noteReplacement lets the resource that a replacement destroys know that its settings are taken over again at once: so
// they stay as they are in between. Terraform plans the new resource of a replacement without the state of the old one;
// where that one is tainted, even without its private state. Then what the refresh noted has to do. It reports whether
// this is a replacement of which Terraform told.
func (r *kindResource) noteReplacement(ctx context.Context, plan model, private session.PrivateState) bool {
	account := r.accountOf(plan)
	if account == nil {
		return false
	}
	known, _ := r.loadRecord(ctx, private, plan)
	told := len(session.LoadRecord(ctx, private)) > 0
	if !told {
		known = r.Remember(claimOf(account, r.settings), known)
		if len(known.Settings) > 0 {
			session.SaveRecord(ctx, private, known.Encode())
		}
	}
	again := slices.DeleteFunc(plan.declared.Settings(), func(setting portal.Setting) bool {
		return !known.Knows(setting)
	})
	if len(again) == 0 {
		return false // and what the destruction in another organization leaves stays noted
	}
	session.SaveLeftToAnother(ctx, private, handover.NamesOf(again))
	return told
}

// declare notes what a resource of the configuration declares, and warns of settings that another one has, too:
// they would undo each other's work.
func (r *kindResource) declare(plan model, exists bool) diag.Diagnostics {
	if r.Data == nil || plan.organization.IsUnknown() {
		return nil
	}
	var diags diag.Diagnostics
	organization := plan.organization.ValueString()
	others := r.NoteDeclared(plan.claim(), exists)
	if len(others.Declared) > 0 {
		diags.Append(r.warning("Two resources for the %s of %q", organization,
			fmt.Sprintf(twoResources, r.TypeName, namesOf(others.Declared)))...)
	}
	if exists && len(others.Undone) > 0 {
		diags.AddError(fmt.Sprintf("Destroying another resource would undo the %s of %q", r.Thing, organization),
			fmt.Sprintf(settingsUndone, r.TypeName, namesOf(others.Undone), session.LetItForget))
	}
	if !exists {
		diags.Append(r.warning("The %s of %q are destroyed and created", organization,
			filledIn(settingsSetAgain, namesOf(others.Leaving))...)...)
	}
	return diags
}

// claimOf is what a resource has, or wants, in the place of an account.
func claimOf(account *asgardeo.MyAccount, settings []portal.Setting) handover.Claim {
	return handover.Claim{Organization: account.Name(), API: account.API, Settings: settings}
}
