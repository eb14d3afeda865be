package session

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
)

func Known(value attr.Value) bool {
	return !value.IsNull() && !value.IsUnknown()
}
