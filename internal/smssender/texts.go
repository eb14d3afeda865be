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

// nextSteps is what to do about each of the server's complaints about a sender.
var nextSteps = map[redact.Text]string{
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

// What went wrong with a call.
const (
	// #nosec G101 -- the name of a type
	noSecretType = "On a migrated WSO2 Identity Server, an administrator adds the secret type " +
		"SMS_PROVIDER_SECRET_PROPERTIES to the database."
	keyRefused = "The server accepts no key or secret beside an authentication of another type. Remove key and " +
		"secret, or authentication."
	existsDuringCreate = "Organization %q has an SMS sender already. Import it, so that Terraform changes it instead " +
		"of creating another one:\n\n" + howToImport + " If it is being replaced, remove create_before_destroy from its " +
		"lifecycle block for this apply: there can be no second one beside it.\n\n%[3]s"
	noAuthenticationThere = "The server of organization %q has no authentication of SMS senders. " +
		authenticationMissing
	goneSincePlan = "Organization %q has no SMS sender anymore: somebody deleted it since the plan was made. Plan " +
		"again; Terraform will create it anew.\n\n%s"
	notPutBack = "It could not be put back, so the organization may have no SMS sender now, and nobody receives " +
		"passcodes. Run the command again, or choose a sender in the Console (Notification Channels, SMS Provider)."
)

// unableTo explains a failed call for senders. The action completes "Unable to …".
func unableTo(action string, err error) diag.Diagnostics {
	if swap, ok := errors.AsType[*asgardeo.SwapError](err); ok {
		return session.OneError("Unable to "+action, swapFailed(swap))
	}
	if asgardeo.IsKind(err, asgardeo.AuthenticationMissing) {
		return session.OneErrorAt(path.Root("authentication"), "Unable to "+action, whatFailed(err))
	}
	if _, ok := errors.AsType[*asgardeo.Error](err); !ok {
		return session.UnableTo(action, err)
	}
	return session.OneError("Unable to "+action, whatFailed(err))
}

func whatFailed(err error) string {
	failure, ok := errors.AsType[*asgardeo.Error](err)
	if !ok {
		return explain.Error(err)
	}
	facts, nextStep := explain.Facts(failure), nextSteps[failure.Code]
	switch {
	case failure.Kind == asgardeo.AuthenticationMissing:
		return fmt.Sprintf(noAuthenticationThere, failure.Organization)
	case failure.Kind == asgardeo.SenderExists:
		return fmt.Sprintf(existsDuringCreate, failure.Organization, failure.Organization, facts)
	case failure.Kind == asgardeo.SenderMissing:
		return fmt.Sprintf(goneSincePlan, failure.Organization, facts)
	case failure.Code == "NSM-60007" && strings.Contains(string(failure.Description), "%s"):
		nextStep = keyRefused // the server's placeholder tells its two meanings apart
	case nextStep == "":
		return explain.Error(err)
	}
	return explain.WhatHappened(failure) + "\n\n" + nextStep + "\n\n" + facts
}

// swapFailed tells what became of the sender that had to go for a new one.
func swapFailed(swap *asgardeo.SwapError) string {
	text := whatFailed(swap.Err)
	if asgardeo.IsKind(swap.Err, asgardeo.SenderExists) {
		text = "Somebody else created an SMS sender in the same moment."
	}
	text += "\n\nThe sender that was there before had to be deleted first. "
	switch {
	case swap.PutBack == nil:
		return text + "It is back as it was."
	case asgardeo.IsKind(swap.PutBack, asgardeo.SenderExists):
		return text + "It could not be put back, because there is another one by now. The next plan shows which."
	}
	text += notPutBack
	if failure, ok := errors.AsType[*asgardeo.Error](swap.PutBack); ok {
		text += " " + explain.WhatHappened(failure) + "\n\n" + explain.Facts(failure)
	}
	return text
}

// What is wrong with a configuration. The verbs stand for the names of arguments, mostly.
const (
	twoForms = "Both %[1]s and %[1]s_wo are set. Remove one of them: %[1]s_wo is never kept in the state, %[1]s also " +
		"works with CLIs older than 1.11."
	versionAlone = "%[1]s_wo_version is set, and %[1]s_wo is not. Set %[1]s_wo, or remove %[1]s_wo_version."
	setArgument  = ". Set %[2]s in this block. Configuration that Terraform generates lacks what may hold " +
		"credentials."
	setSecret = ". Set %[2]s_wo and %[2]s_wo_version (Terraform and OpenTofu 1.11 and later), or %[2]s, which is " +
		"kept in the state."
	nothingToSend = ", and there is none to send: the server replaces the whole sender, and does not tell the %[2]s it " +
		"has or has that of another gateway. Set %[2]s_wo and raise %[2]s_wo_version, or set %[2]s."
	authenticationOfGateway = "An SMS sender with provider_name = %q signs in with key and secret. Remove " +
		"authentication, which is for custom gateways."
	keyBesideAuthentication = "The server refuses %s beside authentication. Remove %[1]s: authentication of the type " +
		"BASIC does the same at a custom gateway, with username and password."
	authenticationVersionMissing = "Terraform cannot see that a write-only value changed, so a new one would wait for " +
		"another change of the sender. Set %[1]s_wo_version = 1, and raise it with every change of %[1]s_wo."
	authenticationMissing = "Asgardeo has it, and WSO2 Identity Server 7.3 and later. With an older server, leave " +
		"authentication out and send an Authorization header with http_headers."
	builtInDeclared = "%q is the sender that Asgardeo provides itself, which cannot be declared. Choose \"Twilio\", " +
		"\"Vonage\" or \"Custom\", which replaces it, or leave it out, with its import, and read it with the data source " +
		"asgardeo_sms_sender"
)

// What can be right, and hardly is.
const (
	senderBlank = "Gateways expect the number or name that messages come from."
	whiteSpace  = "Perhaps it is the line break at the end of a file. The gateway would take it for a part of the %s. " +
		"trimspace() removes it."
	versionMissing = "Terraform cannot see that a write-only value changed, so a new %[1]s would never be sent. Set " +
		"%[1]s_wo_version = 1, and raise it with every change of the %[1]s."
	twilioSender = "Write a number with + and the country code and without blanks, such as \"+15550100\", a short code, " +
		"an alphanumeric sender ID of at most 11 characters, or the SID of a messaging service (MG…)."
	betterPlace = "Gateways, and proxies on the way, write addresses and bodies to their logs, and the state keeps " +
		"them. If the gateway takes an Authorization header, leave the credentials out and send them with authentication " +
		"or http_headers. Protect the state in any case."
	headersForm = "Expected is a single line, such as \"X-Tenant: 1, X-Region: eu\". trimspace() removes a line break " +
		"at the end."
	headersCut = "The server takes a comma for the end of a header and expects one colon in each: it drops what has " +
		"none or several, such as an address, without an error."
	signedTwice = "The server signs requests with %q, too, and either of the two may win. Leave it out of " +
		"http_headers."
	keyBecomesHeader = "The server sends them with every request as \"Authorization: Basic …\". If that is meant, " +
		"authentication of the type BASIC says so."
	keyAlone = "A custom gateway gets neither, unless both are set. Then the server sends them as \"Authorization: " +
		"Basic …\"."
)

// howToImport comes after another verb.
const howToImport = "  terraform import asgardeo_sms_sender.<name> %[2]s\n\n" +
	"If it is in the state under another address, use a moved block instead: imported twice, it would be deleted with " +
	"the block that goes."

func senderExists(live *asgardeo.SMSSender, organization string) diag.Diagnostics {
	return session.OneWarning(fmt.Sprintf("Organization %q has an SMS sender already", organization), fmt.Sprintf(
		"Its provider_name is %.100q. There can be no second one: the create will be refused, unless this run deletes the "+
			"first one before, as it does with a tainted resource. To change the one there is, import it:\n\n"+
			howToImport, live.Provider, organization))
}

func createdTwice(organization string) diag.Diagnostics {
	return session.OneError("Unable to create the SMS sender", fmt.Sprintf(
		"Another asgardeo_sms_sender of this configuration has just created the SMS sender of organization %q, which can "+
			"have only one. Remove one of the two blocks.", organization))
}

func notImported(organization string) diag.Diagnostics {
	return session.OneError("Unable to import the SMS sender", fmt.Sprintf(
		"Organization %q has no SMS sender. Terraform creates it: apply the configuration without importing it.",
		organization))
}

func notFound(organization string) diag.Diagnostics {
	return session.OneError("No SMS sender", fmt.Sprintf("Organization %q has no SMS sender. Create one with the "+
		"resource asgardeo_sms_sender, or set one up in the Console (Notification Channels, SMS Provider).", organization))
}

// deletionForGood warns of a deletion that cannot be undone, if it is one.
func deletionForGood(live *asgardeo.SMSSender, lost, organization string) diag.Diagnostics {
	why := "The server has what no configuration gave Terraform: " + lost + "."
	switch {
	case strings.EqualFold(live.Provider, asgardeo.BuiltInGateway):
		why = "It is the one that Asgardeo provides itself: only the Console can bring it back (Notification Channels, SMS " +
			"Provider)."
	case lost == "":
		return nil
	}
	return session.OneWarning(
		fmt.Sprintf("Deleting the SMS sender of %q cannot be undone", organization),
		fmt.Sprintf("Terraform cannot create it again from what it knows. %s\n\nTo leave the sender where it is, apply "+
			"on_destroy = \"keep\" before.", why))
}

func replacementLoses(lost, organization string) diag.Diagnostics {
	return session.OneError(
		fmt.Sprintf("Replacing the SMS sender of %q would lose its credentials", organization), fmt.Sprintf(
			"The server has what no configuration gave Terraform: %s. A replaced sender begins without it. Declare it in the "+
				"configuration, or do without the replacement: leave -replace out, or run terraform untaint.", lost))
}

func builtInDeleted(organization string) diag.Diagnostics {
	return session.OneWarningAt(path.Root("provider_name"),
		fmt.Sprintf("Asgardeo's own SMS sender of %q is deleted", organization),
		"The server lets no sender leave its channel. So the present one is deleted, and the configured one is created "+
			"right after it; passcodes of that moment are lost. If the server refuses the new one, the present one is put "+
			"back as it was. Terraform cannot bring it back later. The Console can (Notification Channels, SMS Provider).")
}

func leftBehind(names, organization string) diag.Diagnostics {
	return session.OneWarningAt(path.Root("provider_url"),
		fmt.Sprintf("The SMS sender of %q goes to another gateway", organization), fmt.Sprintf(
			"What the server has of the present one is no business of another one, and does not go along: %s. If the new one "+
				"needs it, declare it.", names))
}

// authenticationLost refuses a change that would drop what somebody else chose: the server keeps nothing that is not
// sent, and tells no secret that could be sent back.
func authenticationLost(live *asgardeo.SMSSender, organization string) diag.Diagnostics {
	return session.OneErrorAt(path.Root("authentication"),
		"The sender's authentication would be lost", fmt.Sprintf(
			"The SMS sender of %q signs its requests with an authentication of the type %.100q that is not in the "+
				"configuration. The server replaces the whole sender with every change, and does not tell the authentication's "+
				"secrets, so it cannot be sent back. Messages would fail without it.\n\nDeclare authentication with its secrets, "+
				"or leave the sender as it is. To do without it, declare authentication = { type = \"NONE\" }.",
			organization, live.Authentication.Type))
}

// authenticationFound tells who imports a sender what changes of it will need.
func authenticationFound(live *asgardeo.SMSSender, organization string) diag.Diagnostics {
	return session.OneWarningAt(path.Root("authentication"),
		fmt.Sprintf("The SMS sender of %q has an authentication", organization), fmt.Sprintf(
			"Its type is %.100q, and the server does not tell its secrets. Before Terraform can change the sender, declare "+
				"authentication with them: the server keeps nothing that a change does not send.", live.Authentication.Type))
}

func overwritten(names, organization string) diag.Diagnostics {
	return session.OneWarning(fmt.Sprintf("The SMS sender of %q changed outside Terraform", organization),
		"Since the plan was made, somebody else changed "+names+". Applying the plan changed the sender "+
			"to what it says.")
}
