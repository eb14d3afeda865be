package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// refusal carries diagnostics of a check through the client.
type refusal struct {
	diags diag.Diagnostics
}

func (r refusal) Error() string {
	return r.diags.Errors()[0].Summary()
}

// putBackFor bounds an attempt that nobody waits for: the create has failed already.
const putBackFor = 20 * time.Second
