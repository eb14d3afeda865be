package asgardeo

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// superTenant is the organization that a WSO2 Identity Server starts with. Its paths carry no "/t/{organization}".
const superTenant = "carbon.super"

// Endpoint is where an installation answers: one of Asgardeo's regions, or the base URL of a WSO2 Identity
// Server (or of a mock). The zero value is not usable.
type Endpoint struct {
	api    string // without a trailing slash and without "/t/{organization}"
	portal string // likewise; empty where the portal lives below the API's own address
}

// Asgardeo documents two regions. Organizations and tokens of one are unknown to the other.
var regions = map[string]Endpoint{
	"us": {api: "https://api.asgardeo.io", portal: "https://myaccount.asgardeo.io"},
	"eu": {api: "https://api.eu.asgardeo.io", portal: "https://myaccount.eu.asgardeo.io"},
}

// Regions returns the names that RegionEndpoint accepts, in the order to show them in.
func Regions() []string {
	return []string{"us", "eu"}
}

// RegionEndpoint returns the endpoint of one of Asgardeo's regions.
func RegionEndpoint(region string) (Endpoint, error) {
	endpoint, ok := regions[region]
	if !ok {
		known := strings.Join(Regions(), `" and "`)
		return Endpoint{}, fmt.Errorf(`%q is not a region of Asgardeo: the regions are "`+known+`"`, region)
	}
	return endpoint, nil
}

// InRegion reports whether a URL lies in one of Asgardeo's regions, whose addresses nobody can misspell.
func InRegion(address string) bool {
	for _, region := range regions {
		if strings.HasPrefix(address, region.api+"/") {
			return true
		}
	}
	return false
}

var organizationPath = regexp.MustCompile(`/t(/.*)?$`)

// schemePorts are the ports that need not be named.
var schemePorts = map[string]string{"http": "80", "https": "443"}

// ParseBaseURL reads the address of an installation: scheme, host and, behind a reverse proxy, a path. The
// address of one of Asgardeo's regions gives that region, so that the portal's URL is right there, too.
func ParseBaseURL(raw string) (Endpoint, error) {
	parsed, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		// The parse error would repeat the whole text, which may hold a password.
		return Endpoint{}, errors.New("it is not a URL")
	}
	switch {
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return Endpoint{}, errors.New(`it must start with "https://" (or "http://")`)
	case parsed.Hostname() == "":
		return Endpoint{}, errors.New("it names no host")
	case strings.Contains(parsed.Host, "%") || !utf8.ValidString(parsed.Host):
		return Endpoint{}, errors.New("it names a host with a character that hosts cannot have, or with an IPv6 zone")
	case parsed.User != nil:
		return Endpoint{}, errors.New("it must not hold a user name or password: use the arguments for credentials")
	case parsed.RawQuery != "" || parsed.ForceQuery || strings.Contains(raw, "#"):
		return Endpoint{}, errors.New("it must not have a query or a fragment")
	}
	host := strings.TrimSuffix(strings.ToLower(parsed.Host), ":")
	if port := parsed.Port(); port != "" {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return Endpoint{}, fmt.Errorf("it names port %s, and ports are 1 to 65535", port)
		}
		if port == schemePorts[parsed.Scheme] {
			host = strings.TrimSuffix(host, ":"+port)
		}
	}
	path := strings.TrimRight(parsed.EscapedPath(), "/")
	if match := organizationPath.FindString(path); match != "" {
		return Endpoint{}, fmt.Errorf("it must end before %q: the organization is an argument of its own", match)
	}
	api := (&url.URL{Scheme: parsed.Scheme, Host: host}).String() + path
	for _, region := range regions {
		if region.api == api {
			return region, nil
		}
	}
	return Endpoint{api: api}, nil
}

// String returns the base URL.
func (e Endpoint) String() string {
	return e.api
}

// InClearText reports whether everybody on the way to the server can read what is sent: nothing encrypts it, and the
// way does not end on this machine.
func (e Endpoint) InClearText() bool {
	parsed, err := url.Parse(e.api)
	if err != nil || parsed.Scheme != "http" {
		return false
	}
	host := parsed.Hostname()
	return host != "localhost" && !net.ParseIP(host).IsLoopback()
}

// organizationURL returns the address below which the organization's API paths start.
func (e Endpoint) organizationURL(organization string) string {
	if organization == superTenant {
		return e.api
	}
	return e.api + "/t/" + url.PathEscape(organization)
}

// PortalURL returns the address at which the organization's users open My Account.
func (e Endpoint) PortalURL(organization string) string {
	if e.portal != "" {
		return e.portal + "/t/" + url.PathEscape(organization)
	}
	return e.organizationURL(organization) + "/myaccount"
}

var organizationName = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$`)

// ValidateOrganization tells what is wrong with an organization's name. Asgardeo's names are lower-case letters,
// digits and hyphens; tenants of a WSO2 Identity Server are domain names such as "carbon.super".
func ValidateOrganization(name string) error {
	switch {
	case name == "":
		return errors.New("the name of an organization must not be empty")
	case len(name) > 255:
		return errors.New("the name of an organization has at most 255 characters")
	case organizationName.MatchString(name):
		return nil
	case organizationName.MatchString(strings.ToLower(name)):
		return fmt.Errorf(
			"%q is not the name of an organization: names are in lower case, so write %q", name, strings.ToLower(name),
		)
	case strings.Contains(name, "://") || strings.Contains(name, "/t/"):
		return fmt.Errorf("%q is not the name of an organization: give the name alone, not a URL", name)
	}
	return fmt.Errorf("%q is not the name of an organization: names hold lower-case letters, digits, hyphens, "+
		"underscores and dots, and start and end with a letter or a digit", name)
}
