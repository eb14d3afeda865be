package providertest

import (
	"slices"
)

// knownFlag is a setting as the tests know it, in both places. Only this table names all settings; it shares nothing
// with the provider and its client, so that it finds their mistakes.
type knownFlag struct {
	flag          string
	Authenticator string // the option in the login flow; none: it is something else there
	Stands        stands
	standsIn      bool // it is of no use without another factor
}

// KnownFlags are in the order of the Console's templates for login flows.
var KnownFlags = []knownFlag{
	{flag: "enabled", Stands: stands{StatusObject, "enable"}},
	{flag: "totp_enabled", Authenticator: "totp", Stands: stands{TwoFactorObject, "totp_enabled"}},
	{
		flag: "email_otp_enabled", Authenticator: "email-otp-authenticator",
		Stands: stands{TwoFactorObject, "email_otp_enabled"},
	},
	{flag: "sms_otp_enabled", Authenticator: "sms-otp-authenticator", Stands: stands{TwoFactorObject, "sms_otp_enabled"}},
	{
		flag: "backup_codes_enabled", Authenticator: "backup-code-authenticator",
		Stands: stands{TwoFactorObject, "backup_code_enabled"}, standsIn: true,
	},
	{flag: "totp_enrollment_enabled", Stands: stands{EnrollmentObject, "enrolUserInAuthenticationFlow"}},
}

// authenticatorFlags are the flags that are options in the login flow.
var authenticatorFlags = slices.DeleteFunc(slices.Clone(KnownFlags), func(known knownFlag) bool {
	return known.Authenticator == ""
})

// PasscodeFlags are the factors that backup codes stand in for.
var PasscodeFlags = flagsWhere(func(known knownFlag) bool { return known.Authenticator != "" && !known.standsIn })

// ClassicFlags say where the store of the classic place has each flag.
var ClassicFlags = func() map[string]stands {
	flags := map[string]stands{}
	for _, known := range KnownFlags {
		flags[known.flag] = known.Stands
	}
	return flags
}()

// flagGroups are what the Console saves together.
var flagGroups = func() [][]string {
	var groups [][]string
	for _, object := range []string{StatusObject, TwoFactorObject, EnrollmentObject} {
		groups = append(groups, flagsWhere(func(known knownFlag) bool { return known.Stands.Object == object }))
	}
	return groups
}()

func flagsWhere(holds func(knownFlag) bool) []string {
	var flags []string
	for _, known := range KnownFlags {
		if holds(known) {
			flags = append(flags, known.flag)
		}
	}
	return flags
}

// FactorsWith returns all two-factor flags, off but for those that are given.
func FactorsWith(given Values) Values {
	all := Values{}
	for _, known := range KnownFlags[1:] {
		all[known.flag] = false
	}
	return all.With(given)
}

// EveryFactor returns all two-factor flags.
func EveryFactor(on bool) Values {
	all := FactorsWith(nil)
	for flag := range all {
		all[flag] = on
	}
	return all
}

// StoredFactors returns the object of the classic place with all second factors, as text.
func StoredFactors(text any) Attributes {
	object := Attributes{}
	for _, known := range authenticatorFlags {
		object[known.Stands.Key] = text
	}
	return object
}
