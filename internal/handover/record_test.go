package handover_test

import (
	"errors"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

func TestRecordIsKept(t *testing.T) {
	t.Parallel()
	record := handover.NewRecord(here).Found(values{totp: off, enrollment: notSet}, totp, enrollment)
	record = record.Wrote(values{totp: on, enrollment: off}, settings{totp, enrollment}, nil)
	record.Origin = "the default"
	content, err := record.Encode()
	const want = `{"version":2,"installation":"https://example.com","organization":"bifrost","api":"application",` +
		`"settings":{"totp_enabled":{"before":false,"set":true},"totp_enrollment_enabled":{"before":null,"set":false}},` +
		`"origin":"the default"}`
	if string(content) != want || err != nil {
		t.Errorf("encoded (%v):\n%s, want\n%s", err, content, want)
	}
	for _, place := range []handover.Place{here, {}} {
		again, err := handover.Decode(content, place)
		if content, _ := again.Encode(); string(content) != want || err != nil {
			t.Errorf("decoded (%v): %s", err, content)
		}
	}
}

func TestRecordThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	const body = `"installation":"https://example.com","organization":"bifrost","api":"application",`
	empty, _ := handover.NewRecord(here).Encode()
	elsewhere := func(change func(*handover.Place)) handover.Place {
		place := here
		change(&place)
		return place
	}
	for name, test := range map[string]struct {
		content string
		place   handover.Place
		err     error
		kept    string // what is written in its place
	}{
		"no JSON":           {`{`, here, handover.UnreadableError{Version: 2}, string(empty)},
		"another form":      {`{"version":2,"settings":{"totp_enabled":true}}`, here, handover.UnreadableError{Version: 2}, string(empty)},
		"an older version":  {`{"version":1,` + body + `"settings":{}}`, here, handover.UnreadableError{Version: 1}, string(empty)},
		"a newer version":   {`{"version":3,` + body + `"settings":{}}`, here, handover.UnreadableError{Version: 3}, ""},
		"a newer form":      {`{"version":3,"settings":7}`, here, handover.UnreadableError{Version: 3}, ""},
		"nothing in it":     {`{"version":2,` + body + `"settings":null}`, here, handover.UnreadableError{Version: 2}, string(empty)},
		"an empty one":      {`{"version":2,` + body + `"settings":{}}`, here, nil, string(empty)},
		"of somewhere else": {`{"version":2,` + body + `"settings":{}}`, elsewhere(func(p *handover.Place) { p.API = "classic" }), handover.ElsewhereError{Place: here}, ""},
		"of another server": {`{"version":2,` + body + `"settings":{}}`, elsewhere(func(p *handover.Place) { p.Installation = "x" }), handover.ElsewhereError{Place: here}, ""},
		"of somebody else":  {`{"version":2,` + body + `"settings":{}}`, elsewhere(func(p *handover.Place) { p.Organization = "x" }), handover.ElsewhereError{Place: here}, ""},
	} {
		record, err := handover.Decode([]byte(test.content), test.place)
		if !errors.Is(err, test.err) {
			t.Errorf("%s: the error is %v", name, err)
		}
		wantEqual(t, name+": what is known", len(record.Settings), 0)
		kept := test.kept
		if errors.As(test.err, new(handover.ElsewhereError)) {
			content, _ := handover.NewRecord(test.place).Encode()
			kept = string(content)
		}
		content, err := record.Encode()
		if string(content) != kept || err != nil {
			t.Errorf("%s: %s is kept (%v), want %s", name, content, err, kept)
		}
	}
	wantEqual(t, "the text", handover.UnreadableError{Version: 3}.Error(), "a record of version 3")
	wantEqual(t, "the text", handover.ElsewhereError{Place: here}.Error(),
		`a record of "bifrost" at https://example.com (application)`)
}

// TestRecord asks for one setting: what it was, what it may be without being somebody else's, and what it goes back to.
func TestRecord(t *testing.T) {
	t.Parallel()
	found := func(value asgardeo.Value) handover.Record {
		return handover.NewRecord(here).Found(values{totp: value}, totp)
	}
	wrote := func(before, want asgardeo.Value) handover.Record {
		return found(before).Wrote(values{totp: want}, settings{totp}, nil)
	}
	perhaps := func(before, want asgardeo.Value) handover.Record {
		return found(before).Wrote(values{totp: want}, nil, settings{totp})
	}
	for name, test := range map[string]struct {
		record handover.Record
		before asgardeo.Value
		ours   asgardeo.Value // what Terraform made
		theirs []asgardeo.Value
		back   map[asgardeo.Value]asgardeo.Value
	}{
		"nothing known": {record: handover.NewRecord(here)},
		"something else known": {
			record: handover.NewRecord(here).Found(values{email: on}, email).Wrote(values{totp: on}, settings{totp}, nil),
		},
		"found":              {record: found(off), before: off, ours: off, theirs: []asgardeo.Value{on, notSet, unknown}},
		"found without":      {record: found(notSet), before: notSet, ours: notSet, theirs: []asgardeo.Value{on, off, unknown}},
		"switched on":        {wrote(off, on), off, on, []asgardeo.Value{notSet, unknown}, map[asgardeo.Value]asgardeo.Value{on: off}},
		"switched off":       {wrote(on, off), on, off, []asgardeo.Value{notSet, unknown}, map[asgardeo.Value]asgardeo.Value{off: on}},
		"given a value":      {wrote(notSet, on), notSet, on, []asgardeo.Value{off, unknown}, map[asgardeo.Value]asgardeo.Value{on: notSet}},
		"perhaps on":         {perhaps(off, on), off, on, []asgardeo.Value{notSet, unknown}, map[asgardeo.Value]asgardeo.Value{on: off}},
		"perhaps off":        {perhaps(on, off), on, off, []asgardeo.Value{notSet, unknown}, map[asgardeo.Value]asgardeo.Value{off: on}},
		"perhaps as before":  {perhaps(on, on), on, off, []asgardeo.Value{notSet, unknown}, map[asgardeo.Value]asgardeo.Value{off: on}},
		"perhaps with value": {perhaps(notSet, on), notSet, on, []asgardeo.Value{off, unknown}, map[asgardeo.Value]asgardeo.Value{on: notSet}},
	} {
		known := test.before != unknown
		wantEqual(t, name+": knows it", test.record.Knows(totp), known)
		wantEqual(t, name+": before", test.record.Before(totp), test.before)
		for _, live := range []asgardeo.Value{on, off, notSet, unknown} {
			about := name + ", " + map[asgardeo.Value]string{on: "on", off: "off", notSet: "not set", unknown: "not read"}[live]
			wantEqual(t, about+": untouched", test.record.Untouched(totp, live), known && live == test.ours)
			theirs := false
			for _, value := range test.theirs {
				theirs = theirs || value == live
			}
			wantEqual(t, about+": overtaken", test.record.Overtaken(totp, live), theirs)
			back := values{}
			if value, goes := test.back[live]; goes {
				back[totp] = value
			}
			wantEqual(t, about+": goes back", test.record.Earlier(values{totp: live, email: on}, settings{totp}), back)
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
		wantEqual(t, "made real before", record.Made(test.wanted), test.made)
	}
}

// TestRecordExtended: what is declared anew is found now, unless it still is Terraform's own work.
func TestRecordExtended(t *testing.T) {
	t.Parallel()
	record := recordOf(values{totp: off, email: off}, values{totp: on, email: on})
	live := values{totp: on, email: off, sms: on, backup: on}
	got := record.Extended(live, values{totp: off, email: on, sms: off, backup: off}, declared{backup: on})
	wantEqual(t, "the record", got, recordOf(values{totp: off, email: off, sms: on}, values{totp: on, email: off, sms: on}))
}
