package providertest

import (
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// KnownFlag is a flag, a setting that is on or off, as the tests know it, in both places.
type KnownFlag struct {
	name          string
	Authenticator string   // the option in the login flow; none: it is something else there
	StoredAt      StoreKey // in the classic place
	standsIn      bool     // it is of no use without another factor
}

// KnownFlags lists all flags, in the order of the Console's templates for login flows. Only this table names them all;
// it shares nothing with the provider and its client, so that it finds their mistakes.
var KnownFlags = []KnownFlag{
	{name: "enabled", StoredAt: StoreKey{StatusObject, "enable"}},
	{name: "totp_enabled", Authenticator: "totp", StoredAt: StoreKey{TwoFactorObject, "totp_enabled"}},
	{
		name: "email_otp_enabled", Authenticator: EmailOTP,
		StoredAt: StoreKey{TwoFactorObject, "email_otp_enabled"},
	},
	{
		name: "sms_otp_enabled", Authenticator: SMSOTP,
		StoredAt: StoreKey{TwoFactorObject, "sms_otp_enabled"},
	},
	{
		name: "backup_codes_enabled", Authenticator: Backup,
		StoredAt: StoreKey{TwoFactorObject, "backup_code_enabled"}, standsIn: true,
	},
	{name: "totp_enrollment_enabled", StoredAt: StoreKey{EnrollmentObject, "enrolUserInAuthenticationFlow"}},
}

// authenticatorFlags are the flags that are options in the login flow.
var authenticatorFlags = slices.DeleteFunc(slices.Clone(KnownFlags), func(known KnownFlag) bool {
	return known.Authenticator == ""
})

// PasscodeFlags are the factors that backup codes stand in for.
var PasscodeFlags = flagsWhere(func(known KnownFlag) bool { return known.Authenticator != "" && !known.standsIn })

// StoreKey is where the store of the classic place has a flag.
type StoreKey struct{ Object, Key string }

// ClassicFlags says where the store of the classic place has each flag.
var ClassicFlags = func() map[string]StoreKey {
	flags := map[string]StoreKey{}
	for _, known := range KnownFlags {
		flags[known.name] = known.StoredAt
	}
	return flags
}()

// flagGroups are what the Console saves together.
var flagGroups = func() [][]string {
	var groups [][]string
	for _, object := range []string{StatusObject, TwoFactorObject, EnrollmentObject} {
		groups = append(groups, flagsWhere(func(known KnownFlag) bool { return known.StoredAt.Object == object }))
	}
	return groups
}()

// flagsWhere returns the names of the flags of which something holds.
func flagsWhere(holds func(KnownFlag) bool) []string {
	var flags []string
	for _, known := range KnownFlags {
		if holds(known) {
			flags = append(flags, known.name)
		}
	}
	return flags
}

// groupsOf returns the groups that given flags belong to.
func groupsOf(flags Values) [][]string {
	return slices.DeleteFunc(slices.Clone(flagGroups), func(group []string) bool {
		return !slices.ContainsFunc(group, func(flag string) bool { return flags[flag] != nil })
	})
}

// FlagsOfType lists the flags of each resource, from its schema, which has nothing else that is on or off.
var FlagsOfType = sync.OnceValue(func() map[string][]string {
	flags := map[string][]string{}
	for _, typeName := range []string{Portal, TwoFactor} {
		for _, attribute := range schemaOf(typeName) {
			if attribute.Type.Is(tftypes.Bool) {
				flags[typeName] = append(flags[typeName], attribute.Name)
			}
		}
		slices.Sort(flags[typeName])
	}
	return flags
})

// AllFlags lists the flags of all resources.
func AllFlags() []string { return slices.Concat(FlagsOfType()[Portal], FlagsOfType()[TwoFactor]) }

// FactorsWith returns all two-factor flags, off but for those that are given.
func FactorsWith(given Values) Values {
	all := Values{}
	for _, known := range KnownFlags[1:] {
		all[known.name] = false
	}
	return all.With(given)
}

// EveryFactor returns all two-factor flags, all of them on or all of them off.
func EveryFactor(on bool) Values {
	all := FactorsWith(nil)
	for flag := range all {
		all[flag] = on
	}
	return all
}

// StoredFactors returns the object of the classic place with the same text for each second factor.
func StoredFactors(text any) Attributes {
	object := Attributes{}
	for _, known := range authenticatorFlags {
		object[known.StoredAt.Key] = text
	}
	return object
}
