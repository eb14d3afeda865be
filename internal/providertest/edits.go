package providertest

import (
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Edit is something that somebody does in the Console, or that the next version of the Console does.
type Edit struct {
	Organization string
	What         string // see apply and place.edit
	Flag         string // for "set" and "unset"
	Object       string // for "remove" and "add"
	Value        any    // raw, as the server stores it
	Form         Values // for "save": the form's values; for "sender": see newSender
}

func (e Edit) Apply(p Place, organization *mockserver.Organization) {
	switch e.What {
	case "sender":
		fields := NewSender(e.Form)
		fields.Properties["future"] = "kept"
		organization.SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: fields.Provider, ProviderURL: new(fields.URL), Key: new(fields.Key), Secret: new(fields.Secret),
			Sender: new(fields.Sender), ContentType: fields.ContentType, Properties: fields.Properties,
			Authentication: fields.Authentication,
		}
	case "remove sender":
		delete(organization.SMSSenders, "SMSPublisher")
	default:
		p.Edit(organization, e)
	}
}

// Hitch is a fault of the server or of the way there.
type Hitch struct {
	Organization string
	Method, Path string // path: what comes after the organization
	Skip, Times  int    // requests that pass before it, and that it hits; -1: all
	Fault        mockserver.Fault
}

const StoreCalls = "/api/identity/config-mgt/v1.0/resource/myaccount"

const SenderCalls = "/api/server/v2/notification-senders/sms"

const senderCallsV1 = "/api/server/v1/notification-senders/sms"

// AddFaults lets what happens to senders happen in both versions of their API: a server where only one suffers looks
// older than it is.
func AddFaults(mock *mockserver.Server, fault mockserver.Fault) {
	mock.AddFault(fault)
	if other := strings.Replace(fault.Match.PathPrefix, SenderCalls, senderCallsV1, 1); other != fault.Match.PathPrefix {
		fault.Match.PathPrefix = other
		mock.AddFault(fault)
	}
}
