package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// mayHoldCredentials ends the description of an argument of a request to a custom gateway.
const mayHoldCredentials = "Some gateways expect credentials in it, so it is hidden in plans. The state keeps it: credentials are better off in `http_headers`."

func secretAttribute(name, meaning, alternative string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:  true,
		Sensitive: true,
		MarkdownDescription: meaning + " Kept in the state as it is written here, so `" + alternative + "` is better where the CLI has write-only arguments. " +
			"Left out, the server keeps the " + name + " it has.",
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.ConflictsWith(path.MatchRoot(alternative)),
		},
	}
}

func writeOnlyAttribute(name, alternative string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:  true,
		WriteOnly: true,
		Sensitive: true,
		MarkdownDescription: "The same as `" + alternative + "`, but never kept in plan or state (Terraform and OpenTofu 1.11 and later). It is sent when the sender " +
			"is created and whenever `" + name + "_wo_version` changes.",
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.ConflictsWith(path.MatchRoot(alternative)),
		},
	}
}

func versionAttribute(name string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Any number; change it to have `" + name + "_wo` sent again.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(path.MatchRoot(name + "_wo"))},
	}
}

// chooseSecret decides what a secret is after an update. The server keeps nothing that is not sent, so the live one
// goes back, unless the configuration has a new one. Another gateway gets none of the old one's.
func chooseSecret(live string, plain, writeOnly, before types.String, newVersion, rewired bool) string {
	given := firstSet(plain, writeOnly).ValueString()
	switch {
	case rewired:
		return given
	case given == "":
		return live
	case live == "", newVersion, !plain.Equal(before):
		return given
	}
	return live
}

// lostSecrets refuses an update that would leave a sender without the secrets it needs.
func lostSecrets(sender asgardeo.SMSSender) diag.Diagnostics {
	var diags diag.Diagnostics
	if sender.Provider != "Twilio" && sender.Provider != "Vonage" {
		return diags
	}
	for _, needed := range []struct{ name, value string }{{"key", sender.Key}, {"secret", sender.Secret}} {
		if needed.value == "" {
			name := needed.name
			diags.AddAttributeError(path.Root(name), "Missing "+name, fmt.Sprintf(
				"An SMS sender with provider_name = %[2]q needs %[1]s, and there is none to send: the server replaces the whole sender, and does not tell the %[1]s it has or has that of another gateway. "+
					"Set %[1]s_wo and raise %[1]s_wo_version, or set %[1]s.", name, sender.Provider))
		}
	}
	return diags
}
