package session

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// defaultTimeout leaves room for several calls that each use up their retries, and for a queue before the limit on
// requests.
const defaultTimeout = 20 * time.Minute

// TimeoutsBlock is the same in every resource.
func TimeoutsBlock(ctx context.Context) schema.Block {
	const description = "How long the operation may take in all, retries and waiting for the limit on requests " +
		"included, as a duration such as `5m`. Default: `20m`."
	block := timeouts.Block(ctx, timeouts.Opts{
		Create: true, CreateDescription: description,
		Read: true, ReadDescription: description,
		Update: true, UpdateDescription: description,
		Delete: true, DeleteDescription: description,
	})
	// The library's own validator accepts limits that nothing can meet. Once applied, one for reading fails every refresh.
	attributes := block.(schema.SingleNestedBlock).Attributes
	for name, attribute := range attributes {
		limit := attribute.(schema.StringAttribute)
		limit.Validators = []validator.String{validators.Duration("timeouts." + name)}
		attributes[name] = limit
	}
	return block
}

// WithTimeout bounds an operation by what the timeouts block says about it.
func WithTimeout(
	ctx context.Context, timeout func(context.Context, time.Duration) (time.Duration, diag.Diagnostics),
	diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	limit, found := timeout(ctx, defaultTimeout)
	diags.Append(found...)
	return context.WithTimeout(ctx, limit)
}
