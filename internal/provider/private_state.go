package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What resources keep beside the state. What a plan keeps there reaches the destroy that it plans, and no other part
// of an apply.

// privateState is the part of the framework's private state that is used here; its type cannot be named.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

const (
	// snapshotKey is where the record of the time before Terraform is.
	snapshotKey = "before_terraform"
	// leftKey is where a plan names, for the destroy that it plans, what the resource leaves to another one.
	leftKey = "left_to_another_resource"
)

// recorded reports whether there is a record of the time before Terraform.
func recorded(ctx context.Context, private privateState) bool {
	content, _ := private.GetKey(ctx, snapshotKey)
	return len(content) > 0
}

// saveLeft keeps the names of what a destroy leaves to another resource.
func saveLeft(ctx context.Context, private privateState, names []string) {
	if old, _ := private.GetKey(ctx, leftKey); len(old) == 0 && len(names) == 0 {
		return
	}
	if content, err := json.Marshal(names); err == nil {
		private.SetKey(ctx, leftKey, content)
	}
}

// loadLeft returns what a plan has saved.
func loadLeft(ctx context.Context, private privateReader) []string {
	var names []string
	if content, _ := private.GetKey(ctx, leftKey); len(content) > 0 {
		_ = json.Unmarshal(content, &names) // the provider's own words
	}
	return names
}

// privateReader is the private state where it is only read.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}
