package settings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// A change that fails half-way says what was written, and the next apply finishes it.

// TestCreateThatFailsHalfWay is about the classic place, which takes two writes for TOTP and its enrollment. In an
// application both are one change. What was written is put back, so that the next create finds what was there before
// Terraform.
func TestCreateThatFailsHalfWay(t *testing.T) {
	t.Parallel()

	config := values{"totp_enabled": true, "totp_enrollment_enabled": true}
	w := providertest.NewWorkspace(t)
	o := &providertest.Object{TypeName: providertest.TwoFactor}
	saved := w.Plan(o, config)
	w.RefuseSecondPut()
	providertest.WantError(t, w.Apply(saved), "Unable to create the two-factor settings", "CONFIGM_00033",
		"Written before that, and put back again:\n\n  totp_enabled: false -> true\n\nThe settings are what they were")
	if o.State != nil {
		t.Errorf("a state was saved, which Terraform would destroy before it tries again: %v", o.State)
	}
	w.WantStored(stored{providertest.TwoFactorObject: {"totp_enabled": "false"}})

	w.Mock.ClearFaults()
	w.Up(o, config)
	providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
	w.WantStored(stored{
		providertest.TwoFactorObject: {
			"totp_enabled": "false",
		}, providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "false"},
	})
}

// TestCreateThatCannotBePutBack says so, and the next create continues from there.
func TestCreateThatCannotBePutBack(t *testing.T) {
	t.Parallel()

	config := values{"totp_enabled": true, "totp_enrollment_enabled": true}
	w := providertest.NewWorkspace(t)
	o := &providertest.Object{TypeName: providertest.TwoFactor}
	saved := w.Plan(o, config)
	w.RefuseWrites(1)
	providertest.WantError(t, w.Apply(saved), "Unable to create the two-factor settings", "CONFIGM_00033",
		"Already written:\n\n  totp_enabled: false -> true\n\nPutting that back has failed, too. "+
			"Nothing is kept in the state. "+
			"The next apply continues from there", `on_destroy = "restore" will leave them so`)
	if o.State != nil {
		t.Errorf("a state was saved, which Terraform would destroy before it tries again: %v", o.State)
	}
	w.WantStored(stored{providertest.TwoFactorObject: {"totp_enabled": "true"}})

	w.Mock.ClearFaults()
	retry := w.WantAction(o, config, "create")
	providertest.WantWarning(t, retry.Diags, "totp_enrollment_enabled: false -> true")
	providertest.WantAbsent(t, retry.Diags.String(), "  totp_enabled:")
	w.Up(o, config)
	w.WantStored(stored{
		providertest.TwoFactorObject: {
			"totp_enabled": "true",
		}, providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
}

func TestCreateThatFailsAtOnce(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, config := range map[string]values{
			providertest.Portal: {"enabled": false}, providertest.TwoFactor: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				o := &providertest.Object{TypeName: typeName}
				saved := w.Plan(o, config)
				w.RefuseSettings(0)
				diags := w.Apply(saved)
				providertest.WantError(t, diags, "Unable to create the", at.Refusal(), "Invalid request.", "HTTP status: 400",
					at.Writes("").Method+" http")
				providertest.WantAbsent(t, diags.String(), "Already written")
				if o.State != nil {
					t.Errorf("a state was saved: %v", o.State)
				}
				w.Wants(values{})
			})
		}
	})
}

// TestUpdateThatFailsAtOnce changes nothing, and the next one finishes it.
func TestUpdateThatFailsAtOnce(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		before := values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false}
		after := values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true}
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(providertest.TwoFactor, before)
		saved, kept := w.Plan(o, after), w.Organization()
		w.RefuseSettings(0)
		providertest.WantError(t, w.Apply(saved), "Unable to update the two-factor settings", at.Refusal())
		o.WantState(t, before)
		o.WantIdentity(t)
		w.WantOrganization(kept)

		w.Mock.ClearFaults()
		w.Up(o, after)
		providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
		w.WantShown(values{"email_otp_enabled": false, "totp_enabled": false, "totp_enrollment_enabled": false})
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
		stored  providertest.Stored
		text    string
	}{
		{
			"half-way", 1, values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": false},
			stored{providertest.TwoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "true"}},
			"Already written:\n\n  totp_enabled: false -> true\n\nThe state records it.",
		},
		{
			"at once", 0, before,
			stored{providertest.TwoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"}},
			"CONFIGM_00033",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.Console(stored{providertest.TwoFactorObject: {"email_otp_enabled": "false", "totp_enabled": "false"}})
			o := w.Create(providertest.TwoFactor, before)
			saved := w.Plan(o, after)
			w.RefuseWrites(test.passing)
			providertest.WantError(t, w.Apply(saved), "Unable to update the two-factor settings", test.text)
			o.WantState(t, test.state)
			o.WantIdentity(t)
			w.WantStored(test.stored)

			w.Mock.ClearFaults()
			w.Up(o, after)
			o.WantState(t, after)

			// What Terraform found in the beginning is still known.
			after := values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true}
			w.Up(o, after)
			providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
			w.WantStored(stored{
				providertest.TwoFactorObject:  {"email_otp_enabled": "false", "totp_enabled": "false"},
				providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "false"},
			})
		})
	}
}

// TestFailedUpdateDoesNotClaimToHaveChangedBack is about the warning of values that changed between plan and apply.
func TestFailedUpdateDoesNotClaimToHaveChangedBack(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
		saved := w.Plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
		w.Sets(values{"email_otp_enabled": false, "totp_enabled": false})
		w.RefuseSettings(0)
		diags := w.Apply(saved)
		providertest.WantError(t, diags, "Unable to update the two-factor settings")
		if len(diags.Warnings()) > 0 {
			t.Errorf("nothing was written, but there is a warning:\n%s", diags)
		}
	})
}

// TestAnswerThatIsLost is a write that the server applied without the client getting to know.
func TestAnswerThatIsLost(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.Sets(values{"enabled": true, "others": "kept"})
		o := &providertest.Object{TypeName: providertest.Portal}
		saved := w.Plan(o, values{"enabled": false})
		w.Mock.AddFault(mockserver.Fault{Match: w.Place.Writes("bifrost"), Action: mockserver.ActionDropAfter})
		providertest.WantNoError(t, w.Apply(saved))
		o.WantState(t, values{"enabled": false})
		w.Wants(values{"enabled": false, "others": "kept"})
		if diff := cmp.Diff([]string{at.Document("enabled")}, w.Writes()); diff != "" {
			t.Errorf("a look shows that nothing is left to write (- want, + got):\n%s", diff)
		}
	})
}

// TestUpdateWhoseAnswerNeverComes: nobody can tell whether the write was applied. It was, and destroy still puts back
// what was there before Terraform.
func TestUpdateWhoseAnswerNeverComes(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
				w := providertest.NewWorkspaceIn(t, at)
				w.Provider["max_retries"] = 0
				before := values{"email_otp_enabled": false, "totp_enabled": false}
				w.Sets(before)
				o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
				saved := w.Plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
				test.fault.Match, test.fault.Times = w.Place.Writes("bifrost"), -1
				w.Mock.AddFault(test.fault)
				if test.blind {
					w.FailReadsAfter(1)
				}
				providertest.WantError(t, w.Apply(saved), "Unable to update the two-factor settings",
					"the server may have applied it")
				w.Mock.ClearFaults()
				w.Wants(values{"email_otp_enabled": true, "totp_enabled": test.applied})

				providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
				w.Wants(before)
			})
		}
	})
}

// TestWriteThatArrivedWithoutAnAnswer is found out by a look at what is there: nothing went wrong.
func TestWriteThatArrivedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for retries, times := range map[int]int{0: -1, 2: 1} {
			w := providertest.NewWorkspaceIn(t, at)
			w.Provider["max_retries"] = retries
			before := values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false}
			w.Sets(before)
			o := &providertest.Object{TypeName: providertest.TwoFactor}
			for _, config := range []values{
				{"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true},
				{"email_otp_enabled": false, "totp_enabled": false, "totp_enrollment_enabled": false},
				nil,
			} {
				saved := w.Plan(o, config)
				w.Mock.AddFault(mockserver.Fault{
					Match: w.Place.Writes("bifrost"), Times: times, Action: mockserver.ActionDropAfter,
				})
				providertest.WantNoError(t, w.Apply(saved))
				w.Mock.ClearFaults()
				if config != nil {
					o.WantState(t, config)
					w.WantAction(o, config, "no-op")
				}
			}
			w.Wants(before)
		}
	})
}

// TestValueThatAnUpdateCorrectsOnTheWay is Terraform's own again, so destroy puts back what was there before.
func TestValueThatAnUpdateCorrectsOnTheWay(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		before := values{"email_otp_enabled": false, "totp_enabled": false}
		w.Sets(before)
		o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
		saved := w.Plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
		w.Sets(before) // email OTP, which the plan does not change, is off again
		providertest.WantWarning(t, w.Apply(saved), "changed outside Terraform", "email_otp_enabled: false -> true")
		w.Wants(values{"email_otp_enabled": true, "totp_enabled": true})
		providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
		w.Wants(before)
	})
}

// TestDestroyWhoseAnswerNeverComes is finished by the next one.
func TestDestroyWhoseAnswerNeverComes(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, action := range []string{mockserver.ActionDropAfter, mockserver.ActionDropBefore} {
			t.Run(action, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				w.Provider["max_retries"] = 0
				before := values{
					"email_otp_enabled":       true,
					"totp_enabled":            false,
					"totp_enrollment_enabled": false,
				}
				w.Sets(before)
				o := w.Create(providertest.TwoFactor, values{
					"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true,
				})
				destruction := w.Plan(o, nil)
				w.Mock.AddFault(mockserver.Fault{Match: w.Place.Writes("bifrost"), Times: -1, Action: action})
				w.FailReadsAfter(len(at.LookAgain(providertest.FlagsOfType()[providertest.TwoFactor]...)))
				providertest.WantError(t, w.Apply(destruction), "Unable to hand back the two-factor settings")
				if o.State == nil {
					t.Fatal("the failed destroy removed the state")
				}
				w.Mock.ClearFaults()
				destruction = w.Plan(o, nil)
				providertest.WantAbsent(t, destruction.Diags.String(), "left as they are")
				providertest.WantNoError(t, w.Apply(destruction))
				w.Wants(before)
			})
		}
	})
}

// TestDestroyToNotSetWhoseAnswerNeverComes does not claim to know what a value was that may have been either.
func TestDestroyToNotSetWhoseAnswerNeverComes(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspaceIn(t, providertest.ApplicationPlace{})
	w.Provider["max_retries"] = 0
	w.SetFlow(providertest.Password+"|totp", "")
	o := w.Create(providertest.TwoFactor, values{"totp_enrollment_enabled": true})
	destruction := w.Plan(o, nil)
	providertest.WantWarning(t, destruction.Diags, "totp_enrollment_enabled: true -> not set")
	w.Mock.AddFault(mockserver.Fault{Match: w.Place.Writes("bifrost"), Action: mockserver.ActionDropAfter})
	w.FailReadsAfter(1)
	providertest.WantError(t, w.Apply(destruction), "Unable to hand back the two-factor settings",
		"totp_enrollment_enabled: unknown -> not set (perhaps: nothing confirms it)")
}
