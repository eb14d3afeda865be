package handover_test

import (
	"slices"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

func TestRecordIsKept(t *testing.T) {
	t.Parallel()
	record := handover.NewRecord(here).Found(values{totp: off, enrollment: notSet}, totp, enrollment)
	record = record.Wrote(values{totp: on, enrollment: off}, settings{totp, enrollment}, nil)
	record.Origin = "the default"
	content := record.Encode()
	const want = `{"version":2,"installation":"https://example.com","organization":"bifrost","api":"application",` +
		`"settings":{"totp_enabled":{"before":false,"set":true},"totp_enrollment_enabled":{"before":null,"set":false}},` +
		`"origin":"the default"}`
	if string(content) != want {
		t.Errorf("encoded:\n%s, want\n%s", content, want)
	}
	for _, place := range []handover.Place{here, {}} {
		again, unusable := handover.Decode(content, place)
		if content := again.Encode(); string(content) != want || unusable != nil {
			t.Errorf("decoded (%+v): %s", unusable, content)
		}
	}
}

func TestRecordOfAnotherVersion(t *testing.T) {
	t.Parallel()
	empty := string(handover.NewRecord(here).Encode())
	const place = `"installation":"https://example.com","organization":"bifrost","api":"application",`
	for content, test := range map[string]struct {
		version int
		kept    string // what is written in its place
	}{
		`{`: {2, empty},
		`{"version":2,"settings":{"totp_enabled":true}}`: {2, empty},
		`{"version":1,` + place + `"settings":{}}`:       {1, empty},
		`{"version":3,` + place + `"settings":{}}`:       {3, ""},
		`{"version":3,"settings":7}`:                     {3, ""},
		`{"version":2,` + place + `"settings":null}`:     {2, empty},
	} {
		record, unusable := handover.Decode([]byte(content), here)
		wantEqual(t, content+": what is wrong", unusable, &handover.Unusable{Version: test.version})
		wantEqual(t, content+": what is known", len(record.Settings), 0)
		wantEqual(t, content+": what is kept", string(record.Encode()), test.kept)
	}
}

func TestRecordOfAnotherPlace(t *testing.T) {
	t.Parallel()
	content := string(recordOf(values{totp: off}, values{totp: on}).Encode())
	for _, place := range []handover.Place{
		{Installation: "https://example.org", Organization: here.Organization, API: here.API},
		{Installation: here.Installation, Organization: "alfheim", API: here.API},
		{Installation: here.Installation, Organization: here.Organization, API: portal.ClassicAPI},
	} {
		record, unusable := handover.Decode([]byte(content), place)
		wantEqual(t, "what is wrong", unusable, &handover.Unusable{Version: 2, Elsewhere: &here})
		wantEqual(t, "what is kept", string(record.Encode()), string(handover.NewRecord(place).Encode()))
	}
}

// TestRecord asks for one setting: what it was, what it may be without being somebody else's, and what it goes back to.
func TestRecord(t *testing.T) {
	t.Parallel()
	found := func(value portal.Value) handover.Record {
		return handover.NewRecord(here).Found(values{totp: value}, totp)
	}
	wrote := func(before, want portal.Value) handover.Record {
		return found(before).Wrote(values{totp: want}, settings{totp}, nil)
	}
	perhaps := func(before, want portal.Value) handover.Record {
		return found(before).Wrote(values{totp: want}, nil, settings{totp})
	}
	type list = []portal.Value
	type back = map[portal.Value]portal.Value
	for name, test := range map[string]struct {
		record handover.Record
		before portal.Value
		made   portal.Value
		theirs list // what is somebody else's
		back   back // what live values go back to
	}{
		"nothing known":        {record: handover.NewRecord(here)},
		"something else known": {record: recordOf(values{email: on}, nil).Wrote(values{totp: on}, settings{totp}, nil)},
		"found":                {found(off), off, off, list{on, notSet, unknown}, nil},
		"found without":        {found(notSet), notSet, notSet, list{on, off, unknown}, nil},
		"switched on":          {wrote(off, on), off, on, list{notSet, unknown}, back{on: off}},
		"switched off":         {wrote(on, off), on, off, list{notSet, unknown}, back{off: on}},
		"given a value":        {wrote(notSet, on), notSet, on, list{off, unknown}, back{on: notSet}},
		"perhaps on":           {perhaps(off, on), off, on, list{notSet, unknown}, back{on: off}},
		"perhaps off":          {perhaps(on, off), on, off, list{notSet, unknown}, back{off: on}},
		"perhaps as before":    {perhaps(on, on), on, off, list{notSet, unknown}, back{off: on}},
		"perhaps with value":   {perhaps(notSet, on), notSet, on, list{off, unknown}, back{on: notSet}},
	} {
		known := test.before != unknown
		wantEqual(t, name+": knows it", test.record.Knows(totp), known)
		wantEqual(t, name+": before", test.record.Before(totp), test.before)
		for live, word := range map[portal.Value]string{on: "on", off: "off", notSet: "not set", unknown: "not read"} {
			about := name + ", " + word
			wantEqual(t, about+": untouched", test.record.Untouched(totp, live), known && live == test.made)
			wantEqual(t, about+": overtaken", test.record.Overtaken(totp, live), slices.Contains(test.theirs, live))
			earlier := values{}
			if value, goes := test.back[live]; goes {
				earlier[totp] = value
			}
			wantEqual(t, about+": back", test.record.Earlier(values{totp: live, email: on}, settings{totp}), earlier)
		}
	}
}

func TestRecordsDoNotChange(t *testing.T) {
	t.Parallel()
	record := recordOf(values{totp: off}, values{totp: on})
	record.Found(values{totp: on, email: on}, totp, email)
	record.Wrote(values{totp: off}, settings{totp}, nil)
	wantEqual(t, "the record", record, recordOf(values{totp: off}, values{totp: on}))
}

func TestRecordMade(t *testing.T) {
	t.Parallel()
	record := recordOf(values{totp: off, email: off}, values{totp: on, email: off})
	for _, test := range []struct {
		wanted values
		made   bool
	}{
		{nil, true},
		{values{totp: on}, true},
		{values{totp: on, email: off}, true},
		{values{totp: on, email: on}, false},
		{values{totp: off}, false},
		{values{totp: on, sms: on}, false},
	} {
		wantEqual(t, "made real before", record.MadeAll(test.wanted), test.made)
	}
}

// TestRecordExtended: what is declared anew is found now, unless it still is Terraform's own work.
func TestRecordExtended(t *testing.T) {
	t.Parallel()
	record := recordOf(values{totp: off, email: off}, values{totp: on, email: on})
	live := values{totp: on, email: off, sms: on, backup: on}
	got := record.Extended(live, values{totp: off, email: on, sms: off, backup: off}, declared{backup: on})
	want := recordOf(values{totp: off, email: off, sms: on}, values{totp: on, email: off, sms: on})
	wantEqual(t, "the record", got, want)
}

// TestUncertainWriteOverNoValue: where there was no value before, whatever was wanted may be Terraform's work.
func TestUncertainWriteOverNoValue(t *testing.T) {
	t.Parallel()
	for _, wanted := range []portal.Value{on, off} {
		record := recordOf(values{enrollment: notSet}, nil)
		record = record.Wrote(values{enrollment: wanted}, nil, settings{enrollment})
		wantEqual(t, "Terraform's work", record.Untouched(enrollment, wanted), true)
	}
}
