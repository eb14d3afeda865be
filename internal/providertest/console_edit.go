package providertest

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Edit is something that somebody does in the Console, or that the next version of the Console does.
type Edit struct {
	Organization string
	What         string // what is done: see Apply and Place.Edit
	Flag         string // for "set" and "unset"
	Object       string // for "remove" and "add"
	Value        any    // for "set", "add" and "switch": raw, as the server stores it
	Form         Values // for "save": the form's values; for "sender": see NewSender
}

// Apply does the edit to an organization whose settings are in a place.
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
