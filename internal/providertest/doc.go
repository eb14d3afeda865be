// Package providertest runs the provider, in this process or under a CLI, against a mock server, and says what a test
// expects of it in the words of the story. What it knows of the server and of the settings it does not have from the
// provider, so that it finds its mistakes.
//
// There are three ways to run the provider, from the fastest to the most lifelike:
//
//   - A [Process] speaks to the provider as Terraform does, one protocol call at a time, and checks on the way what
//     Terraform checks. A [Workspace] is a mock server on which such processes do what Terraform's commands do.
//   - An [AccServer] is the mock server of an acceptance test: the steps of Terraform's test framework, under a real
//     CLI.
//   - A [CLI] is a working directory in which the test runs commands as a user does.
//
// A test of the first kind reads like this:
//
//	func TestSecondFactorIsKept(t *testing.T) {
//		providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
//			w := providertest.NewWorkspaceIn(t, at)
//			w.Sets(providertest.Values{"totp_enabled": true}) // somebody, in the Console
//
//			o := w.Create(providertest.TwoFactor, providertest.Values{"email_otp_enabled": true})
//
//			o.WantState(t, providertest.Values{"email_otp_enabled": true})
//			w.WantShown(providertest.Values{"totp_enabled": true, "email_otp_enabled": true})
//			providertest.WantNoDiagnostics(t, w.Start().Refresh(o))
//		})
//	}
//
// The words mean the same everywhere:
//
//   - "bifrost" is the organization that the provider manages; in a fleet, "alfheim" is the other one.
//   - A place is where an installation keeps the settings: see [Place]. What a test says holds in both.
//   - A flag is a setting that is on or off: see [KnownFlags].
//   - What begins with Want fails the test where something is not so. What is named like a fault (Breaks, Refuse...,
//     Fail...) makes the server behave so from then on.
//   - A look at the server's requests returns those since the last look, and forgets them.
//   - In acceptance tests, Stores, Holds and Wrote act at once, and Storing, Holding and Writing are the same as a part
//     of a step.
package providertest
