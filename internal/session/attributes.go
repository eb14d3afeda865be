package session

import (
	"cmp"
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// What all resources have in their schemas.

// OrganizationAttribute is the same in every resource. A change replaces the resource: ModifyPlan says so, because only
// it knows the provider's organization.
func OrganizationAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Name of the organization. Default: the provider's. A change replaces the resource.",
		Validators:          []validator.String{validators.Organization},
	}
}

// OnDestroyAttribute says what is to become of what a resource manages when it is destroyed.
func OnDestroyAttribute(description string, choices ...string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description,
		Validators:          []validator.String{validators.Choice("on_destroy", choices...)},
	}
}

// OnDestroyMode is what on_destroy says, or its default.
func OnDestroyMode(value types.String) string {
	return cmp.Or(value.ValueString(), handover.Restore)
}

// defaultTimeout leaves room for several calls that each use up their retries, and for a queue before the limit on
// requests.
const defaultTimeout = 20 * time.Minute

// PutBackFor bounds an attempt that nobody waits for: the create has failed already.
const PutBackFor = 20 * time.Second

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

type timeout = func(context.Context, time.Duration) (time.Duration, diag.Diagnostics)

// WithTimeout bounds an operation by what the timeouts block says about it. Validation has found that good, also after
// a plan in which it was not known.
func WithTimeout(ctx context.Context, of timeout) (context.Context, context.CancelFunc) {
	limit, _ := of(ctx, defaultTimeout)
	return context.WithTimeout(ctx, limit)
}

// Begin is WithTimeout for an operation on an organization. Where there is none to be had, the diagnostics say why.
func (r *Resource) Begin(
	ctx context.Context, name types.String, of timeout,
) (context.Context, context.CancelFunc, *asgardeo.Organization, diag.Diagnostics) {
	ctx, cancel := WithTimeout(ctx, of)
	organization, diags := r.Organization(name)
	return ctx, cancel, organization, diags
}
