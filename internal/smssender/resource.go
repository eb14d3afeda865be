// Package smssender manages an organization's connection to the gateway that sends its SMS passcodes.
package smssender

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

var _ session.ManagedResource = (*connection)(nil)

const (
	typeName = "asgardeo_sms_sender"
	thing    = "SMS sender"
)

// connection manages an organization's connection to an SMS gateway, which SMS OTP needs.
type connection struct {
	session.Resource
}

// NewResource returns the resource asgardeo_sms_sender.
func NewResource() resource.Resource { return &connection{identified} }

// identified is how the resource is named and identified.
var identified = session.Resource{TypeName: typeName, Thing: thing, SoleName: asgardeo.SMSSenderName}

func (c *connection) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	diags := &resp.Diagnostics
	var plan, config model
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	if diags.HasError() {
		return
	}
	ctx, cancel, organization, found := c.Begin(ctx, plan.Organization, plan.Timeouts.Create)
	defer cancel()
	diags.Append(found...)
	if organization == nil {
		return
	}
	sender, _ := plan.update(asgardeo.SMSSender{Name: asgardeo.SMSSenderName}, config, model{})
	var err error
	before := c.NoteSender(organization.Name(), func(notes *handover.SenderNotes) {
		notes.Stayed, notes.Kept = false, false
	})
	if before.Replaceable() { // it stayed although its resource was destroyed: SMS OTP needs it all the time
		err = organization.UpdateSMSSender(ctx, func(asgardeo.SMSSender) (asgardeo.SMSSender, error) { return sender, nil })
	} else {
		err = organization.CreateSMSSender(ctx, sender)
	}
	if asgardeo.IsKind(err, asgardeo.SenderExists) && c.SenderNotes(organization.Name()).Created {
		diags.Append(createdTwice(organization.Name())...)
		return
	}
	if err != nil {
		diags.Append(unableTo("create the SMS sender", err)...)
		return
	}
	c.NoteSender(organization.Name(), func(notes *handover.SenderNotes) { notes.Created = true })
	diags.Append(resp.State.Set(ctx, &plan)...)
	diags.Append(c.SetIdentity(ctx, resp.Identity, plan.Organization)...)
}

func (c *connection) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	c.NoteRefresh()
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Read)
	defer cancel()
	// Also before a removal: the framework asks for the identity of what goes.
	diags.Append(c.SetIdentity(ctx, resp.Identity, state.Organization)...)
	imported := state.ProviderName.IsNull()
	c.NoteSender(state.Organization.ValueString(), func(notes *handover.SenderNotes) { notes.InState = true })
	if !c.Ready() && !imported {
		diags.Append(c.NotRefreshed(state.Organization)...)
		return
	}
	organization, found := c.Organization(state.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	live, err := organization.ExpectedSMSSender(ctx)
	switch {
	case err != nil:
		diags.Append(unableTo("read the SMS sender", err)...)
		return
	case live == nil && imported:
		diags.Append(notImported(organization.Name())...)
		return
	case live == nil:
		resp.State.RemoveResource(ctx)
		return
	case imported && live.Irreplaceable():
		diags.Append(authenticationFound(live, organization.Name())...)
	}
	state.read(live)
	diags.Append(resp.State.Set(ctx, &state)...)
}

func (c *connection) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	var plan, config, state model
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	diags.Append(c.SetIdentity(ctx, resp.Identity, plan.Organization)...)
	ctx, cancel, organization, found := c.Begin(ctx, plan.Organization, plan.Timeouts.Update)
	defer cancel()
	diags.Append(found...)
	if organization == nil {
		return
	}
	if plan.sendsNothing(state, config) {
		diags.Append(resp.State.Set(ctx, &plan)...)
		return
	}
	var outside string // by the last look before the write
	err := organization.UpdateSMSSender(ctx, func(live asgardeo.SMSSender) (asgardeo.SMSSender, error) {
		outside = state.changedOutside(&live)
		sender, lost := plan.update(live, config, state)
		if lost.HasError() {
			return sender, session.Refusal{Diagnostics: lost}
		}
		return sender, nil
	})
	if err != nil {
		diags.Append(unableTo("update the SMS sender", err)...)
		return
	}
	if outside != "" {
		diags.Append(overwritten(outside, organization.Name())...)
	}
	diags.Append(resp.State.Set(ctx, &plan)...)
}

// changedOutside names the arguments that somebody else changed since the plan was made.
func (m *model) changedOutside(live *asgardeo.SMSSender) string {
	now := *m
	now.read(live)
	planned, found := m.arguments(), now.arguments()
	maps.DeleteFunc(found, func(name string, value attr.Value) bool { return planned[name].Equal(value) })
	return strings.Join(slices.Sorted(maps.Keys(found)), ", ")
}

func (c *connection) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	diags.Append(c.SetIdentity(ctx, resp.Identity, state.Organization)...)
	if state.keeps() {
		c.NoteSender(state.Organization.ValueString(), func(notes *handover.SenderNotes) { notes.Kept = true })
		return
	}
	ctx, cancel, organization, found := c.Begin(ctx, state.Organization, state.Timeouts.Delete)
	defer cancel()
	diags.Append(found...)
	if organization == nil {
		return
	}
	stays, err := smsrule.DeleteSender(ctx, c.Data, organization, req.Private)
	diags.Append(stays...)
	if err != nil {
		diags.Append(unableTo("delete the SMS sender", err)...)
	}
}
