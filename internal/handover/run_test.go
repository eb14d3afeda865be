package handover_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

func claim(of ...portal.Setting) handover.Claim {
	return handover.Claim{Organization: "bifrost", API: portal.ApplicationAPI, Settings: of}
}

// knowing is the record of a resource that has switched these settings on.
func knowing(of ...portal.Setting) handover.Record {
	before, made := values{}, values{}
	for _, setting := range of {
		before[setting], made[setting] = off, on
	}
	return recordOf(before, made)
}

// flowMemory is another kind of memory than a record.
type flowMemory string

func (m flowMemory) Knows(portal.Setting) bool { return m != "" }

func TestRunTellsPlansFromApplies(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	wantEqual(t, "at first", run.MayBeApply(), true)
	run.NoteRefresh()
	wantEqual(t, "after a refresh", run.MayBeApply(), false)
}

// TestDeclaredByTwo is about what the plan of a resource hears of others.
func TestDeclaredByTwo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before func(run *handover.Run)
		want   handover.Others
	}{
		"nothing else": {func(*handover.Run) {}, handover.Others{}},
		"declared by another one in the state": {
			func(run *handover.Run) { run.NoteDeclared(claim(totp, email), true) },
			handover.Others{Declared: settings{totp}},
		},
		"declared by another new one": {
			func(run *handover.Run) { run.NoteDeclared(claim(totp), false) }, handover.Others{Declared: settings{totp}},
		},
		"declared in another organization": {
			func(run *handover.Run) {
				run.NoteDeclared(handover.Claim{"alfheim", portal.ApplicationAPI, settings{totp}}, true)
			},
			handover.Others{},
		},
		"declared in the other place": {
			func(run *handover.Run) {
				run.NoteDeclared(handover.Claim{"bifrost", portal.ClassicAPI, settings{totp}}, true)
			},
			handover.Others{},
		},
		"refreshed": {
			func(run *handover.Run) { run.NoteState(claim(totp), knowing(totp)) }, handover.Others{},
		},
		"destroyed": {
			func(run *handover.Run) { run.NoteDestroyPlanned(claim(totp), knowing(totp)) },
			handover.Others{Leaving: settings{totp}},
		},
		"destroyed and changed by that": {
			func(run *handover.Run) {
				run.NoteDestroyPlanned(claim(totp, sms), knowing(totp))
				run.NoteUndone(claim(totp))
			},
			handover.Others{Leaving: settings{totp, sms}, Undone: settings{totp}},
		},
		"changed by the destruction of something else": {
			func(run *handover.Run) { run.NoteUndone(claim(totp)) }, handover.Others{},
		},
		"declared and destroyed and changed": {
			func(run *handover.Run) {
				run.NoteDestroyPlanned(claim(totp), knowing(totp))
				run.NoteUndone(claim(totp))
				run.NoteDeclared(claim(totp), true)
			},
			handover.Others{Declared: settings{totp}},
		},
	} {
		for _, exists := range []bool{false, true} {
			run := handover.NewRun()
			test.before(run)
			wantEqual(t, name, run.NoteDeclared(claim(totp, sms), exists), test.want)
			again := run.NoteDeclared(claim(totp), exists)
			wantEqual(t, name+": and once more", again, handover.Others{Declared: settings{totp}})
		}
	}
}

func TestIsDeclared(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	run.NoteState(claim(totp), knowing(totp))
	wantEqual(t, "refreshed", run.IsDeclared(claim(totp, email)), false)
	run.NoteDeclared(claim(email), false)
	wantEqual(t, "the last of them declared", run.IsDeclared(claim(totp, email)), true)
	wantEqual(t, "the first of them declared", run.IsDeclared(claim(email, totp)), true) // which ends the search
	wantEqual(t, "the other one", run.IsDeclared(claim(totp)), false)
}

// TestPlannedDestruction leaves to others what they have, too.
func TestPlannedDestruction(t *testing.T) {
	t.Parallel()
	inState := func(times int) func(run *handover.Run) {
		return func(run *handover.Run) {
			for range times {
				run.NoteState(claim(totp), knowing(totp))
			}
		}
	}
	planned := func(exists bool) func(run *handover.Run) {
		return func(run *handover.Run) { run.NoteDeclared(claim(totp), exists) }
	}
	for name, test := range map[string]struct {
		before       func(run *handover.Run)
		toNew, toOld settings
	}{
		"not refreshed":         {before: inState(0)},
		"nobody else":           {before: inState(1)},
		"another one refreshed": {before: inState(2), toOld: settings{totp}},
		"a new one":             {before: planned(false), toNew: settings{totp}},
		"one that is there":     {before: planned(true), toOld: settings{totp}},
		"a new one and old ones": {before: func(run *handover.Run) {
			inState(2)(run)
			planned(false)(run)
		}, toNew: settings{totp}},
		"another one, destroyed, too": {before: func(run *handover.Run) {
			inState(2)(run)
			run.NoteDestroyPlanned(claim(totp), knowing(totp))
		}},
		"one of three destroyed, too": {before: func(run *handover.Run) {
			inState(3)(run)
			run.NoteDestroyPlanned(claim(totp), knowing(totp))
		}, toOld: settings{totp}},
	} {
		run := handover.NewRun()
		test.before(run)
		known := knowing(totp, email)
		own, toNew, toOld := run.NoteDestroyPlanned(claim(totp, email), known)
		wantEqual(t, name+": to a new one", toNew, test.toNew)
		wantEqual(t, name+": to an old one", toOld, test.toOld)
		wantEqual(t, name+": its own", slices.Contains(own, email), true)
		wantEqual(t, name+": email OTP is left to nobody", run.Left(claim(email)), nil)
		if leaves := len(test.toNew)+len(test.toOld) > 0; leaves {
			wantEqual(t, name+": what is known of TOTP", run.Left(claim(totp)), handover.Memory(known))
			wantEqual(t, name+": also its own", slices.Contains(own, totp), false)
		} else {
			wantEqual(t, name+": also its own", slices.Contains(own, totp), true)
		}
	}
}

// TestDestruction hands back what no other resource has.
func TestDestruction(t *testing.T) {
	t.Parallel()
	type steps = []func(run *handover.Run)
	created := func(run *handover.Run) { run.NoteDeclared(claim(totp), false) }
	exists := func(run *handover.Run) { run.NoteDeclared(claim(totp), true) }
	taken := func(run *handover.Run) { run.NoteTaken(claim(totp)) }
	failed := func(run *handover.Run) { run.NoteFailed(claim(totp)) }
	for name, test := range map[string]struct {
		before  steps
		planned []string
		leaves  bool
	}{
		"nobody else":              {},
		"planned":                  {nil, []string{"totp_enabled"}, true},
		"planned for another one":  {nil, []string{"sms_otp_enabled"}, false},
		"a new one":                {steps{created}, nil, true},
		"one that is there":        {steps{exists}, nil, true},
		"one that has taken it":    {steps{taken}, nil, true},
		"one that failed":          {steps{failed}, nil, false},
		"planned for one, failed":  {steps{failed}, []string{"totp_enabled"}, false},
		"a new one that failed":    {steps{created, failed}, nil, false},
		"one failed, another took": {steps{failed, taken}, nil, true},
	} {
		run := handover.NewRun()
		for _, happens := range test.before {
			happens(run)
		}
		known := knowing(totp, email)
		own, left := settings{totp, email}, handover.Memory(nil)
		if test.leaves {
			own, left = settings{email}, known
		}
		wantEqual(t, name+": to hand back", run.NoteDestroyed(claim(totp, email), test.planned, known), own)
		wantEqual(t, name+": known of TOTP", run.Left(claim(totp)), left)
		wantEqual(t, name+": known of the rest", run.Left(claim(email)), nil)
	}
}

func TestTaken(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	run.NoteTaken(claim(sms))
	run.NoteFailed(claim(email))
	wantEqual(t, "taken", run.Taken(claim(totp, email, sms)), settings{sms})
}

// TestKnown is what the first resource of the state knows, be it one for settings or for a whole flow.
func TestKnown(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	run.NoteState(claim(totp, email), knowing(totp))
	run.NoteState(claim(totp, email), knowing(totp, email))
	run.NoteState(claim(handover.WholeFlow), flowMemory(""))
	run.NoteState(claim(handover.WholeFlow), flowMemory("a flow"))
	run.NoteState(claim(handover.WholeFlow), flowMemory("another flow"))
	for setting, want := range map[portal.Setting]handover.Memory{
		totp: knowing(totp), email: knowing(totp, email), sms: nil, handover.WholeFlow: flowMemory("a flow"),
	} {
		wantEqual(t, string(setting), run.Known(claim(setting)), want)
	}
}

func TestRemember(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	known := knowing(totp, email)
	known.Origin = "the default"
	run.NoteState(claim(totp), known)
	want := knowing(totp)
	want.Origin = "the default"
	wantEqual(t, "the record", run.Remember(claim(totp, email), handover.NewRecord(here)), want)
	wantEqual(t, "of nothing", run.Remember(claim(sms), handover.NewRecord(here)), handover.NewRecord(here))
}

// TestWhatNobodyKnows is not left to anybody.
func TestWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	run.NoteTaken(claim(totp))
	run.NoteDestroyed(claim(totp), nil, knowing(email))
	wantEqual(t, "left", run.Left(claim(totp)), nil)
}

// TestInherit completes the record of a resource by what an earlier one knew.
func TestInherit(t *testing.T) {
	t.Parallel()
	const origin = "the default"
	withOrigin := func(record handover.Record, origin string) handover.Record {
		record.Origin = origin
		return record
	}
	for name, test := range map[string]struct {
		setting   portal.Setting
		left      handover.Memory
		own       handover.Record
		want      handover.Record
		inherited bool
	}{
		"nothing left": {
			setting: totp, own: recordOf(values{totp: on}, nil), want: recordOf(values{totp: on}, values{totp: on}),
		},
		"another kind of memory": {
			setting: totp, left: flowMemory("a flow"),
			own: recordOf(values{totp: on}, values{totp: on}), want: recordOf(values{totp: on}, values{totp: on}),
		},
		"found as it was left": {
			setting: totp, left: withOrigin(knowing(totp), origin), own: recordOf(values{totp: on}, values{totp: on}),
			want: withOrigin(recordOf(values{totp: off}, values{totp: on}), origin), inherited: true,
		},
		"and changed since": {
			setting: totp, left: knowing(totp), own: recordOf(values{totp: on}, values{totp: off}),
			want: recordOf(values{totp: off}, values{totp: off}), inherited: true,
		},
		"found otherwise": {
			setting: totp, left: withOrigin(knowing(totp), origin), own: recordOf(values{totp: off}, values{totp: on}),
			want: recordOf(values{totp: off}, values{totp: on}),
		},
		"never looked at": {
			setting: totp, left: withOrigin(knowing(totp), origin), own: handover.NewRecord(here),
			want: withOrigin(knowing(totp), origin), inherited: true,
		},
		"with an origin of its own": {
			setting: totp, left: withOrigin(knowing(totp), origin),
			own:  withOrigin(recordOf(values{totp: on}, values{totp: on}), "its own"),
			want: withOrigin(recordOf(values{totp: off}, values{totp: on}), "its own"), inherited: true,
		},
	} {
		run := handover.NewRun()
		if test.left != nil {
			run.NoteTaken(claim(test.setting))
			run.NoteDestroyed(claim(test.setting), nil, test.left)
		}
		record, inherited := run.Inherit(claim(email, test.setting), test.own)
		wantEqual(t, name, record, test.want)
		wantEqual(t, name+": inherited", len(inherited) == 1 && inherited[0] == test.setting, test.inherited)
		wantEqual(t, name+": and nothing else", len(inherited) > 1, false)
	}
}

func TestTurn(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	end, err := run.Turn(t.Context(), "bifrost")
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	const want = `while another resource of organization "bifrost" was being changed`
	if _, err := run.Turn(short, "bifrost"); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("a second turn at the same time: %v", err)
	}
	endElsewhere, err := run.Turn(t.Context(), "alfheim")
	if err != nil {
		t.Errorf("a turn in another organization: %v", err)
	}
	endElsewhere()
	end()
	again, err := run.Turn(t.Context(), "bifrost")
	if err != nil {
		t.Errorf("the next turn: %v", err)
	}
	again()
}

// TestSenderNotes: notes about a sender stay, each organization's by themselves.
func TestSenderNotes(t *testing.T) {
	t.Parallel()
	run := handover.NewRun()
	first := run.NoteSender("bifrost", func(notes *handover.SenderNotes) { notes.Created, notes.Needed = true, true })
	wantEqual(t, "before", first, handover.SenderNotes{})
	noted := handover.SenderNotes{Created: true, Needed: true}
	wantEqual(t, "the notes", run.SenderNotes("bifrost"), noted)
	wantEqual(t, "elsewhere", run.SenderNotes("alfheim"), handover.SenderNotes{})
	second := run.NoteSender("bifrost", func(notes *handover.SenderNotes) { notes.Created = false })
	wantEqual(t, "before the second change", second, noted)
	wantEqual(t, "the changed notes", run.SenderNotes("bifrost"), handover.SenderNotes{Needed: true})
}

// TestReplaceableSender was left where it is by the resource that had it.
func TestReplaceableSender(t *testing.T) {
	t.Parallel()
	for notes, want := range map[handover.SenderNotes]bool{
		{}: false, {Leaving: true, Remains: true, Created: true}: false, {Stayed: true}: true, {Kept: true}: true,
		{Stayed: true, Kept: true}: true,
	} {
		wantEqual(t, fmt.Sprintf("%+v", notes), notes.Replaceable(), want)
	}
}

// TestDeclaredSender: one of an organization that is not known yet may be any organization's.
func TestDeclaredSender(t *testing.T) {
	t.Parallel()
	for declared, want := range map[string]bool{"bifrost": true, "": true, "alfheim": false} {
		run := handover.NewRun()
		wantEqual(t, "before", run.DeclaresSender("bifrost"), false)
		run.NoteSender(declared, func(notes *handover.SenderNotes) { notes.Declared = true })
		wantEqual(t, "declared for "+declared, run.DeclaresSender("bifrost"), want)
	}
}
