package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"strings"
)

// Masked stands for every secret in the journal.
const Masked = "***"

// secretNames are the parameters, JSON fields and property keys whose values never get into the journal. http.headers
// is among them because that is where a custom SMS provider's credential is put.
var secretNames = map[string]bool{
	"access_token": true, "accesstoken": true, "client_assertion": true, "client_secret": true, "clientsecret": true,
	"http.headers": true, "key": true, "password": true, "refresh_token": true, "secret": true, "token": true,
}

func isSecret(name string) bool { return secretNames[strings.ToLower(name)] }

func maskQuery(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Sprintf("(unreadable, %d bytes)", len(query))
	}
	if masked := maskValues(values); masked {
		return values.Encode()
	}
	return query
}

func maskValues(values url.Values) bool {
	masked := false
	for name, list := range values {
		if isSecret(name) {
			values[name] = []string{Masked}
			masked = masked || len(list) > 0
		}
	}
	return masked
}

// maskBody returns a body as it was sent when there is no secret in it, else a masked equivalent. What cannot be read
// might hold a secret anywhere and is only counted.
func maskBody(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	mediaType, _, _ := mime.ParseMediaType(contentType)
	if mediaType == "application/x-www-form-urlencoded" {
		return maskQuery(string(body))
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		return fmt.Sprintf("(unreadable, %d bytes)", len(body))
	}
	if !maskJSON(value) {
		return string(body)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprintf("(unreadable, %d bytes)", len(body))
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// maskJSON masks in place and reports whether there was anything to mask. An object with "key" and "value" is a
// property: its key is a name, not a secret, and says whether the value is one.
func maskJSON(value any) bool {
	masked := false
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			masked = maskJSON(element) || masked
		}
	case map[string]any:
		if name, isProperty := value["key"].(string); isProperty && has(value, "value") {
			if isSecret(name) {
				value["value"] = Masked
				return true
			}
			return maskJSON(value["value"])
		}
		for name, field := range value {
			switch {
			case name == "value" && has(value, "header"): // the API key of a gateway
				value[name] = Masked
				masked = true
			case !isSecret(name):
				masked = maskJSON(field) || masked
			case field != nil:
				value[name] = Masked
				masked = true
			default: // keeps null visible, but not the text as sent: a repeated name may hide a value
				masked = true
			}
		}
	}
	return masked
}

func has(object map[string]any, name string) bool {
	_, ok := object[name]
	return ok
}
