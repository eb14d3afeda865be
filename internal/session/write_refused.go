package session

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Refusal carries diagnostics of a check through the client.
type Refusal struct {
	Diagnostics diag.Diagnostics
}

func (r Refusal) Error() string {
	return r.Diagnostics.Errors()[0].Summary()
}

// PutBackFor bounds an attempt that nobody waits for: the create has failed already.
const PutBackFor = 20 * time.Second
