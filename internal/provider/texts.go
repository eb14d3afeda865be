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

	clearText = " begins with http://, so whoever is on the way can read and change what is sent: the client secret, " +
		"access tokens, and the settings. Write https://. For a certificate authority of your own there is ca_certificate."

	allowClearText = " Where nobody else is on the way, set allow_http = true (ASGARDEO_ALLOW_HTTP=true)."

	noSuchAPI = "%q is no place of the My Account settings: it is \"%s\" (the application \"My Account\", as in today's " +
		"Console) or \"%s\" (the configuration store, as in Consoles until 2024)"

	neitherTextNorFile = "it is neither PEM text nor the path of a readable file"
)
