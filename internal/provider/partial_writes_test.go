package provider

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A change that fails half-way says what was written, and the next apply finishes it.

// TestCreateThatFailsHalfWay is about the classic place, which takes two writes for TOTP and its enrollment. In an
// application both are one change. What was written is put back, so that the next create finds what was there before
// Terraform.
func TestCreateThatFailsHalfWay(t *testing.T) {
	t.Parallel()

	config := values{"totp_enabled": true, "totp_enrollment_enabled": true}
	w := newWorkspace(t)
	o := &object{typeName: twoFactor}
	saved := w.plan(o, config)
	w.refuseSecondPut()
	wantError(t, w.apply(saved), "Unable to create the two-factor settings", "CONFIGM_00033",
		"Written before that, and put back again:\n\n  totp_enabled: false -> true\n\nThe settings are what they were")
	if o.state != nil {
		t.Errorf("a state was saved, which Terraform would destroy before it tries again: %v", o.state)
	}
	w.wantStored(stored{twoFactorObject: {"totp_enabled": "false"}})

	w.mock.ClearFaults()
	w.up(o, config)
	wantNoError(t, w.apply(w.plan(o, nil)))
	w.wantStored(stored{
		twoFactorObject: {"totp_enabled": "false"}, enrollmentObject: {"enrolUserInAuthenticationFlow": "false"},
	})
}

// refuseSecondPut makes the server refuse one write, after it has let one pass.
func (w *workspace) refuseSecondPut() {
	put := mockserver.Match{Method: http.MethodPut}
	w.mock.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.mock.AddFault(mockserver.Fault{
		Match: put, Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"CONFIGM_00033","message":"Bad Request","description":"Invalid request."}`,
	})
}

// TestCreateThatCannotBePutBack says so, and the next create continues from there.
func TestCreateThatCannotBePutBack(t *testing.T) {
	t.Parallel()

	config := values{"totp_enabled": true, "totp_enrollment_enabled": true}
	w := newWorkspace(t)
	o := &object{typeName: twoFactor}
	saved := w.plan(o, config)
	w.refuseWrites(1)
	wantError(t, w.apply(saved), "Unable to create the two-factor settings", "CONFIGM_00033",
		"Already written:\n\n  totp_enabled: false -> true\n\nPutting that back has failed, too. "+
			"Nothing is kept in the state. "+
			"The next apply continues from there", `on_destroy = "restore" will leave them so`)
	if o.state != nil {
		t.Errorf("a state was saved, which Terraform would destroy before it tries again: %v", o.state)
	}
	w.wantStored(stored{twoFactorObject: {"totp_enabled": "true"}})

	w.mock.ClearFaults()
	retry := w.wantAction(o, config, "create")
	wantWarning(t, retry.diags, "totp_enrollment_enabled: false -> true")
	wantAbsent(t, retry.diags.String(), "  totp_enabled:")
	w.up(o, config)
	w.wantStored(stored{
		twoFactorObject: {"totp_enabled": "true"}, enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
}

func TestCreateThatFailsAtOnce(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, config := range map[string]values{
			portal: {"enabled": false}, twoFactor: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				o := &object{typeName: typeName}
				saved := w.plan(o, config)
				w.refuses(0)
				diags := w.apply(saved)
				wantError(
					t, diags, "Unable to create the", at.refusal(), "Invalid request.", "HTTP status: 400",
					at.writes("").Method+" http",
				)
				wantAbsent(t, diags.String(), "Already written")
				if o.state != nil {
					t.Errorf("a state was saved: %v", o.state)
				}
				w.wants(values{})
			})
		}
	})
}

// TestUpdateThatFailsAtOnce changes nothing, and the next one finishes it.
func TestUpdateThatFailsAtOnce(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		before := values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false}
		after := values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true}
		w := newWorkspaceIn(t, at)
		o := w.create(twoFactor, before)
		saved, kept := w.plan(o, after), w.kept()
		w.refuses(0)
		wantError(t, w.apply(saved), "Unable to update the two-factor settings", at.refusal())
		o.wantState(t, before)
		o.wantIdentity(t)
		w.wantKept(kept)

		w.mock.ClearFaults()
		w.up(o, after)
		wantNoError(t, w.apply(w.plan(o, nil)))
		w.sees(values{"email_otp_enabled": false, "totp_enabled": false, "totp_enrollment_enabled": false})
	})
}

// TestUpdateThatFails half-way is about the classic place alone, too.
func TestUpdateThatFails(t *testing.T) {
	t.Parallel()

	before := values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false}
	after := values{
		"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true, "on_destroy": "reset",
	}
	for _, test := range []struct {
		name    string
		passing int
		state   values
		stored  stored
		text    string
	}{
		{
			"half-way", 1, values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": false},
			stored{twoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "true"}},
			"Already written:\n\n  totp_enabled: false -> true\n\nThe state records it.",
		},
		{
			"at once", 0, before,
			stored{twoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"}},
			"CONFIGM_00033",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.console(stored{twoFactorObject: {"email_otp_enabled": "false", "totp_enabled": "false"}})
			o := w.create(twoFactor, before)
			saved := w.plan(o, after)
			w.refuseWrites(test.passing)
			wantError(t, w.apply(saved), "Unable to update the two-factor settings", test.text)
			o.wantState(t, test.state)
			o.wantIdentity(t)
			w.wantStored(test.stored)

			w.mock.ClearFaults()
			w.up(o, after)
			o.wantState(t, after)

			// What Terraform found in the beginning is still known.
			after := values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true}
			w.up(o, after)
			wantNoError(t, w.apply(w.plan(o, nil)))
			w.wantStored(stored{
				twoFactorObject:  {"email_otp_enabled": "false", "totp_enabled": "false"},
				enrollmentObject: {"enrolUserInAuthenticationFlow": "false"},
			})
		})
	}
}

// TestFailedUpdateDoesNotClaimToHaveChangedBack is about the warning of values that changed between plan and apply.
func TestFailedUpdateDoesNotClaimToHaveChangedBack(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
		saved := w.plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
		w.sets(values{"email_otp_enabled": false, "totp_enabled": false})
		w.refuses(0)
		diags := w.apply(saved)
		wantError(t, diags, "Unable to update the two-factor settings")
		if len(diags.warnings()) > 0 {
			t.Errorf("nothing was written, but there is a warning:\n%s", diags)
		}
	})
}

// TestAnswerThatIsLost is a write that the server applied without the client getting to know.
func TestAnswerThatIsLost(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.sets(values{"enabled": true, "others": "kept"})
		o := &object{typeName: portal}
		saved := w.plan(o, values{"enabled": false})
		w.mock.AddFault(mockserver.Fault{Match: w.place.writes("bifrost"), Action: mockserver.ActionDropAfter})
		wantNoError(t, w.apply(saved))
		o.wantState(t, values{"enabled": false})
		w.wants(values{"enabled": false, "others": "kept"})
		if diff := cmp.Diff([]string{at.document("enabled")}, w.writes()); diff != "" {
			t.Errorf("a look shows that nothing is left to write (- want, + got):\n%s", diff)
		}
	})
}

// TestUpdateWhoseAnswerNeverComes: nobody can tell whether the write was applied. It was, and destroy still puts back
// what was there before Terraform.
func TestUpdateWhoseAnswerNeverComes(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name    string
			fault   mockserver.Fault
			blind   bool // nobody can look what came of it
			applied bool
		}{
			{"the server applied it", mockserver.Fault{Action: mockserver.ActionDropAfter}, true, true},
			{"the server did not apply it", mockserver.Fault{Action: mockserver.ActionDropBefore}, true, false},
			{
				"the server did not apply it, as a look at it shows", mockserver.Fault{Action: mockserver.ActionDropBefore},
				false, false,
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.provider["max_retries"] = 0
				before := values{"email_otp_enabled": false, "totp_enabled": false}
				w.sets(before)
				o := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
				saved := w.plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
				test.fault.Match, test.fault.Times = w.place.writes("bifrost"), -1
				w.mock.AddFault(test.fault)
				if test.blind {
					w.blind(1)
				}
				wantError(t, w.apply(saved), "Unable to update the two-factor settings", "the server may have applied it")
				w.mock.ClearFaults()
				w.wants(values{"email_otp_enabled": true, "totp_enabled": test.applied})

				wantNoError(t, w.apply(w.plan(o, nil)))
				w.wants(before)
			})
		}
	})
}

// blind lets objects be read so many times, before a write, so that nobody can look what came of that.
func (w *workspace) blind(reads int) {
	get := w.place.reads("bifrost")
	w.mock.AddFault(mockserver.Fault{Match: get, Times: reads, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.mock.AddFault(mockserver.Fault{Match: get, Times: -1, Action: mockserver.ActionHTML404})
}

// TestWriteThatArrivedWithoutAnAnswer is found out by a look at what is there: nothing went wrong.
func TestWriteThatArrivedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for retries, times := range map[int]int{0: -1, 2: 1} {
			w := newWorkspaceIn(t, at)
			w.provider["max_retries"] = retries
			before := values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false}
			w.sets(before)
			o := &object{typeName: twoFactor}
			for _, config := range []values{
				{"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true},
				{"email_otp_enabled": false, "totp_enabled": false, "totp_enrollment_enabled": false},
				nil,
			} {
				saved := w.plan(o, config)
				w.mock.AddFault(mockserver.Fault{
					Match: w.place.writes("bifrost"), Times: times, Action: mockserver.ActionDropAfter,
				})
				wantNoError(t, w.apply(saved))
				w.mock.ClearFaults()
				if config != nil {
					o.wantState(t, config)
					w.wantAction(o, config, "no-op")
				}
			}
			w.wants(before)
		}
	})
}

// TestValueThatAnUpdateCorrectsOnTheWay is Terraform's own again, so destroy puts back what was there before.
func TestValueThatAnUpdateCorrectsOnTheWay(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		before := values{"email_otp_enabled": false, "totp_enabled": false}
		w.sets(before)
		o := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
		saved := w.plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
		w.sets(before) // email OTP, which the plan does not change, is off again
		wantWarning(t, w.apply(saved), "changed outside Terraform", "email_otp_enabled: false -> true")
		w.wants(values{"email_otp_enabled": true, "totp_enabled": true})
		wantNoError(t, w.apply(w.plan(o, nil)))
		w.wants(before)
	})
}

// TestDestroyWhoseAnswerNeverComes is finished by the next one.
func TestDestroyWhoseAnswerNeverComes(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, action := range []string{mockserver.ActionDropAfter, mockserver.ActionDropBefore} {
			t.Run(action, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.provider["max_retries"] = 0
				before := values{
					"email_otp_enabled":       true,
					"totp_enabled":            false,
					"totp_enrollment_enabled": false,
				}
				w.sets(before)
				o := w.create(twoFactor, values{
					"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true,
				})
				destruction := w.plan(o, nil)
				w.mock.AddFault(mockserver.Fault{Match: w.place.writes("bifrost"), Times: -1, Action: action})
				w.blind(len(at.lookAgain(flagsOfType()[twoFactor]...)))
				wantError(t, w.apply(destruction), "Unable to hand back the two-factor settings")
				if o.state == nil {
					t.Fatal("the failed destroy removed the state")
				}
				w.mock.ClearFaults()
				destruction = w.plan(o, nil)
				wantAbsent(t, destruction.diags.String(), "left as they are")
				wantNoError(t, w.apply(destruction))
				w.wants(before)
			})
		}
	})
}
