package providertest

// The types of the resources. That of a data source or a list is the same.
const (
	Portal        = "asgardeo_my_account_portal"
	TwoFactor     = "asgardeo_my_account_two_factor"
	SenderType    = "asgardeo_sms_sender"
	LoginFlowType = "asgardeo_my_account_login_flow"
)

// The addresses of the resources in the configurations of acceptance tests.
const (
	PortalAddress    = Portal + ".this"
	TwoFactorAddress = TwoFactor + ".this"
	SenderAddress    = SenderType + ".this"
)

// The objects with the settings of the classic place, as the server calls them.
const (
	StatusObject     = "status"
	TwoFactorObject  = "myaccount-2FA-config"
	EnrollmentObject = "myaccount-TOTP-config"
)

// ApplicationDocument is what the tests call the application My Account as something that is read and written: its id
// says nothing.
const ApplicationDocument = "application"

// APIPath is what the paths of the management API of "bifrost" begin with.
const APIPath = "/t/bifrost/api/"

// The paths of parts of the API, without the organization: the classic settings, applications, and SMS senders in the
// version that the provider asks first.
const (
	StoreCalls       = "/api/identity/config-mgt/v1.0/resource/myaccount"
	ApplicationCalls = "/api/server/v1/applications"
	SenderCalls      = "/api/server/v2/notification-senders/sms"
)
