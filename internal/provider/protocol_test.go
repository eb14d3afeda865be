package provider

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
)

// This file speaks to the provider as Terraform does, one protocol call at a time, and checks on the way what Terraform
// checks. No CLI takes part.

// tester is what a test and an attempt of a property-based test have in common.
type tester interface {
	Helper()
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// process is one run of the provider's program. Terraform starts a new one for each command, so nothing that the
// provider keeps in memory survives from plan to apply.
type process struct {
	t          tester
	server     tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
	opened     []byte // what the ephemeral block that was opened last has to remember
}

// newProcess starts a process. All that it exchanges with a server has to be as documented.
func newProcess(t tester) *process {
	t.Helper()
	return newProcessOver(t, contract.Check(t))
}

// newProcessOver starts a process whose connection something is put around.
func newProcessOver(t tester, wrap func(http.RoundTripper) http.RoundTripper) *process {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(&asgardeoProvider{
		version: "test", retryWaitMin: time.Millisecond, wrap: wrap,
	})()
	must(t, err)
	p := &process{t: t, server: server}
	p.schemas, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	p.identities, err = server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(t, err)
	return p
}

// configure validates and configures the provider block.
func (p *process) configure(config values, capabilities ...*tfprotov6.ConfigureProviderClientCapabilities) diagnostics {
	p.t.Helper()
	block := p.encode(p.schemas.Provider.ValueType(), config)
	validated, err := p.server.ValidateProviderConfig(p.t.Context(),
		&tfprotov6.ValidateProviderConfigRequest{Config: block})
	must(p.t, err)
	if diags := diagnostics(validated.Diagnostics); len(diags.errors()) > 0 {
		return diags
	}
	request := &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: block}
	if len(capabilities) > 0 {
		request.ClientCapabilities = capabilities[0]
	}
	configured, err := p.server.ConfigureProvider(p.t.Context(), request)
	must(p.t, err)
	return append(validated.Diagnostics, configured.Diagnostics...)
}

// start starts a process with a provider block that has to be right.
func start(t tester, config values) *process {
	t.Helper()
	p := newProcess(t)
	wantNoDiagnostics(t, p.configure(config))
	return p
}

// object is what Terraform's state holds of a resource: nil values while it does not exist.
type object struct {
	typeName string
	state    values
	private  []byte
	identity values
}

// refresh reads an object. Terraform keeps the old state when that fails.
func (p *process) refresh(o *object) diagnostics {
	p.t.Helper()
	if o.state == nil {
		return nil
	}
	response, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: o.typeName, CurrentState: p.encode(p.resourceType(o), o.state), Private: o.private,
		CurrentIdentity: p.encodeIdentity(o),
	})
	must(p.t, err)
	if diags := diagnostics(response.Diagnostics); len(diags.errors()) > 0 {
		return diags
	}
	o.state = p.decode(p.resourceType(o), response.NewState)
	o.private, o.identity = response.Private, p.decodeIdentity(o, response.NewIdentity)
	return response.Diagnostics
}

// plan is a planned change of an object.
type plan struct {
	object          *object
	action          string // "create", "update", "replace", "delete" or "no-op"
	config, planned values // nil: the object is to be destroyed
	requiresReplace []string
	deferred        bool
	private         []byte
	diags           diagnostics
}

// plan validates the configuration and plans the change that it needs, without refreshing first. A nil configuration
// plans the destruction.
func (p *process) plan(o *object, config values) *plan {
	p.t.Helper()
	result := &plan{object: o, config: config}
	if config != nil {
		validated, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: o.typeName, Config: p.encode(p.resourceType(o), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		must(p.t, err)
		if result.diags = validated.Diagnostics; len(result.diags.errors()) > 0 {
			return result
		}
	}
	result.diags = append(result.diags, p.planChange(result, o.state, o.private)...)
	if len(result.diags.errors()) > 0 || result.deferred {
		return result
	}
	switch {
	case config == nil:
		result.action = "delete"
	case o.state == nil:
		result.action = "create"
	case same(result.planned, o.state):
		result.action = "no-op"
	case len(result.requiresReplace) > 0:
		result.action = "replace"
		// Terraform plans the new object apart. Warnings of this call are dropped: it takes them for repetitions.
		replacement := &plan{object: o, config: config}
		if diags := p.planChange(replacement, nil, result.private); len(diags.errors()) > 0 {
			result.diags = append(result.diags, diags...)
		}
		result.planned, result.private = replacement.planned, replacement.private
	default:
		result.action = "update"
	}
	return result
}

// withoutWriteOnly returns the value of an argument without the write-only ones within it.
func withoutWriteOnly(attribute *tfprotov6.SchemaAttribute, value any) any {
	object, ok := value.(values)
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
func (p *process) planChange(result *plan, prior values, private []byte) diagnostics {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[result.object.typeName]
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
	response, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: result.object.typeName, PriorState: p.encode(schema.ValueType(), prior),
		ProposedNewState: p.encode(schema.ValueType(), proposed),
		Config:           p.encode(schema.ValueType(), result.config), PriorPrivate: private,
		PriorIdentity: p.encodeIdentity(result.object),
	})
	must(p.t, err)
	result.private, result.deferred = response.PlannedPrivate, response.Deferred != nil
	result.planned = p.decode(schema.ValueType(), response.PlannedState)
	for _, path := range response.RequiresReplace {
		result.requiresReplace = append(result.requiresReplace, pathText(path))
	}
	if len(diagnostics(response.Diagnostics).errors()) > 0 {
		return response.Diagnostics
	}
	for _, attribute := range schema.Block.Attributes {
		configured, planned := result.config[attribute.Name], result.planned[attribute.Name]
		if attribute.WriteOnly {
			configured = nil // Terraform insists that it is in no plan
		}
		configured = withoutWriteOnly(attribute, configured)
		if !same(configured, planned) && (configured != nil || !attribute.Computed) && (configured == nil || !same(planned,
			prior[attribute.Name])) {
			p.t.Errorf("invalid plan: %s is configured as %v and planned as %v", attribute.Name, configured, planned)
		}
	}
	return response.Diagnostics
}

// apply applies a plan: like Terraform, it plans anew, now with every value known, insists on the planned result, and
// saves what the provider returns. The values that were unknown in the plan may be given.
func (p *process) apply(saved *plan, known ...values) diagnostics {
	p.t.Helper()
	o := saved.object
	if saved.action == "no-op" {
		return nil
	}
	var diags diagnostics
	if saved.action == "delete" || saved.action == "replace" {
		diags = p.applyChange(&plan{object: o, private: saved.private})
		if saved.action == "delete" || len(diags.errors()) > 0 {
			return diags
		}
	}
	config := maps.Clone(saved.config)
	for _, more := range known {
		maps.Copy(config, more)
	}
	final := p.plan(o, config)
	if diags = append(diags, final.diags...); len(diags.errors()) > 0 {
		return diags
	}
	if final.action != saved.action && saved.action != "replace" && final.action != "no-op" {
		p.t.Errorf("inconsistent final plan: %s became %s", saved.action, final.action)
	}
	p.wantConsistent("final plan", saved.planned, final.planned)
	return append(diags, p.applyChange(final)...)
}

// applyChange makes one ApplyResourceChange call and saves the outcome in the object.
func (p *process) applyChange(final *plan) diagnostics {
	p.t.Helper()
	o, typ := final.object, p.resourceType(final.object)
	response, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: o.typeName, PriorState: p.encode(typ, o.state), PlannedState: p.encode(typ, final.planned),
		Config:         p.encode(typ, final.config),
		PlannedPrivate: final.private, PlannedIdentity: p.encodeIdentity(o),
	})
	must(p.t, err)
	o.state = p.decode(typ, response.NewState)
	o.private, o.identity = response.Private, p.decodeIdentity(o, response.NewIdentity)
	if len(diagnostics(response.Diagnostics).errors()) == 0 {
		p.wantConsistent("result after apply", final.planned, o.state)
	}
	for name, value := range o.state {
		if value == unknown {
			p.t.Errorf("%s is unknown after apply", name)
		}
	}
	return response.Diagnostics
}

// wantConsistent is Terraform's own check that what was unknown is all that may still change.
func (p *process) wantConsistent(what string, planned, actual values) {
	p.t.Helper()
	for name, value := range planned {
		if !becomes(value, actual[name]) {
			p.t.Errorf("inconsistent %s: %s was planned as %v and is %v", what, name, value, actual[name])
		}
	}
}

// becomes reports whether a value is what was planned, where anything may come of what is unknown.
func becomes(planned, actual any) bool {
	switch planned := planned.(type) {
	case unknownValue:
		return true
	case values:
		actual, ok := actual.(values)
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
	return same(planned, actual)
}

// importByID and importByIdentity import an object and read it, as Terraform does.
func (p *process) importByID(typeName, id string) (*object, diagnostics) {
	p.t.Helper()
	return p.importObject(typeName, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
}

func (p *process) importByIdentity(typeName string, identity values) (*object, diagnostics) {
	p.t.Helper()
	encoded := p.encodeIdentity(&object{typeName: typeName, identity: identity})
	return p.importObject(typeName, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: encoded})
}

func (p *process) importObject(typeName string, request *tfprotov6.ImportResourceStateRequest) (*object, diagnostics) {
	p.t.Helper()
	response, err := p.server.ImportResourceState(p.t.Context(), request)
	must(p.t, err)
	if diags := diagnostics(response.Diagnostics); len(diags.errors()) > 0 {
		return nil, diags
	}
	imported := response.ImportedResources[0]
	o := &object{typeName: typeName, private: imported.Private}
	o.state, o.identity = p.decode(p.resourceType(o), imported.State), p.decodeIdentity(o, imported.Identity)
	return o, append(response.Diagnostics, p.refresh(o)...)
}

// read reads a data source.
func (p *process) read(typeName string, config values) (values, diagnostics) {
	p.t.Helper()
	typ := p.schemas.DataSourceSchemas[typeName].ValueType()
	validated, err := p.server.ValidateDataResourceConfig(p.t.Context(),
		&tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: p.encode(typ, config)})
	must(p.t, err)
	if diags := diagnostics(validated.Diagnostics); len(diags.errors()) > 0 {
		return nil, diags
	}
	response, err := p.server.ReadDataSource(p.t.Context(),
		&tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: p.encode(typ, config)})
	must(p.t, err)
	return p.decode(typ, response.State), append(validated.Diagnostics, response.Diagnostics...)
}

func (p *process) resourceType(o *object) tftypes.Type {
	return p.schemas.ResourceSchemas[o.typeName].ValueType()
}

func (p *process) encode(typ tftypes.Type, v values) *tfprotov6.DynamicValue {
	p.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(typ, toTerraform(typ, v))
	must(p.t, err)
	return &encoded
}

func (p *process) decode(typ tftypes.Type, encoded *tfprotov6.DynamicValue) values {
	p.t.Helper()
	if encoded == nil {
		return nil
	}
	decoded, err := encoded.Unmarshal(typ)
	must(p.t, err)
	v, _ := fromTerraform(p.t, decoded).(values)
	return v
}

func (p *process) encodeIdentity(o *object) *tfprotov6.ResourceIdentityData {
	p.t.Helper()
	if o.identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{
		IdentityData: p.encode(p.identities.IdentitySchemas[o.typeName].ValueType(), o.identity),
	}
}

func (p *process) decodeIdentity(o *object, identity *tfprotov6.ResourceIdentityData) values {
	p.t.Helper()
	if identity == nil {
		return nil
	}
	return p.decode(p.identities.IdentitySchemas[o.typeName].ValueType(), identity.IdentityData)
}

func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// schemaOf lists the attributes of a resource.
func schemaOf(typeName string) []*tfprotov6.SchemaAttribute {
	server, err := providerserver.NewProtocol6WithError(&asgardeoProvider{version: "test"})()
	if err != nil {
		panic(err)
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return schemas.ResourceSchemas[typeName].Block.Attributes
}
