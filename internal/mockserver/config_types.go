package mockserver

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// resourceType is a resource type on the wire.
type resourceType struct {
	Name        string         `json:"name"`
	ID          string         `json:"id"`
	Description string         `json:"description"`
	Links       []resourceLink `json:"links"`
}

// configTypes serves /resource-type and /resource-type/{type}. Types are written by the super organization of an
// on-premise server only.
func (s *Server) configTypes(c *call, rest []string) answer {
	method := c.request.Method
	writes := method == http.MethodPost || method == http.MethodPut
	switch {
	case len(rest) == 0 && !writes:
		return methodNotAllowed("POST", "PUT")
	case len(rest) == 1 && method != http.MethodGet && method != http.MethodDelete:
		return methodNotAllowed("DELETE", "GET")
	case len(rest) > 1:
		return emptyAnswer(http.StatusNotFound)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	switch method {
	case http.MethodGet:
		if _, ok := s.store.objects(c.organization, rest[0]); !ok {
			return s.typeMissing(rest[0])
		}
		return jsonAnswer(http.StatusOK, s.resourceType(c.organization, rest[0]))
	case http.MethodDelete:
		return s.deleteType(c, rest[0])
	}
	return s.writeType(c)
}

func (s *Server) writeType(c *call) answer {
	if !hasJSONBody(c) {
		return emptyAnswer(http.StatusUnsupportedMediaType)
	}
	fields, refusal := decodeFields(c.body, "name", "description")
	if refusal != nil {
		return *refusal
	}
	name, nameOK := scalar(fields["name"])
	description, descriptionOK := scalar(fields["description"])
	if !nameOK || !descriptionOK {
		return emptyAnswer(http.StatusBadRequest)
	}
	if name == nil || *name == "" {
		return s.configError(http.StatusBadRequest, "CONFIGM_00004", "The resource type has no name.")
	}
	_, exists := s.store.objects(c.organization, *name)
	adding := c.request.Method == http.MethodPost
	if exists && adding {
		return s.configError(http.StatusConflict, "CONFIGM_00006", "Resource type with the name: "+*name+" already exists.")
	}
	if o := s.store.state.Organizations[c.organization]; !exists && *name == myAccountType {
		o.TypeMissing = false
	} else if !exists {
		o.OtherTypes[*name] = map[string]Attributes{}
	}
	s.store.descriptions[typeKey(c.organization, *name)] = orEmpty(description)
	if !adding {
		return jsonAnswer(http.StatusOK, s.resourceType(c.organization, *name))
	}
	a := jsonAnswer(http.StatusCreated, s.resourceType(c.organization, *name))
	a.header.Set("Location", "/resource-type/"+url.PathEscape(*name))
	return a
}

// deleteType removes a type with its objects.
func (s *Server) deleteType(c *call, name string) answer {
	objects, ok := s.store.objects(c.organization, name)
	if !ok {
		return s.typeMissing(name)
	}
	for _, object := range slices.Collect(maps.Keys(objects)) {
		s.store.deleteAttributes(objectKey{c.organization, name, object})
	}
	if o := s.store.state.Organizations[c.organization]; name == myAccountType {
		o.TypeMissing = true
	} else {
		delete(o.OtherTypes, name)
	}
	delete(s.store.descriptions, typeKey(c.organization, name))
	return emptyAnswer(http.StatusOK)
}

func (s *Server) resourceType(organization, name string) resourceType {
	objects, _ := s.store.objects(organization, name)
	links := []resourceLink{}
	for object := range objects {
		links = append(links, resourceLink{Rel: "resource", Href: resourcePath(objectKey{organization, name, object})})
	}
	description, given := s.store.descriptions[typeKey(organization, name)]
	if !given {
		description = "Resource type " + name
	}
	return resourceType{
		Name: name, ID: stableID("resource type", organization, name), Description: description, Links: links,
	}
}

func typeKey(organization, name string) objectKey {
	return objectKey{organization, "resource type", name}
}

var (
	searchExpression = regexp.MustCompile(`^\s*([A-Za-z]+)\s+eq\s+'([^']*)'\s*$`)
	searchProperties = []string{
		"tenantDomain", "resourceTypeName", "resourceId", "resourceName", "attributeKey", "attributeValue",
	}
)

// configSearch serves /search with one comparison, which may come in either of the two parameter names in use.
func (s *Server) configSearch(c *call, rest []string) answer {
	if len(rest) > 0 {
		return emptyAnswer(http.StatusNotFound)
	}
	query := c.request.URL.Query()
	filter := query.Get("filter")
	if filter == "" {
		filter = query.Get("$filter")
	}
	if filter == "" {
		return s.configError(http.StatusBadRequest, "CONFIGM_00018", "The search request has no filter.")
	}
	parts := searchExpression.FindStringSubmatch(filter)
	if parts == nil {
		return s.configError(http.StatusBadRequest, "CONFIGM_00022", "The search filter cannot be parsed.")
	}
	if !slices.Contains(searchProperties, parts[1]) {
		return s.configError(http.StatusBadRequest, "CONFIGM_00023", "The search property is not supported: "+parts[1])
	}

	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	o := s.store.state.Organizations[c.organization]
	types := slices.Sorted(maps.Keys(o.OtherTypes))
	if !o.TypeMissing {
		types = append(types, myAccountType)
	}
	var found []resource
	for _, kind := range types {
		objects, _ := s.store.objects(c.organization, kind)
		for name, attributes := range objects {
			key := objectKey{c.organization, kind, name}
			r := s.resource(key, version{record: s.store.record(key), attributes: attributes})
			if r.has(parts[1], parts[2]) {
				found = append(found, r)
			}
		}
	}
	if len(found) == 0 {
		return s.configError(http.StatusNotFound, "CONFIGM_00020", "No resources found for the search.")
	}
	return jsonAnswer(http.StatusOK, map[string]any{"resources": found})
}

func (r resource) has(property, value string) bool {
	switch property {
	case "tenantDomain":
		return r.TenantDomain == value
	case "resourceTypeName":
		return r.ResourceType == value
	case "resourceId":
		return r.ResourceID == value
	case "resourceName":
		return r.ResourceName == value
	case "attributeKey":
		return slices.ContainsFunc(r.Attributes, func(a attribute) bool { return a.Key == value })
	default: // attributeValue
		return slices.ContainsFunc(r.Attributes, func(a attribute) bool { return fmt.Sprint(a.Value) == value })
	}
}
