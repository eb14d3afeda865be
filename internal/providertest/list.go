package providertest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Listed is one result of a list.
type Listed struct {
	Name               string
	Identity, Resource Values
}

// List makes the calls of a list block: validation and listing.
func (p *Process) List(typeName string, config Values, include bool, limit int64) (results []Listed,
	diags Diagnostics) {
	p.T.Helper()
	server, ok := p.Server.(tfprotov6.ListResourceServer)
	if !ok {
		p.T.Fatal("the provider lists nothing")
	}
	block := p.Encode(p.Schemas.ListResourceSchemas[typeName].ValueType(), config)
	validated, err := server.ValidateListResourceConfig(p.T.Context(),
		&tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: block})
	Must(p.T, err)
	if diags = validated.Diagnostics; len(diags.Errors()) > 0 {
		return nil, diags
	}
	stream, err := server.ListResource(p.T.Context(), &tfprotov6.ListResourceRequest{TypeName: typeName, Config: block,
		IncludeResource: include, Limit: limit})
	Must(p.T, err)
	for event := range stream.Results {
		diags = append(diags, event.Diagnostics...)
		if len(diags.Errors()) > 0 {
			return nil, diags
		}
		if event.Identity == nil {
			continue
		}
		o := &Object{TypeName: typeName}
		results = append(results, Listed{event.DisplayName, p.DecodeIdentity(o, event.Identity),
			p.decode(p.ResourceType(o), event.Resource)})
	}
	return results, diags
}
