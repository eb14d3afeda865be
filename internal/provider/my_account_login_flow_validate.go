package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// The server takes flows that no user gets through. The Console keeps people from saving them; these are its rules.

// scriptValidator refuses a script that would be taken for none.
var scriptValidator = textValidator{"a login script", "Empty script", func(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("the script is only white space, and the server would keep the one that it has. Leave script out for " +
			"a flow that runs every step")
	}
	return nil
}}

// ValidateConfig judges what is known of the flow.
func (r *loginFlowResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config loginFlowModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	steps, all := declaredSteps(config.Steps)
	for i, step := range steps {
		resp.Diagnostics.Append(judgeStep(step, i+1)...)
	}
	if all {
		resp.Diagnostics.Append(judgeStepNumber(config.SubjectStep, "subject_step", len(steps))...)
		resp.Diagnostics.Append(judgeStepNumber(config.AttributeStep, "attribute_step", len(steps))...)
		if len(steps) > 0 {
			resp.Diagnostics.Append(judgeHandlers(steps)...)
		}
		if !config.Script.IsNull() && !config.Script.IsUnknown() {
			resp.Diagnostics.Append(judgeScript(config.Script.ValueString(), len(steps))...)
		}
	}
}

// judgeStep finds what is wrong with the options of a step.
func judgeStep(step declaredStep, number int) diag.Diagnostics {
	var diags diag.Diagnostics
	if step.null {
		diags.AddAttributeError(step.at, "Missing options", fmt.Sprintf(
			"Step %d has no options. Say what users can choose from, or leave the step out.", number))
		return diags
	}
	var seen []asgardeo.LoginOption
	offersOTP := !step.complete() // one that is not known yet may be it
	for _, declared := range step.options {
		if declared.authenticator.IsNull() {
			diags.AddAttributeError(declared.at, "Missing authenticator", fmt.Sprintf(
				"An option of step %d has no authenticator. Give it one, or leave the option out.", number))
			continue
		}
		option, known := declared.known()
		if !known {
			continue
		}
		diags.Append(judgeOption(option, declared, number)...)
		same := func(other asgardeo.LoginOption) bool {
			return other.Authenticator == option.Authenticator && other.Connection == option.Connection
		}
		if slices.ContainsFunc(seen, same) {
			diags.AddAttributeError(declared.at, "Duplicate option", fmt.Sprintf(
				"Step %d offers %s twice. Remove one of them.", number, option.Authenticator))
		}
		seen = append(seen, option)
		offersOTP = offersOTP || slices.Contains([]asgardeo.Setting{asgardeo.TOTP, asgardeo.EmailOTP, asgardeo.SMSOTP}, option.Factor())
	}
	for i, declared := range step.options {
		option, known := declared.known()
		if known && option.Factor() == asgardeo.BackupCodes && number > 1 && !offersOTP {
			diags.AddAttributeError(step.options[i].at.AtName("authenticator"), "Backup codes stand alone", fmt.Sprintf(
				"Backup codes stand in for a passcode, and step %d offers none. Add totp, email-otp-authenticator or "+
					"sms-otp-authenticator to the step, or take %s out.", number, option.Authenticator))
		}
	}
	return diags
}

// judgeOption finds what is wrong with one option, by itself and in its place.
func judgeOption(option asgardeo.LoginOption, declared declaredOption, number int) diag.Diagnostics {
	var diags diag.Diagnostics
	at := declared.at.AtName("authenticator")
	switch right := rightName(option); {
	case strings.EqualFold(option.Connection, "LOCAL"):
		diags.AddAttributeError(declared.at.AtName("connection"), "No connection", fmt.Sprintf(
			"%q is what the API says of an authenticator that comes with the server. Leave connection out for %s.",
			option.Connection, option.Authenticator))
	case option.Authenticator == "OrganizationAuthenticator":
		diags.AddAttributeError(at, "Option of the server", "The server adds and hides this option by itself, where the "+
			"portal is shared with sub-organizations. Leave it out: it stays where it is.")
	case right != "":
		diags.AddAttributeError(at, "Misspelt authenticator", fmt.Sprintf(
			"There is no authenticator %q: it is %q. Names are case-sensitive.", option.Authenticator, right))
	case option.Connection == "" && slices.Contains(federated, option.Authenticator):
		diags.AddAttributeError(at, "Missing connection", fmt.Sprintf(
			"%s belongs to a connection, and does not come with the server. Name the connection, as in the Console under "+
				"Connections: connection = \"…\".", option.Authenticator))
	case number == 1 && option.Factor() == asgardeo.TOTP:
		diags.AddAttributeError(at, "TOTP in the first step", "TOTP cannot tell who somebody is, so nobody could sign in. Put "+
			"it into a later step, after one with a first factor.")
	case number == 1 && option.Factor() == asgardeo.BackupCodes:
		diags.AddAttributeError(at, "Backup codes in the first step", "Backup codes stand in for a second factor. Put them "+
			"into a later step, beside totp, email-otp-authenticator or sms-otp-authenticator.")
	}
	return diags
}

// federated are authenticators that only connections have.
var federated = []string{
	"GoogleOIDCAuthenticator", "FacebookAuthenticator", "GithubAuthenticator", "AppleOIDCAuthenticator",
	"OpenIDConnectAuthenticator", "SAMLSSOAuthenticator",
}

// rightNames are the server's own authenticators, with what people write instead: letters alone, in lower case.
var rightNames = map[string][]string{
	"BasicAuthenticator":              {"basic", "basicauth", "password", "usernamepassword", "usernameandpassword"},
	"IdentifierExecutor":              {"identifier", "identifierfirst"},
	"totp":                            {"totpauthenticator", "authenticatorapp"},
	"email-otp-authenticator":         {"emailotp", "email"},
	"sms-otp-authenticator":           {"smsotp", "sms"},
	"backup-code-authenticator":       {"backupcode", "backupcodes", "backupcodesauthenticator"},
	"FIDOAuthenticator":               {"fido", "fido2", "passkey", "passkeys", "webauthn"},
	"MagicLinkAuthenticator":          {"magiclink"},
	"push-notification-authenticator": {"push", "pushnotification"},
	"SessionExecutor":                 {"session", "activesessionslimit"},
	"OrganizationIdentifierHandler":   {"organizationidentifier"},
	"SharedUserIdentifierExecutor":    {"shareduseridentifier"},
}

// rightName returns how a misspelt name of the server's own authenticators is written.
func rightName(option asgardeo.LoginOption) string {
	if option.Connection != "" || rightNames[option.Authenticator] != nil {
		return ""
	}
	bare := bareName(option.Authenticator)
	for right, wrong := range rightNames {
		if bare == bareName(right) || slices.Contains(wrong, bare) {
			return right
		}
	}
	return ""
}

func bareName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// judgeStepNumber insists on a step that there is.
func judgeStepNumber(number types.Int64, name string, steps int) diag.Diagnostics {
	var diags diag.Diagnostics
	if number.ValueInt64() > int64(steps) {
		diags.AddAttributeError(path.Root(name), "No such step", fmt.Sprintf(
			"%s = %d, but the flow has %s. Give the number of one of them, counted from 1.", name, number.ValueInt64(),
			counted(steps, "step")))
	}
	return diags
}

// judgeHandlers insists on an option that finds out who somebody is. The server does, too, without saying so.
func judgeHandlers(steps []declaredStep) diag.Diagnostics {
	for _, step := range steps {
		if !step.complete() || slices.ContainsFunc(step.options, func(declared declaredOption) bool {
			option, _ := declared.known()
			return !option.Handles()
		}) {
			return nil
		}
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("steps"), "Nobody is authenticated",
		"Every option of the flow only prepares a login, such as asking for the user's identifier. Add one that checks who "+
			"the user is, such as BasicAuthenticator.")}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
