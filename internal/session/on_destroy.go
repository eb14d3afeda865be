package session

import (
	"cmp"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// What on_destroy may say.
const (
	OnDestroyRestore = handover.Restore
	OnDestroyReset   = handover.Reset
	OnDestroyKeep    = handover.Keep
)

// OnDestroyMode is what on_destroy says, or its default.
func OnDestroyMode(value types.String) string {
	return cmp.Or(value.ValueString(), OnDestroyRestore)
}
