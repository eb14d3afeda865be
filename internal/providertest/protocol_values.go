package providertest

import (
	"math/big"
	"reflect"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file turns plain Go values into those of the protocol and back.

// Values are the arguments of a block. What is not in it is null.
type Values map[string]any

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

func elementType(typ tftypes.Type) tftypes.Type {
	if set, ok := typ.(tftypes.Set); ok {
		return set.ElementType
	}
	return typ.(tftypes.List).ElementType
}

// FromTerraform is the reverse of toTerraform. Attributes that are null are left out.
func FromTerraform(t Tester, value tftypes.Value) any {
	t.Helper()
	switch {
	case !value.IsKnown():
		return Unknown
	case value.IsNull():
		return nil
	case value.Type().Is(tftypes.String):
		return into[string](t, value)
	case value.Type().Is(tftypes.Bool):
		return into[bool](t, value)
	case value.Type().Is(tftypes.Number):
		number := into[big.Float](t, value)
		whole, _ := number.Int64()
		return int(whole)
	}
	if typ := value.Type(); typ.Is(tftypes.List{}) || typ.Is(tftypes.Set{}) {
		elements := []any{}
		for _, element := range into[[]tftypes.Value](t, value) {
			elements = append(elements, FromTerraform(t, element))
		}
		return elements
	}
	result := Values{}
	for name, element := range into[map[string]tftypes.Value](t, value) {
		if plain := FromTerraform(t, element); plain != nil {
			result[name] = plain
		}
	}
	return result
}

func into[T any](t Tester, value tftypes.Value) (result T) {
	t.Helper()
	Must(t, value.As(&result))
	return result
}

func Same(a, b any) bool {
	return reflect.DeepEqual(a, b)
}
