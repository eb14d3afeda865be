package mockserver

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// totpConnector is the one connector that every organization has, with its one property.
const (
	totpConnector         = "Multi Factor Authenticators/totp"
	totpEnrolmentProperty = "TOTP.EnrolUserInAuthenticationFlow"
)

// connectors are the names of the connectors that exist, each with its category.
func (o *Organization) connectors() []string {
	names := slices.Collect(maps.Keys(o.Governance))
	if !slices.Contains(names, totpConnector) {
		names = append(names, totpConnector)
	}
	if o.TOTPConnectorMissing {
		names = slices.DeleteFunc(names, func(name string) bool { return name == totpConnector })
	}
	return names
}

// connector returns the properties of a connector that exists. Where nobody has changed one, its default holds.
func (o *Organization) connector(name string) map[string]string {
	properties := o.Governance[name]
	switch {
	case properties != nil:
		return properties
	case name == totpConnector:
		return map[string]string{totpEnrolmentProperty: "true"}
	}
	return map[string]string{}
}

// connectorBody is a connector on the wire.
type connectorBody struct {
	ID           string              `json:"id"`
	Name         string              `json:"name"`
	Category     string              `json:"category"`
	FriendlyName string              `json:"friendlyName"`
	Order        int                 `json:"order"`
	SubCategory  string              `json:"subCategory"`
	Properties   []connectorProperty `json:"properties"`
}

type connectorProperty struct {
	Name        string       `json:"name"`
	Value       string       `json:"value"`
	DisplayName string       `json:"displayName"`
	Description string       `json:"description"`
	Meta        propertyMeta `json:"meta"`
}

type propertyMeta struct {
	Type string `json:"type"`
}

// governance serves /{category}/connectors/{connector}.
func (s *Server) governance(c *call, rest []string) answer {
	if len(rest) != 3 || rest[1] != "connectors" {
		return emptyAnswer(http.StatusNotFound)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	name, refusal := s.findConnector(c, rest[0], rest[2])
	switch {
	case refusal != nil:
		return *refusal
	case c.request.Method == http.MethodPatch:
		return s.patchConnector(c, name)
	}
	properties := s.store.state.Organizations[c.organization].connector(name)
	key := objectKey{c.organization, connectorKind, name}
	if was, written := s.store.previous[c.organization][key]; written && was.exists() && s.stale(c) {
		properties = was.connector
	}
	return jsonAnswer(http.StatusOK, newConnectorBody(name, properties))
}

// findConnector returns the name of the connector that two ids in a path stand for, or the answer that says that
// there is none. An id is a name in base64url; that of the category is compared as text, so padding spoils it.
func (s *Server) findConnector(c *call, category, connector string) (string, *answer) {
	decoded, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(connector, "="))
	if err != nil {
		return "", new(s.serviceError(http.StatusInternalServerError, "SE-50000", "Unable to complete the operation.",
			"The server encountered an error."))
	}
	for _, name := range s.store.state.Organizations[c.organization].connectors() {
		its, own, _ := strings.Cut(name, "/")
		if own == string(decoded) && category == base64.RawURLEncoding.EncodeToString([]byte(its)) {
			return name, nil
		}
	}
	return "", new(s.serviceError(http.StatusNotFound, "IDG-50009", "Resource not found.",
		"Unable to find a resource matching the provided connector identifier: "+connector))
}

func newConnectorBody(name string, properties map[string]string) connectorBody {
	category, connector, _ := strings.Cut(name, "/")
	encode := base64.RawURLEncoding.EncodeToString
	body := connectorBody{
		ID: encode([]byte(connector)), Name: connector, Category: category, FriendlyName: connector, SubCategory: "DEFAULT",
		Properties: []connectorProperty{},
	}
	if name == totpConnector {
		body.FriendlyName = "TOTP"
	}
	for _, property := range slices.Sorted(maps.Keys(properties)) {
		// A connector shows its own properties only, although it stores any.
		if name == totpConnector && property != totpEnrolmentProperty {
			continue
		}
		shown := connectorProperty{
			Name: property, Value: properties[property], DisplayName: property, Meta: propertyMeta{Type: "string"},
		}
		if property == totpEnrolmentProperty {
			shown.DisplayName = "Enable TOTP enrollment during login"
			shown.Description = "Lets users enroll in TOTP while they sign in."
			shown.Meta.Type = "boolean"
		}
		body.Properties = append(body.Properties, shown)
	}
	return body
}

// patchConnector sets the properties in the request and leaves the others. Their names are not checked.
func (s *Server) patchConnector(c *call, name string) answer {
	if !hasJSONBody(c) {
		return emptyAnswer(http.StatusUnsupportedMediaType)
	}
	changed, err := decodeConnectorChange(c.body)
	if err != nil {
		return s.invalidInput("The request is not valid: " + err.Error() + ".")
	}
	o := s.store.state.Organizations[c.organization]
	if o.GovernanceSwallows {
		return emptyAnswer(http.StatusOK)
	}
	properties := maps.Clone(o.connector(name))
	maps.Copy(properties, changed)
	s.store.putConnector(c.organization, name, properties)
	return emptyAnswer(http.StatusOK)
}

// decodeConnectorChange reads the properties to set.
func decodeConnectorChange(body []byte) (map[string]string, error) {
	fields, err := members(body, false, "operation", "properties")
	if err != nil {
		return nil, err
	}
	var operation *string
	var properties *[]json.RawMessage
	if err := cmp.Or(member(fields, "operation", &operation), member(fields, "properties", &properties)); err != nil {
		return nil, err
	}
	if operation == nil || *operation != "UPDATE" || properties == nil {
		return nil, errors.New("it needs the operation UPDATE and properties")
	}
	changed := map[string]string{}
	for _, element := range *properties {
		fields, err := members(element, false, "name", "value")
		if err != nil {
			return nil, err
		}
		var name, value *string
		if err := cmp.Or(member(fields, "name", &name), member(fields, "value", &value)); err != nil {
			return nil, err
		}
		if name == nil || value == nil {
			return nil, errors.New("a property needs name and value")
		}
		changed[*name] = *value
	}
	return changed, nil
}
