package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// State is everything the server stores.
type State struct {
	Organizations map[string]*Organization `json:"organizations"`
}

// Organization is what one organization (tenant) stores. The zero value is an organization nobody has touched yet.
type Organization struct {
	// MyAccount holds the objects of resource type "myaccount": object name -> attributes.
	MyAccount map[string]Attributes `json:"myaccount"`
	// SMSSenders holds the SMS senders by name; the only name that can be created through the API is "SMSPublisher".
	SMSSenders map[string]*SMSSender `json:"sms_senders"`
	// TypeMissing imitates a server without the resource type "myaccount".
	TypeMissing bool `json:"type_missing"`
	// SMSGuard imitates older servers, which refuse to delete the SMS sender while SMS OTP is on for My Account, or
	// in the login flow of any application.
	SMSGuard bool `json:"sms_guard"`
	// SenderAPI imitates servers with less than version 2 of the SMS senders. Empty: everything is there.
	SenderAPI SenderAPI `json:"sender_api,omitempty"`
	// Scopes are the scopes the application is authorised for: nil means all of [AllScopes], empty means none.
	Scopes []string `json:"scopes,omitzero"`
	// ClientID and ClientSecret replace the server's credentials for this organization when they are not empty.
	ClientID     string `json:"client_id,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	// ApplicationDisabled refuses the application at the token endpoint, as after its switch in the Console.
	ApplicationDisabled bool `json:"application_disabled,omitempty"`
	// OtherTypes holds further resource types of the configuration store: type -> object name -> attributes.
	OtherTypes map[string]map[string]Attributes `json:"other_types,omitempty"`
	// Applications replaces the default, which is the one application "My Account", when it is not nil. See
	// [Organization.MyAccountApplication].
	Applications []Application `json:"applications,omitzero"`
	// Connections are the identity providers users can sign in with: name -> authenticators. There is always one for the
	// sign-in of sub-organizations.
	Connections map[string][]string `json:"connections,omitempty"`
	// Authenticators replaces the list of the server's own authenticators when it is not nil.
	Authenticators []string `json:"authenticators,omitzero"`
	// Governance holds the settings of connectors: "category/connector" -> property -> value. The connector "Multi Factor
	// Authenticators/totp" exists without it, with its default; in an empty map it has no property at all.
	Governance map[string]map[string]string `json:"governance,omitempty"`
	// ApplicationSwitchMissing imitates a server without the field applicationEnabled.
	ApplicationSwitchMissing bool `json:"application_switch_missing,omitempty"`
	// ScriptScopeIgnored imitates a server that lets a script be changed without the scope for scripts.
	ScriptScopeIgnored bool `json:"script_scope_ignored,omitempty"`
	// ScriptSurvivesReset imitates a server on which a login flow that is reset to DEFAULT keeps its script out of
	// sight, for the next flow.
	ScriptSurvivesReset bool `json:"script_survives_reset,omitempty"`
	// TOTPConnectorMissing imitates a server without the connector "totp".
	TOTPConnectorMissing bool `json:"totp_connector_missing,omitempty"`
	// GovernanceSwallows makes changes of connectors succeed without any effect, as a failure behind them does.
	GovernanceSwallows bool `json:"governance_swallows,omitempty"`
	// UnknownMembers imitates a server of a later version: the login flow, its steps and its options have one more member
	// each, and a change that loses it is refused.
	UnknownMembers bool `json:"unknown_members,omitempty"`
	// Revocations counts the updates that left an application disabled: each revokes all its tokens. Only the server
	// counts.
	Revocations int `json:"revocations,omitempty"`
}

// Attributes are the attributes of one stored object. The API stores strings only; a number, boolean or null can be put
// here to imitate a server that answers with these JSON types.
type Attributes map[string]any

// SMSSender is a stored SMS sender. A nil pointer is a field that was never set; "" is a value of its own, as on the
// real server. In Go, new("value") makes the pointers.
type SMSSender struct {
	Provider    string  `json:"provider"`
	ProviderURL *string `json:"providerURL,omitempty"`
	Key         *string `json:"key,omitempty"`
	Secret      *string `json:"secret,omitempty"`
	Sender      *string `json:"sender,omitempty"`
	ContentType string  `json:"contentType"`
	// Properties holds body, http.headers, http.method, channel.type and the like. The API answers them as a list and
	// hides the internal ones (streamName, version, type).
	Properties map[string]string `json:"properties,omitempty"`
	// Authentication is how requests to the gateway are signed. nil: not at all, or with key and secret, which are BASIC.
	Authentication *SenderAuthentication `json:"authentication,omitempty"`
}

// SenderAuthentication is a stored authentication of any type but BASIC, secrets included.
type SenderAuthentication struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties,omitempty"`
}

// SenderAPI says what a server has of the SMS senders.
type SenderAPI string

// The servers with less than everything.
const (
	SendersV1     SenderAPI = "v1"       // no access rule for version 2: 401
	SendersV1Open SenderAPI = "v1-open"  // access is allowed by default, and there is no version 2: 404
	SendersPlain  SenderAPI = "v2-plain" // version 2 without authentication
)

// AllScopes returns every scope the imitated APIs know, the default of [Organization.Scopes].
func AllScopes() []string {
	var scopes []string
	add := func(prefix string, actions ...string) {
		for _, action := range actions {
			scopes = append(scopes, prefix+action)
		}
	}
	add("internal_config_mgt_", "view", "add", "update", "delete", "list")
	add("internal_notification_senders_", "view", "create", "update", "delete")
	add("internal_org_notification_senders_", "view", "create", "update", "delete")
	add("internal_application_mgt_", "view", "create", "update", "delete")
	scopes = append(scopes, scriptScope)
	add("internal_authenticator_", "view")
	add("internal_governance_", "view", "update")
	return scopes
}

// ParseState reads the JSON form of a [State], as the program's -seed and PUT /_mock/state take it. A field it does not
// know is an error, so that a typing mistake is not silently an empty organization.
func ParseState(data []byte) (State, error) {
	var state State
	if err := decodeStrictly(data, &state); err != nil {
		return State{}, err
	}
	if state.Organizations == nil {
		return State{}, errors.New(`the state has no "organizations"`)
	}
	if err := state.validate(); err != nil {
		return State{}, err
	}
	return state.clone(), nil
}

// decodeStrictly decodes one JSON value with no unknown field and nothing behind it. Numbers keep their digits.
func decodeStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("the JSON document is empty")
		}
		return fmt.Errorf("not a valid JSON document: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind the JSON document")
	}
	return nil
}

func (s State) validate() error {
	for _, name := range slices.Sorted(maps.Keys(s.Organizations)) {
		if name == "" || strings.ContainsAny(name, "/?#") {
			return fmt.Errorf("%q cannot be the name of an organization", name)
		}
		if o := s.Organizations[name]; o != nil {
			if err := o.validate(); err != nil {
				return fmt.Errorf("organization %q: %w", name, err)
			}
		}
	}
	return nil
}

func (o *Organization) validate() error {
	if err := validateObjects("myaccount", o.MyAccount); err != nil {
		return err
	}
	for resourceType, objects := range o.OtherTypes {
		if resourceType == myAccountType {
			return errors.New(`other_types cannot hold "myaccount", which has a field of its own`)
		}
		if err := validateObjects("other_types/"+resourceType, objects); err != nil {
			return err
		}
	}
	if !slices.Contains([]SenderAPI{"", SendersV1, SendersV1Open, SendersPlain}, o.SenderAPI) {
		return fmt.Errorf("there is no sender_api %q", o.SenderAPI)
	}
	for name, sender := range o.SMSSenders {
		if sender == nil {
			return fmt.Errorf("sms_senders/%s is null", name)
		}
		if a := sender.Authentication; a != nil && !authenticationTypes[a.Type].stored {
			return fmt.Errorf("sms_senders/%s/authentication has the type %q; BASIC is stored as key and secret", name, a.Type)
		}
	}
	names := map[string]bool{}
	for i, application := range o.Applications {
		if err := application.validate(); err != nil {
			return fmt.Errorf("applications[%d] %w", i, err)
		}
		if names[application.Name] {
			return fmt.Errorf("applications[%d] has the name of another one, %q", i, application.Name)
		}
		names[application.Name] = true
	}
	for key := range o.Governance {
		if category, connector, ok := strings.Cut(key, "/"); !ok || category == "" || connector == "" {
			return fmt.Errorf("governance has %q, which must be a category, a slash and a connector", key)
		}
	}
	return nil
}

func validateObjects(where string, objects map[string]Attributes) error {
	for name, attributes := range objects {
		for key, value := range attributes {
			switch reflect.ValueOf(value).Kind() {
			case reflect.Invalid, reflect.String, reflect.Bool, // Invalid is nil, JSON null
				reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
				reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
				reflect.Float32, reflect.Float64:
			default:
				return fmt.Errorf("%s/%s/%s must be a string, number, boolean or null, not %T", where, name, key, value)
			}
		}
	}
	return nil
}
