package providertest

import (
	"net/http"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
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

// ConfigsOf are a first configuration and a changed one for each resource.
var ConfigsOf = map[string][2]Values{
	Portal:        {{"enabled": false}, {"enabled": true}},
	TwoFactor:     {{"email_otp_enabled": true}, {"email_otp_enabled": false}},
	LoginFlowType: {FlowConfig(Password + "|totp"), FlowConfig(Password + "|" + Passkey)},
}

// Generate makes a configuration of a state as Terraform does: without what is computed only, and without sensitive and
// write-only values.
func (p *Process) Generate(typeName string, state Values) Values {
	config := Values{}
	for _, attribute := range p.Schemas.ResourceSchemas[typeName].Block.Attributes {
		written := attribute.Required || attribute.Optional
		if value := state[attribute.Name]; written && !attribute.Sensitive && !attribute.WriteOnly && value != nil {
			config[attribute.Name] = value
		}
	}
	return config
}

func (w *Workspace) WantUnchanged(before mockserver.State) {
	w.T.Helper()
	if after := w.Mock.State(); !Same(before, after) {
		w.T.Errorf("the server was changed from %v to %v", before, after)
	}
}

const tokenType = "asgardeo_access_token"

// Open makes the calls of an ephemeral block: validation and opening.
func (p *Process) Open(config Values) (Values, Diagnostics) {
	p.T.Helper()
	typ := p.Schemas.EphemeralResourceSchemas[tokenType].ValueType()
	validated, err := p.Server.ValidateEphemeralResourceConfig(p.T.Context(),
		&tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: tokenType, Config: p.Encode(typ, config)})
	Must(p.T, err)
	if diags := Diagnostics(validated.Diagnostics); len(diags.Errors()) > 0 {
		return nil, diags
	}
	opened, err := p.Server.OpenEphemeralResource(p.T.Context(),
		&tfprotov6.OpenEphemeralResourceRequest{TypeName: tokenType, Config: p.Encode(typ, config)})
	Must(p.T, err)
	diags := append(Diagnostics(validated.Diagnostics), opened.Diagnostics...)
	if len(diags.Errors()) > 0 {
		return nil, diags
	}
	if !opened.RenewAt.IsZero() {
		p.T.Error("a token needs no renewal")
	}
	p.opened = opened.Private
	return p.decode(typ, opened.Result), diags
}

// Close ends the block that was opened last.
func (p *Process) Close() Diagnostics {
	p.T.Helper()
	closed, err := p.Server.CloseEphemeralResource(p.T.Context(),
		&tfprotov6.CloseEphemeralResourceRequest{TypeName: tokenType, Private: p.opened})
	Must(p.T, err)
	return closed.Diagnostics
}

// StatusFor is how the server answers a GET with a token.
func StatusFor(t Tester, url, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	Must(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	Must(t, err)
	Must(t, response.Body.Close())
	return response.StatusCode
}

// Status is statusFor a path of an organization.
func (w *Workspace) Status(token any, organization, path string) int {
	w.T.Helper()
	return StatusFor(w.T, w.Mock.URL()+"/t/"+organization+path, token.(string))
}
