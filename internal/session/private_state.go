package session

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What resources keep beside the state. What a plan keeps there reaches the destroy that it plans, and no other part
// of an apply.

// PrivateReader is the private state where it is only read.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateState is the part of the framework's private state that is used here; its type cannot be named.
type PrivateState interface {
	PrivateReader
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// The private state takes and gives whatever is JSON, under keys such as these.
const (
	// RecordKey is where the record of the time before Terraform is.
	RecordKey = "before_terraform"
	// leftKey is where a plan names, for the destroy that it plans, what the resource leaves to another one.
	leftKey = "left_to_another_resource"
)

// LoadRecord returns the record of the time before Terraform. It is empty if there is none.
func LoadRecord(ctx context.Context, private PrivateReader) []byte {
	content, _ := private.GetKey(ctx, RecordKey)
	return content
}

// SaveRecord keeps a record, unless it is none: what was there before Terraform will not be known later, either.
func SaveRecord(ctx context.Context, private PrivateState, content []byte) {
	if len(content) > 0 {
		private.SetKey(ctx, RecordKey, content)
	}
}

// SaveLeftToAnother keeps the names of what a destroy leaves to another resource.
func SaveLeftToAnother(ctx context.Context, private PrivateState, names []string) {
	if old, _ := private.GetKey(ctx, leftKey); len(old) == 0 && len(names) == 0 {
		return
	}
	if content, err := json.Marshal(names); err == nil {
		private.SetKey(ctx, leftKey, content)
	}
}

// LoadLeftToAnother returns what a plan has saved.
func LoadLeftToAnother(ctx context.Context, private PrivateReader) []string {
	var names []string
	if content, _ := private.GetKey(ctx, leftKey); len(content) > 0 {
		_ = json.Unmarshal(content, &names) // the provider's own words
	}
	return names
}
