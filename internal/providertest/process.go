package providertest

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
)

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

// Start starts a process with a provider block that has to be right.
func Start(t Tester, config Values) *Process {
	t.Helper()
	p := NewProcess(t)
	WantNoDiagnostics(t, p.Configure(config))
	return p
}

// schemaOf lists the attributes of a resource, as the provider declares them.
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

// ImportByID imports an object by the text of an import block's id and reads it, as Terraform does.
func (p *Process) ImportByID(typeName, id string) (*Object, Diagnostics) {
	p.T.Helper()
	return p.importObject(typeName, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
}

// ImportByIdentity imports an object by the identity of an import block and reads it, as Terraform does.
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

// GenerateConfig makes a configuration of a state as Terraform does: without what is computed only, and without
// sensitive and write-only values.
func (p *Process) GenerateConfig(typeName string, state Values) Values {
	config := Values{}
	for _, attribute := range p.Schemas.ResourceSchemas[typeName].Block.Attributes {
		written := attribute.Required || attribute.Optional
		if value := state[attribute.Name]; written && !attribute.Sensitive && !attribute.WriteOnly && value != nil {
			config[attribute.Name] = value
		}
	}
	return config
}
