package loginflow

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

const onDestroyDescription = "What happens to the flow when the resource is destroyed:\n\n" +
	"    - `restore` (default): the flow that was there when the resource was created or imported comes back, if " +
	"the flow still is what Terraform made of it. One that somebody has changed since stays.\n" +
	"    - `reset`: the server's default flow comes back.\n" +
	"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
	"    The plan shows the flow that comes back. The value that counts is the one last applied."

// What the configuration breaks.
const (
	missingOptions        = "Step %d has no options. Say what users can choose from, or leave the step out."
	missingAuthenticator  = "An option of step %d has no authenticator. Give it one, or leave the option out."
	duplicateOption       = "Step %d offers %s twice. Remove one of them."
	misspeltAuthenticator = "There is no authenticator %q: it is %q. Names are case-sensitive."
	needlessConnection    = "%q is what the API says of an authenticator that comes with the server. Leave connection " +
		"out for %s."
	missingConnection = "%s belongs to a connection, and does not come with the server. Name the connection, as in the " +
		"Console under Connections: connection = \"…\"."
	optionOfTheServer = "The server adds and hides this option by itself, where the portal is shared with " +
		"sub-organizations. Leave it out: it stays where it is."
	totpFirst = "TOTP cannot tell who somebody is, so nobody could sign in. Put it into a later step, after one with a " +
		"first factor."
	backupCodesFirst = "Backup codes stand in for a second factor. Put them into a later step, beside totp, " +
		"email-otp-authenticator or sms-otp-authenticator."
	backupCodesAlone = "Backup codes stand in for a passcode, and step %d offers none. Add totp, " +
		"email-otp-authenticator or sms-otp-authenticator to the step, or take %s out."
	onlyHandlers = "Every option of the flow only prepares a login, such as asking for the user's identifier. Add one " +
		"that checks who the user is, such as BasicAuthenticator."
	noSuchStep  = "%s = %d, but the flow has %s. Give the number of one of them, counted from 1."
	blankScript = "the script is only white space, and the server would keep the one that it has. Leave script out for " +
		"a flow that runs every step"
)

// What looks wrong in a script.
const (
	scriptHasLoop = "The script has a loop (%s), and most servers refuse such scripts. Write the steps out, or use the " +
		"functions that the server offers for lists."
	stepNeverRun = "Nowhere in the script is executeStep called for step %s, so no user gets there. Call it, or take " +
		"the step out of steps."
	stepDoesNotExist = "The script calls executeStep(%d), but the flow has %s, counted from 1. Users who get there " +
		"cannot sign in."
)

// What a plan does, and what came of it.
const (
	takeoverNotCompared = "This is known during apply only: %s. So the plan cannot tell what the resource changes: " +
		"creating it replaces whatever flow there is, for every user of the organization."
	unknownToServer = "The server does not list it, and refuses flows with what it does not know, without saying why. " +
		"Names are case-sensitive. A connection that is created in the same apply has to come first: refer to it, or add " +
		"depends_on."
	flowOfAnother        = "Another resource of this plan has it, too, so it stays as it is. "
	destroyWithoutRecord = "The state has no record of the flow that was there before Terraform, so on_destroy = " +
		"\"restore\" leaves the flow as it is. Set on_destroy = \"reset\" and apply before destroying if the server's " +
		"default flow should come back."
	nothingToRestore = "The state has no record of the flow that was there before Terraform, so it stays as it is."
	flowStays        = "The login flow stays as it is. "
	flowGivenUp      = "on_destroy = \"reset\" gives this flow up, for every user of the organization's portal. The " +
		"server's default flow comes back.\n\n"
	flowPutBack = "on_destroy = \"restore\" puts the flow back that was there before Terraform, for every user of the " +
		"organization's portal:\n\n"
	flowTakenByAnother = "It took the flow over before this one was destroyed. So the flow stays as it is, and " +
		"destroying the other resource later will not bring back what was there before Terraform. To rename a resource, " +
		"use a moved block: it keeps the record."
	earlierFlowRefused     = "The server refuses the flow that was there before Terraform.\n\n"
	recordOfAnotherVersion = "The state's record of the flow that was there before Terraform was written by another " +
		"version of the provider (version %d). It is not used."
	recordOfAnotherPlace = "The state's record of the flow that was there before Terraform is about organization %q at " +
		"%s. It is not used."
)

// Why a destroy leaves a flow as it is, which is said after flowStays.
const (
	flowOfSomebodyElse = "Somebody has changed it since Terraform wrote it, and half of a flow cannot be put back."
	flowWithoutSender  = "The flow that was there before Terraform asks for SMS OTP, and the organization has no SMS " +
		"sender anymore that could send it."
)

// What comes of a create that failed.
const (
	flowIsBack     = "What Terraform had made of it has been put back."
	flowNotPutBack = "Putting it back has failed, too. The next apply takes what it finds for what was there before " +
		"Terraform: on_destroy = \"restore\" will leave it so.\n\n"
)

// What two resources of one configuration do to each other.
const (
	twoFlows = "More than one block %s of this configuration is about organization %q, so each apply would undo what " +
		"the other resource wrote. %s"
	flowUndone = "This plan destroys a second %s of that organization, which puts the flow back that was there before " +
		"Terraform. %s"
)

// warning is a warning about the login flow of an organization, which its title names.
func warning(title, organization, text string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf(title, organization), text)
}

// announceTakeover shows, before anything is written, the flow that is replaced and the one that replaces it.
func announceTakeover(organization *asgardeo.Organization, live portal.Flow, plan model) diag.Diagnostics {
	flow, complete := plan.flow(), plan.complete()
	if complete && live.Same(flow) {
		return nil
	}
	planned, replaced := "  planned: known after apply", ""
	if complete {
		planned = describe("planned", organization, flow)
	}
	if !live.RunsEveryStep() && (!complete || !flow.RunsLike(live.Script)) {
		replaced = fmt.Sprintf("\n\nIts script of %d characters is replaced, too. The Console shows it (Applications, "+
			"%s, Login Flow).", utf8.RuneCountInString(live.Script), asgardeo.ApplicationName)
	}
	return diag.Diagnostics{warning("Taking over the login flow of %q", organization.Name(), fmt.Sprintf(
		"There is a login flow already. Creating the resource replaces it for every user of the organization's portal:"+
			"\n\n%s\n%s%s\n\nTo keep it as it is, import the resource before you apply: terraform import <address> %s",
		describe("now", organization, live), planned, replaced, organization.Name()))}
}

// announceOvertaken says that an update has replaced what somebody else has made of the flow since the plan.
func announceOvertaken(organization *asgardeo.Organization, live portal.Flow, state, plan model) diag.Diagnostics {
	if live.Same(state.flow()) || live.Same(plan.flow()) {
		return nil
	}
	return diag.Diagnostics{warning("The login flow of %q changed outside Terraform", organization.Name(),
		"Since the plan was made, somebody else changed the flow. Applying the plan replaced what they made of it:\n\n"+
			describe("replaced", organization, live))}
}

// describe shows a flow in a message, a line a step.
func describe(title string, organization *asgardeo.Organization, flow portal.Flow) string {
	const most = 20 // steps
	if flow.Kind == portal.ServerFlow {
		title += " (the server's default flow)"
	}
	lines := []string{"  " + title + ":"}
	steps := organization.DescribeFlow(flow)
	for _, step := range steps[:min(most, len(steps))] {
		lines = append(lines, wrapped(string(step)))
	}
	if more := len(steps) - most; more > 0 {
		lines = append(lines, wrapped(fmt.Sprintf("and %d more steps", more)))
	}
	if flow.SubjectStep > 1 || flow.AttributeStep > 1 {
		lines = append(lines, wrapped(fmt.Sprintf("step %d tells who the user is, the attributes come from step %d",
			flow.SubjectStep, flow.AttributeStep)))
	}
	if !flow.RunsEveryStep() {
		lines = append(lines, wrapped(fmt.Sprintf("a script of %d characters decides which steps are run",
			utf8.RuneCountInString(flow.Script))))
	}
	return strings.Join(lines, "\n")
}

// wrapped indents a line of a flow's text and breaks it. What goes on is indented more.
func wrapped(text string) string {
	const width = 72 // of a message's 80 columns, Terraform needs some
	lines, line := "", "   "
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(line+" "+word) > width {
			lines, line = lines+line+"\n", "     "
		}
		line += " " + word
	}
	return lines + line
}

func countedSteps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", n)
}
