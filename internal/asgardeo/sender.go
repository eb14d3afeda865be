package asgardeo

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// SMSSenderName is the name of the sender that SMS OTP uses, and the only one that servers accept.
const SMSSenderName = "SMSPublisher"

// SMSSender is an organization's connection to an SMS gateway. An empty text stands for a field that is not set.
type SMSSender struct {
	Name        string           `json:"name,omitempty"`
	Provider    string           `json:"provider"`
	ProviderURL string           `json:"providerURL,omitempty"`
	Key         string           `json:"key,omitempty"`
	Secret      string           `json:"secret,omitempty"`
	Sender      string           `json:"sender,omitempty"`
	ContentType string           `json:"contentType"`
	Properties  SenderProperties `json:"properties,omitempty"`
	// Authentication is nil where there is none, and where it is only another view of key and secret.
	Authentication *SenderAuthentication `json:"authentication,omitempty"`
}

// SenderProperties are a sender's further fields, by key. Keys that this package does not know are kept.
type SenderProperties []SenderProperty

// SenderProperty is one of them.
type SenderProperty struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// The keys of the properties that a custom gateway is described with.
const (
	SenderBody        = "body"
	SenderHTTPHeaders = "http.headers"
	SenderHTTPMethod  = "http.method"
)

// Get returns the value of a property, or "".
func (p SenderProperties) Get(key string) string {
	for _, property := range p {
		if property.Key == key {
			return property.Value
		}
	}
	return ""
}

// With returns the properties with one of them changed; an empty value removes it.
func (p SenderProperties) With(key, value string) SenderProperties {
	if value != "" && p.Get(key) == value {
		return p
	}
	changed := slices.DeleteFunc(slices.Clone(p), func(property SenderProperty) bool { return property.Key == key })
	if value == "" {
		return changed
	}
	return append(changed, SenderProperty{Key: key, Value: value})
}

// Gateways are what a sender can have for a provider. The server looks for them in exactly this spelling.
var Gateways = []string{"Twilio", "Vonage", "Custom"}

// BuiltInGateway is the provider of the sender that Asgardeo provides itself, in any spelling.
const BuiltInGateway = "choreo"

// Usable reports whether SMS OTP can send with this sender, if it is one.
func (s *SMSSender) Usable() bool {
	return s != nil && (slices.Contains(Gateways, s.Provider) || strings.EqualFold(s.Provider, BuiltInGateway))
}

// same reports whether two senders are equal, whatever the order of their properties.
func (s SMSSender) same(other SMSSender) bool {
	return s.includes(other) && other.includes(s)
}

// includes reports whether the sender has all that another one has, and perhaps properties that the server added.
func (s SMSSender) includes(other SMSSender) bool {
	a, b := s.canonical(), other.canonical()
	a.Properties, b.Properties = nil, nil
	own := make(map[SenderProperty]bool, len(s.Properties))
	for _, property := range s.Properties {
		own[property] = true
	}
	missing := func(property SenderProperty) bool { return !own[property] }
	return reflect.DeepEqual(a, b) && !slices.ContainsFunc(other.Properties, missing)
}

// arrived reports whether the sender, which was another one before, is what was sent.
func (s SMSSender) arrived(before, sent SMSSender) bool { return s.includes(sent) && !s.same(before) }

// secrets are the values that must not appear in a log line or a message. Headers carry credentials more often than
// not.
func (s SMSSender) secrets() []string {
	headers := s.Properties.Get(SenderHTTPHeaders)
	secrets := slices.Concat(
		[]string{s.Key, s.Secret, headers},
		redact.CredentialsInHeaders(headers),
		redact.CredentialsInURL(s.ProviderURL),
		redact.CredentialsInBody(s.Properties.Get(SenderBody)),
		s.Authentication.confidential(),
	)
	return slices.DeleteFunc(secrets, func(v string) bool { return v == "" })
}

// storedSender is a sender as servers send it: texts may come as numbers or booleans.
type storedSender struct {
	Name        scalar `json:"name"`
	Provider    scalar `json:"provider"`
	ProviderURL scalar `json:"providerURL"`
	Key         scalar `json:"key"`
	Secret      scalar `json:"secret"`
	Sender      scalar `json:"sender"`
	ContentType scalar `json:"contentType"`
	Properties  []struct {
		Key   string `json:"key"`
		Value scalar `json:"value"`
	} `json:"properties"`
	Authentication struct {
		Type       scalar            `json:"type"`
		Properties map[string]scalar `json:"properties"`
	} `json:"authentication"`
}

// What is far more than any gateway needs would go into the state, and every piece of the headers is looked for in
// every message.
const (
	maxSenderText       = 16 << 10
	maxSenderProperties = 100
)

// UnmarshalJSON refuses JSON that is something else: read as a sender, it would pass for the answer to a change.
func (s *storedSender) UnmarshalJSON(data []byte) error {
	type fields storedSender
	if err := json.Unmarshal(data, (*fields)(s)); err != nil {
		return err
	}
	if s.Name == "" && s.Provider == "" {
		return errors.New("not an SMS sender")
	}
	if len(s.Properties) > maxSenderProperties {
		return errors.New("more properties than a sender can have")
	}
	return nil
}

// storedSenders is a list of them.
type storedSenders []storedSender

// UnmarshalJSON refuses null: read as an empty list, it would say that there is no sender.
func (s *storedSenders) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*[]storedSender)(s)); err != nil {
		return err
	}
	if *s == nil {
		return errors.New("not a list of SMS senders")
	}
	return nil
}

func (s storedSender) sender() SMSSender {
	sender := SMSSender{
		Name: string(s.Name), Provider: string(s.Provider), ProviderURL: string(s.ProviderURL), Key: string(s.Key),
		Secret: string(s.Secret), Sender: string(s.Sender), ContentType: string(s.ContentType),
	}
	for _, property := range s.Properties {
		sender.Properties = append(sender.Properties, SenderProperty{Key: property.Key, Value: string(property.Value)})
	}
	if s.Authentication.Type != "" {
		sender.Authentication = &SenderAuthentication{string(s.Authentication.Type), map[string]string{}}
		for name, value := range s.Authentication.Properties {
			sender.Authentication.Properties[name] = string(value)
		}
	}
	return sender.canonical()
}

// scalar is the text of a JSON string, number or boolean; null is the empty text.
type scalar string

func (s *scalar) UnmarshalJSON(data []byte) error {
	var plain string
	switch {
	case json.Unmarshal(data, &plain) == nil: // also null
		*s = scalar(plain)
	case data[0] == '{', data[0] == '[':
		return errors.New("a text was expected")
	default:
		*s = scalar(data)
	}
	if len(*s) > maxSenderText {
		return errors.New("a longer text than a sender can have")
	}
	return nil
}

// SenderAuthentication is how requests to a gateway of one's own are signed. Answers leave its secrets out.
type SenderAuthentication struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
}

// The types of authentication.
const (
	AuthBasic              = "BASIC"
	AuthBearer             = "BEARER"
	AuthAPIKey             = "API_KEY"
	AuthClientCredential   = "CLIENT_CREDENTIAL" // #nosec G101 -- the name of a type
	AuthPasswordCredential = "PASSWORD_CREDENTIAL"
	AuthNone               = "NONE"
)

// The properties of an authentication. Which type has which is a matter of the server's.
const (
	AuthUsername      = "username"
	AuthPassword      = "password"
	AuthAccessToken   = "accessToken" // #nosec G101 -- the name of a property
	AuthHeader        = "header"
	AuthValue         = "value"
	AuthClientID      = "clientId"
	AuthClientSecret  = "clientSecret" // #nosec G101 -- the name of a property
	AuthTokenEndpoint = "tokenEndpoint"
	AuthScopes        = "scopes"
)

var (
	// hiddenProperties are in no answer.
	hiddenProperties = []string{AuthPassword, AuthAccessToken, AuthValue, AuthClientSecret}
	// confidentialProperties must not appear in a log line or a message.
	confidentialProperties = append([]string{AuthUsername, AuthClientID}, hiddenProperties...)
)

// Irreplaceable reports that a replacement of the sender would lose its authentication: the server tells it without its
// secrets, and keeps nothing that is not sent. A type that this package does not know may have secrets, too.
func (s SMSSender) Irreplaceable() bool {
	return s.Authentication != nil && s.Authentication.Type != AuthNone
}

// hasHiddenSecrets reports that no answer will show some secrets of the sender: whether they arrived cannot be seen.
func (s SMSSender) hasHiddenSecrets() bool {
	a := s.Authentication
	return a != nil && a.Type != AuthBasic &&
		slices.ContainsFunc(hiddenProperties, func(name string) bool { return a.Properties[name] != "" })
}

// canonical returns the sender as answers show it: BASIC is key and secret, and other secrets are not there.
func (s SMSSender) canonical() SMSSender {
	switch a := s.Authentication; {
	case a == nil:
	case a.Type == AuthBasic &&
		(a.Properties[AuthPassword] != "" || a.Properties[AuthUsername] == s.Key && s.Secret != ""):
		// The server stores one as the other.
		s.Key, s.Authentication = a.Properties[AuthUsername], nil
		if password := a.Properties[AuthPassword]; password != "" {
			s.Secret = password
		}
	default:
		shown := SenderAuthentication{Type: a.Type, Properties: maps.Clone(a.Properties)}
		maps.DeleteFunc(shown.Properties, func(name, value string) bool {
			return value == "" || slices.Contains(hiddenProperties, name)
		})
		s.Authentication = &shown
	}
	return s
}

// confidential are the values of the authentication that must not appear in a log line or a message.
func (a *SenderAuthentication) confidential() []string {
	var values []string
	if a != nil {
		for _, name := range confidentialProperties {
			values = append(values, a.Properties[name])
		}
		values = append(values, redact.CredentialsInURL(a.Properties[AuthTokenEndpoint])...)
	}
	return values
}
