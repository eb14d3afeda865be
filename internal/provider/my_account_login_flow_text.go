package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

const (
	flowTextWidth = 72 // of a message's 80 columns, Terraform needs some
	flowTextSteps = 20
)

// flowText shows a flow in a message, a line a step.
func flowText(title string, organization *asgardeo.Organization, flow asgardeo.LoginFlow) string {
	lines := []string{"  " + title + ":"}
	if flow.Kind == asgardeo.ServerFlow {
		lines[0] = "  " + title + " (the server's default flow):"
	}
	add := func(text string) { lines = append(lines, wrapped(text)...) }
	steps := organization.DescribeFlow(flow)
	for _, step := range steps[:min(flowTextSteps, len(steps))] {
		add(string(step))
	}
	if more := len(steps) - flowTextSteps; more > 0 {
		add(fmt.Sprintf("and %d more steps", more))
	}
	if flow.SubjectStep > 1 || flow.AttributeStep > 1 {
		add(fmt.Sprintf("step %d tells who the user is, the attributes come from step %d", flow.SubjectStep, flow.AttributeStep))
	}
	if !flow.RunsEveryStep() {
		add(fmt.Sprintf("a script of %d characters decides which steps are run", len([]rune(flow.Script))))
	}
	return strings.Join(lines, "\n")
}

// wrapped breaks a line of a flow's text. What goes on is indented more.
func wrapped(text string) []string {
	const indent, more = "    ", "      "
	lines := []string{indent}
	for word := range strings.FieldsSeq(text) {
		last := lines[len(lines)-1]
		switch {
		case last == indent || last == more:
			lines[len(lines)-1] += word
		case len([]rune(last))+1+len([]rune(word)) > flowTextWidth:
			lines = append(lines, more+word)
		default:
			lines[len(lines)-1] += " " + word
		}
	}
	return slices.Clip(lines)
}

// announceFlowTakeover shows, before anything is written, the flow that is replaced and the one that replaces it.
func announceFlowTakeover(
	organization *asgardeo.Organization, live asgardeo.LoginFlow, plan loginFlowModel,
) diag.Diagnostics {
	flow, complete := plan.flow()
	if complete && live.Same(flow) {
		return nil
	}
	planned := "  planned: known after apply"
	if complete {
		planned = flowText("planned", organization, flow)
	}
	replaced := ""
	if !live.RunsEveryStep() && (!complete || !flow.RunsLike(live.Script)) {
		replaced = fmt.Sprintf("\n\nIts script of %d characters is replaced, too. The Console shows it (Applications, "+
			"%s, Login Flow).", len([]rune(live.Script)), asgardeo.ApplicationName)
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Taking over the login flow of %q", organization.Name()), fmt.Sprintf(
			"There is a login flow already. Creating the resource replaces it for every user of the organization's portal:"+
				"\n\n%s\n%s%s\n\nTo keep it as it is, import the resource before you apply: terraform import <address> %s",
			flowText("now", organization, live), planned, replaced, organization.Name()))}
}

// announceOvertaken says that an update has replaced what somebody else has made of the flow since the plan.
func announceOvertaken(
	organization *asgardeo.Organization, live asgardeo.LoginFlow, state, plan loginFlowModel,
) diag.Diagnostics {
	before, _ := state.flow()
	flow, _ := plan.flow()
	if live.Same(before) || live.Same(flow) {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("The login flow of %q changed outside Terraform", organization.Name()),
		"Since the plan was made, somebody else changed the flow. Applying the plan replaced what they made of it:\n\n"+
			flowText("replaced", organization, live))}
}
