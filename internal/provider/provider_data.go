package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/semaphore"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// providerData is what the provider block hands to resources and data sources.
type providerData struct {
	client              *asgardeo.Client // nil while unknown holds anything
	organization        string           // of the provider block; empty if it has none
	organizationUnknown bool
	unknown             []string // arguments that are known during apply only
	skipSMSSenderCheck  bool
	myAccountAPI        asgardeo.API // where settings should be kept; empty while the client is nil

	// planned remembers which settings this process has planned: see alsoPlanned.
	planned sync.Map
	// flows remembers which resources for an organization's login flow this process has planned: see planFlow.
	flows sync.Map
	// taken remembers which settings this process has taken over, by organization: see leave.
	taken sync.Map
	// turns holds a semaphore for each organization: see takeover.
	turns sync.Map
	// senders remembers the organizations whose SMS sender this process has planned: see plansSender.
	senders sync.Map
}

// configured takes the provider's data from a Configure request of a resource or data source. It is nil where
// Terraform only validates.
func configured(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	typed, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", data))
	}
	return typed
}

// ready reports whether the management API can be called.
func (d *providerData) ready() bool {
	return d != nil && d.client != nil
}

// missingFor lists the provider's arguments that a call to an organization would need and that are not known yet.
func (d *providerData) missingFor(name types.String) []string {
	switch {
	case d.client == nil:
		return d.unknown
	case name.IsUnknown(), d.organizationUnknown && !d.client.HasOwnCredentials(name.ValueString()):
		return []string{"organization"} // and so to whom the provider's credentials belong
	}
	return nil
}

// use returns the handle of an organization for a call that has to be made now.
func (d *providerData) use(name types.String, diags *diag.Diagnostics) *asgardeo.Organization {
	switch {
	case d == nil:
		diags.AddError("Provider not configured", "The provider was asked for a call before it was configured. This is a bug; please report it.")
		return nil
	case d.client == nil:
		diags.AddError("Provider configuration not known yet", fmt.Sprintf(
			"The management API cannot be called, because these arguments of the provider depend on something that is not applied yet: %s. "+
				"Apply what they depend on first (-target), or give them values that are known when Terraform plans.", strings.Join(d.unknown, ", ")))
		return nil
	case name.ValueString() == "":
		diags.Append(d.noOrganization())
		return nil
	}
	organization, err := d.client.Organization(name.ValueString())
	if err != nil {
		addError(diags, "sign in", err)
		return nil
	}
	return organization
}

// useAccount returns the settings of an organization in the place where the provider wants them.
func (d *providerData) useAccount(name types.String, diags *diag.Diagnostics) *asgardeo.MyAccount {
	organization := d.use(name, diags)
	if organization == nil {
		return nil
	}
	return organization.MyAccount(d.myAccountAPI)
}

// account returns the settings of an organization in the place where a resource has them, or for a call that may be
// left out, nil.
func (d *providerData) account(name, api types.String) *asgardeo.MyAccount {
	organization := d.reach(name.ValueString())
	if organization == nil {
		return nil
	}
	return organization.MyAccount(placeOf(api))
}

// placeOf reads the attribute api. A state without it is older than the choice.
func placeOf(api types.String) asgardeo.API {
	if api.ValueString() == "" {
		return asgardeo.ClassicAPI
	}
	return asgardeo.API(api.ValueString())
}

// reach is use for a call that may be left out: nil says that it cannot be made now.
func (d *providerData) reach(name string) *asgardeo.Organization {
	if !d.ready() {
		return nil
	}
	organization, err := d.client.Organization(name)
	if err != nil {
		return nil
	}
	return organization
}

// notRefreshed says why a resource stays as it is in the state.
func (d *providerData) notRefreshed(thing string, organization types.String) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s of %q: not refreshed", thing, organization.ValueString()), fmt.Sprintf(
		"These arguments of the provider are known during apply only: %s. The state is kept as it is.", strings.Join(d.unknown, ", ")))
}

// useOrDefault is use for a data source, whose organization may be left to the provider.
func (d *providerData) useOrDefault(name types.String, diags *diag.Diagnostics) *asgardeo.Organization {
	if d != nil && name.IsNull() {
		if d.organizationUnknown {
			diags.Append(d.noOrganization())
			return nil
		}
		name = types.StringValue(d.organization)
	}
	return d.use(name, diags)
}

// noOrganization is the error for a block without an organization of its own when the provider has none, either.
func (d *providerData) noOrganization() diag.Diagnostic {
	if d != nil && d.organizationUnknown {
		return diag.NewErrorDiagnostic("Provider configuration not known yet", "The provider's organization depends on something that is not applied yet. "+
			"Set organization in this block, or apply what it depends on first.")
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("organization"), "Missing organization", fmt.Sprintf(
		"Neither this block nor the provider names an organization. Set organization here or in the provider block, or set %s.%s", variable("organization"),
		emptyVariables("organization")))
}

// planOrganization decides which organization a planned resource belongs to: the configured one, else the provider's. While
// that is not known, an existing resource stays where it is: planning "known after apply" would replace it.
func (d *providerData) planOrganization(config, state types.String) (types.String, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch {
	case !config.IsNull() && !config.IsUnknown():
		return config, nil
	case config.IsNull() && d != nil && d.organization != "":
		return types.StringValue(d.organization), nil
	case config.IsNull() && d != nil && !d.organizationUnknown && d.client != nil:
		diags.Append(d.noOrganization())
	}
	if !state.IsNull() {
		return state, diags
	}
	return types.StringUnknown(), diags
}

// planURL is the portal's address in a plan. Where nothing can be told, a resource that stays has what Terraform proposes: the
// present one if nothing changes, else an unknown one.
func (d *providerData) planURL(organization, oldOrganization, proposed types.String) types.String {
	url := d.portalURL(organization)
	if url.IsUnknown() && organization.Equal(oldOrganization) {
		return proposed
	}
	return url
}

// planAPI is where the settings are kept after the plan: where the provider wants them.
func (d *providerData) planAPI(proposed types.String) types.String {
	if !d.ready() {
		return proposed
	}
	return types.StringValue(string(d.myAccountAPI))
}

// portalURL is the portal's address, as soon as it can be told.
func (d *providerData) portalURL(organization types.String) types.String {
	if !d.ready() || organization.IsUnknown() || organization.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(d.client.PortalURL(organization.ValueString()))
}

// organizationIdentity identifies settings that exist once in each organization.
type organizationIdentity struct {
	Organization types.String `tfsdk:"organization"`
}

// setIdentity is called on every path that ends with state. CLIs that know no identity ignore it.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, organizationIdentity{Organization: organization})
}

// alsoPlanned notes the settings that a planned resource declares, and returns those that another resource of this plan declares, too.
// Terraform plans a replacement in two calls, the second one without prior state. So that a resource is not taken for its own
// rival, a new one and an existing one are rivals only where their values differ.
func (d *providerData) alsoPlanned(organization string, planned flags, exists bool) []asgardeo.Setting {
	var twice []asgardeo.Setting
	for _, setting := range planned.declared() {
		key, value := organization+"/"+string(setting), planned[setting].String()
		_, same := d.planned.LoadOrStore(fmt.Sprint(key, exists), value)
		other, differs := d.planned.Load(fmt.Sprint(key, !exists))
		if same || differs && other != value {
			twice = append(twice, setting)
		}
	}
	return twice
}

// planFlow notes a resource that plans the login flow of an organization, or a part of it, and refuses a second one: they
// would undo each other's work in every apply. Terraform plans a replacement in two calls, the second one without prior
// state. So that a resource is not taken for its own rival, a new one and an existing one of a type are rivals only
// where what they plan differs.
func (d *providerData) planFlow(organization types.String, typeName, planned string, exists bool) diag.Diagnostics {
	if !d.ready() || organization.IsUnknown() || typeName != loginFlowType && d.myAccountAPI != asgardeo.ApplicationAPI {
		return nil
	}
	name, rival := organization.ValueString(), loginFlowType
	if typeName == loginFlowType {
		rival = myAccountTwoFactor.typeName
	}
	key := func(typeName string, exists bool) string { return fmt.Sprint(name, "/", typeName, "/", exists) }
	_, twice := d.flows.LoadOrStore(key(typeName, exists), planned)
	other, both := d.flows.Load(key(typeName, !exists))
	_, newRival := d.flows.Load(key(rival, false))
	_, oldRival := d.flows.Load(key(rival, true))
	const advice = "Keep one of them, and let Terraform forget the other one if it is in the state: terraform state rm, or a " +
		"removed block with lifecycle { destroy = false }."
	switch {
	case newRival || oldRival:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two kinds of resources for the login flow of %q", name), fmt.Sprintf(
				"A block %s and a block %s of this configuration are both about organization %q. The second factors are a part of "+
					"the login flow, so each apply would undo what the other resource wrote. %s",
				myAccountTwoFactor.typeName, loginFlowType, name, advice))}
	case typeName == loginFlowType && (twice || both && other != planned):
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two resources for the login flow of %q", name), fmt.Sprintf(
				"More than one block %s of this configuration is about organization %q, so each apply would undo what the other "+
					"resource wrote. %s", loginFlowType, name, advice))}
	}
	return nil
}

// takeFlow notes that a resource of this process has taken the login flow over, and all settings that are in it.
func (d *providerData) takeFlow(organization *asgardeo.Organization) {
	d.take(organization.MyAccount(asgardeo.ApplicationAPI), asgardeo.TwoFactor())
}

// flowTaken reports that another resource of this process has taken a part of the login flow.
func (d *providerData) flowTaken(organization *asgardeo.Organization) bool {
	return slices.ContainsFunc(asgardeo.TwoFactor(), func(setting asgardeo.Setting) bool {
		_, taken := d.taken.Load(takenKey(organization.Name(), asgardeo.ApplicationAPI, setting))
		return taken
	})
}

// takeover lets one resource at a time take an organization's settings over or hand them back, so that a resource which is destroyed
// sees what came of a create that runs at the same time. It returns what ends the turn.
func (d *providerData) takeover(ctx context.Context, organization string) (func(), error) {
	turn, _ := d.turns.LoadOrStore(organization, semaphore.NewWeighted(1))
	if err := turn.(*semaphore.Weighted).Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("the operation was interrupted, or its time ran out, while another resource of organization %q was being changed", organization)
	}
	return func() { turn.(*semaphore.Weighted).Release(1) }, nil
}

// take notes that a resource of this process has begun to declare the settings.
func (d *providerData) take(account *asgardeo.MyAccount, settings []asgardeo.Setting) {
	for _, setting := range settings {
		d.taken.Store(takenKey(account.Name(), account.API(), setting), true)
	}
}

func takenKey(organization string, api asgardeo.API, setting asgardeo.Setting) string {
	return fmt.Sprint(organization, "/", api, "/", setting)
}

// leave returns the flags of a resource that is destroyed, without those which a successor has taken: with
// create_before_destroy, or under a new address, it was created first, and those settings are its own now.
func (d *providerData) leave(state settingsModel) flags {
	left := flags{}
	for _, setting := range state.flags.declared() {
		key := takenKey(state.organization.ValueString(), placeOf(state.api), setting)
		if _, taken := d.taken.Load(key); !taken {
			left[setting] = state.flags[setting]
		}
	}
	return left
}
