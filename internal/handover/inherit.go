package handover

import "github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"

// Remember returns a record with what resources of the state know of settings.
func (r *Run) Remember(claim Claim, record Record) Record {
	remembered := r.Remembered(claim)
	for _, setting := range claim.Settings {
		if earlier, ok := remembered[setting].(Record); ok {
			record = record.with(setting, earlier.entry(setting))
			record.Origin = earlier.Origin
		}
	}
	return record
}

// Inherit completes the record of a resource that takes settings over, or is the last one that had them, by what an
// earlier one, which left them as they were, knew of the time before Terraform. It returns these settings, too.
func (r *Run) Inherit(claim Claim, own Record) (Record, []asgardeo.Setting) {
	var settings []asgardeo.Setting
	left := r.Left(claim)
	for _, setting := range claim.Settings {
		earlier, ok := left[setting].(Record)
		if !ok || own.Knows(setting) && !earlier.Untouched(setting, own.Before(setting)) {
			continue
		}
		entry := earlier.entry(setting)
		if own.Knows(setting) { // else the create has failed before it could look
			entry.Set = own.entry(setting).Set
		}
		own = own.with(setting, entry)
		if setting != asgardeo.PortalEnabled && own.Origin == "" {
			own.Origin = earlier.Origin
		}
		settings = append(settings, setting)
	}
	return own, settings
}
