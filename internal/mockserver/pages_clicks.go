package mockserver

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A click says what shall be, not what shall change: one on a page that is out of date, or a second one, does no harm.
// It goes where the Console's goes, to the API, so that the server refuses here what it refuses there. The older store
// has no page in the Console, and so none here.

// clickKinds are what a click's first word can be, with how it is carried out. The rest of the words is for that.
var clickKinds = map[string]func(s *Server, organization string, words []string) (what string, a answer, err error){
	"portal":                  (*Server).clickPortal,
	"factor":                  (*Server).clickFactor,
	"enrollment":              (*Server).clickEnrollment,
	"organization-enrollment": (*Server).clickOrganizationEnrollment,
	"flow":                    (*Server).clickFlow,
	"sender":                  (*Server).clickSender,
}

// errNoClick is a click that the page does not have.
var errNoClick = errors.New("there is no such button")

// click serves the forms of the page.
func (s *Server) click(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		s.renderError(w, http.StatusMethodNotAllowed, "This takes the clicks of the page.")
		return
	}
	body, err := s.readBody(w, r, maxNameLength*16)
	form, formErr := url.ParseQuery(string(body))
	if err != nil || formErr != nil {
		s.renderError(w, http.StatusBadRequest, "The form cannot be read.")
		return
	}
	organization, words := form.Get("organization"), strings.Fields(form.Get("change"))
	if s.State().Organizations[organization] == nil {
		s.renderError(w, http.StatusNotFound, fmt.Sprintf("This mock has no organization %q.", organization))
		return
	}
	what, a, err := s.carryOut(organization, words)
	if err != nil {
		s.renderError(w, http.StatusBadRequest, "Nothing was changed: "+err.Error()+".")
		return
	}
	done := event{Time: time.Now().UTC(), Organization: organization, Click: true, What: what, Status: a.status}
	if a.status >= http.StatusBadRequest {
		var refusal serviceError
		_ = json.Unmarshal(a.body, &refusal) // without a text, the status says that it was refused
		done.Failed, done.Detail = true, refusal.Description
	}
	s.pages.remember(done)
	http.Redirect(w, r, s.consoleLink(organization), http.StatusSeeOther)
}

func (s *Server) carryOut(organization string, words []string) (what string, a answer, err error) {
	if len(words) == 0 || clickKinds[words[0]] == nil {
		return "", answer{}, errNoClick
	}
	return clickKinds[words[0]](s, organization, words[1:])
}

// onOff reads the last word of a click.
func onOff(words []string, at int) (bool, error) {
	if len(words) != at+1 || words[at] != "on" && words[at] != "off" {
		return false, errNoClick
	}
	return words[at] == "on", nil
}

// switching starts the sentence about a switch.
func switching(on bool) string {
	if on {
		return "Switch on "
	}
	return "Switch off "
}

func (s *Server) clickPortal(organization string, words []string) (string, answer, error) {
	on, err := onOff(words, 0)
	if err != nil {
		return "", answer{}, err
	}
	a, err := s.patchMyAccount(organization, func(current applicationBody) (any, error) {
		if current.ApplicationEnabled != nil && *current.ApplicationEnabled == on {
			return nil, nil
		}
		return map[string]bool{"applicationEnabled": on}, nil
	})
	return switching(on) + "the portal", a, err
}

func (s *Server) clickFactor(organization string, words []string) (string, answer, error) {
	on, err := onOff(words, 1)
	if err != nil || !slices.ContainsFunc(consoleFactors, func(f [2]string) bool { return f[0] == words[0] }) {
		return "", answer{}, errNoClick
	}
	a, err := s.patchMyAccount(organization, func(current applicationBody) (any, error) {
		if hasFactor(current.AuthenticationSequence, words[0]) == on {
			return nil, nil
		}
		return sequencePatch(withFactor(current.AuthenticationSequence, words[0], on)), nil
	})
	return switching(on) + displayName(words[0]), a, err
}

// clickEnrollment changes what the login script says about TOTP.
func (s *Server) clickEnrollment(organization string, words []string) (string, answer, error) {
	said := map[string]string{"on": "true", "off": "false", "unset": ""}
	what := map[string]string{
		"on":    "Let the login script allow TOTP enrollment",
		"off":   "Let the login script forbid TOTP enrollment",
		"unset": "Let the login script say nothing of TOTP enrollment",
	}
	if len(words) != 1 || what[words[0]] == "" {
		return "", answer{}, errNoClick
	}
	a, err := s.patchMyAccount(organization, func(current applicationBody) (any, error) {
		flow := current.AuthenticationSequence
		if readScript(flow.Script).own || !hasFactor(flow, totpAuthenticator) {
			return nil, errors.New("the login flow has a script of its own, or no TOTP as second factor")
		}
		flow.Type, flow.Script = sequenceUserDefined, consoleScript(flow.Steps, said[words[0]])
		return sequencePatch(flow), nil
	})
	return what[words[0]], a, err
}

// clickOrganizationEnrollment changes the setting of the connection TOTP, which holds for all applications.
func (s *Server) clickOrganizationEnrollment(organization string, words []string) (string, answer, error) {
	on, err := onOff(words, 0)
	if err != nil {
		return "", answer{}, err
	}
	category, connector, _ := strings.Cut(totpConnector, "/")
	encode := base64.RawURLEncoding.EncodeToString
	path := "api/server/v1/identity-governance/" + encode([]byte(category)) + "/connectors/" + encode([]byte(connector))
	a := s.asAdministrator(organization, http.MethodPatch, path, map[string]any{
		"operation": "UPDATE", "properties": []map[string]string{{"name": totpEnrolmentProperty, "value": fmt.Sprint(on)}},
	})
	return switching(on) + "TOTP enrollment for the organization", a, nil
}

func (s *Server) clickFlow(organization string, words []string) (string, answer, error) {
	if !slices.Equal(words, []string{"reset"}) {
		return "", answer{}, errNoClick
	}
	a, err := s.patchMyAccount(organization, func(applicationBody) (any, error) {
		return map[string]any{"authenticationSequence": map[string]string{"type": sequenceDefault}}, nil
	})
	return "Reset the login flow", a, err
}

// clickSender adds a sender that nobody can send with, or removes the one there is.
func (s *Server) clickSender(organization string, words []string) (string, answer, error) {
	const path = "api/server/v1/notification-senders/sms"
	switch {
	case slices.Equal(words, []string{"add"}):
		return "Add an SMS sender", s.asAdministrator(organization, http.MethodPost, path, map[string]string{
			"name": smsPublisher, "provider": "Twilio", "providerURL": "https://api.twilio.example", "contentType": "FORM",
			"key": "made-up", "secret": "made-up", "sender": "+15550199",
		}), nil
	case slices.Equal(words, []string{"remove"}):
		return "Remove the SMS sender", s.asAdministrator(organization, http.MethodDelete, path+"/"+smsPublisher, nil), nil
	}
	return "", answer{}, errNoClick
}

// patchMyAccount changes the application of the portal. The change gets it as it is and returns the body to send, nil
// when there is nothing to do.
func (s *Server) patchMyAccount(organization string, change func(applicationBody) (any, error)) (answer, error) {
	s.store.mu.Lock()
	var current *applicationBody
	if o := s.store.state.Organizations[organization]; o != nil {
		if a := o.myAccount(organization); a != nil {
			current = new(s.applicationBody(organization, *a))
		}
	}
	s.store.mu.Unlock()
	if current == nil {
		return answer{}, errors.New(`there is no application "My Account"`)
	}
	body, err := change(*current)
	if err != nil || body == nil {
		return emptyAnswer(http.StatusOK), err
	}
	return s.asAdministrator(organization, http.MethodPatch, applicationsBase+"/"+current.ID, body), nil
}

// asAdministrator sends a call to the API that is neither journaled nor at fault: it comes from another client than the
// one under test, which may do anything.
func (s *Server) asAdministrator(organization, method, path string, body any) answer {
	content, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("mockserver: encoding a change: %v", err)) // of this package's own types
	}
	header := http.Header{"Content-Type": {"application/json"}}
	c := &call{
		request: &http.Request{Method: method, URL: &url.URL{}, Header: header}, arrived: time.Now().UTC(),
		organization: organization, service: strings.Split(path, "/"), body: content, scopes: AllScopes(),
	}
	for _, rule := range accessRules {
		if rest, ok := c.below(rule.prefix); ok && strings.HasSuffix(path, rule.suffix) {
			return rule.serve(s, c, rest)
		}
	}
	panic("mockserver: nothing serves " + path)
}
