package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// addError adds the diagnostic for a failed call. The action completes "Unable to …".
func addError(diags *diag.Diagnostics, action string, err error) {
	diags.AddError("Unable to "+action, explain(err))
}

// explain turns an error of the client into the text of a diagnostic: what happened, what the server said, what to do.
func explain(err error) string {
	var failure *asgardeo.Error
	if !errors.As(err, &failure) {
		return upperFirst(err.Error())
	}
	paragraphs := []string{whatHappened(failure), nextStep(failure)}
	if facts := facts(failure); facts != "" {
		paragraphs = append(paragraphs, facts)
	}
	return strings.Join(paragraphs, "\n\n")
}

func whatHappened(e *asgardeo.Error) string {
	organization := fmt.Sprintf("organization %q", e.Organization)
	switch e.Kind {
	case asgardeo.UnknownOrganization:
		return fmt.Sprintf("The server at %s knows no %s.", e.URL, organization)
	case asgardeo.FeatureMissing:
		return fmt.Sprintf("The server has no My Account settings for %s: the resource type \"myaccount\" does not exist there.", organization)
	case asgardeo.NoCredentials:
		return fmt.Sprintf("The provider has no credentials for %s.", organization)
	case asgardeo.BadCredentials:
		return fmt.Sprintf("The token endpoint of %s refused the client.", organization)
	case asgardeo.TokenRejected:
		return fmt.Sprintf("The management API of %s refused the access token.", organization)
	case asgardeo.MissingScope:
		return fmt.Sprintf("The access token for %s does not allow this call, which needs the scope %s.", organization, e.Scope)
	case asgardeo.NotAPI:
		return fmt.Sprintf("The answer for %s is not one of the management API: %s.", organization, e.Description)
	case asgardeo.RateLimited:
		return fmt.Sprintf("The server kept refusing the call for %s because of too many requests (%s).", organization, tries(e))
	case asgardeo.ServerFault:
		return fmt.Sprintf("The server failed to answer the call for %s (%s).", organization, tries(e))
	case asgardeo.Unreachable:
		return fmt.Sprintf("The server could not be reached for %s (%s): %s.", organization, tries(e), reason(e))
	case asgardeo.Untrusted:
		return fmt.Sprintf("The certificate of the server is not trusted: %s.", reason(e))
	case asgardeo.TimedOut:
		return fmt.Sprintf("The call for %s was given up before it succeeded (%s): %s.", organization, tries(e), reason(e))
	}
	return fmt.Sprintf("The server did not accept the call for %s.", organization)
}

// reason is why there was no usable answer.
func reason(e *asgardeo.Error) string {
	if e.Description != "" {
		return strings.TrimSuffix(e.Description, ".")
	}
	if e.Err == nil {
		return "no reason given"
	}
	// Only the innermost cause: the outer ones repeat the URL.
	cause := e.Err
	for errors.Unwrap(cause) != nil {
		cause = errors.Unwrap(cause)
	}
	return strings.TrimSuffix(cause.Error(), ".")
}

func tries(e *asgardeo.Error) string {
	if e.Attempts == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", e.Attempts)
}

// apiNames are the names under which an administrator finds a scope's API in the Console.
var apiNames = map[string]string{
	"internal_config_mgt":           "Identity Configuration Management API",
	"internal_notification_senders": "Notification Sender Management API",
}

func apiName(scope string) string {
	for prefix, name := range apiNames {
		if strings.HasPrefix(scope, prefix) {
			return name
		}
	}
	return "management API"
}

func nextStep(e *asgardeo.Error) string {
	switch e.Kind {
	case asgardeo.UnknownOrganization:
		return "Check the organization's name (argument organization, variable ASGARDEO_ORGANIZATION) and where it lives: region or base_url " +
			"(ASGARDEO_REGION, ASGARDEO_BASE_URL). An organization of one region is unknown in the other, and a deactivated one is unknown everywhere. " +
			"Nothing was changed, neither on the server nor in the state."
	case asgardeo.FeatureMissing:
		return "Asgardeo has that type in every organization. A WSO2 Identity Server gets it from an administrator, who creates the resource type " +
			"\"myaccount\" in its configuration store. If this server should have it, check base_url. Nothing was changed in the state."
	case asgardeo.NoCredentials:
		return fmt.Sprintf("Add an entry %q with client_id and client_secret to the provider's argument credentials. client_id and client_secret of the provider "+
			"block itself are used for the provider's own organization only.", e.Organization)
	case asgardeo.BadCredentials:
		return badCredentials(e)
	case asgardeo.TokenRejected:
		return "An access token is good for one organization and for a limited time. With access_token (ASGARDEO_ACCESS_TOKEN): get a new one. With client_id and " +
			"client_secret: check that the application is enabled and that no proxy removes the Authorization header. On a WSO2 Identity Server, " +
			"a path without an access rule answers like this, too."
	case asgardeo.MissingScope:
		return missingScope(e)
	case asgardeo.NotAPI:
		return "Something in front of the API answered: a proxy, a gateway or a sign-in page. Check base_url (ASGARDEO_BASE_URL), the proxy in " +
			"HTTPS_PROXY and NO_PROXY, and whether this machine may reach the API."
	case asgardeo.RateLimited:
		return "Asgardeo counts requests for each client address. Lower requests_per_minute or Terraform's -parallelism where several runs share an address, " +
			"or raise max_retries."
	case asgardeo.ServerFault:
		return "Run the command again. If it keeps failing, the trace id below, if there is one, names the request for WSO2's support."
	case asgardeo.Unreachable:
		return "Check region or base_url (ASGARDEO_BASE_URL), the network, and the proxy in HTTPS_PROXY and NO_PROXY. Slow servers need a longer request_timeout. " +
			"If the call was a change, the server may have applied it: the next plan compares again."
	case asgardeo.Untrusted:
		return "If the server's certificate was issued by an authority of your own, give that authority's certificate to the provider: " +
			"argument ca_certificate, variable ASGARDEO_CA_CERTIFICATE (PEM text or the path of a file)."
	case asgardeo.TimedOut:
		return "Run the command again when the server answers, or allow more time."
	}
	return "If the text of the server does not tell what to do, please report it to the provider's issue tracker."
}

func badCredentials(e *asgardeo.Error) string {
	switch e.Code {
	case "unauthorized_client":
		return "Allow the grant type \"Client Credential\" for the application: Console, Applications, the application, Protocol."
	case "invalid_scope":
		return "A rule of the organization refuses one of the scopes " + strings.Join(asgardeo.Scopes, ", ") +
			". Let the application have them, or use an access token that was made elsewhere (access_token)."
	}
	return "Check client_id and client_secret (ASGARDEO_CLIENT_ID, ASGARDEO_CLIENT_SECRET, or the organization's entry in credentials), that the application belongs to " +
		"this organization and region, and that it is enabled."
}

// missingScope compares what was granted with what is needed: the server drops scopes without a word when it issues
// the token, so its refusal is the first sign.
func missingScope(e *asgardeo.Error) string {
	grant := fmt.Sprintf("Authorize the application for it: Console, Applications, the application, API Authorization, %s.", apiName(e.Scope))
	switch {
	case !e.ScopesKnown:
		return grant + " Then get a new access token."
	case slices.Contains(e.Granted, e.Scope):
		return "The token has that scope, so the server refuses for another reason: the organization may restrict this API."
	case len(e.Granted) == 0:
		return "The server granted no scope at all with the token. " + grant
	}
	return fmt.Sprintf("The server granted only %s with the token. %s", strings.Join(e.Granted, ", "), grant)
}

// facts lists what support and search engines ask for.
func facts(e *asgardeo.Error) string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	if e.Method != "" {
		add("Request", e.Method+" "+e.URL)
	}
	if e.Status != 0 {
		add("HTTP status", fmt.Sprint(e.Status))
	}
	add("Server code", e.Code)
	add("Server message", e.Description)
	add("Trace id", e.TraceID)
	return strings.Join(lines, "\n")
}
