package asgardeo

import (
	"context"
	"net/http"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Authenticators are what steps of login flows can offer.
type Authenticators struct {
	BuiltIn     []string
	Connections []string // their names; which authenticators they have is not told
}

// Has reports whether there is such an option, as far as the list tells.
func (a Authenticators) Has(option portal.LoginOption) bool {
	if option.Connection != "" {
		return slices.Contains(a.Connections, option.Connection)
	}
	return slices.Contains(a.BuiltIn, option.Authenticator)
}

const doingReadAuthenticators = "read the authenticators"

// RecentAuthenticators lists what the organization's login flows can offer. The server is asked once in a process.
func (o *Organization) RecentAuthenticators(ctx context.Context) (Authenticators, error) {
	const memo = "authenticators"
	all, known := o.seen.recall(memo)
	if !known {
		var err error
		all, err = o.seen.read(ctx, memo, func() (any, error) { return o.authenticators(ctx) })
		if err != nil {
			return Authenticators{}, o.interrupted(err, doingReadAuthenticators)
		}
	}
	return all.(Authenticators), nil
}

func (o *Organization) authenticators(ctx context.Context) (Authenticators, error) {
	var listed []struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Type        string `json:"type"`
	}
	err := o.do(ctx, call{
		doing:  doingReadAuthenticators,
		method: http.MethodGet,
		path:   "/api/server/v1/authenticators",
		scope:  ScopeViewAuthenticators,
	}, &listed)
	var all Authenticators
	for _, item := range listed {
		if item.Type == portal.BuiltIn {
			all.BuiltIn = append(all.BuiltIn, item.Name)
		} else {
			all.Connections = append(all.Connections, item.Name, item.DisplayName)
		}
	}
	return all, err
}
