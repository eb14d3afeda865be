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
func (c *connection) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	diags := &resp.Diagnostics
	exists := !req.State.Raw.IsNull()
	var config, plan, state model
	if exists {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		diags.Append(c.announceDeletion(ctx, state, resp.Private)...)
		return
	}
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if diags.HasError() {
		return
	}
	name, found := c.PlanOrganization(config.Organization, state.Organization)
	diags.Append(found...)
	plan.Organization, plan.Name = name, types.StringValue(asgardeo.SMSSenderName)
	diags.Append(resp.Plan.Set(ctx, &plan)...)
	replaced := session.LeavesOrganization(state.Organization, name)
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		diags.Append(c.announceDeletion(ctx, state, resp.Private)...)
	}
	// Also where there is no state.
	if replaced || plan.changesGateway(state.ProviderName.ValueString(), state.ProviderURL.ValueString()) {
		diags.Append(config.missingSecrets()...)
	}
	if organization, _ := c.Organization(name); organization != nil {
		switch {
		case diags.HasError():
		case !exists:
			diags.Append(c.announceExisting(ctx, organization)...)
			diags.Append(c.refuseLoss(organization, plan)...)
		case replaced:
			diags.Append(c.announceExisting(ctx, organization)...)
		case !resp.Plan.Raw.Equal(req.State.Raw):
			diags.Append(announceUpdate(organization, plan, config, state)...)
		}
		if !config.Authentication.IsNull() && organization.WithoutAuthentication() {
			diags.AddAttributeError(path.Root("authentication"),
				"The server has no authentication of SMS senders", authenticationMissing)
		}
	}
	if c.Data != nil {
		c.NoteSenderDeclared(name.ValueString())
	}
}

// announceDeletion says in a plan what becomes of the sender that the resource leaves. It warns of a deletion that
// Terraform could not make good: of a sender with credentials that it was never given. It looks at the sender that is
// there: "terraform destroy" refreshes in another process. Not to be able to look is no reason to fail or to warn.
func (c *connection) announceDeletion(
	ctx context.Context, state model, private session.PrivateState,
) diag.Diagnostics {
	organization, _ := c.Organization(state.Organization)
	if organization == nil || state.keeps() {
		return nil
	}
	if stays := smsrule.AnnounceSenderStays(ctx, c.Data, state.Organization, private); len(stays) > 0 {
		return stays
	}
	live, _ := organization.RecentSMSSender(ctx)
	if live == nil {
		return nil
	}
	return deletionForGood(live, state.undeclared(live), organization.Name())
}

// announceExisting warns that the organization has a sender before a plan creates one. It tells nothing where this
// process has planned a sender of the organization already: Terraform plans a replacement in two calls, and the first
// one has seen the old sender.
func (c *connection) announceExisting(ctx context.Context, organization *asgardeo.Organization) diag.Diagnostics {
	name := organization.Name()
	if c.DeclaresSender(name) || smsrule.HasSenderThatStayed(c.Data, name) {
		return nil
	}
	live, _ := organization.RecentSMSSender(ctx)
	if live == nil {
		return nil
	}
	return senderExists(live, name)
}

// refuseLoss refuses a replacement by which the server would lose what somebody else has given it, and Terraform was
// not: the new resource of a replacement is planned without the state of the old one.
func (c *connection) refuseLoss(organization *asgardeo.Organization, plan model) diag.Diagnostics {
	live := organization.KnownSMSSender()
	if live == nil || plan.changesGateway(live.Provider, live.ProviderURL) {
		return nil
	}
	replaces := false
	c.Sender(organization.Name(), func(notes *handover.SenderNotes) { replaces = notes.InState })
	if lost := plan.undeclared(live); replaces && lost != "" {
		return replacementLoses(lost, organization.Name())
	}
	return nil
}

// announceUpdate tells what an update of the live sender would lose: what another gateway or host must not get is left
// behind, and what the server would forget is refused. It judges with what the refresh has just read; the update looks
// again before it writes.
func announceUpdate(organization *asgardeo.Organization, plan, config, state model) diag.Diagnostics {
	live, name := organization.KnownSMSSender(), organization.Name()
	if live == nil || plan.sendsNothing(state, config) {
		return nil
	}
	switch {
	case live.BuiltIn() && plan.ProviderName.ValueString() != live.Provider:
		return builtInDeleted(name)
	case plan.ProviderURL.IsUnknown(), plan.ProviderName.IsUnknown(), plan.changesGateway(live.Provider, live.ProviderURL):
		if names := config.undeclared(live); names != "" {
			return leftBehind(names, name)
		}
	case live.Irreplaceable() && config.Authentication.IsNull() && state.Authentication.IsNull():
		return authenticationLost(live, name)
	}
	return nil
}
