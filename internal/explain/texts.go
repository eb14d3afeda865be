package explain

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// explanations says what happened and what to do about it, for each kind of error.
var explanations = map[asgardeo.Kind]explanation{
	asgardeo.UnknownOrganization: {
		happened: "The server at {url} knows no {organization}.",
		nextStep: "Check organization (ASGARDEO_ORGANIZATION) and region or base_url (ASGARDEO_REGION, ASGARDEO_BASE_URL): " +
			"a region knows its own organizations only, and nobody knows a deactivated one. If it is gone for good, let " +
			"Terraform forget its resources: terraform state rm <address>.",
		variants: []explanation{{
			fits: perhapsWrongAddress,
			happened: "Either the server at {url} knows no {organization}, or base_url does not lead to Asgardeo or a WSO2 " +
				"Identity Server: the answer was {reason}.",
		}},
	},
	asgardeo.ClassicMissing: {
		happened: "The server has no classic My Account settings for {organization}: the resource type \"myaccount\" does " +
			"not exist there.",
		nextStep: "Servers since 2024 keep these settings in the application \"My Account\": set my_account_api = " +
			"\"application\" in the provider block (or leave it out), or unset ASGARDEO_MY_ACCOUNT_API. Resources that are in " +
			"the state move there with the next apply. On an older server, an administrator creates the resource type " +
			"\"myaccount\" in the configuration store. No resource was dropped from the state.",
	},
	asgardeo.ApplicationMissing: {
		happened: "There is no application \"{application}\" in {organization}, which is where the portal's settings are.",
		nextStep: "The server creates it in every organization (on a WSO2 Identity Server: [system_applications] " +
			"default_apps in deployment.toml), and only it can. If it is there in the Console under Applications, check " +
			"organization and base_url. A server from before 2024 may keep the settings in its configuration store instead: " +
			"my_account_api = \"classic\". No resource was dropped from the state.",
	},
	asgardeo.SwitchMissing: {
		happened: "The server is too old to switch the portal of {organization} on and off: its applications have no " +
			"applicationEnabled.",
		nextStep: "Asgardeo has that switch since May 2024, WSO2 Identity Server since 7.1. Update the server, or leave " +
			"the portal's resource out; the two-factor settings work without it. A server of that age may keep the settings " +
			"in its configuration store instead: my_account_api = \"classic\".",
	},
	asgardeo.ReadOnlyApplication: {
		happened: "The application \"{application}\" of {organization} is read-only: the server refuses every change of it.",
		nextStep: "An administrator of the server decides that: [system_applications] read_only_apps in deployment.toml " +
			"must not list \"My Account\". If the settings are to stay as they are, let Terraform forget the resource: " +
			"terraform state rm <address>.",
	},
	asgardeo.CustomFlow: {
		happened: customFlow,
		nextStep: "These settings describe flows of a first factor and one last step of second factors. Either simplify " +
			"the flow in the Console (Applications, My Account, Login Flow), or declare the whole flow with " +
			"asgardeo_my_account_login_flow instead of asgardeo_my_account_two_factor.",
		variants: []explanation{{
			fits:     func(e *asgardeo.Error) bool { return len(e.Steps) > 0 },
			happened: customFlow + " Its steps now:\n\n{steps}",
		}},
	},
	asgardeo.InvalidFlow: {
		happened: "The server finds the application \"{application}\" of {organization} invalid with this change, and does " +
			"not say why.",
		nextStep: "It checks the whole login flow with every change, also with a change of the portal's switch. So look at " +
			"it in the Console (Applications, My Account, Login Flow): an authenticator that the server does not have or that " +
			"is misspelt, a connection that was deleted, a loop (for, while, forEach) in the script.",
		variants: []explanation{{
			fits: ofSubOrganization,
			nextStep: "This is the portal of a sub-organization. Its login flow takes no script, which TOTP enrollment is " +
				"declared in: leave totp_enrollment_enabled out. Otherwise look at the flow in the Console (Applications, My " +
				"Account, Login Flow).",
		}},
	},
	asgardeo.ApplicationForbidden: {
		happened: "The server does not let this client change the application \"{application}\" of {organization}.",
		nextStep: "The server may want a role for it: in the Console, look at who may edit the application \"My Account\" " +
			"(roles of the application that Terraform signs in with).",
	},
	asgardeo.NotApplied: {
		happened: "The change of the application \"{application}\" of {organization} did not take effect: the server " +
			"accepted it, and the application is not as it should be now.",
		nextStep: "Somebody may have changed the application in the same moment: run the command again. If it keeps " +
			"happening, look at the application in the Console (Applications, My Account).",
		variants: []explanation{{
			fits: ofSubOrganization,
			nextStep: "This is the portal of a sub-organization. It inherits its switch from the organization that shares the " +
				"application: change it there.",
		}},
	},
	asgardeo.NoCredentials: {
		happened: "The provider has no credentials for {organization}.",
		nextStep: addEntry + forgetOrganization,
		variants: []explanation{{
			fits:     func(e *asgardeo.Error) bool { return similarOrganization(e) != "" },
			nextStep: addEntry + " If the name is misspelt: there are credentials for {similar}." + forgetOrganization,
		}},
	},
	asgardeo.BadCredentials: {
		happened: "The token endpoint of {organization} refused the client.",
		nextStep: "Check {credentials}, that the application belongs to this organization and region, and that it is " +
			"enabled.",
		variants: []explanation{{
			fits: func(e *asgardeo.Error) bool { return e.Code == "unauthorized_client" },
			nextStep: "Allow the grant type \"Client Credential\" for the application: Console, Applications, the " +
				"application, Protocol.",
		}, {
			fits: func(e *asgardeo.Error) bool { return e.Code == "invalid_scope" },
			nextStep: "A rule of the organization refuses one of the scopes {scopes}. Let the application have them, or use " +
				"an access token that was made elsewhere (access_token).",
		}, {
			fits:     func(e *asgardeo.Error) bool { return e.Swapped && ofUnknownClient(e) },
			nextStep: "Check {credentials}: they look swapped.",
		}, {
			fits: ofUnknownClient,
			nextStep: "Check {credentials}: this organization has no application with such a client_id (Console, " +
				"Applications, the application, Protocol).",
		}, {
			fits:     func(e *asgardeo.Error) bool { return strings.Contains(string(e.Description), "is disabled") },
			nextStep: "Enable the application in the Console (Applications, the application), or check {credentials}.",
		}, {
			fits: func(e *asgardeo.Error) bool {
				return strings.Contains(string(e.Description), "credentials are invalid") && !e.PrivateKey
			},
			nextStep: "Check {credentials}: the client_id is known there, so the secret is wrong (Console, Applications, the " +
				"application, Protocol).",
		}},
	},
	asgardeo.TokenRejected: {
		happened: "The management API of {organization} refused the access token.",
		nextStep: "An access token is good for one organization and for a limited time. With access_token " +
			"(ASGARDEO_ACCESS_TOKEN): get a new one. With client_id and client_secret: check that the application is enabled " +
			"and that no proxy removes the Authorization header. On a WSO2 Identity Server, a path without an access rule " +
			"answers like this, too.",
	},
	// The server drops scopes without a word when it issues the token, so its refusal is the first sign.
	asgardeo.MissingScope: {
		happened: "The access token for {organization} does not allow this call, which needs the scope {scope}.",
		nextStep: "The server granted only {granted} with the token. " + authorize,
		variants: []explanation{{
			fits:     func(e *asgardeo.Error) bool { return !e.ScopesKnown },
			nextStep: authorize + " Then get a new access token.",
		}, {
			fits:     grantedInVain,
			happened: "The server refused the call for {organization} although the access token has the scope {scope}.",
			nextStep: "The scope is not the reason: the organization may restrict this API, or a gateway in front of it " +
				"refused.",
		}, {
			fits:     func(e *asgardeo.Error) bool { return len(e.Granted) == 0 },
			nextStep: "The server granted no scope at all with the token. " + authorize,
		}},
	},
	asgardeo.NotAPI: {
		happened: "The answer for {organization} is not one of the management API: {reason}.",
		nextStep: somethingBetween,
	},
	asgardeo.RateLimited: {
		happened: "The server kept refusing the call for {organization} because of too many requests ({tries}).",
		nextStep: "Asgardeo counts the requests of everybody behind the same client address. Where others share it, lower " +
			"requests_per_minute (ASGARDEO_REQUESTS_PER_MINUTE) so that all of them together stay below the limit, or raise " +
			"max_retries (ASGARDEO_MAX_RETRIES).",
	},
	asgardeo.ServerFault: {
		happened: "The server failed to answer the call for {organization} ({tries}).",
		nextStep: runAgain,
		variants: []explanation{{
			fits:     func(e *asgardeo.Error) bool { return e.TraceID != "" },
			nextStep: runAgain + " If it keeps failing, the trace id below names the request for WSO2's support.",
		}},
	},
	asgardeo.Unreachable: {
		happened: unreachable,
		nextStep: checkConnection,
		variants: []explanation{{
			fits: overHTTP,
			nextStep: checkConnection + " A server that expects https there may hang up on http: then write https:// in " +
				"base_url.",
		}},
	},
	asgardeo.UnknownHost: {
		happened: unreachable,
		nextStep: "Check the host that {address} leads to, and this machine's name service (DNS). Where only a proxy leads " +
			"out, name it in {proxy}.",
	},
	asgardeo.ConnectionRefused: {
		happened: unreachable,
		nextStep: "Check host and port that {address} leads to, that the server runs, and that no firewall turns " +
			"connections away. Where only a proxy leads out, name it in {proxy}.",
	},
	asgardeo.TooSlow: {
		happened: unreachable,
		nextStep: "Check that the server that {address} leads to can be reached from here. If it is only slow, allow more " +
			"time with request_timeout (ASGARDEO_REQUEST_TIMEOUT).",
	},
	asgardeo.ProxyRefused: {
		happened: unreachable,
		nextStep: "Check the proxy in {proxy}: its address, its user name and password (http://user:password@host:port), " +
			"and whether it lets this machine through to the server. NO_PROXY lists hosts that are reached without it.",
	},
	asgardeo.WrongScheme: {
		happened: "The server cannot be called with {scheme} for {organization}: {reason}.",
		nextStep: "Use the server's port for https in base_url (ASGARDEO_BASE_URL). If it has none, write http:// and set " +
			"allow_http = true: secrets then travel in clear text.",
		variants: []explanation{
			{fits: inRegion, nextStep: somethingBetween},
			{fits: overHTTP, nextStep: "Write https:// in base_url (ASGARDEO_BASE_URL), with the port for https."},
		},
	},
	asgardeo.Untrusted: {
		happened: "The certificate of the server is not trusted: {reason}.",
		nextStep: "If the server's certificate was issued by an authority of your own, give that authority's certificate " +
			"to the provider: argument ca_certificate, variable ASGARDEO_CA_CERTIFICATE (PEM text or the path of a file).",
		variants: []explanation{{
			fits: func(e *asgardeo.Error) bool { return e.OwnCAs },
			nextStep: "What ca_certificate (ASGARDEO_CA_CERTIFICATE) holds does not cover the issuer of the server's " +
				"certificate: add the certificate of the authority that issued it.",
		}},
	},
	asgardeo.CertificateName: {
		happened: "The certificate of the server is for another name: {reason}.",
		nextStep: "Use a name from the certificate in base_url (ASGARDEO_BASE_URL), or give the server a certificate for " +
			"the name that base_url has.",
		variants: []explanation{{fits: inRegion, nextStep: somethingBetween}},
	},
	asgardeo.CertificateExpired: {
		happened: "The certificate of the server cannot be used now: {reason}.",
		nextStep: "Renew the server's certificate. If it is good, this machine's clock is wrong.",
	},
	asgardeo.TimedOut: {
		happened: givenUp + "the time for the operation ran out{last attempt}.",
		nextStep: "The resource's timeouts block limits an operation as a whole: timeouts.create, timeouts.read, " +
			"timeouts.update and timeouts.delete, by default 20m each. Allow more time there. A refresh goes by the limit in " +
			"the state: where it cannot finish, apply the new one with -refresh=false.",
		variants: []explanation{{
			fits:     func(e *asgardeo.Error) bool { return errors.Is(e.Err, context.Canceled) },
			happened: givenUp + "Terraform was interrupted{last attempt}.",
			nextStep: runAgain,
		}},
	},
}

// otherExplanation is for the kinds that only the server's own text can explain.
var otherExplanation = explanation{
	happened: "The server did not accept the call for {organization}.",
	nextStep: "If the text of the server does not tell what to do, please report it to the provider's issue tracker.",
	variants: []explanation{{
		fits:     func(e *asgardeo.Error) bool { return e.Status != 0 && e.Status < http.StatusMultipleChoices },
		happened: "The server answered the call for {organization} with something else than what was asked for: {reason}.",
		nextStep: runAgain + " If it keeps happening, please report it to the provider's issue tracker.",
	}},
}

// What several explanations say.
const (
	customFlow  = "The login flow of My Account in {organization} cannot take the declared second factors: {reason}."
	unreachable = "The server could not be reached for {organization} ({tries}): {reason}."
	givenUp     = "The call for {organization} was given up before it succeeded ({tries}): "

	runAgain = "Run the command again."

	addEntry = "Add an entry {name} with client_id and client_secret to the provider's argument credentials: client_id, " +
		"client_secret and access_token (ASGARDEO_ACCESS_TOKEN) of the provider block are for its own organization alone."
	forgetOrganization = " To stop managing the organization: terraform state rm <address>, or a removed block with " +
		"lifecycle { destroy = false }."

	authorize = "Authorize the application for it: Console, Applications, the application, API Authorization, {api}."

	somethingBetween = "Something in front of the API answered: a proxy, a gateway or a sign-in page. Check base_url " +
		"(ASGARDEO_BASE_URL), the proxy in HTTPS_PROXY and NO_PROXY, and whether this machine may reach the API."

	checkConnection = runAgain + " If it keeps failing, check the network, the proxy in {proxy} and NO_PROXY, and " +
		"{address}."
)

// What is added to a next step.
const (
	notReadBack = " The server accepted the change before; only reading it back failed. The next plan compares again."

	perhapsApplied = " The call was a change, so the server may have applied it; the next plan compares again."

	nothingDropped = " No resource was dropped from the state."
)
