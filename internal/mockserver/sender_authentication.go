package mockserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// authenticationType says which properties a type of authentication has. All others are forgotten without a word.
type authenticationType struct {
	required, optional []string
	stored             bool // as it is; BASIC becomes key and secret
}

var authenticationTypes = map[string]authenticationType{
	"BASIC":   {required: []string{"username", "password"}},
	"BEARER":  {required: []string{"accessToken"}, stored: true}, // the product's own documents call it "token"
	"API_KEY": {required: []string{"header", "value"}, stored: true},
	"CLIENT_CREDENTIAL": {
		required: []string{"clientId", "clientSecret", "tokenEndpoint"}, optional: []string{"scopes"}, stored: true,
	},
	"PASSWORD_CREDENTIAL": {
		required: []string{"clientId", "clientSecret", "username", "password", "tokenEndpoint"}, optional: []string{"scopes"},
		stored: true,
	},
	"NONE": {stored: true},
}

// unansweredProperties are stored and never answered.
var unansweredProperties = []string{"password", "clientSecret", "accessToken", "value"}

// authenticationBody is an authentication on the wire.
type authenticationBody struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
}

// newAuthenticationBody returns what version 2 answers. Key and secret together are BASIC, whoever stored them.
func newAuthenticationBody(sender *SMSSender) *authenticationBody {
	if sender.Authentication == nil {
		if isBlank(sender.Key) || isBlank(sender.Secret) {
			return nil
		}
		return &authenticationBody{Type: "BASIC", Properties: map[string]string{"username": *sender.Key}}
	}
	body := &authenticationBody{Type: sender.Authentication.Type, Properties: map[string]string{}}
	maps.Copy(body.Properties, sender.Authentication.Properties)
	maps.DeleteFunc(body.Properties, func(name, _ string) bool { return slices.Contains(unansweredProperties, name) })
	return body
}

func isBlank(text *string) bool { return strings.TrimSpace(orEmpty(text)) == "" }

// decodeAuthentication reads the authentication of a request; nil stands for none. A type that is left out makes it
// none.
func (s *Server) decodeAuthentication(raw json.RawMessage) (*authenticationBody, *answer) {
	var fields map[string]json.RawMessage
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if json.Unmarshal(raw, &fields) != nil {
		return nil, new(s.unreadableSender())
	}
	for name := range fields {
		if name != "type" && name != "properties" {
			return nil, new(s.unreadableSender())
		}
	}
	typeName, ok := scalar(fields["type"])
	if !ok {
		return nil, new(s.unreadableSender())
	}
	if typeName != nil {
		if _, known := authenticationTypes[*typeName]; !known {
			return nil, new(s.unreadableSender())
		}
	}
	var values map[string]any
	if properties := fields["properties"]; len(properties) > 0 && json.Unmarshal(properties, &values) != nil {
		return nil, new(s.unreadableSender())
	}
	if typeName == nil {
		return nil, nil
	}
	body := &authenticationBody{Type: *typeName, Properties: map[string]string{}}
	for name, value := range values {
		text, isText := value.(string)
		if !isText && value != nil {
			return nil, new(s.senderFailure()) // the service takes every value for a text without looking
		}
		if isText {
			body.Properties[name] = text
		}
	}
	return body, nil
}

// authenticate puts an authentication into a sender, or refuses it. This comes before anything else of the service.
func (s *Server) authenticateSender(sender *SMSSender, body *authenticationBody) *answer {
	if body == nil {
		return nil
	}
	known := authenticationTypes[body.Type]
	for _, name := range known.required {
		value, given := body.Properties[name]
		switch {
		case !given:
			return new(s.serviceError(http.StatusBadRequest, "NSM-60012", "Required property is missing.",
				fmt.Sprintf("The property %s must be included in the authentication properties.", name)))
		case strings.TrimSpace(value) == "":
			return new(s.serviceError(http.StatusBadRequest, "NSM-60011", "Property is blank.",
				fmt.Sprintf("The property %s must not be blank.", name)))
		}
	}
	key, secret := "", "" // what may stand beside the authentication
	if body.Type == "BASIC" {
		key, secret = body.Properties["username"], body.Properties["password"]
	}
	if sender.Key != nil && *sender.Key != "" && *sender.Key != key ||
		sender.Secret != nil && *sender.Secret != "" && *sender.Secret != secret {
		// The code of a changed channel, with another description: nothing is put in for its placeholder.
		return new(s.serviceError(http.StatusBadRequest, "NSM-60007", "Updating channel type is not allowed.",
			"Updating channel type is not allowed for SMS notification sender: %s."))
	}
	if body.Type == "BASIC" {
		sender.Key, sender.Secret = &key, &secret
		return nil
	}
	properties := maps.Clone(body.Properties)
	maps.DeleteFunc(properties, func(name, _ string) bool {
		return !slices.Contains(known.required, name) && !slices.Contains(known.optional, name)
	})
	sender.Authentication = &SenderAuthentication{Type: body.Type, Properties: properties}
	return nil
}

// unreadableSender is the one answer to all that is wrong with the form of a sender, except a field that version 1
// misses.
func (s *Server) unreadableSender() answer {
	return s.serviceError(http.StatusBadRequest, "UE-10000", "Invalid Request.",
		"Provided request body content is not in the expected format.")
}

// senderFailure is what the service makes of what it did not expect.
func (s *Server) senderFailure() answer {
	return s.serviceError(http.StatusInternalServerError, "SE-50000", "Unable to complete the operation.",
		"The server encountered an error.")
}
