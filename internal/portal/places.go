package portal

// API says where an installation keeps the settings of the portal.
type API string

// The places of the settings.
const (
	// ApplicationAPI keeps them in the application "My Account": in its switch and in its login flow.
	ApplicationAPI API = "application"
	// ClassicAPI keeps them in the server's generic configuration store, which the Console used until 2024.
	ClassicAPI API = "classic"
)

// APIs lists the places, the usual one first.
func APIs() []API {
	return []API{ApplicationAPI, ClassicAPI}
}
