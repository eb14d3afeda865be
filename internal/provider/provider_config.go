package provider

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// maxRetriesLimit is more patience than any pipeline has: half a minute for each retry.
const maxRetriesLimit = 100

// environment reads the environment variable that stands in for an argument. An empty one counts as not set.
func environment(argument string) string {
	return os.Getenv(variable(argument))
}

// emptyVariables names those variables that are set but empty, as CI leaves them where a secret is missing. They count as not
// set, which puzzles who has just set them.
func emptyVariables(arguments ...string) string {
	var text strings.Builder
	for _, argument := range arguments {
		if value, set := os.LookupEnv(variable(argument)); set && value == "" {
			fmt.Fprintf(&text, " %s is set but empty.", variable(argument))
		}
	}
	return text.String()
}

// variable names the environment variable of an argument.
func variable(argument string) string {
	return "ASGARDEO_" + strings.ToUpper(argument)
}

// fromVariable ends the description of an argument.
func fromVariable(argument string) string {
	return fmt.Sprintf("Environment variable: `%s`.", variable(argument))
}

// providerSettings is the provider block after the environment and the defaults have filled it.
type providerSettings struct {
	client              asgardeo.Config
	organizationUnknown bool
	unknown             []string // arguments that will be known during apply only, and without which nothing can be called
	skipSMSSenderCheck  bool
	myAccountAPI        asgardeo.API
}

// contradictions finds arguments of the configuration that exclude each other. One that is unknown may yet turn out to
// be null.
func contradictions(config providerModel) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, pair := range []struct {
		first, second string
		values        [2]attr.Value
		advice        string
	}{
		{"region", "base_url", [2]attr.Value{config.Region, config.BaseURL}, "Set region for Asgardeo, base_url for a WSO2 Identity Server."},
		{"client_id", "access_token", [2]attr.Value{config.ClientID, config.AccessToken}, "Remove one of them: an access token needs no client."},
		{"client_secret", "client_private_key", [2]attr.Value{config.ClientSecret, config.ClientPrivateKey}, "Remove one of them: the application has one way to sign in."},
		{"client_private_key", "access_token", [2]attr.Value{config.ClientPrivateKey, config.AccessToken}, "Remove one of them: an access token needs no client."},
		{"client_secret", "access_token", [2]attr.Value{config.ClientSecret, config.AccessToken}, "Remove one of them: an access token needs no client."},
	} {
		if known(pair.values[0]) && known(pair.values[1]) {
			diags.AddAttributeError(path.Root(pair.second), "Contradictory provider arguments",
				fmt.Sprintf("Both %s and %s are set. %s", pair.first, pair.second, pair.advice))
			return diags
		}
	}
	return diags
}

func known(value attr.Value) bool {
	return !value.IsNull() && !value.IsUnknown()
}

// resolver collects the provider's arguments from the configuration and the environment.
type resolver struct {
	getenv  func(argument string) string
	unknown []string
	diags   diag.Diagnostics
}

// resolve fills in the provider block. Unknown values are never taken for missing ones.
func resolve(ctx context.Context, config providerModel, getenv func(string) string) (providerSettings, diag.Diagnostics) {
	if diags := contradictions(config); diags.HasError() {
		return providerSettings{}, diags
	}
	r := &resolver{getenv: getenv}
	settings := providerSettings{organizationUnknown: config.Organization.IsUnknown()}
	settings.client = asgardeo.Config{
		Organization:            r.organization(config),
		Endpoint:                r.endpoint(config),
		Credentials:             r.credentials(config),
		OrganizationCredentials: r.organizationCredentials(ctx, config),
		RootCAs:                 r.rootCAs(config),
		RequestTimeout:          r.timeout(config),
		MaxRetries:              r.number("max_retries", config.MaxRetries, asgardeo.DefaultMaxRetries, maxRetriesLimit),
		RequestsPerMinute:       r.number("requests_per_minute", config.RequestsPerMinute, asgardeo.DefaultRequestsPerMinute, 1<<30),
	}
	settings.skipSMSSenderCheck = r.boolean("skip_sms_sender_check", config.SkipSMSSenderCheck)
	settings.myAccountAPI = r.myAccountAPI(config)
	settings.unknown = r.unknown
	return settings, r.diags
}

// text returns an argument: its value in the configuration, else that of its variable.
func (r *resolver) text(argument string, value types.String) string {
	switch {
	case value.IsUnknown():
		r.unknown = append(r.unknown, argument)
		return ""
	case value.IsNull():
		return r.getenv(argument)
	}
	return value.ValueString()
}

// invalid reports a bad value. Bad values in the configuration are found during validation already, which says the
// same; here it is a variable's in most cases.
func (r *resolver) invalid(argument string, value attr.Value, reason string) {
	if value.IsNull() {
		r.diags.AddError("Invalid environment variable "+variable(argument),
			fmt.Sprintf("%s stands in for the provider's argument %s, but %s.", variable(argument), argument, reason))
		return
	}
	r.diags.AddAttributeError(path.Root(argument), "Invalid "+argument, upperFirst(reason)+".")
}

func (r *resolver) organization(config providerModel) string {
	if config.Organization.IsUnknown() {
		return "" // only the resources that rely on it have to wait
	}
	name := r.text("organization", config.Organization)
	if name == "" && config.Organization.IsNull() {
		return ""
	}
	if err := asgardeo.ValidateOrganization(name); err != nil {
		r.invalid("organization", config.Organization, err.Error())
	}
	return name
}

// endpoint takes the address from the configuration, or else from the environment; one source must not hold both
// of its forms, and an argument silences the variable of its alternative.
func (r *resolver) endpoint(config providerModel) asgardeo.Endpoint {
	region, baseURL := "", ""
	if config.BaseURL.IsNull() || !config.Region.IsNull() {
		region = r.text("region", config.Region)
	}
	if config.Region.IsNull() || !config.BaseURL.IsNull() {
		baseURL = r.text("base_url", config.BaseURL)
	}
	if len(r.unknown) > 0 {
		return asgardeo.Endpoint{}
	}
	if region != "" && baseURL != "" {
		r.diags.AddError("Contradictory environment variables", fmt.Sprintf(
			"Both %s and %s are set. Set the first for Asgardeo, the second for a WSO2 Identity Server, and unset the other, "+
				"or set one of the provider's arguments region and base_url.", variable("region"), variable("base_url")))
		return asgardeo.Endpoint{}
	}
	if baseURL != "" {
		endpoint, err := asgardeo.ParseBaseURL(baseURL)
		if err != nil {
			r.invalid("base_url", config.BaseURL, "the URL cannot be used: "+err.Error())
		}
		if endpoint.Readable() {
			r.judgeReadable(config, endpoint)
		}
		return endpoint
	}
	if region == "" {
		region = asgardeo.Regions()[0]
	}
	endpoint, err := asgardeo.RegionEndpoint(region)
	if err != nil {
		r.invalid("region", config.Region, err.Error())
	}
	return endpoint
}

// judgeReadable refuses an address where the secrets can be read on the way, unless somebody has said that the way is a private one.
func (r *resolver) judgeReadable(config providerModel, endpoint asgardeo.Endpoint) {
	source := "base_url"
	if config.BaseURL.IsNull() {
		source = variable(source)
	}
	summary := fmt.Sprintf("The connection to %s is not encrypted", endpoint)
	detail := source + " begins with http://, so whoever is on the way can read and change what is sent: the client secret, access tokens, and the settings. " +
		"Write https://. For a certificate authority of your own there is ca_certificate."
	switch {
	case config.AllowHTTP.IsUnknown():
		r.unknown = append(r.unknown, "allow_http")
	case r.boolean("allow_http", config.AllowHTTP):
		r.diags.AddAttributeWarning(path.Root("base_url"), summary, detail)
	default:
		r.diags.AddAttributeError(path.Root("base_url"), summary, fmt.Sprintf(
			"%s Where nobody else is on the way, set allow_http = true (%s=true).", detail, variable("allow_http")))
	}
}

func (r *resolver) rootCAs(config providerModel) *x509.CertPool {
	value := r.text("ca_certificate", config.CACertificate)
	if value == "" {
		return nil
	}
	pool, leftOut, err := loadCertificates(value)
	if err != nil {
		r.invalid("ca_certificate", config.CACertificate, err.Error())
	}
	if len(leftOut) > 0 {
		r.diags.AddWarning("Certificates left out of ca_certificate", fmt.Sprintf("In ca_certificate (%s), %s. The others are used.", variable("ca_certificate"), strings.Join(leftOut, "; ")))
	}
	return pool
}

func (r *resolver) myAccountAPI(config providerModel) asgardeo.API {
	value := r.text("my_account_api", config.MyAccountAPI)
	if value == "" && !known(config.MyAccountAPI) {
		return asgardeo.APIs()[0]
	}
	if err := checkMyAccountAPI(value); err != nil {
		r.invalid("my_account_api", config.MyAccountAPI, err.Error())
	}
	return asgardeo.API(value)
}

func (r *resolver) timeout(config providerModel) time.Duration {
	value := r.text("request_timeout", config.RequestTimeout)
	if value == "" {
		return asgardeo.DefaultRequestTimeout
	}
	timeout, err := parseDuration(strings.TrimSpace(value))
	if err != nil {
		r.invalid("request_timeout", config.RequestTimeout, err.Error())
	}
	return timeout
}

func (r *resolver) number(argument string, value types.Int64, fallback, limit int) int {
	if value.IsUnknown() {
		r.unknown = append(r.unknown, argument)
		return fallback
	}
	if !value.IsNull() {
		return int(value.ValueInt64())
	}
	text := r.getenv(argument)
	if text == "" {
		return fallback
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > limit {
		r.invalid(argument, value, fmt.Sprintf("%q is not a whole number from 0 to %d", text, limit))
	}
	return number
}

func (r *resolver) boolean(argument string, value types.Bool) bool {
	if !value.IsNull() {
		return value.ValueBool() // an unknown one counts as false: the check is made
	}
	text := r.getenv(argument)
	if text == "" {
		return false
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		r.invalid(argument, value, fmt.Sprintf("%q is neither true nor false", text))
	}
	return on
}
