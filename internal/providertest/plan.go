package providertest

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Plan is a planned change of an object.
type Plan struct {
	Object          *Object
	Action          string // "create", "update", "replace", "delete" or "no-op"
	config, Planned Values // nil: the object is to be destroyed
	RequiresReplace []string
	Deferred        bool
	Private         []byte
	Diags           Diagnostics
}

// Plan validates the configuration and plans the change that it needs, without refreshing first. A nil configuration
// plans the destruction.
func (p *Process) Plan(o *Object, config Values) *Plan {
	p.T.Helper()
	result := &Plan{Object: o, config: config}
	if config != nil {
		validated, err := p.Server.ValidateResourceConfig(p.T.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: o.TypeName, Config: p.Encode(p.ResourceType(o), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		Must(p.T, err)
		if result.Diags = validated.Diagnostics; len(result.Diags.Errors()) > 0 {
			return result
		}
	}
	result.Diags = append(result.Diags, p.planChange(result, o.State, o.Private)...)
	if len(result.Diags.Errors()) > 0 || result.Deferred {
		return result
	}
	switch {
	case config == nil:
		result.Action = "delete"
	case o.State == nil:
		result.Action = "create"
	case Same(result.Planned, o.State):
		result.Action = "no-op"
	case len(result.RequiresReplace) > 0:
		result.Action = "replace"
		// Terraform plans the new object apart. Warnings of this call are dropped: it takes them for repetitions.
		replacement := &Plan{Object: o, config: config}
		if diags := p.planChange(replacement, nil, result.Private); len(diags.Errors()) > 0 {
			result.Diags = append(result.Diags, diags...)
		}
		result.Planned, result.Private = replacement.Planned, replacement.Private
	default:
		result.Action = "update"
	}
	return result
}

// planChange makes one PlanResourceChange call.
func (p *Process) planChange(result *Plan, prior Values, private []byte) Diagnostics {
	p.T.Helper()
	schema := p.Schemas.ResourceSchemas[result.Object.TypeName]
	proposed := maps.Clone(result.config)
	for _, attribute := range schema.Block.Attributes {
		switch {
		case proposed != nil && attribute.Computed && proposed[attribute.Name] == nil:
			proposed[attribute.Name] = prior[attribute.Name]
		case attribute.WriteOnly:
			delete(proposed, attribute.Name)
		case proposed != nil && attribute.NestedType != nil:
			proposed[attribute.Name] = withoutWriteOnly(attribute, proposed[attribute.Name])
		}
	}
	response, err := p.Server.PlanResourceChange(p.T.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: result.Object.TypeName, PriorState: p.Encode(schema.ValueType(), prior),
		ProposedNewState: p.Encode(schema.ValueType(), proposed),
		Config:           p.Encode(schema.ValueType(), result.config), PriorPrivate: private,
		PriorIdentity: p.EncodeIdentity(result.Object),
	})
	Must(p.T, err)
	result.Private, result.Deferred = response.PlannedPrivate, response.Deferred != nil
	result.Planned = p.decode(schema.ValueType(), response.PlannedState)
	for _, path := range response.RequiresReplace {
		result.RequiresReplace = append(result.RequiresReplace, pathText(path))
	}
	if len(Diagnostics(response.Diagnostics).Errors()) > 0 {
		return response.Diagnostics
	}
	for _, attribute := range schema.Block.Attributes {
		configured, planned := result.config[attribute.Name], result.Planned[attribute.Name]
		if attribute.WriteOnly {
			configured = nil // Terraform insists that it is in no plan
		}
		configured = withoutWriteOnly(attribute, configured)
		if !Same(configured, planned) && (configured != nil || !attribute.Computed) && (configured == nil || !Same(planned,
			prior[attribute.Name])) {
			p.T.Errorf("invalid plan: %s is configured as %v and planned as %v", attribute.Name, configured, planned)
		}
	}
	return response.Diagnostics
}

// withoutWriteOnly returns the value of an argument without the write-only ones within it.
func withoutWriteOnly(attribute *tfprotov6.SchemaAttribute, value any) any {
	object, ok := value.(Values)
	if !ok || attribute.NestedType == nil {
		return value
	}
	object = maps.Clone(object)
	for _, nested := range attribute.NestedType.Attributes {
		if nested.WriteOnly {
			delete(object, nested.Name)
		}
	}
	return object
}

// Apply applies a plan: like Terraform, it plans anew, now with every value known, insists on the planned result, and
// saves what the provider returns. The values that were unknown in the plan may be given.
func (p *Process) Apply(saved *Plan, known ...Values) Diagnostics {
	p.T.Helper()
	o := saved.Object
	if saved.Action == "no-op" {
		return nil
	}
	var diags Diagnostics
	if saved.Action == "delete" || saved.Action == "replace" {
		diags = p.applyChange(&Plan{Object: o, Private: saved.Private})
		if saved.Action == "delete" || len(diags.Errors()) > 0 {
			return diags
		}
	}
	config := maps.Clone(saved.config)
	for _, more := range known {
		maps.Copy(config, more)
	}
	final := p.Plan(o, config)
	if diags = append(diags, final.Diags...); len(diags.Errors()) > 0 {
		return diags
	}
	if final.Action != saved.Action && saved.Action != "replace" && final.Action != "no-op" {
		p.T.Errorf("inconsistent final plan: %s became %s", saved.Action, final.Action)
	}
	p.wantConsistent("final plan", saved.Planned, final.Planned)
	return append(diags, p.applyChange(final)...)
}

// applyChange makes one ApplyResourceChange call and saves the outcome in the object.
func (p *Process) applyChange(final *Plan) Diagnostics {
	p.T.Helper()
	o, typ := final.Object, p.ResourceType(final.Object)
	response, err := p.Server.ApplyResourceChange(p.T.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: o.TypeName, PriorState: p.Encode(typ, o.State), PlannedState: p.Encode(typ, final.Planned),
		Config:         p.Encode(typ, final.config),
		PlannedPrivate: final.Private, PlannedIdentity: p.EncodeIdentity(o),
	})
	Must(p.T, err)
	o.State = p.decode(typ, response.NewState)
	o.Private, o.Identity = response.Private, p.DecodeIdentity(o, response.NewIdentity)
	if len(Diagnostics(response.Diagnostics).Errors()) == 0 {
		p.wantConsistent("result after apply", final.Planned, o.State)
	}
	for name, value := range o.State {
		if value == Unknown {
			p.T.Errorf("%s is unknown after apply", name)
		}
	}
	return response.Diagnostics
}

// wantConsistent is Terraform's own check that what was unknown is all that may still change.
func (p *Process) wantConsistent(what string, planned, actual Values) {
	p.T.Helper()
	for name, value := range planned {
		if !becomes(value, actual[name]) {
			p.T.Errorf("inconsistent %s: %s was planned as %v and is %v", what, name, value, actual[name])
		}
	}
}

// becomes reports whether a value is what was planned, where anything may come of what is unknown.
func becomes(planned, actual any) bool {
	switch planned := planned.(type) {
	case unknownValue:
		return true
	case Values:
		actual, ok := actual.(Values)
		for name := range actual {
			ok = ok && becomes(planned[name], actual[name])
		}
		for name := range planned {
			ok = ok && becomes(planned[name], actual[name])
		}
		return ok
	case []any:
		actual, ok := actual.([]any)
		ok = ok && len(planned) == len(actual)
		for i := range planned {
			ok = ok && becomes(planned[i], actual[i])
		}
		return ok
	}
	return Same(planned, actual)
}
