package provider

import (
	"cmp"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// What on_destroy may say.
const (
	onDestroyRestore = handover.Restore
	onDestroyReset   = handover.Reset
	onDestroyKeep    = handover.Keep
)

// onDestroyMode is what on_destroy says, or its default.
func onDestroyMode(value types.String) string {
	return cmp.Or(value.ValueString(), onDestroyRestore)
}
