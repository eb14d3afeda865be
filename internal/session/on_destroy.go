package session

import (
	"cmp"
	"time"

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

// PutBackFor bounds an attempt that nobody waits for: the create has failed already.
const PutBackFor = 20 * time.Second
