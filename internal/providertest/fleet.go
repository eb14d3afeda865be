package providertest

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// NewFleet is newFleetIn for the classic place.
func NewFleet(t *testing.T) *Workspace {
	t.Helper()
	return NewFleetIn(t, ClassicPlace{})
}

// NewFleetIn is a workspace with two organizations.
func NewFleetIn(t *testing.T, at Place) *Workspace {
	t.Helper()
	w := NewWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
	credentials := Values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret}
	w.Provider["credentials"] = Values{"alfheim": credentials, "bifrost": credentials}
	return w
}
