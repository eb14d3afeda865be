package mockserver

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// sequenceChange is a login flow in the body of a PATCH.
type sequenceChange struct {
	kind                      string // the type: DEFAULT where it is not sent, USER_DEFINED where it is null
	steps                     []stepChange
	script                    *string
	subjectStepID             *int
	attributeStepID           *int
	requestPathAuthenticators *[]string
	introducedLater           *string
}

type stepChange struct {
	id              int
	options         []optionChange
	introducedLater *string
}

type optionChange struct {
	StepOption
	introducedLater *string
}

// introducedLater is the name of the member that [Organization.UnknownMembers] adds.
const introducedLater = "introducedLater"

// decodeSequence reads a login flow. With later it may have the members of a later version.
func decodeSequence(raw json.RawMessage, later bool) (sequenceChange, error) {
	fields, err := members(raw, later,
		"type", "steps", "script", "subjectStepId", "attributeStepId", "requestPathAuthenticators")
	if err != nil {
		return sequenceChange{}, err
	}
	change := sequenceChange{kind: sequenceDefault}
	var kind *string
	var steps *[]json.RawMessage
	if err := cmp.Or(
		member(fields, "type", &kind),
		member(fields, "steps", &steps),
		member(fields, "script", &change.script),
		member(fields, "subjectStepId", &change.subjectStepID),
		member(fields, "attributeStepId", &change.attributeStepID),
		member(fields, "requestPathAuthenticators", &change.requestPathAuthenticators),
		member(fields, introducedLater, &change.introducedLater),
	); err != nil {
		return sequenceChange{}, err
	}
	if _, sent := fields["type"]; sent {
		change.kind = sequenceUserDefined
		if kind != nil {
			change.kind = *kind
		}
	}
	if change.kind != sequenceDefault && change.kind != sequenceUserDefined {
		return sequenceChange{}, errors.New("unexpected value for type")
	}
	if steps == nil {
		return change, nil
	}
	for _, element := range *steps {
		step, err := decodeStep(element, later)
		if err != nil {
			return sequenceChange{}, err
		}
		change.steps = append(change.steps, step)
	}
	return change, nil
}

func decodeStep(raw json.RawMessage, later bool) (stepChange, error) {
	fields, err := members(raw, later, "id", "options")
	if err != nil {
		return stepChange{}, err
	}
	var step stepChange
	var id *int
	var options *[]json.RawMessage
	if err := cmp.Or(
		member(fields, "id", &id),
		member(fields, "options", &options),
		member(fields, introducedLater, &step.introducedLater),
	); err != nil {
		return stepChange{}, err
	}
	if id == nil || options == nil || len(*options) == 0 {
		return stepChange{}, errors.New("a step needs id and options")
	}
	step.id = *id
	for _, element := range *options {
		fields, err := members(element, later, "idp", "authenticator")
		if err != nil {
			return stepChange{}, err
		}
		var option optionChange
		var idp, authenticator *string
		if err := cmp.Or(
			member(fields, "idp", &idp),
			member(fields, "authenticator", &authenticator),
			member(fields, introducedLater, &option.introducedLater),
		); err != nil {
			return stepChange{}, err
		}
		if idp == nil || authenticator == nil {
			return stepChange{}, errors.New("an option needs idp and authenticator")
		}
		option.IDP, option.Authenticator = *idp, *authenticator
		step.options = append(step.options, option)
	}
	return step, nil
}

// members reads a JSON object that has no other members than these, in exactly this spelling.
func members(raw json.RawMessage, later bool, allowed ...string) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return nil, errors.New("the request body is not in the expected format")
	}
	if later {
		allowed = append(allowed, introducedLater)
	}
	for name := range fields {
		if !slices.Contains(allowed, name) {
			return nil, fmt.Errorf("unrecognized field %q", name)
		}
	}
	return fields, nil
}

// member reads one member of an object. It stays nil where it is absent or null; nothing is coerced.
func member[T any](fields map[string]json.RawMessage, name string, into **T) error {
	if raw, ok := fields[name]; ok {
		if err := json.Unmarshal(raw, into); err != nil {
			return fmt.Errorf("the value of %s is not of the expected type", name)
		}
	}
	return nil
}
