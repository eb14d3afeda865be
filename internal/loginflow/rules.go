package loginflow

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// The server takes flows that no user gets through. The Console keeps people from saving them; these are its rules.

// scriptValidator refuses a script that would be taken for none.
var scriptValidator = validators.New("a login script", "Empty script", func(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New(blankScript)
	}
	return nil
})

// ValidateConfig checks what is known of the flow.
func (r *flowResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !session.Known(config.Steps) {
		return
	}
	steps := config.declaredSteps()
	for i, step := range steps {
		resp.Diagnostics.Append(checkStep(step, i+1)...)
	}
	checkNumber := func(attribute string, number types.Int64) {
		if number.ValueInt64() > int64(len(steps)) {
			resp.Diagnostics.AddAttributeError(path.Root(attribute), "No such step",
				fmt.Sprintf(noSuchStep, attribute, number.ValueInt64(), countedSteps(len(steps))))
		}
	}
	checkNumber("subject_step", config.SubjectStep)
	checkNumber("attribute_step", config.AttributeStep)
	authenticates := func(step declaredStep) bool {
		return step.mayOffer(func(option portal.Option) bool { return !option.Handles() })
	}
	if len(steps) > 0 && !slices.ContainsFunc(steps, authenticates) {
		resp.Diagnostics.AddAttributeError(path.Root("steps"), "Nobody is authenticated", onlyHandlers)
	}
	if session.Known(config.Script) {
		resp.Diagnostics.Append(doubtScript(config.Script.ValueString(), len(steps))...)
	}
}

// mayOffer reports that some option fits, or one that is not known yet may fit.
func (s declaredStep) mayOffer(fits func(option portal.Option) bool) bool {
	return !s.complete || slices.ContainsFunc(s.options, func(o declaredOption) bool { return fits(o.Option) })
}

// checkStep finds what is wrong with the options of a step.
func checkStep(step declaredStep, number int) diag.Diagnostics {
	var diags diag.Diagnostics
	if step.missing {
		diags.AddAttributeError(step.at, "Missing options", fmt.Sprintf(missingOptions, number))
	}
	offersPasscodes := step.mayOffer(func(option portal.Option) bool {
		return slices.Contains([]portal.Setting{portal.TOTP, portal.EmailOTP, portal.SMSOTP}, option.Factor())
	})
	offered := map[[2]string]bool{}
	for _, option := range step.options {
		if option.missing {
			diags.AddAttributeError(option.at, "Missing authenticator", fmt.Sprintf(missingAuthenticator, number))
		}
		if !option.complete {
			continue
		}
		diags.Append(checkOption(option, number, offersPasscodes)...)
		names := [2]string{option.Authenticator, option.Connection}
		if offered[names] {
			diags.AddAttributeError(option.at, "Duplicate option", fmt.Sprintf(duplicateOption, number, option.Authenticator))
		}
		offered[names] = true
	}
	return diags
}

// checkOption finds what is wrong with one option, by itself and in its place.
func checkOption(option declaredOption, step int, offersPasscodes bool) diag.Diagnostics {
	var diags diag.Diagnostics
	at, name := option.at.AtName("authenticator"), option.Authenticator
	switch correct := correctName(option.Option); {
	case strings.EqualFold(option.Connection, "LOCAL"):
		at = option.at.AtName("connection")
		diags.AddAttributeError(at, "No connection", fmt.Sprintf(needlessConnection, option.Connection, name))
	case name == "OrganizationAuthenticator":
		diags.AddAttributeError(at, "Option of the server", optionOfTheServer)
	case correct != "":
		diags.AddAttributeError(at, "Misspelt authenticator", fmt.Sprintf(misspeltAuthenticator, name, correct))
	case option.Connection == "" && slices.Contains(federated, name):
		diags.AddAttributeError(at, "Missing connection", fmt.Sprintf(missingConnection, name))
	case step == 1 && option.Factor() == portal.TOTP:
		diags.AddAttributeError(at, "TOTP in the first step", totpFirst)
	case step == 1 && option.Factor() == portal.BackupCodes:
		diags.AddAttributeError(at, "Backup codes in the first step", backupCodesFirst)
	case option.Factor() == portal.BackupCodes && !offersPasscodes:
		diags.AddAttributeError(at, "Backup codes stand alone", fmt.Sprintf(backupCodesAlone, step, name))
	}
	return diags
}

// federated are authenticators that only connections have.
var federated = []string{
	"GoogleOIDCAuthenticator", "FacebookAuthenticator", "GithubAuthenticator", "AppleOIDCAuthenticator",
	"OpenIDConnectAuthenticator", "SAMLSSOAuthenticator",
}

// slipsOfNames are the server's own authenticators, with what people write instead: letters alone, in lower case.
var slipsOfNames = map[string][]string{
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

// correctName returns how a misspelt name of the server's own authenticators is written.
func correctName(option portal.Option) string {
	if option.Connection != "" || slipsOfNames[option.Authenticator] != nil {
		return ""
	}
	bare := bareName(option.Authenticator)
	for correct, slips := range slipsOfNames {
		if bare == bareName(correct) || slices.Contains(slips, bare) {
			return correct
		}
	}
	return ""
}

var notInBareNames = regexp.MustCompile(`[^a-z0-9]`)

func bareName(name string) string {
	return notInBareNames.ReplaceAllString(strings.ToLower(name), "")
}

var (
	// scriptAside are the parts of a script that are no code: comments and texts.
	scriptAside = regexp.MustCompile(
		`(?s)//[^\r\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` + "`(?:\\\\.|[^`\\\\])*`")
	scriptLoop = regexp.MustCompile(`\b(?:for|while|forEach)\b`)
	scriptCall = regexp.MustCompile(`\bexecuteStep\s*\(\s*([^,)\s]*)`)
)

// doubtScript warns of what looks wrong in a script. What it does is not known, so nothing here is an error.
func doubtScript(script string, steps int) diag.Diagnostics {
	var diags diag.Diagnostics
	doubt := func(summary, detail string) { diags.AddAttributeWarning(path.Root("script"), summary, detail) }
	code := scriptAside.ReplaceAllString(script, `""`)
	if loop := scriptLoop.FindString(code); loop != "" {
		doubt("Loop in the script", fmt.Sprintf(scriptHasLoop, loop))
	}
	var called []int
	computed := false // a step that is called, so it may be any
	for _, call := range scriptCall.FindAllStringSubmatch(code, -1) {
		if number, err := strconv.Atoi(call[1]); err == nil {
			called = append(called, number)
		} else {
			computed = true
		}
	}
	var missing []string
	for number := 1; number <= steps; number++ {
		if !computed && !slices.Contains(called, number) {
			missing = append(missing, strconv.Itoa(number))
		}
	}
	if len(missing) > 0 {
		doubt("Step that the script never runs", fmt.Sprintf(stepNeverRun, strings.Join(missing, ", ")))
	}
	if i := slices.IndexFunc(called, func(number int) bool { return number < 1 || number > steps }); i >= 0 {
		doubt("Step that does not exist", fmt.Sprintf(stepDoesNotExist, called[i], countedSteps(steps)))
	}
	return diags
}
