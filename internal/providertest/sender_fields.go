package providertest

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// SenderFields is a sender without the difference between what is empty and what is not there.
type SenderFields struct {
	Provider, URL, Key, Secret, Sender, ContentType string
	Properties                                      map[string]string
	Authentication                                  *mockserver.SenderAuthentication
}

// NewSender is the sender that the server stores for a configuration.
func NewSender(config Values) *SenderFields {
	fields := &SenderFields{
		Properties: map[string]string{}, Key: TextIn(config, "key", "key_wo"), Secret: TextIn(config, "secret", "secret_wo"),
	}
	fields.Fill(config)
	if text := TextIn(config, "http_headers_wo"); text != "" {
		fields.Properties["http.headers"] = text
	}
	fields.Authenticate(config)
	return fields
}

// SenderValues is a configuration of a sender whose secrets are in the state.
func SenderValues() Values {
	return Values{"provider_name": "Twilio", "key": "AC00", "secret": "sender-secret", "sender": "+15550100"}
}

// Fill puts everything of a configuration that is not secret into the fields.
func (f *SenderFields) Fill(config Values) {
	f.Provider, f.URL, f.Sender = TextIn(config, "provider_name"), TextIn(config, "provider_url"), TextIn(config, "sender")
	if f.ContentType = TextIn(config, "content_type"); f.ContentType == "" {
		f.ContentType = "JSON"
	}
	for argument, key := range senderProperties {
		delete(f.Properties, key)
		if text := TextIn(config, argument); text != "" {
			f.Properties[key] = text
		}
	}
}

// senderProperties are the arguments that are stored as properties.
var senderProperties = map[string]string{"body": "body", "http_headers": "http.headers", "http_method": "http.method"}

// Authenticate puts a declared authentication into the fields as the server stores it: BASIC is key and secret.
func (f *SenderFields) Authenticate(config Values) {
	declared, ok := config["authentication"].(Values)
	if !ok {
		return
	}
	f.Key, f.Secret = TextIn(declared, "username"), TextIn(declared, "password")
	if declared["type"] != "BASIC" {
		f.Authentication = &mockserver.SenderAuthentication{Type: TextIn(declared, "type"), Properties: map[string]string{}}
		for property, text := range map[string]string{
			"accessToken": TextIn(declared, "access_token_wo"), "header": TextIn(declared, "header"),
			"value": TextIn(declared, "value"),
		} {
			if text != "" {
				f.Authentication.Properties[property] = text
			}
		}
	}
}

// Secretive reports that the fields have an authentication that nobody could send back.
func (f *SenderFields) Secretive() bool {
	return f != nil && f.Authentication != nil && f.Authentication.Type != "NONE"
}

// Shown is what the server tells of an authentication.
func (f *SenderFields) Shown() Values {
	switch {
	case f.Authentication != nil:
		shown := Values{"type": f.Authentication.Type}
		if header := f.Authentication.Properties["header"]; header != "" {
			shown["header"] = header
		}
		return shown
	case f.Key != "" && f.Secret != "":
		return Values{"type": "BASIC", "username": f.Key}
	}
	return nil
}

// TextIn returns the first of some arguments that is a text, and nothing where none is.
func TextIn(config Values, names ...string) string {
	for _, name := range names {
		if text, ok := config[name].(string); ok {
			return text
		}
	}
	return ""
}
