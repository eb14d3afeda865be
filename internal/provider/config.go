package provider

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// alternatives are pairs of arguments that exclude each other. In the configuration, one silences the variable of the
// other.
var alternatives = []struct{ first, second, advice string }{
	{"region", "base_url", "Set region for Asgardeo, base_url for a WSO2 Identity Server."},
	{"client_id", "access_token", clientNotNeeded},
	{"client_secret", "client_private_key", "Remove one of them: the application has one way to sign in."},
	{"client_private_key", "access_token", clientNotNeeded},
	{"client_secret", "access_token", clientNotNeeded},
}

const clientNotNeeded = "Remove one of them: an access token needs no client."

// contradictions finds arguments of the configuration that exclude each other. One that is unknown may yet turn out to
// be null.
func contradictions(block map[string]attr.Value) diag.Diagnostics {
	for _, pair := range alternatives {
		if session.Known(block[pair.first]) && session.Known(block[pair.second]) {
			return session.OneErrorAt(path.Root(pair.second), "Contradictory provider arguments",
				fmt.Sprintf("Both %s and %s are set. %s", pair.first, pair.second, pair.advice))
		}
	}
	return nil
}

// resolver collects the provider's arguments from the configuration and the environment.
type resolver struct {
	block   map[string]attr.Value // the configuration, by the names of the arguments
	getenv  func(argument string) string
	unknown []string // arguments that will be known during apply only, and without which nothing can be called
	diags   diag.Diagnostics
}

// resolve fills in the provider block: what the client needs to know, and what resources do. Unknown values are never
// taken for missing ones.
func resolve(
	block map[string]attr.Value, getenv func(argument string) string,
) (asgardeo.Config, *session.Data, diag.Diagnostics) {
	if diags := contradictions(block); diags.HasError() {
		return asgardeo.Config{}, nil, diags
	}
	r := &resolver{block: block, getenv: getenv}
	client := asgardeo.Config{
		Organization:            r.organization(),
		Endpoint:                r.endpoint(),
		Credentials:             r.credentials(),
		OrganizationCredentials: r.organizationCredentials(),
		RootCAs:                 parsed(r, "ca_certificate", nil, r.certificates),
		RequestTimeout:          parsed(r, "request_timeout", asgardeo.DefaultRequestTimeout, parseTimeout),
		MaxRetries:              parsed(r, "max_retries", asgardeo.DefaultMaxRetries, numberTo(maxRetriesLimit)),
		RequestsPerMinute:       parsed(r, "requests_per_minute", asgardeo.DefaultRequestsPerMinute, numberTo(1<<30)),
	}
	data := &session.Data{
		DefaultOrganization: client.Organization,
		DefaultUnknown:      block["organization"].IsUnknown(),
		SkipSMSSenderCheck:  r.on("skip_sms_sender_check"),
		MyAccountAPI:        parsed(r, "my_account_api", portal.APIs()[0], parseAPI),
	}
	data.UnknownArguments = r.unknown
	return client, data, r.diags
}

// text returns an argument: its value in the configuration, else that of its variable.
func (r *resolver) text(argument string) string {
	value := r.block[argument]
	switch {
	case value.IsUnknown():
		r.unknown = append(r.unknown, argument)
		return ""
	case !value.IsNull():
		if text, ok := value.(types.String); ok {
			return text.ValueString()
		}
		return value.String()
	}
	for _, pair := range alternatives {
		if pair.first == argument && !r.block[pair.second].IsNull() ||
			pair.second == argument && !r.block[pair.first].IsNull() {
			return ""
		}
	}
	return r.getenv(argument)
}

// parsed returns what an argument means. An error is about a variable in most cases: bad values in the configuration
// are found during validation already.
func parsed[T any](r *resolver, argument string, otherwise T, parse func(text string) (T, error)) T {
	text := r.text(argument)
	if text == "" {
		return otherwise
	}
	value, err := parse(text)
	if err != nil {
		r.invalid(argument, err)
	}
	return value
}

func (r *resolver) invalid(argument string, reason error) {
	if r.block[argument].IsNull() {
		r.diags.AddError("Invalid environment variable "+session.VariableName(argument), fmt.Sprintf(
			"%s stands in for the provider's argument %s, but %s.", session.VariableName(argument), argument, reason))
		return
	}
	r.diags.AddAttributeError(path.Root(argument), "Invalid "+argument, words.UpperFirst(reason.Error())+".")
}

func (r *resolver) organization() string {
	if r.block["organization"].IsUnknown() {
		return "" // only the resources that rely on it have to wait
	}
	return parsed(r, "organization", "", func(text string) (string, error) {
		return text, asgardeo.ValidateOrganization(text)
	})
}

// on reads a switch. While it is unknown, it is off: the check is made.
func (r *resolver) on(argument string) bool {
	if r.block[argument].IsUnknown() {
		return false
	}
	return parsed(r, argument, false, func(text string) (bool, error) {
		on, err := strconv.ParseBool(text)
		if err != nil {
			err = fmt.Errorf("%q is neither true nor false", text)
		}
		return on, err
	})
}

// endpoint is the address of the server.
func (r *resolver) endpoint() asgardeo.Endpoint {
	region, baseURL := r.text("region"), r.text("base_url")
	switch {
	case len(r.unknown) > 0:
		return asgardeo.Endpoint{}
	case region != "" && baseURL != "":
		r.diags.AddError(contradictoryVariables, regionAndBaseURL)
		return asgardeo.Endpoint{}
	case baseURL != "":
		endpoint, err := asgardeo.ParseBaseURL(baseURL)
		if err != nil {
			r.invalid("base_url", fmt.Errorf("the URL cannot be used: %w", err))
		}
		if endpoint.InClearText() {
			r.refuseClearText(endpoint)
		}
		return endpoint
	}
	endpoint, err := asgardeo.RegionEndpoint(cmp.Or(region, asgardeo.Regions()[0]))
	if err != nil {
		r.invalid("region", err)
	}
	return endpoint
}

// refuseClearText is for an address where the secrets can be read on the way, unless somebody has said that the way is
// a private one.
func (r *resolver) refuseClearText(endpoint asgardeo.Endpoint) {
	detail := "base_url" + clearText
	if r.block["base_url"].IsNull() {
		detail = session.VariableName("base_url") + clearText
	}
	summary := fmt.Sprintf("The connection to %s is not encrypted", endpoint)
	switch {
	case r.block["allow_http"].IsUnknown():
		r.unknown = append(r.unknown, "allow_http")
	case r.on("allow_http"):
		r.diags.AddAttributeWarning(path.Root("base_url"), summary, detail)
	default:
		r.diags.AddAttributeError(path.Root("base_url"), summary, detail+allowClearText)
	}
}

func parseTimeout(text string) (time.Duration, error) {
	return validators.ParseDuration(strings.TrimSpace(text))
}

// numberTo reads a whole number from zero to a limit.
func numberTo(limit int) func(text string) (int, error) {
	return func(text string) (int, error) {
		number, err := strconv.Atoi(text)
		if err != nil || number < 0 || number > limit {
			err = fmt.Errorf("%q is not a whole number from 0 to %d", text, limit)
		}
		return number, err
	}
}

func parseAPI(text string) (portal.API, error) {
	api := portal.API(text)
	if !slices.Contains(portal.APIs(), api) {
		return "", fmt.Errorf(noSuchAPI, text, portal.ApplicationAPI, portal.ClassicAPI)
	}
	return api, nil
}
