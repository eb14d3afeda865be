package provider

// What the provider block cannot be used with.
const (
	contradictoryVariables = "Contradictory environment variables"

	regionAndBaseURL = "Both ASGARDEO_REGION and ASGARDEO_BASE_URL are set. Set the first for Asgardeo, the second for " +
		"a WSO2 Identity Server, and unset the other, or set one of the provider's arguments region and base_url."

	tokenAndClient = "ASGARDEO_ACCESS_TOKEN is set together with ASGARDEO_CLIENT_ID, ASGARDEO_CLIENT_SECRET or " +
		"ASGARDEO_CLIENT_PRIVATE_KEY. Unset one or the other: an access token needs no client."

	secretAndKey = "Both ASGARDEO_CLIENT_SECRET and ASGARDEO_CLIENT_PRIVATE_KEY are set. Unset one of them: the " +
		"application has one way to sign in."

	noCredentials = "The provider needs client_id and client_secret (or ASGARDEO_CLIENT_ID and ASGARDEO_CLIENT_SECRET) " +
		"of an application that is authorized for the management API, or access_token (or ASGARDEO_ACCESS_TOKEN), or an " +
		"entry for the organization in credentials."

	nullEntry = "The entry %s is null. Give it client_id and client_secret, or leave it out: in a for expression, with " +
		"an if clause."

	incompleteEntry = "The entry %s has no %s. Set both there: client_id and client_secret of an application in that " +
		"organization."

	badBaseURL = "the URL cannot be used: %w. Expected is the address of the server alone, such as " +
		"\"https://is.example.com:9443\""

	clearText = " begins with http://, so whoever is on the way can read and change what is sent: the client secret, " +
		"access tokens, and the settings. Write https://. For a certificate authority of your own there is ca_certificate."

	allowClearText = " Where nobody else is on the way, set allow_http = true (ASGARDEO_ALLOW_HTTP=true)."

	noSuchAPI = "%q is no place of the My Account settings: it is \"%s\" (the application \"My Account\", as in today's " +
		"Console) or \"%s\" (the configuration store, as in Consoles until 2024)"

	certificatesLeftOut = "In ca_certificate (%s), %s. The others are used."

	neitherTextNorFile = "it is neither PEM text nor the path of a readable file"
)

// What an access token cannot be had or used for.
const (
	tokenFromElsewhere = "The provider itself was given an access token (access_token or ASGARDEO_ACCESS_TOKEN) and " +
		"cannot get another one with it. Give it client_id and client_secret instead."

	scopesNotGranted = "The server issued the token without %s, because the application is not authorized for that. " +
		"Calls that need it will be refused. An administrator authorizes it in the Console: Applications, the " +
		"application, API Authorization."

	notRevoked = "It stays good until it ends by itself. revoke = false leaves it at that.\n\n"
)

const severalRegions = "an organization lives in one region: give an organization and, if needed, a region"
