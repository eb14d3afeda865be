package mockserver

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"
)

// The widths of the database columns. What is longer is a server error.
const (
	maxNameLength  = 255
	maxValueLength = 1023
)

// resource is a stored object on the wire.
type resource struct {
	ResourceID   string         `json:"resourceId"`
	TenantDomain string         `json:"tenantDomain"`
	ResourceName string         `json:"resourceName"`
	ResourceType string         `json:"resourceType"`
	LastModified string         `json:"lastModified"`
	Created      string         `json:"created"`
	Attributes   []attribute    `json:"attributes"`
	Files        []resourceLink `json:"files"`
}

type resourceLink struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// configResources serves /resource/{type}, /resource/{type}/{name} and /resource/{type}/{name}/{key}.
func (s *Server) configResources(c *call, rest []string) answer {
	handlers := map[string]func(*call, []string) answer{}
	switch {
	case len(rest) == 1:
		handlers["POST"], handlers["PUT"] = s.addResource, s.replaceResource
	case len(rest) == 2:
		handlers["GET"], handlers["DELETE"] = s.getResource, s.deleteResource
		handlers["POST"], handlers["PUT"] = s.writeAttribute, s.writeAttribute
	case len(rest) == 3 && rest[2] != "file": // files of resources are not imitated
		handlers["GET"], handlers["DELETE"] = s.getAttribute, s.deleteAttribute
	default:
		return emptyAnswer(http.StatusNotFound)
	}
	handle, ok := handlers[c.request.Method]
	if !ok {
		return methodNotAllowed(slices.Sorted(maps.Keys(handlers))...)
	}
	if (c.request.Method == http.MethodPost || c.request.Method == http.MethodPut) && !hasJSONBody(c) {
		return emptyAnswer(http.StatusUnsupportedMediaType)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return handle(c, rest)
}

// The handlers below run with the store locked.

// replaceResource creates or replaces a whole object: attributes that are not in the request are gone afterwards.
func (s *Server) replaceResource(c *call, rest []string) answer {
	return s.writeResource(c, rest[0], http.StatusOK, "CONFIGM_00033", "CONFIGM_00034")
}

func (s *Server) addResource(c *call, rest []string) answer {
	return s.writeResource(c, rest[0], http.StatusCreated, "CONFIGM_00010", "CONFIGM_00014")
}

func (s *Server) writeResource(c *call, resourceType string, success int, invalidCode, failedCode string) answer {
	body, refusal := decodeResource(c)
	if refusal != nil {
		return *refusal
	}
	if body.nullAttributes {
		return s.configFailure("CONFIGM_00002")
	}
	objects, ok := s.store.objects(c.organization, resourceType)
	if !ok {
		return s.typeMissing(resourceType)
	}
	if body.name == "" {
		return s.configError(http.StatusBadRequest, invalidCode, "The resource has no name.")
	}
	if _, exists := objects[body.name]; exists && success == http.StatusCreated {
		return s.configError(http.StatusConflict, "CONFIGM_00013", "Resource with the name: "+body.name+" already exists.")
	}
	attributes := Attributes{}
	for _, a := range body.attributes {
		if _, duplicate := attributes[a.Key]; duplicate || !fits(a) {
			return s.configFailure(failedCode)
		}
		attributes[a.Key] = a.Value
	}
	if len(attributes) == 0 || utf8.RuneCountInString(body.name) > maxNameLength {
		return s.configFailure(failedCode)
	}
	key := objectKey{c.organization, resourceType, body.name}
	written := s.store.putAttributes(key, attributes)
	r := s.resource(key, version{record: written, attributes: attributes})
	// The answer to a write is what the server had in memory: order as sent, timestamps as precise as its clock.
	r.Attributes = body.attributes
	r.Created, r.LastModified = precise(written.created), precise(written.modified)
	a := jsonAnswer(success, r)
	if success == http.StatusCreated {
		a.header.Set("Location", "/resource/"+url.PathEscape(resourceType)+"/"+written.id)
	}
	return a
}

func fits(a attribute) bool {
	value, _ := a.Value.(string)
	return utf8.RuneCountInString(a.Key) <= maxNameLength && utf8.RuneCountInString(value) <= maxValueLength
}

// find returns an object as a reader sees it, or the answer that says why it is not there. Reads may be stale.
func (s *Server) find(c *call, rest []string) (objectKey, version, *answer) {
	key := objectKey{c.organization, rest[0], rest[1]}
	objects, ok := s.store.objects(key.organization, key.kind)
	if !ok {
		return key, version{}, new(s.typeMissing(key.kind))
	}
	var found version
	if attributes, exists := objects[key.name]; exists {
		found = version{record: s.store.record(key), attributes: attributes}
	}
	if c.request.Method == http.MethodGet {
		if was, written := s.store.previous[key.organization][key]; written && s.stale(c) {
			found = was
		}
	}
	if found.attributes == nil {
		return key, version{}, new(s.resourceMissing(key.name))
	}
	return key, found, nil
}

func (s *Server) getResource(c *call, rest []string) answer {
	key, found, refusal := s.find(c, rest)
	if refusal != nil {
		return *refusal
	}
	return jsonAnswer(http.StatusOK, s.resource(key, found))
}

func (s *Server) deleteResource(c *call, rest []string) answer {
	key, _, refusal := s.find(c, rest)
	if refusal != nil {
		return *refusal
	}
	s.store.deleteAttributes(key)
	return emptyAnswer(http.StatusOK)
}

// resource builds the representation a reader gets: attributes in no order, the database's timestamps.
func (s *Server) resource(key objectKey, v version) resource {
	attributes := make([]attribute, 0, len(v.attributes))
	for name, value := range v.attributes {
		attributes = append(attributes, attribute{name, value})
	}
	rand.Shuffle(len(attributes), func(i, j int) { attributes[i], attributes[j] = attributes[j], attributes[i] })
	format := stored
	if rand.IntN(2) == 0 {
		format = precise
	}
	return resource{
		ResourceID:   v.id,
		TenantDomain: key.organization,
		ResourceName: key.name,
		ResourceType: key.kind,
		LastModified: format(v.modified),
		Created:      format(v.created),
		Attributes:   attributes,
		Files:        []resourceLink{{Rel: "file", Href: s.URL() + resourcePath(key) + "/file"}},
	}
}

func resourcePath(key objectKey) string {
	return "/t/" + url.PathEscape(key.organization) + "/" + configBase + "/resource/" + url.PathEscape(key.kind) + "/" +
		url.PathEscape(key.name)
}

// stored and precise write a time as the server does, with three or six digits of the second's fraction.
func stored(t time.Time) string  { return t.Format("2006-01-02T15:04:05.000Z") }
func precise(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000Z") }
