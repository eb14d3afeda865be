package smssender

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// ModifyPlan fills in what the provider decides, and says what the plan does to the sender that is there.
func (r *senderResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	diags := &resp.Diagnostics
	exists := !req.State.Raw.IsNull()
	var config, plan, state senderModel
	if exists {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		diags.Append(announceDeletion(ctx, r.data, state, resp.Private)...)
		return
	}
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if diags.HasError() {
		return
	}
	organization, found := r.data.PlanOrganization(config.Organization, state.Organization)
	diags.Append(found...)
	plan.Organization, plan.Name = organization, types.StringValue(asgardeo.SMSSenderName)
	diags.Append(resp.Plan.Set(ctx, &plan)...)
	replaced := session.LeavesOrganization(state.Organization, organization)
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		diags.Append(announceDeletion(ctx, r.data, state, resp.Private)...)
	}
	// Also where there is no state.
	if replaced || plan.changesGateway(state.ProviderName.ValueString(), state.ProviderURL.ValueString()) {
		diags.Append(config.missingSecrets()...)
	}
	switch {
	case diags.HasError():
	case !exists:
		diags.Append(announceExisting(ctx, r.data, organization)...)
		diags.Append(refuseLoss(r.data, plan)...)
	case replaced:
		diags.Append(announceExisting(ctx, r.data, organization)...)
	case !resp.Plan.Raw.Equal(req.State.Raw):
		diags.Append(announceUpdate(r.data, plan, config, state)...)
	}
	diags.Append(checkServerAuthentication(r.data, organization, config.Authentication)...)
	if r.data != nil {
		r.data.NoteSenderDeclared(organization.ValueString())
	}
}

// recentSender is the organization's sender. Not to be able to look is no reason to fail or to warn: the apply will
// tell.
func recentSender(ctx context.Context, data *session.Data, name types.String) *asgardeo.SMSSender {
	organization, _ := data.Organization(name)
	if organization == nil {
		return nil
	}
	sender, _ := organization.RecentSMSSender(ctx)
	return sender
}

// seenSender is the organization's sender as the refresh has just read it.
func seenSender(data *session.Data, name types.String) *asgardeo.SMSSender {
	organization, _ := data.Organization(name)
	if organization == nil {
		return nil
	}
	return organization.SeenSMSSender()
}

// announceDeletion says in a plan what becomes of the sender that the resource leaves. It warns of a deletion that
// Terraform could not make good: of a sender with credentials that it was never given. It looks at the sender that is
// there: "terraform destroy" refreshes in another process.
func announceDeletion(
	ctx context.Context, data *session.Data, state senderModel, private session.PrivateState,
) diag.Diagnostics {
	if state.keeps() {
		return nil
	}
	if stays := smsrule.AnnounceSenderStays(ctx, data, state.Organization, private); len(stays) > 0 {
		return stays
	}
	live := recentSender(ctx, data, state.Organization)
	if live == nil {
		return nil
	}
	return deletionForGood(live, state.undeclared(live), state.Organization.ValueString())
}

// announceExisting warns that the organization has a sender before a plan creates one. It tells nothing where this
// process has planned a sender of the organization already: Terraform plans a replacement in two calls, and the first
// one has seen the old sender.
func announceExisting(ctx context.Context, data *session.Data, name types.String) diag.Diagnostics {
	if !data.Ready() || data.DeclaresSender(name.ValueString()) || smsrule.HasSenderThatStayed(data, name.ValueString()) {
		return nil
	}
	live := recentSender(ctx, data, name)
	if live == nil {
		return nil
	}
	return senderExists(live, name.ValueString())
}

// refuseLoss refuses a replacement by which the server would lose what somebody else has given it, and Terraform was
// not: the new resource of a replacement is planned without the state of the old one.
func refuseLoss(data *session.Data, plan senderModel) diag.Diagnostics {
	live := seenSender(data, plan.Organization)
	if live == nil || plan.changesGateway(live.Provider, live.ProviderURL) {
		return nil
	}
	replaces := false
	data.Sender(plan.Organization.ValueString(), func(notes *handover.SenderNotes) { replaces = notes.InState })
	if lost := plan.undeclared(live); replaces && len(lost) > 0 {
		return replacementLoses(lost, plan.Organization.ValueString())
	}
	return nil
}

// announceUpdate tells what an update of the live sender would lose: what another gateway or host must not get is left
// behind, and what the server would forget is refused. It judges with what the refresh has just read; the update looks
// again before it writes.
func announceUpdate(data *session.Data, plan, config, state senderModel) diag.Diagnostics {
	live := seenSender(data, plan.Organization)
	if live == nil || plan.sendsNothing(state, config) {
		return nil
	}
	name := plan.Organization.ValueString()
	switch {
	case live.BuiltIn() && plan.ProviderName.ValueString() != live.Provider:
		return builtInDeleted(name)
	case plan.ProviderURL.IsUnknown(), plan.ProviderName.IsUnknown(), plan.changesGateway(live.Provider, live.ProviderURL):
		if left := config.undeclared(live); len(left) > 0 {
			return leftBehind(left, name)
		}
	case live.Irreplaceable() && config.Authentication.IsNull() && state.Authentication.IsNull():
		return authenticationLost(live, name)
	}
	return nil
}

// checkServerAuthentication refuses an authentication where the server is known to have no place for it.
func checkServerAuthentication(data *session.Data, name types.String, authentication types.Object) diag.Diagnostics {
	organization, _ := data.Organization(name)
	if authentication.IsNull() || organization == nil || !organization.WithoutAuthentication() {
		return nil
	}
	return session.OneErrorAt(path.Root("authentication"),
		"The server has no authentication of SMS senders", authenticationMissing)
}
