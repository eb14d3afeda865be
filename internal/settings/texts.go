package settings

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// What plans and applies of settings say at length. Titles are where they are used.

// placeNames are the places of the settings in texts.
var placeNames = map[portal.API]string{
	portal.ApplicationAPI: "the My Account application",
	portal.ClassicAPI:     "the classic settings",
}

// About the record of the time before Terraform.
const (
	unreadableRecord = "The state's record of what the settings were before Terraform was written by another version " +
		"of the provider (version %d). It is not used."
	recordOfElsewhere = "The state's record of what the settings were before Terraform is about organization %q at " +
		"%s with my_account_api = %q. It is not used."
)

// About other resources for the same settings.
const (
	twoResources = "More than one %s of this configuration declares %s for that organization. If their values " +
		"differ, each apply undoes what the other resource wrote. Keep one of them. If the other one is in the state, " +
		"let Terraform forget it: terraform state rm, or a removed block with lifecycle { destroy = false }."
	settingsUndone = "This plan destroys a second %s of that organization, which has these settings, too: %s. " +
		"Destroying it puts them back to what they were before Terraform. %s"
	settingsSetAgain = "This plan also destroys a resource that has these settings: %s. Destroying it may put them " +
		"back to what they were before Terraform, and this one sets them again: for a moment, users meet the earlier " +
		"ones. " + session.UseMoved
	settingsSucceeded = "It took them over before this one was destroyed. So these settings stay as they are, and " +
		"destroying it later will not bring back what they were before Terraform:\n\n%s\n\nTo rename a resource, use a " +
		"moved block: it keeps the record."
	settingsLeftToNew = "Another resource of this plan takes these settings over, so they stay as they are: %s. " +
		session.UseMoved
	settingsLeftToOld = "Another resource has these settings, too, so they stay as they are: %s."
	settingsLost      = "Destroying that one in a later run will not bring back what they were before Terraform:\n\n%s"
)

// About a takeover.
const (
	settingsNotCompared = "This is known during apply only: %s. So the plan cannot tell which settings the resource " +
		"changes: creating it takes over whatever is set, for every user of the organization."
	takeoverChanges = "%s\n\nThis changes for every user. To keep what is set instead, import it before you apply: " +
		"terraform import <address> %s"
	additionsChange = "%s\n\nThe resource did not declare this until now. It changes for every user."
	moveText        = "The provider's my_account_api is %q, and until now Terraform managed %s. What stands there " +
		"stays as it is, and Terraform forgets what it was before: on_destroy will be about %s. %s"
	moveChanges        = "There, this changes for every user of the organization:\n\n%s"
	moveChangesNothing = "What is set there is what the configuration declares, so nothing is changed there either."
)

// About what a change does besides.
const (
	flowDecides = "The second factors are as the configuration declares them, so nothing is written. But the flow is " +
		"more than second factors for everybody, because %s, so it may ask for them in some sign-ins only:\n\n%s"
	onlyTOTPWithoutEnrollment = "TOTP is the only second factor, and users may not enroll it while they sign in. " +
		"Those who have not enrolled it either sign in without a second factor or cannot sign in, depending on the " +
		"server. Offer another factor, or set totp_enrollment_enabled = true."
	signOut = "The server revokes the access tokens, refresh tokens, authorization codes and consents of the " +
		"portal's users at once, and again with each later change of the application while it is off. Switching it on " +
		"again does not bring them back."
)

// What comes of a write that failed. The %s is for what was written.
const (
	putBackAgain = "Written before that, and put back again:\n\n%s\n\nThe settings are what they were. The next " +
		"apply starts anew."
	notPutBack = "Already written:\n\n%s\n\nPutting that back has failed, too. "
	notCreated = "Nothing is kept in the state. The next apply continues from there, and takes these values for what " +
		"was there before Terraform: on_destroy = \"restore\" will leave them so."
	notMoved = "The state still has them in the other place. The next apply continues from there, and takes these " +
		"values for what was there before Terraform: on_destroy = \"restore\" will leave them so."
	partlyUpdated    = "Already written:\n\n%s\n\nThe state records it."
	partlyHandedBack = "Already written:\n\n%s\n\nThe resource stays in the state; the next destroy continues from there."
	changedOutside   = "Since the plan was made, somebody else changed settings that it declares. Applying the plan " +
		"changed them to what it says:\n\n%s"
)

// About a destroy.
const (
	restoreWithoutRecord = "The state has no record of what the settings were before Terraform, so on_destroy = " +
		"\"restore\" leaves them as they are. Set on_destroy = \"reset\" and apply before destroying if they should go " +
		"to Asgardeo's defaults."
	noSettingsToRestore = "The state has no record of what the settings were before Terraform, so they stay as they are."
	handbackRestores    = "on_destroy = \"restore\" changes these settings back to what they were before Terraform, for " +
		"every user of the organization:\n\n%s"
	handbackResets = "on_destroy = \"reset\" changes these settings to Asgardeo's defaults, for every user of the " +
		"organization:\n\n%s"
	handbackTakesToo = " (not managed here, but it cannot stay on alone)"
	flowIsDefault    = "The login flow is the server's default one again, as it was before Terraform."
	flowStaysCustom  = "The login flow stays as it is, with its second factors: somebody has changed it since, and " +
		"now %s.\n\n%s"
	othersValuesStay = "Changed outside Terraform, and therefore left as they are: %s."
	noSenderLeft     = "sms_otp_enabled stays off, although it was on before Terraform: the organization has no SMS " +
		"sender anymore that SMS OTP could use."
	unmetStaysOff = "%s stays off, although it was on before Terraform: it needs %s, which will be off."
)

// What the documentation says about resources, data sources and their attributes.

const (
	portalDescription = "Switches an organization's My Account self-service portal on or off. Every organization " +
		"has the portal, and it is on until somebody switches it off, so the resource takes over a setting that exists " +
		"already."
	portalDataDescription = "Reads whether an organization's My Account self-service portal is on, and where it is."
	twoFactorDescription  = "Manages two-factor authentication (2FA, also called MFA) of an organization's My Account " +
		"portal: email OTP, SMS OTP, TOTP, TOTP enrollment during login, and backup codes. The settings exist in every " +
		"organization, so the resource takes them over. It manages those that the configuration declares, and only " +
		"those: a setting that is left out is not kept in the state and not changed. At least one must be declared."
	twoFactorDataDescription = "Reads the two-factor settings (2FA, MFA) of an organization's My Account portal: email " +
		"OTP, SMS OTP, TOTP, TOTP enrollment, and backup codes."

	apiDescription = "Where the settings are kept: `application` or `classic`. It follows the provider's " +
		"`my_account_api`; a change moves the resource to the other place and leaves the values in the old one."
	apiDataDescription = "Where the settings were read: `application` or `classic`, as the provider's " +
		"`my_account_api` says."
	urlDescription       = "Address at which the organization's users open the portal."
	onDestroyDescription = "What happens to the settings when the resource is destroyed. They cannot be deleted, only " +
		"changed:\n\n" +
		"    - `restore` (default): each declared setting that still is what Terraform made of it goes back to what it " +
		"was when the resource was created or imported. What somebody else changed since stays.\n" +
		"    - `reset`: the declared settings go to Asgardeo's defaults: %s.\n" +
		"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
		"    The plan lists what will be written. The value that counts is the one last applied."
)

// descriptions of the settings, and advice for those who set them.
var descriptions = map[portal.Setting]struct{ text, advice string }{
	portal.PortalEnabled: {text: "Whether users can open the portal."},
	portal.EmailOTP:      {text: "Whether a one-time passcode sent by email is offered as second factor."},
	portal.SMSOTP: {
		text:   "Whether a one-time passcode sent by SMS is offered as second factor.",
		advice: " It needs the organization's SMS sender (`asgardeo_sms_sender`).",
	},
	portal.TOTP: {text: "Whether the passcode of an authenticator app (TOTP) is offered as second factor."},
	portal.TOTPEnrollment: {
		text: "Whether users may enroll an authenticator app during login (TOTP progressive enrollment).",
		advice: " Needs `totp_enabled`. It overrides the organization's own setting for TOTP, which decides if this " +
			"argument is left out.",
	},
	portal.BackupCodes: {
		text:   "Whether users may sign in with backup codes.",
		advice: " Needs at least one of the second factors.",
	},
}
