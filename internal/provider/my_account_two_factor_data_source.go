package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var _ datasource.DataSourceWithConfigure = (*myAccountTwoFactorDataSource)(nil)

// myAccountTwoFactorDataSource reads the second factors of an organization's portal, all of them.
type myAccountTwoFactorDataSource struct {
	data *providerData
}

func newMyAccountTwoFactorDataSource() datasource.DataSource {
	return &myAccountTwoFactorDataSource{}
}

type myAccountTwoFactorDataModel struct {
	Organization          types.String `tfsdk:"organization"`
	EmailOTPEnabled       types.Bool   `tfsdk:"email_otp_enabled"`
	SMSOTPEnabled         types.Bool   `tfsdk:"sms_otp_enabled"`
	TOTPEnabled           types.Bool   `tfsdk:"totp_enabled"`
	TOTPEnrollmentEnabled types.Bool   `tfsdk:"totp_enrollment_enabled"`
	BackupCodesEnabled    types.Bool   `tfsdk:"backup_codes_enabled"`
}

func (d *myAccountTwoFactorDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "asgardeo_my_account_two_factor"
}

func (d *myAccountTwoFactorDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the second factors of an organization's My Account portal, and what goes with them.",
		Attributes: map[string]schema.Attribute{
			"organization":            organizationDataAttribute(),
			"email_otp_enabled":       computed("Whether a one-time passcode sent by email is offered as second factor."),
			"sms_otp_enabled":         computed("Whether a one-time passcode sent by SMS is offered as second factor."),
			"totp_enabled":            computed("Whether the passcode of an authenticator app (TOTP) is offered as second factor."),
			"totp_enrollment_enabled": computed("Whether users may enroll an authenticator app while they sign in."),
			"backup_codes_enabled":    computed("Whether users may sign in with backup codes."),
		},
	}
}

func (d *myAccountTwoFactorDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (d *myAccountTwoFactorDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model myAccountTwoFactorDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization := d.data.useOrDefault(model.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	live, err := organization.Read(ctx, asgardeo.TwoFactor()...)
	if err != nil {
		addError(&resp.Diagnostics, "read the two-factor settings", err)
		return
	}
	model = myAccountTwoFactorDataModel{
		Organization:          types.StringValue(organization.Name()),
		EmailOTPEnabled:       types.BoolValue(live[asgardeo.EmailOTP].On),
		SMSOTPEnabled:         types.BoolValue(live[asgardeo.SMSOTP].On),
		TOTPEnabled:           types.BoolValue(live[asgardeo.TOTP].On),
		TOTPEnrollmentEnabled: types.BoolValue(live[asgardeo.TOTPEnrollment].On),
		BackupCodesEnabled:    types.BoolValue(live[asgardeo.BackupCodes].On),
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
