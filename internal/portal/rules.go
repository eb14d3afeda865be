package portal

import "slices"

// Violation is a combination of values that the product does not offer. The Console cannot produce it and undoes
// it on its next save; the server itself checks nothing.
type Violation struct {
	// Setting is on although none of Needs is.
	Setting Setting
	Needs   []Setting
}

// Takes reports whether the setting has a part in the violation.
func (v Violation) Takes(setting Setting) bool {
	return v.Setting == setting || slices.Contains(v.Needs, setting)
}

// requirements lists what each setting needs: at least one of the others must be on. SMS OTP's need of an SMS
// sender is not among them, since a sender is no setting of the portal.
var requirements = []Violation{
	{TOTPEnrollment, []Setting{TOTP}},
	{BackupCodes, []Setting{EmailOTP, SMSOTP, TOTP}},
}

// Violations judges values against the rules of the product. A setting that is missing from values is unknown, and
// a rule that depends on it is not judged.
func Violations(values map[Setting]bool) []Violation {
	mayBeOn := func(setting Setting) bool {
		on, known := values[setting]
		return on || !known
	}
	var violations []Violation
	for _, requirement := range requirements {
		if values[requirement.Setting] && !slices.ContainsFunc(requirement.Needs, mayBeOn) {
			violations = append(violations, requirement)
		}
	}
	return violations
}

// WithRelated adds to settings those that rules of the product connect with them.
func WithRelated(settings []Setting) []Setting {
	all := slices.Clone(settings)
	for _, requirement := range requirements {
		if slices.ContainsFunc(settings, requirement.Takes) {
			all = append(append(all, requirement.Setting), requirement.Needs...)
		}
	}
	return all
}

// UnreadRelated lists the settings that were not read, although a change has to be judged with them: what a setting
// needs that goes on, and what needs one that goes off.
func UnreadRelated(change, live Settings) []Setting {
	var related []Setting
	for setting, value := range change {
		if current, read := live[setting]; !read || current == value {
			continue
		}
		for _, requirement := range requirements {
			switch {
			case value == On && requirement.Setting == setting:
				related = append(related, requirement.Needs...)
			case value != On && slices.Contains(requirement.Needs, setting):
				related = append(related, requirement.Setting)
			}
		}
	}
	return slices.DeleteFunc(related, func(setting Setting) bool { _, read := live[setting]; return read })
}
