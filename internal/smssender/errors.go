package smssender

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// SenderAdvice is the next step for each of the server's complaints about a sender.
var SenderAdvice = map[redact.Text]string{
	"NSM-60001": "The server has no sender of the name \"" + asgardeo.SMSSenderName + "\" among its own. On a WSO2 " +
		"Identity Server, its administrator enables SMS sending first.",
	"NSM-60003": "Set provider_name.",
	"NSM-60004": "Set body: the server has no text of its own for this gateway.",
	"NSM-60005": "Set provider_url: this version of the server requires it for every gateway.",
	"NSM-60007": "The sender belongs to another channel, such as Asgardeo's own one, and a sender cannot change its " +
		"channel. Run the command again: the next plan sees which one is there.",
	"NSM-60011": "A value of authentication is blank. The server's description names it.",
	"NSM-60012": "A value of authentication is missing. The server's description names it.",
	"NSM-60013": "The server does not know this kind of sender. Check provider_name.",
	"NSM-60014": "The server does not accept the sender's fields. Check body, http_headers and http_method.",
	"NSM-65012": "The server has no channel for this sender. Remove the property channel.type from it, or use one of " +
		"the channels it knows.",
	"UE-10000": "A required field is missing or has a value that the server does not know. Check provider_name, " +
		"content_type and body. A server older than WSO2 Identity Server 7.3 knows no authentication.",
	"NSM-65023": "The server cannot store the sender's secrets. " + noSecretType,
	"NSM-65024": "The server cannot read the sender's secrets. " + noSecretType,
	"NSM-65025": "The server cannot delete the sender's secrets. " + noSecretType,
}

// #nosec G101 -- the name of a type
const noSecretType = "On a migrated WSO2 Identity Server, an administrator adds the secret type " +
	"SMS_PROVIDER_SECRET_PROPERTIES to the database."

// senderError explains a failed call for senders. The action completes "Unable to …".
func senderError(action string, err error) diag.Diagnostics {
	if refused, ok := errors.AsType[session.Refusal](err); ok {
		return refused.Diagnostics
	}
	if swap, ok := errors.AsType[*asgardeo.SwapError](err); ok {
		return swapError(action, swap)
	}
	summary := "Unable to " + action
	failure, ok := errors.AsType[*asgardeo.Error](err)
	if !ok {
		return session.OneError(summary, explain.Error(err))
	}
	advice := SenderAdvice[failure.Code]
	if failure.Code == "NSM-60007" && strings.Contains(string(failure.Description), "%s") {
		// The server's placeholder tells its two meanings apart.
		advice = "The server accepts no key or secret beside an authentication of another type. Remove key and secret, or " +
			"authentication."
	}
	detail := explain.Error(err)
	switch {
	case failure.Kind == asgardeo.AuthenticationMissing:
		return session.OneErrorAt(path.Root("authentication"), summary, fmt.Sprintf(
			"The server of organization %q has no authentication of SMS senders. %s",
			failure.Organization, authenticationMissing))
	case failure.Kind == asgardeo.Conflict && failure.Scope == asgardeo.ScopeCreateSenders:
		detail = fmt.Sprintf("Organization %q has an SMS sender already. Import it, so that Terraform changes it instead of "+
			"creating another one:\n\n"+howToImport+" If it is being replaced, remove create_before_destroy from its lifecycle "+
			"block for this apply: there can be no second one beside it.\n\n%[3]s",
			failure.Organization, failure.Organization, explain.Facts(failure))
	case failure.Kind == asgardeo.NotFound:
		detail = fmt.Sprintf("Organization %q has no SMS sender anymore: somebody deleted it since the plan was made. Plan "+
			"again; Terraform will create it anew.\n\n%s", failure.Organization, explain.Facts(failure))
	case advice != "":
		detail = fmt.Sprintf("%s\n\n%s\n\n%s", explain.WhatHappened(failure), advice, explain.Facts(failure))
	}
	return session.OneError(summary, detail)
}

// swapError tells what became of the sender that had to go for a new one.
func swapError(action string, swap *asgardeo.SwapError) diag.Diagnostics {
	cause := senderError(action, swap.Err)[0]
	text := cause.Detail()
	if explain.IsKind(swap.Err, asgardeo.Conflict) {
		text = "Somebody else created an SMS sender in the same moment."
	}
	after := "It is back as it was."
	switch {
	case swap.PutBack == nil:
	case explain.IsKind(swap.PutBack, asgardeo.Conflict):
		after = "It could not be put back, because there is another one by now. The next plan shows which."
	default:
		after = "It could not be put back, so the organization may have no SMS sender now, and nobody receives passcodes. " +
			"Run the command again, or choose a sender in the Console (Notification Channels, SMS Provider)."
		if failure, ok := errors.AsType[*asgardeo.Error](swap.PutBack); ok {
			after += " " + explain.WhatHappened(failure) + "\n\n" + explain.Facts(failure)
		}
	}
	return session.OneError(cause.Summary(),
		text+"\n\nThe sender that was there before had to be deleted first. "+after)
}
