package providertest

import (
	"net/http"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

const tokenType = "asgardeo_access_token"

// OpenToken makes the calls of an ephemeral access token: validation and opening.
func (p *Process) OpenToken(config Values) (Values, Diagnostics) {
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

// CloseToken ends the ephemeral access token that was opened last.
func (p *Process) CloseToken() Diagnostics {
	p.T.Helper()
	closed, err := p.Server.CloseEphemeralResource(p.T.Context(),
		&tfprotov6.CloseEphemeralResourceRequest{TypeName: tokenType, Private: p.opened})
	Must(p.T, err)
	return closed.Diagnostics
}

// StatusWithToken is the status with which the server answers a GET with an access token.
func StatusWithToken(t Tester, url, token string) int {
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

// StatusWithToken is the status with which the server answers a GET of a path of an organization's API.
func (w *Workspace) StatusWithToken(token any, organization, path string) int {
	w.T.Helper()
	return StatusWithToken(w.T, w.Mock.URL()+"/t/"+organization+path, token.(string))
}
