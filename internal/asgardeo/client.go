// Package asgardeo is a client of the part of Asgardeo's (and WSO2 Identity Server's) management API that keeps
// the settings of the My Account self-service portal and the organization's SMS sender.
//
// A [Client] serves many organizations in one process; [Client.Organization] gives the handle that reads and
// writes one of them. Callers speak of settings (package portal); which calls change them is known here only.
// The package knows nothing of Terraform's types.
package asgardeo

import (
	"cmp"
	"crypto/x509"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// Config says how to reach an installation and as whom. Zero values are taken as they are: the caller fills in the
// Default constants where it wants them.
type Config struct {
	Endpoint Endpoint
	// Organization is the one that Credentials belong to. Empty: to any organization without credentials of its own.
	Organization string
	Credentials  Credentials
	// OrganizationCredentials are those of further organizations. They win over Credentials.
	OrganizationCredentials map[string]Credentials

	RootCAs           *x509.CertPool // nil: those of the system
	RequestTimeout    time.Duration  // of one attempt
	MaxRetries        int            // attempts after the first
	RequestsPerMinute int            // 0: no pacing
	RetryWaitMin      time.Duration  // first wait between attempts; 0: one second
	UserAgent         string
	// Wrap is put around the connection, so that tests see every attempt. nil: nothing is.
	Wrap func(http.RoundTripper) http.RoundTripper
}

// Client serves the organizations of one installation. It is safe for concurrent use. Nothing is sent before the
// first call on an organization.
type Client struct {
	config Config
	http   *http.Client

	organizations sync.Map // of *Organization, by name
}

// New returns a client. It makes no call.
func New(config Config) *Client {
	config.RetryWaitMin = cmp.Or(config.RetryWaitMin, retryWaitMin)
	return &Client{config: config, http: newHTTPClient(config)}
}

// PortalURL returns the address of the organization's portal.
func (c *Client) PortalURL(organization string) string {
	return c.config.Endpoint.PortalURL(organization)
}

// Organization returns the handle of one organization: the same one each time, since it holds the organization's token
// and lock. The error is about credentials, or about the name: a name from the state was not validated before, and
// becomes a part of every address.
func (c *Client) Organization(name string) (*Organization, error) {
	if err := ValidateOrganization(name); err != nil {
		return nil, err
	}
	credentials := c.credentials(name)
	if credentials == (Credentials{}) {
		known := slices.Sorted(maps.Keys(c.config.OrganizationCredentials))
		if c.config.Credentials != (Credentials{}) {
			known = append(known, c.config.Organization)
		}
		return nil, &Error{Kind: NoCredentials, Doing: "sign in to the management API", Organization: name, Known: known}
	}
	organization, _ := c.organizations.LoadOrStore(name, newOrganization(c, name, credentials))
	return organization.(*Organization), nil
}

// HasOwnCredentials reports whether an organization has credentials besides those of the client's own organization.
func (c *Client) HasOwnCredentials(organization string) bool {
	_, ok := c.config.OrganizationCredentials[organization]
	return ok
}

func (c *Client) credentials(organization string) Credentials {
	if own, ok := c.config.OrganizationCredentials[organization]; ok {
		return own
	}
	if c.config.Organization == "" || c.config.Organization == organization {
		return c.config.Credentials
	}
	return Credentials{}
}

// Organization reads and writes the settings of one organization. It is safe for concurrent use.
type Organization struct {
	client  *Client
	name    string
	url     string
	tokens  *tokens
	secrets []string // never to appear in a log line or a message

	// writing is held from the read to the end of a change. The server has no version to compare, so two writers of
	// this process would undo each other's change. Other writers stay possible: the last one wins.
	writing *semaphore.Weighted
	memo    memo

	senderVersion senderVersion
	oldCopies     sync.Map // of oldCopy, by the document's key
}

func newOrganization(client *Client, name string, credentials Credentials) *Organization {
	address := client.config.Endpoint.organizationURL(name)
	return &Organization{
		client:  client,
		name:    name,
		url:     address,
		tokens:  &tokens{Credentials: credentials, url: address + "/oauth2/token", client: client.http},
		secrets: credentials.secrets(),
		writing: semaphore.NewWeighted(1),
		memo:    memo{objects: map[string]any{}},
	}
}

// Name returns the organization's name.
func (o *Organization) Name() string {
	return o.name
}

// Installation returns the address of the installation that the organization belongs to.
func (o *Organization) Installation() string {
	return o.client.config.Endpoint.String()
}

// clean makes a text of the server fit for a message: without the organization's secrets.
func (o *Organization) clean(text string) redact.Text {
	return redact.Clean(text, slices.Concat(o.tokens.issued(), o.secrets))
}
