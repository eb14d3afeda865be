package mockserver

import (
	"encoding/json"
	"net/http"
	"slices"
)

// decodeSender reads the body of POST and PUT; only POST takes a name. Everything wrong with the form of the body is
// one error, which unlike in the configuration store is JSON. Version 2 checks less of the form and knows
// authentication.
func (s *Server) decodeSender(c *call, version senderVersion, withName bool) (string, *SMSSender, *answer) {
	refuse := func(refusal answer) (string, *SMSSender, *answer) { return "", nil, &refusal }
	if !hasJSONBody(c) {
		return refuse(emptyAnswer(http.StatusUnsupportedMediaType))
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &fields); err != nil || fields == nil {
		return refuse(s.unreadableSender())
	}
	allowed := []string{"provider", "providerURL", "key", "secret", "sender", "contentType", "properties"}
	if withName {
		allowed = append(allowed, "name")
	}
	if version == sendersV2 && s.store.state.Organizations[c.organization].SenderAPI != SendersPlain {
		allowed = append(allowed, "authentication")
	}
	texts := map[string]*string{}
	for name, raw := range fields {
		if !slices.Contains(allowed, name) {
			return refuse(s.unreadableSender())
		}
		if name == "properties" || name == "authentication" {
			continue
		}
		text, ok := scalar(raw)
		if !ok {
			return refuse(s.unreadableSender())
		}
		texts[name] = text
	}
	properties, ok := decodeProperties(fields["properties"])
	switch {
	case !ok, texts["contentType"] != nil && *texts["contentType"] != "JSON" && *texts["contentType"] != "FORM":
		return refuse(s.unreadableSender())
	case version == sendersV1 && texts["provider"] == nil:
		return refuse(s.invalidInput("Property provider cannot be null."))
	case version == sendersV1 && texts["contentType"] == nil:
		return refuse(s.invalidInput("Property contentType cannot be null."))
	}
	authentication, refusal := s.decodeAuthentication(fields["authentication"])
	if refusal != nil {
		return "", nil, refusal
	}
	if texts["contentType"] == nil {
		return refuse(s.senderFailure())
	}
	sender := &SMSSender{
		Provider:    orEmpty(texts["provider"]),
		ProviderURL: texts["providerURL"],
		Key:         texts["key"],
		Secret:      texts["secret"],
		Sender:      texts["sender"],
		ContentType: *texts["contentType"],
		Properties:  properties,
	}
	if refusal := s.authenticateSender(sender, authentication); refusal != nil {
		return "", nil, refusal
	}
	return orEmpty(texts["name"]), sender, nil
}

// decodeProperties reads a list of properties. The server puts them into a map, so the last of a repeated key wins; a
// null value is not stored.
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
