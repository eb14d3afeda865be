package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// senderAdvice is the next step for each of the server's complaints about a sender.
var senderAdvice = map[asgardeo.Text]string{
	"NSM-60001": "The server has no sender of the name \"" + asgardeo.SMSSenderName + "\" among its own. On a WSO2 Identity Server, its administrator enables SMS sending first.",
	"NSM-60003": "Set provider_name.",
	"NSM-60004": "Set body: the server has no text of its own for this gateway.",
	"NSM-60005": "Set provider_url: this version of the server requires it for every gateway.",
	"NSM-60007": "The sender belongs to another channel, such as Asgardeo's own one, and a sender cannot change its channel. Run the command again: the next plan sees which one is there.",
	"NSM-60011": "A value of authentication is blank. The server's description names it.",
	"NSM-60012": "A value of authentication is missing. The server's description names it.",
	"NSM-60013": "The server does not know this kind of sender. Check provider_name.",
	"NSM-60014": "The server does not accept the sender's fields. Check body, http_headers and http_method.",
	"NSM-65012": "The server has no channel for this sender. Remove the property channel.type from it, or use one of the channels it knows.",
	"UE-10000":  "A required field is missing or has a value that the server does not know. Check provider_name, content_type and body. A server older than WSO2 Identity Server 7.3 knows no authentication.",
	"NSM-65023": "The server cannot store the sender's secrets. " + noSecretType,
	"NSM-65024": "The server cannot read the sender's secrets. " + noSecretType,
	"NSM-65025": "The server cannot delete the sender's secrets. " + noSecretType,
}

// #nosec G101 -- the name of a type
const noSecretType = "On a migrated WSO2 Identity Server, an administrator adds the secret type SMS_PROVIDER_SECRET_PROPERTIES to the database."

// addSenderError is addError with the next steps for senders.
func addSenderError(diags *diag.Diagnostics, action string, err error) {
	if refused, ok := errors.AsType[refusal](err); ok {
		diags.Append(refused.diags...)
		return
	}
	if swap, ok := errors.AsType[*asgardeo.SwapError](err); ok {
		addSwapError(diags, action, swap)
		return
	}
	var failure *asgardeo.Error
	if !errors.As(err, &failure) {
		addError(diags, action, err)
		return
	}
	advice := senderAdvice[failure.Code]
	if failure.Code == "NSM-60007" && strings.Contains(string(failure.Description), "%s") {
		// The server's placeholder tells its two meanings apart.
		advice = "The server accepts no key or secret beside an authentication of another type. Remove key and secret, or authentication."
	}
	switch {
	case failure.Kind == asgardeo.AuthenticationMissing:
		diags.AddAttributeError(path.Root("authentication"), "Unable to "+action, fmt.Sprintf("The server of organization %q has no authentication of SMS senders. %s", failure.Organization, authenticationMissingText))
	case failure.Kind == asgardeo.Conflict && failure.Scope == asgardeo.ScopeCreateSenders:
		diags.AddError("Unable to "+action, fmt.Sprintf("Organization %q has an SMS sender already. Import it, so that Terraform changes it instead of creating another one:\n\n"+
			"  terraform import asgardeo_sms_sender.<name> %s\n\n"+
			"If it is in the state under another address, use a moved block instead: imported twice, it would be deleted with the block that goes. If it is being replaced, remove create_before_destroy from its lifecycle block for this apply: there can be no second one beside it.\n\n%s", failure.Organization, failure.Organization, facts(failure)))
	case failure.Kind == asgardeo.NotFound:
		diags.AddError("Unable to "+action, fmt.Sprintf("Organization %q has no SMS sender anymore: somebody deleted it since the plan was made. Plan again; Terraform will "+
			"create it anew.\n\n%s", failure.Organization, facts(failure)))
	case advice != "":
		diags.AddError("Unable to "+action, fmt.Sprintf("%s\n\n%s\n\n%s", whatHappened(failure), advice, facts(failure)))
	default:
		addError(diags, action, err)
	}
}
