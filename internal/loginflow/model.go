package loginflow

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// model is a configuration, plan or state of the resource.
type model struct {
	Organization types.String `tfsdk:"organization"`
	attributes
	SMSSender types.String   `tfsdk:"sms_sender"`
	OnDestroy types.String   `tfsdk:"on_destroy"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

// attributes are those of a flow, in the resource and in the data source.
type attributes struct {
	ApplicationID types.String `tfsdk:"application_id"`
	Type          types.String `tfsdk:"type"`
	Steps         types.List   `tfsdk:"steps"`
	SubjectStep   types.Int64  `tfsdk:"subject_step"`
	AttributeStep types.Int64  `tfsdk:"attribute_step"`
	Script        types.String `tfsdk:"script"`
}

// The types of the attribute steps and of what is in it.
var (
	optionType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"authenticator": types.StringType, "connection": types.StringType,
	}}
	stepType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"options": types.ListType{ElemType: optionType},
	}}
)

// declaredStep is a step as far as it is known. It is complete where nothing of it is missing or unknown.
type declaredStep struct {
	at                path.Path
	missing, complete bool
	options           []declaredOption
}

// declaredOption is an option as far as it is known: what is not is empty.
type declaredOption struct {
	portal.Option
	at                path.Path
	missing, complete bool
}

// declaredSteps returns the steps as far as they are known. What is in an object that is null or unknown reads as null.
func (a attributes) declaredSteps() []declaredStep {
	var steps []declaredStep
	for i, element := range a.Steps.Elements() {
		object, at := element.(types.Object), path.Root("steps").AtListIndex(i)
		options, _ := object.Attributes()["options"].(types.List)
		step := declaredStep{at: at, missing: options.IsNull() && !object.IsUnknown(), complete: session.Known(options)}
		for j, element := range options.Elements() {
			object := element.(types.Object)
			authenticator, _ := object.Attributes()["authenticator"].(types.String)
			connection, _ := object.Attributes()["connection"].(types.String)
			option := declaredOption{
				at: at.AtName("options").AtListIndex(j), missing: authenticator.IsNull() && !object.IsUnknown(),
				complete: session.Known(authenticator) && !connection.IsUnknown(),
			}
			option.Authenticator, option.Connection = authenticator.ValueString(), connection.ValueString()
			step.options = append(step.options, option)
			step.complete = step.complete && option.complete
		}
		steps = append(steps, step)
	}
	return steps
}

// declaredOptions returns the options of all steps as far as they are known.
func (a attributes) declaredOptions() []declaredOption {
	var options []declaredOption
	for _, step := range a.declaredSteps() {
		options = append(options, step.options...)
	}
	return options
}

// flow returns the login flow as far as it is known.
func (a attributes) flow() portal.Flow {
	flow := portal.Flow{
		Kind:          cmp.Or(a.Type.ValueString(), portal.OwnFlow),
		Script:        a.Script.ValueString(),
		SubjectStep:   int(a.SubjectStep.ValueInt64()),
		AttributeStep: int(a.AttributeStep.ValueInt64()),
	}
	for _, declared := range a.declaredSteps() {
		var step portal.Step
		for _, option := range declared.options {
			step.Options = append(step.Options, option.Option)
		}
		flow.Steps = append(flow.Steps, step)
	}
	return flow
}

// complete reports that all of the flow is known.
func (a attributes) complete() bool {
	return session.Known(a.Steps) && !a.Script.IsUnknown() && !a.SubjectStep.IsUnknown() && !a.AttributeStep.IsUnknown() &&
		!slices.ContainsFunc(a.declaredSteps(), func(step declaredStep) bool { return !step.complete })
}

// differs reports that the flow has to be written to get from a state to the plan.
func (a attributes) differs(state attributes) bool {
	return !a.complete() || !a.flow().Same(state.flow()) || !a.Type.Equal(state.Type)
}

// keeping returns the plan with what need not change.
func (a attributes) keeping(state attributes, record flowRecord) attributes {
	a.ApplicationID = state.ApplicationID
	if !a.complete() {
		return a
	}
	flow, before := a.flow(), state.flow()
	// Options have no order, and line ends change on the way: what differs in these alone needs no write.
	if slices.EqualFunc(flow.Steps, before.Steps, portal.Step.Same) {
		a.Steps = state.Steps
	}
	if !a.Script.IsNull() && !state.Script.IsNull() && flow.RunsLike(before.Script) {
		a.Script = state.Script
	}
	// The server's flow was found so, and does what is declared. One that Terraform made is made again.
	if flow.Same(before) && record.Type == portal.ServerFlow {
		a.Type = state.Type
	}
	return a
}

// refreshed returns the live flow. Where it is the same, what users have written stays: the order of options in a step,
// the layout of a script, and none where every step is run anyway.
func (a attributes) refreshed(live asgardeo.Application) attributes {
	before := a.flow()
	live.Flow.Steps = slices.Clone(live.Flow.Steps)
	for i, step := range before.Steps[:min(len(before.Steps), len(live.Flow.Steps))] {
		if step.Same(live.Flow.Steps[i]) {
			live.Flow.Steps[i] = step
		}
	}
	found := attributesOf(live)
	if live.Flow.RunsLike(before.Script) {
		found.Script = a.Script
	}
	return found
}

// attributesOf describes a live flow. The script is null where the steps alone decide.
func attributesOf(live asgardeo.Application) attributes {
	found := attributes{
		ApplicationID: types.StringValue(live.ID),
		Type:          types.StringValue(live.Flow.Kind),
		Steps:         stepsValue(live.Flow.Steps),
		SubjectStep:   types.Int64Value(int64(live.Flow.SubjectStep)),
		AttributeStep: types.Int64Value(int64(live.Flow.AttributeStep)),
	}
	if !live.Flow.RunsEveryStep() {
		found.Script = types.StringValue(live.Flow.Script)
	}
	return found
}

func stepsValue(steps []portal.Step) types.List {
	var elements []attr.Value
	for _, step := range steps {
		var options []attr.Value
		for _, option := range step.Options {
			connection := types.StringNull()
			if option.Connection != "" {
				connection = types.StringValue(option.Connection)
			}
			options = append(options, types.ObjectValueMust(optionType.AttrTypes, map[string]attr.Value{
				"authenticator": types.StringValue(option.Authenticator), "connection": connection,
			}))
		}
		elements = append(elements, types.ObjectValueMust(stepType.AttrTypes, map[string]attr.Value{
			"options": types.ListValueMust(optionType, options),
		}))
	}
	return types.ListValueMust(stepType, elements)
}
