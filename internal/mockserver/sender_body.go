package mockserver

import (
	"encoding/json"
	"net/http"
	"slices"
)

// decodeSender reads the body of POST and PUT; only POST takes a name. Everything wrong with the form of the body is one error,
// which unlike in the configuration store is JSON.
func (s *Server) decodeSender(c *call, withName bool) (string, *SMSSender, *answer) {
	refuse := func(description string) (string, *SMSSender, *answer) {
		return "", nil, new(s.invalidInput(description))
	}
	if !hasJSONBody(c) {
		return "", nil, new(emptyAnswer(http.StatusUnsupportedMediaType))
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &fields); err != nil || fields == nil {
		return refuse("Provided request body content is not in the expected format.")
	}
	allowed := []string{"provider", "providerURL", "key", "secret", "sender", "contentType", "properties"}
	if withName {
		allowed = append(allowed, "name")
	}
	for name := range fields {
		if !slices.Contains(allowed, name) {
			return refuse("Unrecognized field in the request body: " + name)
		}
	}
	texts := map[string]*string{}
	for name, raw := range fields {
		if name == "properties" {
			continue
		}
		text, ok := scalar(raw)
		if !ok {
			return refuse("The value of " + name + " is not a string.")
		}
		texts[name] = text
	}
	properties, ok := decodeProperties(fields["properties"])
	switch {
	case !ok:
		return refuse("The value of properties is not a list of key and value.")
	case texts["provider"] == nil:
		return refuse("Property provider cannot be null.")
	case texts["contentType"] == nil:
		return refuse("Property contentType cannot be null.")
	case *texts["contentType"] != "JSON" && *texts["contentType"] != "FORM":
		return refuse("Unexpected value for contentType.")
	}
	return orEmpty(texts["name"]), &SMSSender{
		Provider:    *texts["provider"],
		ProviderURL: texts["providerURL"],
		Key:         texts["key"],
		Secret:      texts["secret"],
		Sender:      texts["sender"],
		ContentType: *texts["contentType"],
		Properties:  properties,
	}, nil
}

// decodeProperties reads a list of properties. The server puts them into a map, so the last of a repeated key wins; a null value is
// not stored.
func decodeProperties(raw json.RawMessage) (map[string]string, bool) {
	properties := map[string]string{}
	if len(raw) == 0 {
		return properties, true
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, false
	}
	for _, element := range list {
		property, refusal := decodeAttribute(element)
		if refusal != nil || property.nullKey {
			return nil, false
		}
		delete(properties, property.Key)
		if value, ok := property.Value.(string); ok {
			properties[property.Key] = value
		}
	}
	return properties, true
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// serviceError is an error of the services other than the configuration store.
func (s *Server) serviceError(status int, code, message, description string) answer {
	return jsonAnswer(status, serviceError{Code: code, Message: message, Description: description, TraceID: s.traceID()})
}

// invalidInput is the common answer to a request whose form is wrong.
func (s *Server) invalidInput(description string) answer {
	return s.serviceError(http.StatusBadRequest, "UE-10000", "Invalid Request", description)
}
