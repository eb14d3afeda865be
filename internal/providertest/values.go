package providertest

import (
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Values are the arguments of a block. What is not in it is null.
type Values map[string]any

// With returns a copy with other arguments: nil removes one.
func (v Values) With(others Values) Values {
	changed := maps.Clone(v)
	maps.Copy(changed, others)
	maps.DeleteFunc(changed, func(_ string, value any) bool { return value == nil })
	return changed
}

// Unknown is a value that will be known during apply.
const Unknown unknownValue = true

type unknownValue bool

// ToTerraform turns a plain value into one of the protocol.
func ToTerraform(typ tftypes.Type, value any) tftypes.Value {
	switch v := value.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case unknownValue:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case []any:
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = ToTerraform(elementType(typ), element)
		}
		return tftypes.NewValue(typ, elements)
	case Values:
		if v == nil {
			return tftypes.NewValue(typ, nil)
		}
		elements := map[string]tftypes.Value{}
		if object, ok := typ.(tftypes.Object); ok {
			for name := range v {
				if object.AttributeTypes[name] == nil {
					panic("there is no argument " + name)
				}
			}
			for name, attribute := range object.AttributeTypes {
				elements[name] = ToTerraform(attribute, v[name])
			}
			return tftypes.NewValue(typ, elements)
		}
		for name, element := range v {
			elements[name] = ToTerraform(typ.(tftypes.Map).ElementType, element)
		}
		return tftypes.NewValue(typ, elements)
	}
	return tftypes.NewValue(typ, value)
}

// elementType is the type of the elements of a list or set.
func elementType(typ tftypes.Type) tftypes.Type {
	if set, ok := typ.(tftypes.Set); ok {
		return set.ElementType
	}
	return typ.(tftypes.List).ElementType
}

// FromTerraform is the reverse of ToTerraform. Attributes that are null are left out.
func FromTerraform(t Tester, value tftypes.Value) any {
	t.Helper()
	switch {
	case !value.IsKnown():
		return Unknown
	case value.IsNull():
		return nil
	case value.Type().Is(tftypes.String):
		return as[string](t, value)
	case value.Type().Is(tftypes.Bool):
		return as[bool](t, value)
	case value.Type().Is(tftypes.Number):
		number := as[big.Float](t, value)
		whole, _ := number.Int64()
		return int(whole)
	}
	if typ := value.Type(); typ.Is(tftypes.List{}) || typ.Is(tftypes.Set{}) {
		elements := []any{}
		for _, element := range as[[]tftypes.Value](t, value) {
			elements = append(elements, FromTerraform(t, element))
		}
		return elements
	}
	result := Values{}
	for name, element := range as[map[string]tftypes.Value](t, value) {
		if plain := FromTerraform(t, element); plain != nil {
			result[name] = plain
		}
	}
	return result
}

// as is the value that Terraform encodes, as a Go type.
func as[T any](t Tester, value tftypes.Value) (result T) {
	t.Helper()
	Must(t, value.As(&result))
	return result
}
