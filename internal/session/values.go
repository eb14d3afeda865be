package session

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Known reports that a value is there, and is known.
func Known(value attr.Value) bool {
	return !value.IsNull() && !value.IsUnknown()
}

// NameInText is an organization's name in a message, also while it is not known.
func NameInText(organization types.String) string {
	if organization.IsUnknown() {
		return "an organization that is not known yet"
	}
	return fmt.Sprintf("%q", organization.ValueString())
}
