package portal

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Scripts as the Console writes them.
const (
	consoleScript1 = "var onLoginRequest = function(context) {\n    executeStep(1);\n};\n"
	consoleScript2 = "var onLoginRequest = function(context) {\n    executeStep(1);\n    executeStep(2);\n};\n"
	consoleScript3 = "var onLoginRequest = function(context) {\n    executeStep(1);\n" +
		"    executeStep(2);\n    executeStep(3);\n};\n"
)

// enrollmentScript2 is a script for two steps that says in the second whether users enroll.
func enrollmentScript2(value string) string {
	return "var onLoginRequest = function(context) {\n  executeStep(1);\n  executeStep(2, {" +
		"authenticatorParams:{common:{'enrolUserInAuthenticationFlow':'" + value + "'}}}, {});\n};"
}

// allSettings names all settings of a login flow: those that are on, and what enrollment is.
func allSettings(enrollment Value, on ...Setting) Settings {
	settings := Settings{}
	for _, setting := range TwoFactor() {
		settings[setting] = Off
	}
	settings[TOTPEnrollment] = enrollment
	for _, setting := range on {
		settings[setting] = On
	}
	return settings
}

const (
	email  = "email-otp-authenticator"
	sms    = "sms-otp-authenticator"
	backup = "backup-code-authenticator"
	basic  = "BasicAuthenticator"
	idf    = "IdentifierExecutor"
)

func TestSettingsAndShapeOfALoginFlow(t *testing.T) {
	t.Parallel()
	const ownScript = "its script is not one that the Console generates"
	for name, test := range map[string]struct {
		flow   Flow
		want   Settings
		custom string
	}{
		"password":                       {flowOf(basic, ""), allSettings(Off), ""},
		"password, saved in the Console": {flowOf(basic, consoleScript1), allSettings(Off), ""},
		"all second factors": {
			flowOf(basic+"| totp "+email+" "+sms+" "+backup, ""),
			allSettings(NotSet, TOTP, EmailOTP, SMSOTP, BackupCodes),
			"",
		},
		"the server's flow": {ofServer(flowOf(basic+"|"+email, "")), allSettings(Off, EmailOTP), ""},
		"a blank script":    {flowOf(basic+"|"+sms, " \n"), allSettings(Off, SMSOTP), ""},
		"a script in another layout": {
			flowOf(basic+"|totp", strings.Join(strings.Fields(consoleScript2), "\r\n\t")),
			allSettings(NotSet, TOTP),
			"",
		},
		"enrollment on": {flowOf(basic+"|totp", enrollmentScript2("true")), allSettings(On, TOTP), ""},
		"enrollment off, double quotes": {
			flowOf(basic+"|totp", strings.ReplaceAll(enrollmentScript2("false"), "'", `"`)), allSettings(Off, TOTP), "",
		},
		"enrollment maybe": {
			flowOf(basic+"|totp", enrollmentScript2("maybe")), allSettings(NotSet, TOTP), ownScript,
		},
		"enrollment where TOTP is not anymore": {
			flowOf(basic+"|"+email, enrollmentScript2("true")), allSettings(Off, EmailOTP), "",
		},
		"enrollment, but for other steps": {
			flowOf(basic+"|totp|"+sms, enrollmentScript2("true")), allSettings(NotSet, TOTP, SMSOTP), ownScript,
		},
		"a script of somebody": {
			flowOf(basic+"|totp", "// x\n"+consoleScript2), allSettings(NotSet, TOTP), ownScript,
		},
		"a script of somebody, no TOTP": {flowOf(basic, "x"), allSettings(Off), ownScript},
		"a script that executes nothing": {
			flowOf(basic, "var onLoginRequest = function(context) {\n};\n"), allSettings(Off), ownScript,
		},
		"a script in another order": {
			flowOf(basic+"|totp", strings.NewReplacer("1", "2", "2", "1").Replace(consoleScript2)),
			allSettings(NotSet, TOTP),
			ownScript,
		},
		"a script for fewer steps": {
			flowOf(basic+"|totp", consoleScript1), allSettings(Off), "its script runs 1 of 2 steps",
		},
		"a script for one step of two": {
			flowOf(basic+"|"+email+"|totp", consoleScript2), allSettings(Off, EmailOTP), "its script runs 2 of 3 steps",
		},
		"a script for more steps": {
			flowOf(basic+"|totp", consoleScript3),
			allSettings(NotSet, TOTP),
			"its script runs 3 steps, but it has only 2",
		},
		"email OTP instead of a password":  {flowOf(email, ""), allSettings(Off), ""},
		"identifier first":                 {flowOf(idf+"|"+basic+"|totp", ""), allSettings(NotSet, TOTP), ""},
		"identifier first, then email OTP": {flowOf(idf+"|"+email+" FIDOAuthenticator", ""), allSettings(Off), ""},
		"identifier first, OTP, TOTP":      {flowOf(idf+"|"+email+"|totp", ""), allSettings(NotSet, TOTP), ""},
		"handlers verify nobody": {
			flowOf(idf+" SessionExecutor OrganizationIdentifierHandler SharedUserIdentifierExecutor|totp", ""),
			allSettings(Off), "",
		},
		"a backup code verifies nobody":      {flowOf(backup+"|"+email, ""), allSettings(Off), ""},
		"a connection verifies":              {flowOf("Google/OIDC|totp", ""), allSettings(NotSet, TOTP), ""},
		"a connection with a handler's name": {flowOf("Google/"+idf+"|totp", ""), allSettings(NotSet, TOTP), ""},
		"a connection with a factor's name":  {flowOf(basic+"|Corp/totp", ""), allSettings(Off), ""},
		"beside a factor": {
			flowOf(basic+"|totp Corp/totp", ""),
			allSettings(NotSet, TOTP),
			"step 2 offers totp (Corp) beside the second factors",
		},
		"LOCAL in small letters":         {flowOf(basic+"|local/totp", ""), allSettings(Off), ""},
		"the names of factors are exact": {flowOf(basic+"|TOTP", ""), allSettings(Off), ""},
		"a passkey beside a factor": {
			flowOf(basic+"|FIDOAuthenticator "+email, ""),
			allSettings(Off, EmailOTP),
			"step 2 offers FIDOAuthenticator beside the second factors",
		},
		"two steps": {
			flowOf(basic+"|"+email+" "+backup+"|totp", ""),
			allSettings(NotSet, EmailOTP, TOTP, BackupCodes),
			"it has two steps with second factors (2 and 3)",
		},
		"three steps": {
			flowOf(basic+"|"+email+"|totp|"+sms, ""),
			allSettings(NotSet, EmailOTP, TOTP, SMSOTP),
			"it has 3 steps with second factors",
		},
		"a step after": {
			flowOf(basic+"|totp|FIDOAuthenticator", ""), allSettings(NotSet, TOTP), "step 3 follows the second factors",
		},
		"backup codes alone": {
			flowOf(basic+"|"+backup, ""), allSettings(Off), "backup codes stand alone in step 2",
		},
		"backup codes in another step": {
			flowOf(basic+"|"+backup+"|totp", ""),
			allSettings(NotSet, TOTP),
			"it has two steps with second factors (2 and 3)",
		},
		"the user of the second factor": {
			identifiedIn(flowOf(basic+"|totp", ""), 2, 1),
			allSettings(NotSet, TOTP),
			"the user is identified in step 2, the step of the second factors",
		},
		"the attributes of the second factor": {
			identifiedIn(flowOf(basic+"|totp", ""), 1, 2),
			allSettings(NotSet, TOTP),
			"the user's attributes come from step 2, the step of the second factors",
		},
		"the user of another step": {
			identifiedIn(flowOf(idf+"|"+basic+"|totp", ""), 2, 2), allSettings(NotSet, TOTP), "",
		},
		"twice in the step": {
			flowOf(basic+"|totp totp", ""), allSettings(NotSet, TOTP), "it asks for TOTP twice (step 2)",
		},
		"twice in the flow": {
			flowOf(basic+" "+email+"|"+sms+" "+email, ""),
			allSettings(Off, SMSOTP, EmailOTP),
			"it asks for email OTP twice (steps 1 and 2)",
		},
		"backup codes twice": {
			flowOf(email+" "+backup+"|totp "+backup, ""),
			allSettings(NotSet, TOTP, BackupCodes),
			"it asks for backup codes twice (steps 1 and 2)",
		},
		"an empty step": {
			flowOf(basic+"||totp", ""), allSettings(NotSet, TOTP), "step 2 shows no option",
		},
		"no steps": {
			Flow{Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1}, allSettings(Off), "",
		},
	} {
		if diff := cmp.Diff(test.want, test.flow.Settings()); diff != "" {
			t.Errorf("%s: the settings (-want +got):\n%s", name, diff)
		}
		if got := test.flow.WhyCustom(); got != test.custom {
			t.Errorf("%s: custom because %q, want %q", name, got, test.custom)
		}
	}
}

func TestWhichFlowsSendSMS(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]bool{
		basic:                     false,
		sms:                       true,
		basic + "|" + sms:         true,
		basic + "|Corp/" + sms:    false,
		basic + "|totp":           false,
		basic + "|totp " + email:  false,
		basic + "|totp|" + sms:    true,
		sms + "|totp":             true,
		basic + "|totp " + backup: false,
	} {
		if got := flowOf(steps, "").SendsSMS(); got != want {
			t.Errorf("%s: sends SMS %t, want %t", steps, got, want)
		}
	}
}

func TestALoginFlowInWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps string
		want  []string
	}{
		"options": {
			basic + " Google/GoogleOIDCAuthenticator|totp",
			[]string{"step 1: BasicAuthenticator, GoogleOIDCAuthenticator (Google)", "step 2: totp"},
		},
		"many options": {"a b c d e f g h i j k l", []string{"step 1: a, b, c, d, e, f, g, h, i, j, and 2 more"}},
		"long names": {
			strings.Repeat("ä", 61) + "/" + strings.Repeat("b", 60),
			[]string{"step 1: " + strings.Repeat("b", 60) + " (" + strings.Repeat("ä", 60) + "…)"},
		},
		"what a terminal acts on": {"a\x1b[31m\u202eb\x00/c\u200b", []string{"step 1: c (a[31mb)"}},
	} {
		if diff := cmp.Diff(test.want, flowOf(test.steps, "").Lines()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	option := Option{Connection: "a\n b\u2028c", Authenticator: strings.Repeat("x\n", 1000)}
	flow := Flow{Steps: []Step{{Options: []Option{option}}}}
	if line := flow.Lines()[0]; strings.ContainsAny(line, "\n\u2028") || utf8.RuneCountInString(line) > 150 {
		t.Errorf("the line is %q", line)
	}
}

// A factor that the first step offers twice is no matter of the step of the second factors, unless that offers it, too.
func TestFactorThatAnEarlierStepOffersTwice(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]string{
		"totp totp|" + sms:            "",
		"totp totp|totp " + sms:       "it asks for TOTP twice (steps 1 and 2)",
		basic + "|" + sms + " " + sms: "it asks for SMS OTP twice (step 2)",
	} {
		if got := flowOf(steps, "").WhyCustom(); got != want {
			t.Errorf("%s: custom because %q", steps, got)
		}
	}
}

func TestALineOfAsManyOptionsAsFit(t *testing.T) {
	t.Parallel()
	if got := flowOf("a b c d e f g h i j", "").Lines()[0]; got != "step 1: a, b, c, d, e, f, g, h, i, j" {
		t.Errorf("the line is %q", got)
	}
}

// TestEverySettingIsAnOptionOrNot: each has an option of its own in the login flow, but for the two that are none.
func TestEverySettingIsAnOptionOrNot(t *testing.T) {
	t.Parallel()
	noOption := []Setting{PortalEnabled, TOTPEnrollment} // a switch of the application, and a parameter of the script
	options := map[string]Setting{}
	for _, factor := range secondFactors {
		if options[factor.authenticator] != "" {
			t.Errorf("%s cannot be the option %s", factor.setting, factor.authenticator)
		}
		options[factor.authenticator] = factor.setting
	}
	for _, setting := range EverySetting() {
		isOption := slices.Contains(slices.Collect(maps.Values(options)), setting)
		if isOption == slices.Contains(noOption, setting) {
			t.Errorf("%s is an option of a login flow: %t", setting, isOption)
		}
	}
	if len(options)+len(noOption) != len(EverySetting()) {
		t.Errorf("%d settings, %d options", len(EverySetting()), len(options))
	}
}

func TestFirstStepWithoutOptions(t *testing.T) {
	t.Parallel()
	if got := flowOf("|"+basic, "").WhyCustom(); got != "step 1 shows no option" {
		t.Errorf("custom because %q", got)
	}
}

// TestNamesOverSeveralLines: a line end parts words, and does not join them.
func TestNamesOverSeveralLines(t *testing.T) {
	t.Parallel()
	if got := shortened("a\nb\tc"); got != "a b c" {
		t.Errorf("the name is %q", got)
	}
}
