package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxBody is far above anything the APIs take: a login script may be long.
const maxBody = 4 << 20

// call is one request to the product's own paths.
type call struct {
	request      *http.Request
	arrived      time.Time
	organization string
	bare         bool     // addressed without /t/{org}
	service      []string // decoded path segments behind the organization
	body         []byte
	foreignToken bool
	scopes       []string // of the token
}

// newCall reads a request. The second result is an answer when the request cannot be understood at all.
func (s *Server) newCall(w http.ResponseWriter, r *http.Request) (*call, *answer) {
	c := &call{request: r, arrived: time.Now().UTC()}
	var problem *answer
	refuse := func(status int) { problem = new(htmlAnswer(status)) }

	body, err := s.readBody(w, r, maxBody)
	c.body = body
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refuse(http.StatusRequestEntityTooLarge)
	} else if err != nil {
		refuse(http.StatusBadRequest)
	}

	path, below := strings.CutPrefix(r.URL.EscapedPath(), s.settings.pathPrefix+"/")
	if !below {
		refuse(http.StatusNotFound)
		return c, problem
	}
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i, segment := range segments {
		if segments[i], err = url.PathUnescape(segment); err != nil {
			refuse(http.StatusBadRequest)
		}
	}
	if segments[0] == "t" && len(segments) > 1 {
		c.organization, c.service = segments[1], segments[2:]
	} else {
		c.organization, c.service, c.bare = SuperOrganization, segments, true
	}
	return c, problem
}

// below returns the segments that follow a prefix such as "api/server/v1/applications", and whether it matches.
func (c *call) below(prefix string) ([]string, bool) {
	parts := strings.Split(prefix, "/")
	if len(c.service) < len(parts) || !slices.Equal(c.service[:len(parts)], parts) {
		return nil, false
	}
	return c.service[len(parts):], true
}

// answer runs a call through the layers of the server, in the order the real one has: organization, token, scope,
// service.
func (s *Server) answer(c *call) answer {
	credentials, ok := s.credentials(c.organization)
	if !ok {
		return s.unknownOrganization(c)
	}
	if rest, ok := c.below("oauth2/token"); ok && len(rest) == 0 {
		return s.token(c, credentials)
	}
	if rest, ok := c.below("oauth2/revoke"); ok && len(rest) == 0 {
		return s.revoke(c, credentials)
	}
	if _, ok := c.below(sendersV2Base); ok {
		if missing := s.withoutSendersV2(c); missing != nil { // decided before the token is looked at
			return *missing
		}
	}
	if c.scopes, ok = s.authenticate(c); !ok {
		return s.unauthorized()
	}
	for _, rule := range accessRules {
		rest, ok := c.below(rule.prefix)
		if !ok || !strings.HasSuffix(strings.Join(rest, "/"), rule.suffix) {
			continue
		}
		scope := rule.scopes[c.request.Method]
		if scope == "" || (rule.bareWrites && !c.bare && c.request.Method != http.MethodGet) {
			break
		}
		if !slices.Contains(c.scopes, scope) {
			return s.forbidden()
		}
		return rule.serve(s, c, rest)
	}
	// No rule for path and method: access is denied by default, before anything looks at the path.
	return s.unauthorized()
}

// accessRule says who may call the paths below a prefix, and who answers.
type accessRule struct {
	prefix     string
	suffix     string            // of the path below the prefix
	scopes     map[string]string // method -> scope
	bareWrites bool              // all but GET is allowed without /t/{org} only
	serve      func(s *Server, c *call, rest []string) answer
}

const (
	configBase       = "api/identity/config-mgt/v1.0"
	applicationsBase = "api/server/v1/applications"
	sendersV2Base    = "api/server/v2/notification-senders"
)

// scriptScope is a scope apart from those of the applications whose scripts it is for.
const scriptScope = "internal_application_script_update"

var accessRules = []accessRule{
	{
		prefix: configBase + "/resource", scopes: methodScopes("internal_config_mgt_", "add"),
		serve: (*Server).configResources,
	},
	{
		prefix: configBase + "/search", scopes: map[string]string{"GET": "internal_config_mgt_list"},
		serve: (*Server).configSearch,
	},
	{
		prefix: configBase + "/resource-type", scopes: methodScopes("internal_config_mgt_", "add"), bareWrites: true,
		serve: (*Server).configTypes,
	},
	{
		prefix: "api/server/v1/notification-senders", scopes: methodScopes("internal_notification_senders_", "create"),
		serve: (*Server).sendersV1,
	},
	{prefix: sendersV2Base, scopes: methodScopes("internal_notification_senders_", "create"), serve: (*Server).sendersV2},
	{
		prefix: applicationsBase, suffix: "authenticationSequence/script",
		scopes: map[string]string{"PUT": scriptScope}, serve: (*Server).applicationScript,
	},
	{prefix: applicationsBase, scopes: methodScopes("internal_application_mgt_", "create"), serve: (*Server).applications},
	{
		prefix: "api/server/v1/authenticators",
		scopes: map[string]string{"GET": "internal_authenticator_view"}, serve: (*Server).authenticators,
	},
	{
		prefix: "api/server/v1/identity-governance",
		scopes: map[string]string{"GET": "internal_governance_view", "PATCH": "internal_governance_update"},
		serve:  (*Server).governance,
	},
}

func methodScopes(prefix, post string) map[string]string {
	return map[string]string{
		http.MethodGet:    prefix + "view",
		http.MethodPost:   prefix + post,
		http.MethodPut:    prefix + "update",
		http.MethodPatch:  prefix + "update",
		http.MethodDelete: prefix + "delete",
	}
}

// authenticate returns the scopes of the caller's token, and false when the token is no good here.
func (s *Server) authenticate(c *call) ([]string, bool) {
	scheme, token, _ := strings.Cut(c.request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, false
	}
	g, ok := s.tokens.find(strings.TrimSpace(token))
	if !ok {
		return nil, false
	}
	if g.organization != c.organization {
		c.foreignToken = true
		return nil, false
	}
	return g.scopes, time.Now().Before(g.expires)
}

// unknownOrganization depends on the request's Content-Type, also that of a GET.
func (s *Server) unknownOrganization(c *call) answer {
	if strings.Contains(c.request.Header.Get("Content-Type"), "application/json") {
		text := c.organization + " is an invalid tenant domain"
		return jsonAnswer(http.StatusNotFound, map[string]any{"code": 404, "message": text, "description": text})
	}
	if s.settings.tenantRedirect {
		return s.redirectToErrorPage()
	}
	return htmlAnswer(http.StatusNotFound)
}

func (s *Server) redirectToErrorPage() answer {
	a := emptyAnswer(http.StatusFound)
	a.header.Set("Location", s.URL()+"/authenticationendpoint/invalid_tenant_domain.do")
	return a
}

func (s *Server) unauthorized() answer {
	return s.gatewayError(http.StatusUnauthorized, "Unauthorized",
		"Authorization failure. Authorization information was invalid or missing from your request.")
}

func (s *Server) forbidden() answer {
	return s.gatewayError(http.StatusForbidden, "Forbidden",
		"Operation is not permitted. You do not have permissions to make this request.")
}

// gatewayError is the body of the layers in front of the services: pretty-printed, and its code is a number.
func (s *Server) gatewayError(status int, message, description string) answer {
	body, err := json.MarshalIndent(struct {
		Code        int     `json:"code"`
		Message     string  `json:"message"`
		Description string  `json:"description"`
		TraceID     *string `json:"traceId,omitempty"`
	}{status, message, description, s.traceID()}, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("mockserver: encoding an error body: %v", err)) // strings and a number always encode
	}
	return answer{
		status: status,
		header: http.Header{
			"Content-Type":     {"application/json;charset=UTF-8"},
			"Www-Authenticate": {"Bearer realm=" + s.host()},
		},
		body: bytes.TrimSpace(body),
	}
}

// host is the host name the server calls itself by.
func (s *Server) host() string {
	if u, err := url.Parse(s.baseURL); err == nil {
		return u.Hostname()
	}
	return "localhost"
}
