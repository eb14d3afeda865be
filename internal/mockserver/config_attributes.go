package mockserver

import (
	"maps"
	"net/http"
	"net/url"
)

func (s *Server) getAttribute(c *call, rest []string) answer {
	_, found, refusal := s.find(c, rest)
	if refusal != nil {
		return *refusal
	}
	value, ok := found.attributes[rest[2]]
	if !ok {
		return s.attributeMissing(rest[2])
	}
	return jsonAnswer(http.StatusOK, attribute{rest[2], value})
}

// writeAttribute is POST, which adds an attribute to an existing object, and PUT, which adds or replaces one.
func (s *Server) writeAttribute(c *call, rest []string) answer {
	body, refusal := decodeAttribute(c.body)
	if refusal != nil {
		return *refusal
	}
	key, found, refusal := s.find(c, rest)
	if refusal != nil {
		return *refusal
	}
	adding := c.request.Method == http.MethodPost
	if body.Key == "" {
		return s.attributeKeyMissing()
	}
	if _, exists := found.attributes[body.Key]; exists && adding {
		return s.configError(http.StatusConflict, "CONFIGM_00031", "Attribute with the key: "+body.Key+" already exists.")
	}
	if !fits(body.attribute) {
		return s.configFailure("CONFIGM_00002")
	}
	attributes := maps.Clone(found.attributes)
	attributes[body.Key] = body.Value
	s.store.putAttributes(key, attributes)
	if !adding {
		return jsonAnswer(http.StatusOK, body.attribute)
	}
	a := jsonAnswer(http.StatusCreated, body.attribute)
	a.header.Set("Location",
		"/resource/"+url.PathEscape(key.kind)+"/"+url.PathEscape(key.name)+"/"+url.PathEscape(body.Key))
	return a
}

func (s *Server) deleteAttribute(c *call, rest []string) answer {
	key, found, refusal := s.find(c, rest)
	if refusal != nil {
		return *refusal
	}
	if _, ok := found.attributes[rest[2]]; !ok {
		return s.attributeMissing(rest[2])
	}
	attributes := maps.Clone(found.attributes)
	delete(attributes, rest[2])
	s.store.putAttributes(key, attributes)
	return emptyAnswer(http.StatusOK)
}
