package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// loginFlowModel is a configuration, plan or state of the resource.
type loginFlowModel struct {
	Organization  types.String   `tfsdk:"organization"`
	ApplicationID types.String   `tfsdk:"application_id"`
	Type          types.String   `tfsdk:"type"`
	Steps         types.List     `tfsdk:"steps"`
	SubjectStep   types.Int64    `tfsdk:"subject_step"`
	AttributeStep types.Int64    `tfsdk:"attribute_step"`
	Script        types.String   `tfsdk:"script"`
	SMSSender     types.String   `tfsdk:"sms_sender"`
	OnDestroy     types.String   `tfsdk:"on_destroy"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

// The types of the attribute steps and of what is in it.
var (
	loginOptionType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"authenticator": types.StringType, "connection": types.StringType,
	}}
	loginStepType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"options": types.ListType{ElemType: loginOptionType},
	}}
)

// declaredStep is a step as far as it is known.
type declaredStep struct {
	at      path.Path
	null    bool // it is, or its options are
	unknown bool // what it offers: perhaps more than the options
	options []declaredOption
}

type declaredOption struct {
	at                        path.Path
	authenticator, connection types.String // null and unknown also where the whole option is
}

// known returns an option, and whether all of it is known.
func (o declaredOption) known() (asgardeo.LoginOption, bool) {
	return asgardeo.LoginOption{Authenticator: o.authenticator.ValueString(), Connection: o.connection.ValueString()},
		!o.authenticator.IsNull() && !o.authenticator.IsUnknown() && !o.connection.IsUnknown()
}

// complete reports that nothing of the step is unknown.
func (s declaredStep) complete() bool {
	return !s.null && !s.unknown && !slices.ContainsFunc(s.options, func(o declaredOption) bool {
		_, known := o.known()
		return !known
	})
}

// declaredSteps returns the steps as far as they are known, and whether that is all of them.
func declaredSteps(list types.List) (steps []declaredStep, all bool) {
	if list.IsNull() || list.IsUnknown() {
		return nil, false
	}
	for i, element := range list.Elements() {
		object := element.(types.Object)
		step := declaredStep{
			at: path.Root("steps").AtListIndex(i), null: object.IsNull(), unknown: object.IsUnknown(),
		}
		if options, ok := object.Attributes()["options"].(types.List); ok {
			step.null, step.unknown = options.IsNull(), options.IsUnknown()
			for j, element := range options.Elements() {
				step.options = append(step.options, declaredOptionOf(
					element.(types.Object), step.at.AtName("options").AtListIndex(j)))
			}
		}
		steps = append(steps, step)
	}
	return steps, true
}

func declaredOptionOf(object types.Object, at path.Path) declaredOption {
	switch attributes := object.Attributes(); {
	case object.IsUnknown():
		return declaredOption{at, types.StringUnknown(), types.StringUnknown()}
	case object.IsNull():
		return declaredOption{at, types.StringNull(), types.StringNull()}
	default:
		return declaredOption{at, attributes["authenticator"].(types.String), attributes["connection"].(types.String)}
	}
}

// flow returns the login flow, and whether all of it is known.
func (m loginFlowModel) flow() (asgardeo.LoginFlow, bool) {
	steps, all := declaredSteps(m.Steps)
	flow := asgardeo.LoginFlow{
		Kind:          asgardeo.OwnFlow,
		Script:        m.Script.ValueString(),
		SubjectStep:   int(m.SubjectStep.ValueInt64()),
		AttributeStep: int(m.AttributeStep.ValueInt64()),
	}
	if m.Type.ValueString() == asgardeo.ServerFlow {
		flow.Kind = asgardeo.ServerFlow
	}
	for _, declared := range steps {
		var step asgardeo.LoginStep
		for _, option := range declared.options {
			known, _ := option.known()
			step.Options = append(step.Options, known)
		}
		flow.Steps = append(flow.Steps, step)
		all = all && declared.complete()
	}
	return flow, all && !m.Script.IsUnknown() && !m.SubjectStep.IsUnknown() && !m.AttributeStep.IsUnknown()
}

// fill takes the live flow over. Where it is the same, what users have written stays: the order of options in a step,
// the layout of a script, and none where every step is run anyway.
func (m *loginFlowModel) fill(live asgardeo.Application) {
	before, _ := m.flow()
	steps := slices.Clone(live.Flow.Steps)
	for i := range steps {
		if i < len(before.Steps) && steps[i].Same(before.Steps[i]) {
			steps[i] = before.Steps[i]
		}
	}
	if !live.Flow.RunsLike(before.Script) {
		m.Script = scriptValue(live.Flow)
	}
	m.ApplicationID = types.StringValue(live.ID)
	m.Type = types.StringValue(live.Flow.Kind)
	m.Steps = stepsValue(steps)
	m.SubjectStep = types.Int64Value(int64(live.Flow.SubjectStep))
	m.AttributeStep = types.Int64Value(int64(live.Flow.AttributeStep))
}

// scriptValue is null where the steps alone decide.
func scriptValue(flow asgardeo.LoginFlow) types.String {
	if flow.RunsEveryStep() {
		return types.StringNull()
	}
	return types.StringValue(flow.Script)
}

func stepsValue(steps []asgardeo.LoginStep) types.List {
	var elements []attr.Value
	for _, step := range steps {
		options := []attr.Value{}
		for _, option := range step.Options {
			connection := types.StringNull()
			if option.Connection != "" {
				connection = types.StringValue(option.Connection)
			}
			options = append(options, types.ObjectValueMust(loginOptionType.AttrTypes, map[string]attr.Value{
				"authenticator": types.StringValue(option.Authenticator), "connection": connection,
			}))
		}
		elements = append(elements, types.ObjectValueMust(loginStepType.AttrTypes, map[string]attr.Value{
			"options": types.ListValueMust(loginOptionType, options),
		}))
	}
	return types.ListValueMust(loginStepType, elements)
}
