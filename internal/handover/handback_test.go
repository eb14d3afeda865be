package handover_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

func noneChosen(setting portal.Setting) portal.Value {
	switch setting {
	case enabled:
		return on
	case enrollment:
		return notSet
	default:
		return off
	}
}

// TestDecide is about what becomes of settings that a resource hands back.
func TestDecide(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode         string
		settings     settings // as recorded, if there are none
		before, made values
		live         values
		withoutPlace bool // so that nobody can tell what the initial values are
		noSender     bool
		want         handover.Outcome
	}{
		"restore": {
			mode: "restore", before: values{totp: off, email: on}, made: values{totp: on, email: off},
			live: values{totp: on, email: off}, want: handover.Outcome{Wanted: values{totp: off, email: on}},
		},
		"restore only what is the resource's own": {
			mode: "restore", settings: settings{totp}, before: values{totp: off, email: off},
			made: values{totp: on, email: on}, live: values{totp: on, email: on},
			want: handover.Outcome{Wanted: values{totp: off}},
		},
		"restore nothing that others changed": {
			mode: "restore", before: values{totp: off}, made: values{totp: on}, live: values{totp: off},
		},
		"restore nothing that was so": {
			mode: "restore", before: values{totp: on}, made: values{totp: on}, live: values{totp: on},
		},
		"restore nothing that was not read": {mode: "restore", before: values{totp: off}, made: values{totp: on}},
		"restore that enrollment had no value": {
			mode: "restore", before: values{enrollment: notSet}, made: values{enrollment: off},
			live: values{totp: on, enrollment: off}, want: handover.Outcome{Wanted: values{enrollment: notSet}},
		},
		"restore that enrollment had no value, with TOTP on by itself": {
			mode: "restore", before: values{enrollment: notSet}, made: values{enrollment: on},
			live: values{totp: on, enrollment: on}, want: handover.Outcome{Wanted: values{enrollment: notSet}},
		},
		"restore nothing of enrollment without TOTP": {
			mode: "restore", before: values{enrollment: notSet}, made: values{enrollment: off},
			live: values{totp: off, enrollment: off},
		},
		"keep": {mode: "keep", before: values{totp: off}, made: values{totp: on}, live: values{totp: on}},
		"reset": {
			mode: "reset", before: values{enabled: off, totp: on}, made: values{enabled: off, totp: on},
			live: values{enabled: off, totp: on}, want: handover.Outcome{Wanted: values{enabled: on, totp: off}},
		},
		"reset what others changed": {
			mode: "reset", before: values{totp: off}, made: values{totp: off}, live: values{totp: on},
			want: handover.Outcome{Wanted: values{totp: off}},
		},
		"reset nothing that is so": {
			mode: "reset", before: values{totp: on}, made: values{totp: on}, live: values{totp: off},
		},
		"reset nothing that is not read": {mode: "reset", before: values{totp: on}, made: values{totp: on}},
		"reset without knowing to what": {
			mode: "reset", withoutPlace: true, before: values{totp: on}, made: values{totp: on}, live: values{totp: on},
		},
		"what depends on it goes off, too": {
			mode: "restore", before: values{totp: off}, made: values{totp: on}, live: values{totp: on, enrollment: on},
			want: handover.Outcome{Wanted: values{totp: off, enrollment: off}},
		},
		"what lacks its precondition stays off": {
			mode: "restore", before: values{enrollment: on, email: off}, made: values{enrollment: off, email: on},
			live: values{totp: off, enrollment: off, email: on},
			want: handover.Outcome{Wanted: values{email: off}, Unmet: []portal.Rule{enrollmentRule}},
		},
		"a contradiction of others stays": {
			mode: "restore", before: values{email: off}, made: values{email: on},
			live: values{email: on, totp: off, enrollment: on}, want: handover.Outcome{Wanted: values{email: off}},
		},
		"one contradiction of others and one of its own": {
			mode: "restore", before: values{email: off}, made: values{email: on},
			live: values{email: on, sms: off, totp: off, enrollment: on, backup: on},
			want: handover.Outcome{Wanted: values{email: off, backup: off}},
		},
		"SMS OTP with a sender": {
			mode: "restore", before: values{sms: on}, made: values{sms: off}, live: values{sms: off},
			want: handover.Outcome{Wanted: values{sms: on}},
		},
		"SMS OTP without a sender": {
			mode: "restore", before: values{sms: on, email: off}, made: values{sms: off, email: on},
			live: values{sms: off, email: on}, noSender: true,
			want: handover.Outcome{Wanted: values{email: off}, NoSender: true},
		},
		"what needs SMS OTP, without a sender": {
			mode: "restore", before: values{sms: on, backup: on}, made: values{sms: off, backup: off},
			live: values{email: off, sms: off, totp: off, backup: off}, noSender: true,
			want: handover.Outcome{Wanted: values{}, NoSender: true, Unmet: []portal.Rule{backupRule}},
		},
		"SMS OTP that goes off": {
			mode: "restore", before: values{sms: off}, made: values{sms: on}, live: values{sms: on}, noSender: true,
			want: handover.Outcome{Wanted: values{sms: off}},
		},
	} {
		record := recordOf(test.before, test.made)
		h := handover.Handback{Mode: test.mode, Settings: test.settings, Record: record, Initial: noneChosen}
		if h.Settings == nil {
			for setting := range test.before {
				h.Settings = append(h.Settings, setting)
			}
		}
		if test.withoutPlace {
			h.Initial = nil
		}
		asked := 0
		got := h.Decide(test.live, func() bool { asked++; return test.noSender })
		wantEqual(t, name, got, test.want)
		wouldSend := test.want.NoSender || test.want.Wanted[sms] == on
		wantEqual(t, name+": asked for a sender", asked == 1, wouldSend)
	}
}

func TestNothingToRestore(t *testing.T) {
	t.Parallel()
	empty, known := handover.NewRecord(here), recordOf(values{totp: off}, values{totp: on})
	wantEqual(t, "restore without a record", handover.Handback{Mode: "restore", Record: empty}.HasNothing(), true)
	wantEqual(t, "restore with a record", handover.Handback{Mode: "restore", Record: known}.HasNothing(), false)
	wantEqual(t, "reset without a record", handover.Handback{Mode: "reset", Record: empty}.HasNothing(), false)
}

func TestLost(t *testing.T) {
	t.Parallel()
	record := recordOf(values{totp: off, email: on, sms: off}, values{totp: on, email: on, sms: on})
	asked := settings{totp, email, backup}
	wantEqual(t, "lost", handover.Handback{Mode: "restore", Record: record}.Lost(asked), settings{totp})
	wantEqual(t, "lost by a reset", handover.Handback{Mode: "reset", Record: record}.Lost(asked), settings{})
	wantEqual(t, "what was asked for", asked, settings{totp, email, backup})
}

// TestEnrollmentThatIsOnWithoutTOTP: it has a value that can be taken away, unlike one that is off.
func TestEnrollmentThatIsOnWithoutTOTP(t *testing.T) {
	t.Parallel()
	record := recordOf(values{enrollment: notSet}, values{enrollment: on})
	h := handover.Handback{Mode: handover.Restore, Settings: settings{enrollment}, Record: record}
	got := h.Decide(values{totp: off, enrollment: on}, nil)
	wantEqual(t, "what is written", got, handover.Outcome{Wanted: values{enrollment: notSet}})
}
