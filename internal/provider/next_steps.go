package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// What the reader of an error can do about it.

// apiNames are the names under which an administrator finds a scope's API in the Console.
var apiNames = map[string]string{
	"internal_application_mgt":      "Application Management API",
	"internal_application_script":   "Application Authentication Script Management API",
	"internal_authenticator":        "Authenticators Management API",
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
		return "Check organization (ASGARDEO_ORGANIZATION) and region or base_url (ASGARDEO_REGION, ASGARDEO_BASE_URL): a region knows its own organizations only, " +
			"and nobody knows a deactivated one. If it is gone for good, let Terraform forget its resources: terraform state rm <address>."
	case asgardeo.FeatureMissing:
		return "Servers since 2024 keep these settings in the application \"My Account\": set my_account_api = \"application\" in the provider block " +
			"(or leave it out), or unset ASGARDEO_MY_ACCOUNT_API. Resources that are in the state move there with the next apply. On an older server, an administrator " +
			"creates the resource type \"myaccount\" in the configuration store. No resource was dropped from the state."
	case asgardeo.ApplicationMissing:
		return "The server creates it in every organization (on a WSO2 Identity Server: [system_applications] default_apps in deployment.toml), and only it can. If it is there in " +
			"the Console under Applications, check organization and base_url. A server from before 2024 may keep the settings in its configuration store instead: " +
			"my_account_api = \"classic\". No resource was dropped from the state."
	case asgardeo.SwitchMissing:
		return "Asgardeo has that switch since May 2024, WSO2 Identity Server since 7.1. Update the server, or leave the portal's resource out; the two-factor settings work without " +
			"it. A server of that age may keep the settings in its configuration store instead: my_account_api = \"classic\"."
	case asgardeo.ReadOnlyApplication:
		return "An administrator of the server decides that: [system_applications] read_only_apps in deployment.toml must not list \"My Account\". If the settings are to stay " +
			"as they are, let Terraform forget the resource: terraform state rm <address>."
	case asgardeo.CustomFlow:
		return "These settings describe flows of a first factor and one last step of second factors. Either simplify the flow in the Console (Applications, My Account, Login Flow), or " +
			"declare the whole flow with asgardeo_my_account_login_flow instead of asgardeo_my_account_two_factor."
	case asgardeo.InvalidFlow:
		if e.Fragment {
			return "This is the portal of a sub-organization. Its login flow takes no script, which TOTP enrollment is declared in: leave totp_enrollment_enabled out. Otherwise look " +
				"at the flow in the Console (Applications, My Account, Login Flow)."
		}
		return "It checks the whole login flow with every change, also with a change of the portal's switch. So look at it in the Console (Applications, My Account, Login Flow): an " +
			"authenticator that the server does not have or that is misspelt, a connection that was deleted, a loop (for, while, forEach) in the script."
	case asgardeo.Forbidden:
		return "The server may want a role for it: in the Console, look at who may edit the application \"My Account\" (roles of the application that Terraform signs in with)."
	case asgardeo.NotApplied:
		if e.Fragment {
			return "This is the portal of a sub-organization. It inherits its switch from the organization that shares the application: change it there."
		}
		return "Somebody may have changed the application in the same moment: run the command again. If it keeps happening, look at the application in the Console (Applications, My Account)."
	case asgardeo.NoCredentials:
		return noCredentials(e)
	case asgardeo.BadCredentials:
		return badCredentials(e)
	case asgardeo.TokenRejected:
		return "An access token is good for one organization and for a limited time. With access_token (ASGARDEO_ACCESS_TOKEN): get a new one. With client_id and " +
			"client_secret: check that the application is enabled and that no proxy removes the Authorization header. On a WSO2 Identity Server, " +
			"a path without an access rule answers like this, too."
	case asgardeo.MissingScope:
		return missingScope(e)
	case asgardeo.NotAPI:
		return somethingBetween
	case asgardeo.RateLimited:
		return "Asgardeo counts the requests of everybody behind the same client address. Where others share it, lower requests_per_minute " +
			"(ASGARDEO_REQUESTS_PER_MINUTE) so that all of them together stay below the limit, or raise max_retries (ASGARDEO_MAX_RETRIES)."
	case asgardeo.ServerFault:
		step := "Run the command again."
		if e.TraceID != "" {
			step += " If it keeps failing, the trace id below names the request for WSO2's support."
		}
		return step
	case asgardeo.Unreachable, asgardeo.UnknownHost, asgardeo.ConnectionRefused, asgardeo.TooSlow, asgardeo.ProxyRefused, asgardeo.WrongScheme:
		return connectionStep(e)
	case asgardeo.CertificateName:
		if asgardeo.InRegion(e.URL) {
			return somethingBetween
		}
		return "Use a name from the certificate in base_url (ASGARDEO_BASE_URL), or give the server a certificate for the name that base_url has."
	case asgardeo.CertificateExpired:
		return "Renew the server's certificate. If it is good, this machine's clock is wrong."
	case asgardeo.Untrusted:
		if e.OwnCAs {
			return "What ca_certificate (ASGARDEO_CA_CERTIFICATE) holds does not cover the issuer of the server's certificate: add the certificate of the authority that issued it."
		}
		return "If the server's certificate was issued by an authority of your own, give that authority's certificate to the provider: " +
			"argument ca_certificate, variable ASGARDEO_CA_CERTIFICATE (PEM text or the path of a file)."
	case asgardeo.TimedOut:
		if errors.Is(e.Err, context.Canceled) {
			return "Run the command again."
		}
		return "The resource's timeouts block limits an operation as a whole: timeouts.create, timeouts.read, timeouts.update and timeouts.delete, by default 20m each. " +
			"Allow more time there. A refresh goes by the limit in the state: where it cannot finish, apply the new one with -refresh=false."
	}
	if e.Status != 0 && e.Status < http.StatusMultipleChoices {
		return "Run the command again. If it keeps happening, please report it to the provider's issue tracker."
	}
	return "If the text of the server does not tell what to do, please report it to the provider's issue tracker."
}

const somethingBetween = "Something in front of the API answered: a proxy, a gateway or a sign-in page. Check base_url (ASGARDEO_BASE_URL), the proxy in " +
	"HTTPS_PROXY and NO_PROXY, and whether this machine may reach the API."

// connectionStep is the next step where no answer came. The address of a region is right by itself.
func connectionStep(e *asgardeo.Error) string {
	where, proxy := "base_url (ASGARDEO_BASE_URL)", "HTTPS_PROXY"
	region := asgardeo.InRegion(e.URL)
	if region {
		where = "region or base_url (ASGARDEO_REGION, ASGARDEO_BASE_URL)"
	}
	plain := strings.HasPrefix(e.URL, "http:")
	if plain {
		proxy = "HTTP_PROXY"
	}
	switch e.Kind {
	case asgardeo.UnknownHost:
		return fmt.Sprintf("Check the host that %s leads to, and this machine's name service (DNS). Where only a proxy leads out, name it in %s.", where, proxy)
	case asgardeo.ConnectionRefused:
		return fmt.Sprintf("Check host and port that %s leads to, that the server runs, and that no firewall turns connections away. Where only a proxy leads out, name it in %s.", where, proxy)
	case asgardeo.TooSlow:
		return fmt.Sprintf("Check that the server that %s leads to can be reached from here. If it is only slow, allow more time with request_timeout (ASGARDEO_REQUEST_TIMEOUT).", where)
	case asgardeo.ProxyRefused:
		return fmt.Sprintf("Check the proxy in %s: its address, its user name and password (http://user:password@host:port), and whether it lets this machine through to the server. "+
			"NO_PROXY lists hosts that are reached without it.", proxy)
	case asgardeo.WrongScheme:
		switch {
		case region:
			return somethingBetween
		case plain:
			return "Write https:// in base_url (ASGARDEO_BASE_URL), with the port for https."
		}
		return "Use the server's port for https in base_url (ASGARDEO_BASE_URL). If it has none, write http:// and set allow_http = true: secrets then travel in clear text."
	}
	step := fmt.Sprintf("Run the command again. If it keeps failing, check the network, the proxy in %s and NO_PROXY, and %s.", proxy, where)
	if plain {
		step += " A server that expects https there may hang up on http: then write https:// in base_url."
	}
	return step
}

func badCredentials(e *asgardeo.Error) string {
	switch e.Code {
	case "unauthorized_client":
		return "Allow the grant type \"Client Credential\" for the application: Console, Applications, the application, Protocol."
	case "invalid_scope":
		return "A rule of the organization refuses one of the scopes " + strings.Join(asgardeo.Scopes, ", ") +
			". Let the application have them, or use an access token that was made elsewhere (access_token)."
	}
	given := "client_id and client_secret (ASGARDEO_CLIENT_ID, ASGARDEO_CLIENT_SECRET)"
	switch {
	case e.OwnEntry:
		given = fmt.Sprintf("client_id and client_secret of credentials[%q]", e.Organization)
	case e.PrivateKey:
		given = "client_id (ASGARDEO_CLIENT_ID), and that the application has the certificate of client_private_key"
	}
	const console = "Console, Applications, the application"
	switch said := string(e.Description); {
	case strings.Contains(said, "could not be found for client_id") && e.Swapped:
		return fmt.Sprintf("Check %s: they look swapped.", given)
	case strings.Contains(said, "could not be found for client_id"):
		return fmt.Sprintf("Check %s: this organization has no application with such a client_id (%s, Protocol).", given, console)
	case strings.Contains(said, "is disabled"):
		return fmt.Sprintf("Enable the application in the Console (%s), or check %s.", strings.TrimPrefix(console, "Console, "), given)
	case strings.Contains(said, "credentials are invalid") && !e.PrivateKey:
		return fmt.Sprintf("Check %s: the client_id is known there, so the secret is wrong (%s, Protocol).", given, console)
	}
	return fmt.Sprintf("Check %s, that the application belongs to this organization and region, and that it is enabled.", given)
}

// noCredentials also names the organization that was probably meant. Numbered ones resemble each other without a slip.
func noCredentials(e *asgardeo.Error) string {
	text := fmt.Sprintf("Add an entry %q with client_id and client_secret to the provider's argument credentials: client_id, client_secret and "+
		"access_token (ASGARDEO_ACCESS_TOKEN) of the provider block are for its own organization alone.", e.Organization)
	digits := func(r rune) bool { return r >= '0' && r <= '9' }
	if meant := nearest(e.Organization, e.Known); meant != "" && !strings.ContainsFunc(meant, digits) {
		text += fmt.Sprintf(" If the name is misspelt: there are credentials for %q.", meant)
	}
	return text + " To stop managing the organization: terraform state rm <address>, or a removed block with lifecycle { destroy = false }."
}

// refusedDespiteScope reports that the token is not to blame for a refusal.
func refusedDespiteScope(e *asgardeo.Error) bool {
	return e.ScopesKnown && slices.ContainsFunc(e.Granted, func(scope asgardeo.Text) bool { return string(scope) == e.Scope })
}

// missingScope compares what was granted with what is needed: the server drops scopes without a word when it issues
// the token, so its refusal is the first sign.
func missingScope(e *asgardeo.Error) string {
	grant := fmt.Sprintf("Authorize the application for it: Console, Applications, the application, API Authorization, %s.", apiName(e.Scope))
	switch {
	case !e.ScopesKnown:
		return grant + " Then get a new access token."
	case refusedDespiteScope(e):
		return "The scope is not the reason: the organization may restrict this API, or a gateway in front of it refused."
	case len(e.Granted) == 0:
		return "The server granted no scope at all with the token. " + grant
	}
	var granted []string
	for _, scope := range e.Granted {
		granted = append(granted, string(scope))
	}
	return fmt.Sprintf("The server granted only %s with the token. %s", strings.Join(granted, ", "), grant)
}
