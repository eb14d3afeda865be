package provider

import (
	"fmt"
	"slices"
	"strings"

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
