package mockserver

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
)

// attribute is an attribute on the wire. A value is a string, or whatever JSON type was seeded.
type attribute struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// hasJSONBody says whether a request declares the one media type the services read.
func hasJSONBody(c *call) bool {
	mediaType, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	return err == nil && mediaType == "application/json"
}

// decodeFields reads a JSON object whose field names must be among the allowed ones, in exactly this spelling: unlike
// Go's decoder, the server's tells upper from lower case.
func decodeFields(body []byte, allowed ...string) (map[string]json.RawMessage, *answer) {
	if !json.Valid(body) {
		return nil, new(htmlAnswer(http.StatusBadRequest))
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return nil, new(emptyAnswer(http.StatusBadRequest))
	}
	for name := range fields {
		if !slices.Contains(allowed, name) {
			return nil, new(emptyAnswer(http.StatusBadRequest))
		}
	}
	return fields, nil
}

// scalar coerces a JSON scalar to the text the server stores; null and an absent field are nil. Objects and arrays are
// not ok.
func scalar(raw json.RawMessage) (text *string, ok bool) {
	if len(raw) == 0 {
		return nil, true
	}
	switch raw[0] {
	case 'n':
		return nil, true
	case '{', '[':
		return nil, false
	case '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, false
		}
		return &s, true
	}
	return new(string(raw)), true
}

// resourceBody is the body of POST and PUT on a collection.
type resourceBody struct {
	name           string // "" when absent, null or empty
	attributes     []attribute
	nullAttributes bool // null, or null as an element
}

func decodeResource(c *call) (resourceBody, *answer) {
	bad := func() (resourceBody, *answer) { return resourceBody{}, new(emptyAnswer(http.StatusBadRequest)) }
	fields, refusal := decodeFields(c.body, "name", "attributes")
	if refusal != nil {
		return resourceBody{}, refusal
	}
	name, ok := scalar(fields["name"])
	if !ok {
		return bad()
	}
	var body resourceBody
	if name != nil {
		body.name = *name
	}
	list, present := fields["attributes"]
	if !present {
		return body, nil
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(list, &elements); err != nil {
		return bad()
	}
	body.nullAttributes = elements == nil
	for _, element := range elements {
		if string(element) == "null" {
			body.nullAttributes = true
			continue
		}
		a, refusal := decodeAttribute(element)
		if refusal != nil {
			return resourceBody{}, refusal
		}
		body.attributes = append(body.attributes, a.attribute)
		body.nullAttributes = body.nullAttributes || a.nullKey
	}
	return body, nil
}

type attributeBody struct {
	attribute
	nullKey bool
}

func decodeAttribute(raw []byte) (attributeBody, *answer) {
	fields, refusal := decodeFields(raw, "key", "value")
	if refusal != nil {
		return attributeBody{}, refusal
	}
	key, keyOK := scalar(fields["key"])
	value, valueOK := scalar(fields["value"])
	if !keyOK || !valueOK {
		return attributeBody{}, new(emptyAnswer(http.StatusBadRequest))
	}
	a := attributeBody{nullKey: key == nil}
	if key != nil {
		a.Key = *key
	}
	if value != nil {
		a.Value = *value
	}
	return a, nil
}
