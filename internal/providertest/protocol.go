package providertest

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
)

// This file speaks to the provider as Terraform does, one protocol call at a time, and checks on the way what Terraform
// checks. No CLI takes part.

// Tester is what a test and an attempt of a property-based test have in common.
type Tester interface {
	Helper()
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// Process is one run of the provider's program. Terraform starts a new one for each command, so nothing that the
// provider keeps in memory survives from plan to apply.
type Process struct {
	T          Tester
	Server     tfprotov6.ProviderServer
	Schemas    *tfprotov6.GetProviderSchemaResponse
	Identities *tfprotov6.GetResourceIdentitySchemasResponse
	opened     []byte // what the ephemeral block that was opened last has to remember
}

// NewProcess starts a process. All that it exchanges with a server has to be as documented.
func NewProcess(t Tester) *Process {
	t.Helper()
	return NewProcessOver(t, contract.Check(t))
}

// NewProcessOver starts a process whose connection something is put around.
func NewProcessOver(t Tester, wrap func(http.RoundTripper) http.RoundTripper) *Process {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(&provider.Provider{
		Version: "test", RetryWaitMin: time.Millisecond, Wrap: wrap,
	})()
	Must(t, err)
	p := &Process{T: t, Server: server}
	p.Schemas, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	Must(t, err)
	p.Identities, err = server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	Must(t, err)
	return p
}

// Configure validates and configures the provider block.
func (p *Process) Configure(config Values, capabilities ...*tfprotov6.ConfigureProviderClientCapabilities) Diagnostics {
	p.T.Helper()
	block := p.Encode(p.Schemas.Provider.ValueType(), config)
	validated, err := p.Server.ValidateProviderConfig(p.T.Context(),
		&tfprotov6.ValidateProviderConfigRequest{Config: block})
	Must(p.T, err)
	if diags := Diagnostics(validated.Diagnostics); len(diags.Errors()) > 0 {
		return diags
	}
	request := &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: block}
	if len(capabilities) > 0 {
		request.ClientCapabilities = capabilities[0]
	}
	configured, err := p.Server.ConfigureProvider(p.T.Context(), request)
	Must(p.T, err)
	return append(validated.Diagnostics, configured.Diagnostics...)
}

// Start starts a process with a provider block that has to be right.
func Start(t Tester, config Values) *Process {
	t.Helper()
	p := NewProcess(t)
	WantNoDiagnostics(t, p.Configure(config))
	return p
}

// Object is what Terraform's state holds of a resource: nil values while it does not exist.
type Object struct {
	TypeName string
	State    Values
	Private  []byte
	Identity Values
}

// Refresh reads an object. Terraform keeps the old state when that fails.
func (p *Process) Refresh(o *Object) Diagnostics {
	p.T.Helper()
	if o.State == nil {
		return nil
	}
	response, err := p.Server.ReadResource(p.T.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: o.TypeName, CurrentState: p.Encode(p.ResourceType(o), o.State), Private: o.Private,
		CurrentIdentity: p.EncodeIdentity(o),
	})
	Must(p.T, err)
	if diags := Diagnostics(response.Diagnostics); len(diags.Errors()) > 0 {
		return diags
	}
	o.State = p.decode(p.ResourceType(o), response.NewState)
	o.Private, o.Identity = response.Private, p.DecodeIdentity(o, response.NewIdentity)
	return response.Diagnostics
}

// Plan is a planned change of an object.
type Plan struct {
	Object          *Object
	Action          string // "create", "update", "replace", "delete" or "no-op"
	config, Planned Values // nil: the object is to be destroyed
	RequiresReplace []string
	Deferred        bool
	Private         []byte
	Diags           Diagnostics
}

// Plan validates the configuration and plans the change that it needs, without refreshing first. A nil configuration
// plans the destruction.
func (p *Process) Plan(o *Object, config Values) *Plan {
	p.T.Helper()
	result := &Plan{Object: o, config: config}
	if config != nil {
		validated, err := p.Server.ValidateResourceConfig(p.T.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: o.TypeName, Config: p.Encode(p.ResourceType(o), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		Must(p.T, err)
		if result.Diags = validated.Diagnostics; len(result.Diags.Errors()) > 0 {
			return result
		}
	}
	result.Diags = append(result.Diags, p.planChange(result, o.State, o.Private)...)
	if len(result.Diags.Errors()) > 0 || result.Deferred {
		return result
	}
	switch {
	case config == nil:
		result.Action = "delete"
	case o.State == nil:
		result.Action = "create"
	case Same(result.Planned, o.State):
		result.Action = "no-op"
	case len(result.RequiresReplace) > 0:
		result.Action = "replace"
		// Terraform plans the new object apart. Warnings of this call are dropped: it takes them for repetitions.
		replacement := &Plan{Object: o, config: config}
		if diags := p.planChange(replacement, nil, result.Private); len(diags.Errors()) > 0 {
			result.Diags = append(result.Diags, diags...)
		}
		result.Planned, result.Private = replacement.Planned, replacement.Private
	default:
		result.Action = "update"
	}
	return result
}

// withoutWriteOnly returns the value of an argument without the write-only ones within it.
func withoutWriteOnly(attribute *tfprotov6.SchemaAttribute, value any) any {
	object, ok := value.(Values)
	if !ok || attribute.NestedType == nil {
		return value
	}
	object = maps.Clone(object)
	for _, nested := range attribute.NestedType.Attributes {
		if nested.WriteOnly {
			delete(object, nested.Name)
		}
	}
	return object
}

// planChange makes one PlanResourceChange call.
func (p *Process) planChange(result *Plan, prior Values, private []byte) Diagnostics {
	p.T.Helper()
	schema := p.Schemas.ResourceSchemas[result.Object.TypeName]
	proposed := maps.Clone(result.config)
	for _, attribute := range schema.Block.Attributes {
		switch {
		case proposed != nil && attribute.Computed && proposed[attribute.Name] == nil:
			proposed[attribute.Name] = prior[attribute.Name]
		case attribute.WriteOnly:
			delete(proposed, attribute.Name)
		case proposed != nil && attribute.NestedType != nil:
			proposed[attribute.Name] = withoutWriteOnly(attribute, proposed[attribute.Name])
		}
	}
	response, err := p.Server.PlanResourceChange(p.T.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: result.Object.TypeName, PriorState: p.Encode(schema.ValueType(), prior),
		ProposedNewState: p.Encode(schema.ValueType(), proposed),
		Config:           p.Encode(schema.ValueType(), result.config), PriorPrivate: private,
		PriorIdentity: p.EncodeIdentity(result.Object),
	})
	Must(p.T, err)
	result.Private, result.Deferred = response.PlannedPrivate, response.Deferred != nil
	result.Planned = p.decode(schema.ValueType(), response.PlannedState)
	for _, path := range response.RequiresReplace {
		result.RequiresReplace = append(result.RequiresReplace, pathText(path))
	}
	if len(Diagnostics(response.Diagnostics).Errors()) > 0 {
		return response.Diagnostics
	}
	for _, attribute := range schema.Block.Attributes {
		configured, planned := result.config[attribute.Name], result.Planned[attribute.Name]
		if attribute.WriteOnly {
			configured = nil // Terraform insists that it is in no plan
		}
		configured = withoutWriteOnly(attribute, configured)
		if !Same(configured, planned) && (configured != nil || !attribute.Computed) && (configured == nil || !Same(planned,
			prior[attribute.Name])) {
			p.T.Errorf("invalid plan: %s is configured as %v and planned as %v", attribute.Name, configured, planned)
		}
	}
	return response.Diagnostics
}

// Apply applies a plan: like Terraform, it plans anew, now with every value known, insists on the planned result, and
// saves what the provider returns. The values that were unknown in the plan may be given.
func (p *Process) Apply(saved *Plan, known ...Values) Diagnostics {
	p.T.Helper()
	o := saved.Object
	if saved.Action == "no-op" {
		return nil
	}
	var diags Diagnostics
	if saved.Action == "delete" || saved.Action == "replace" {
		diags = p.applyChange(&Plan{Object: o, Private: saved.Private})
		if saved.Action == "delete" || len(diags.Errors()) > 0 {
			return diags
		}
	}
	config := maps.Clone(saved.config)
	for _, more := range known {
		maps.Copy(config, more)
	}
	final := p.Plan(o, config)
	if diags = append(diags, final.Diags...); len(diags.Errors()) > 0 {
		return diags
	}
	if final.Action != saved.Action && saved.Action != "replace" && final.Action != "no-op" {
		p.T.Errorf("inconsistent final plan: %s became %s", saved.Action, final.Action)
	}
	p.wantConsistent("final plan", saved.Planned, final.Planned)
	return append(diags, p.applyChange(final)...)
}

// applyChange makes one ApplyResourceChange call and saves the outcome in the object.
func (p *Process) applyChange(final *Plan) Diagnostics {
	p.T.Helper()
	o, typ := final.Object, p.ResourceType(final.Object)
	response, err := p.Server.ApplyResourceChange(p.T.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: o.TypeName, PriorState: p.Encode(typ, o.State), PlannedState: p.Encode(typ, final.Planned),
		Config:         p.Encode(typ, final.config),
		PlannedPrivate: final.Private, PlannedIdentity: p.EncodeIdentity(o),
	})
	Must(p.T, err)
	o.State = p.decode(typ, response.NewState)
	o.Private, o.Identity = response.Private, p.DecodeIdentity(o, response.NewIdentity)
	if len(Diagnostics(response.Diagnostics).Errors()) == 0 {
		p.wantConsistent("result after apply", final.Planned, o.State)
	}
	for name, value := range o.State {
		if value == Unknown {
			p.T.Errorf("%s is unknown after apply", name)
		}
	}
	return response.Diagnostics
}

// wantConsistent is Terraform's own check that what was unknown is all that may still change.
func (p *Process) wantConsistent(what string, planned, actual Values) {
	p.T.Helper()
	for name, value := range planned {
		if !becomes(value, actual[name]) {
			p.T.Errorf("inconsistent %s: %s was planned as %v and is %v", what, name, value, actual[name])
		}
	}
}

// becomes reports whether a value is what was planned, where anything may come of what is unknown.
func becomes(planned, actual any) bool {
	switch planned := planned.(type) {
	case unknownValue:
		return true
	case Values:
		actual, ok := actual.(Values)
		for name := range actual {
			ok = ok && becomes(planned[name], actual[name])
		}
		for name := range planned {
			ok = ok && becomes(planned[name], actual[name])
		}
		return ok
	case []any:
		actual, ok := actual.([]any)
		ok = ok && len(planned) == len(actual)
		for i := range planned {
			ok = ok && becomes(planned[i], actual[i])
		}
		return ok
	}
	return Same(planned, actual)
}

// ImportByID and importByIdentity import an object and read it, as Terraform does.
func (p *Process) ImportByID(typeName, id string) (*Object, Diagnostics) {
	p.T.Helper()
	return p.importObject(typeName, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
}

func (p *Process) ImportByIdentity(typeName string, identity Values) (*Object, Diagnostics) {
	p.T.Helper()
	encoded := p.EncodeIdentity(&Object{TypeName: typeName, Identity: identity})
	return p.importObject(typeName, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: encoded})
}

func (p *Process) importObject(typeName string, request *tfprotov6.ImportResourceStateRequest) (*Object, Diagnostics) {
	p.T.Helper()
	response, err := p.Server.ImportResourceState(p.T.Context(), request)
	Must(p.T, err)
	if diags := Diagnostics(response.Diagnostics); len(diags.Errors()) > 0 {
		return nil, diags
	}
	imported := response.ImportedResources[0]
	o := &Object{TypeName: typeName, Private: imported.Private}
	o.State, o.Identity = p.decode(p.ResourceType(o), imported.State), p.DecodeIdentity(o, imported.Identity)
	return o, append(response.Diagnostics, p.Refresh(o)...)
}

// Read reads a data source.
func (p *Process) Read(typeName string, config Values) (Values, Diagnostics) {
	p.T.Helper()
	typ := p.Schemas.DataSourceSchemas[typeName].ValueType()
	validated, err := p.Server.ValidateDataResourceConfig(p.T.Context(),
		&tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: p.Encode(typ, config)})
	Must(p.T, err)
	if diags := Diagnostics(validated.Diagnostics); len(diags.Errors()) > 0 {
		return nil, diags
	}
	response, err := p.Server.ReadDataSource(p.T.Context(),
		&tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: p.Encode(typ, config)})
	Must(p.T, err)
	return p.decode(typ, response.State), append(validated.Diagnostics, response.Diagnostics...)
}

func (p *Process) ResourceType(o *Object) tftypes.Type {
	return p.Schemas.ResourceSchemas[o.TypeName].ValueType()
}

func (p *Process) Encode(typ tftypes.Type, v Values) *tfprotov6.DynamicValue {
	p.T.Helper()
	encoded, err := tfprotov6.NewDynamicValue(typ, ToTerraform(typ, v))
	Must(p.T, err)
	return &encoded
}

func (p *Process) decode(typ tftypes.Type, encoded *tfprotov6.DynamicValue) Values {
	p.T.Helper()
	if encoded == nil {
		return nil
	}
	decoded, err := encoded.Unmarshal(typ)
	Must(p.T, err)
	v, _ := FromTerraform(p.T, decoded).(Values)
	return v
}

func (p *Process) EncodeIdentity(o *Object) *tfprotov6.ResourceIdentityData {
	p.T.Helper()
	if o.Identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{
		IdentityData: p.Encode(p.Identities.IdentitySchemas[o.TypeName].ValueType(), o.Identity),
	}
}

func (p *Process) DecodeIdentity(o *Object, identity *tfprotov6.ResourceIdentityData) Values {
	p.T.Helper()
	if identity == nil {
		return nil
	}
	return p.decode(p.Identities.IdentitySchemas[o.TypeName].ValueType(), identity.IdentityData)
}

func Must(t Tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// schemaOf lists the attributes of a resource.
func schemaOf(typeName string) []*tfprotov6.SchemaAttribute {
	server, err := providerserver.NewProtocol6WithError(&provider.Provider{Version: "test"})()
	if err != nil {
		panic(err)
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return schemas.ResourceSchemas[typeName].Block.Attributes
}
