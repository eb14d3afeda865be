package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

var (
	_ ephemeral.EphemeralResourceWithClose     = (*accessToken)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*accessToken)(nil)
)

// accessToken is the ephemeral resource that lends an access token to other providers, for parts of the management API
// that this one does not cover. It is in neither plan nor state.
type accessToken struct {
	data *session.Data
}

type accessTokenModel struct {
	Organization  types.String `tfsdk:"organization"`
	Scopes        types.Set    `tfsdk:"scopes"`
	AccessToken   types.String `tfsdk:"access_token"`
	ExpiresAt     types.String `tfsdk:"expires_at"`
	GrantedScopes types.Set    `tfsdk:"granted_scopes"`
	Revoke        types.Bool   `tfsdk:"revoke"`
}

func (*accessToken) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "asgardeo_access_token"
}

func (*accessToken) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Gets an access token for an organization's management API with the provider's client " +
			"credentials, for use in the configuration of other providers or in write-only arguments. It is kept neither in " +
			"the plan nor in the state (Terraform 1.10, OpenTofu 1.11 and later).",
		Attributes: map[string]schema.Attribute{
			"organization": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Name of the organization. Default: the provider's.",
				Validators:          []validator.String{validators.Organization},
			},
			"scopes": schema.SetAttribute{
				Required:    true,
				ElementType: types.StringType,
				MarkdownDescription: "Scopes to ask for. The server leaves out those that the application is not authorized for; " +
					"a warning names them.",
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1),
					setvalidator.ValueStringsAre(stringvalidator.RegexMatches(
						regexp.MustCompile(`^\S+$`), "must be one scope, without white space")),
				},
			},
			"access_token": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The token, for a header `Authorization: Bearer …`.",
			},
			"expires_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When it ends, as an RFC 3339 time in UTC. Null where the server does not say.",
			},
			"revoke": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the token is revoked as soon as Terraform no longer needs it, if the server can do " +
					"that. Default: `true`. A server with opaque tokens can give the same token to several runs at the same time. " +
					"With `false`, one run does not end the token of another.",
			},
			"granted_scopes": schema.SetAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Scopes that the token has.",
			},
		},
	}
}

func (r *accessToken) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	r.data, resp.Diagnostics = session.Configured(req.ProviderData)
}

// Open gets a token.
func (r *accessToken) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model accessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, diags := r.data.Organization(model.Organization)
	resp.Diagnostics.Append(diags...)
	var scopes []string
	resp.Diagnostics.Append(model.Scopes.ElementsAs(ctx, &scopes, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	slices.Sort(scopes)
	token, err := organization.IssueToken(ctx, scopes)
	switch {
	case asgardeo.IsKind(err, asgardeo.NoCredentials):
		resp.Diagnostics.AddError("Unable to get an access token", tokenFromElsewhere)
		return
	case err != nil:
		resp.Diagnostics.Append(session.UnableTo("get an access token", err)...)
		return
	}
	granted := []string{} // a set without elements, not null
	for _, scope := range token.Scopes {
		granted = append(granted, string(scope))
	}
	missing := slices.DeleteFunc(scopes, func(scope string) bool { return slices.Contains(granted, scope) })
	if len(missing) > 0 {
		resp.Diagnostics.AddAttributeWarning(path.Root("scopes"),
			fmt.Sprintf("Scopes not granted in %q", organization.Name()),
			fmt.Sprintf(scopesNotGranted, strings.Join(missing, ", ")))
	}
	model.Organization = types.StringValue(organization.Name())
	model.AccessToken = types.StringValue(token.Value)
	model.ExpiresAt = types.StringNull()
	if !token.ExpiresAt.IsZero() {
		model.ExpiresAt = types.StringValue(token.ExpiresAt.UTC().Format(time.RFC3339))
	}
	model.GrantedScopes, diags = types.SetValueFrom(ctx, types.StringType, granted)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
	if model.Revoke.IsNull() || model.Revoke.ValueBool() {
		kept, _ := json.Marshal(revocableToken{organization.Name(), token.Value}) // two texts never fail
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, revocableKey, kept)...)
	}
}

// revocableToken is what Close needs to know. Terraform hands it back to this process, and writes it nowhere.
type revocableToken struct{ Organization, Token string }

const (
	revocableKey = "token"
	// revokeTimeout bounds the end of a run: a token that is not revoked ends by itself.
	revokeTimeout = 30 * time.Second
)

// Close revokes the token.
func (r *accessToken) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	kept, diags := req.Private.GetKey(ctx, revocableKey)
	resp.Diagnostics.Append(diags...)
	if len(kept) == 0 || diags.HasError() {
		return
	}
	var token revocableToken
	if err := json.Unmarshal(kept, &token); err != nil {
		resp.Diagnostics.AddError("Unable to revoke an access token",
			"The provider does not understand its own memory. This is a bug; please report it.")
		return
	}
	organization, diags := r.data.Organization(types.StringValue(token.Organization))
	resp.Diagnostics.Append(diags...)
	if organization == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, revokeTimeout)
	defer cancel()
	if err := organization.RevokeToken(ctx, token.Token); err != nil {
		resp.Diagnostics.AddWarning(fmt.Sprintf("An access token of %q was not revoked", token.Organization),
			notRevoked+explain.Error(err))
	}
}
