package mockserver

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// consoleView is what the page of the Console shows.
type consoleView struct {
	organizationView
	Base, URL     string
	Organizations []organizationLink
	Events        []event
}

type organizationLink struct {
	Name, Link  string
	Current, On bool
}

// organizationView is one organization. Nothing in it is a secret or could hold one: of a sender only what is listed
// here, and no script.
type organizationView struct {
	Name, Portal string
	SignIn       signIn
	ReadOnly     bool // the server refuses every change of the application
	Factors      []factorView
	Sender       *senderView
	Classic      []settingView
	ClassicGone  bool
	Revocations  int
}

// factorView is a second factor with the click that changes it.
type factorView struct {
	Authenticator, Name, Hint string
	On                        bool
	Problem                   string
}

type senderView struct {
	Provider, Gateway, From, Format string
	Problem                         string
}

type settingView struct{ Name, Value string }

// consoleFactors are the second factors that the page switches, with what users do for them.
var consoleFactors = [][2]string{
	{emailAuthenticator, "A code by e-mail"},
	{smsAuthenticator, "A code by SMS, sent by the SMS sender"},
	{totpAuthenticator, "A code from an authenticator app"},
	{passkeyAuthenticator, "A device or a security key"},
	{backupCodeAuthenticator, "Codes on paper, for whoever has lost the other factor"},
}

func (s *Server) organizationLink(name string, o *Organization, current bool) organizationLink {
	a := o.myAccount(name)
	return organizationLink{
		Name: name, Link: s.consoleLink(name), Current: current, On: a != nil && *a.ApplicationEnabled,
	}
}

func (s *Server) consoleLink(organization string) string {
	return s.settings.pathPrefix + "/?" + url.Values{"organization": {organization}}.Encode()
}

func (s *Server) organizationView(name string, o *Organization) organizationView {
	view := organizationView{
		Name: name, Portal: s.accessURL(name, defaultApplication()), SignIn: s.signIn(name, o),
		Sender: newSenderView(o.SMSSenders[smsPublisher]), Classic: classicSettings(o.MyAccount), ClassicGone: o.TypeMissing,
		Revocations: o.Revocations,
	}
	if a := o.myAccount(name); a != nil {
		view.ReadOnly = a.Access == accessRead
	}
	for _, factor := range consoleFactors {
		shown := factorView{Authenticator: factor[0], Name: displayName(factor[0]), Hint: factor[1]}
		for _, step := range view.SignIn.Steps {
			for _, option := range step.Options {
				if step.Second && option.Authenticator == factor[0] {
					shown.On, shown.Problem = true, option.Problem
				}
			}
		}
		view.Factors = append(view.Factors, shown)
	}
	return view
}

// newSenderView shows of a gateway's address only where it is: the rest may be a credential.
func newSenderView(sender *SMSSender) *senderView {
	if sender == nil {
		return nil
	}
	view := &senderView{
		Provider: sender.Provider, From: orEmpty(sender.Sender), Format: sender.ContentType, Problem: sender.missing(),
	}
	if text := orEmpty(sender.ProviderURL); text != "" {
		view.Gateway = "an address that cannot be read"
		if address, err := url.Parse(text); err == nil && address.Host != "" {
			view.Gateway = address.Scheme + "://" + address.Host
		}
	}
	return view
}

// classicSettings are those of the older store that the product knows; what else is stored there may be anything.
func classicSettings(objects map[string]Attributes) []settingView {
	var settings []settingView
	for _, known := range [][2]string{
		{"status", "enable"},
		{"myaccount-2FA-config", "email_otp_enabled"}, {"myaccount-2FA-config", "sms_otp_enabled"},
		{"myaccount-2FA-config", "totp_enabled"}, {"myaccount-2FA-config", "backup_code_enabled"},
		{"myaccount-TOTP-config", "enrolUserInAuthenticationFlow"},
	} {
		if value, stored := objects[known[0]][known[1]]; stored {
			settings = append(settings, settingView{known[0] + ": " + known[1], fmt.Sprint(value)})
		}
	}
	return settings
}

// event is something that happened to an organization: a request, or a click on the page.
type event struct {
	Time         time.Time
	Organization string
	Click        bool
	What, Detail string
	Status       int  // of a request; 0: it got no answer
	Failed       bool // it was refused
}

// shownEvents and keptClicks bound what is shown and kept.
const (
	shownEvents = 15
	keptClicks  = 100
)

// events are the last ones of an organization, newest first.
func (s *Server) events(organization string) []event {
	var events []event
	for _, request := range s.journal.last(organization, shownEvents) {
		// No body and no query: what is a secret there is masked, but only as far as it is known to be one.
		events = append(events, event{
			Time: request.Time, What: requestTitle(request), Status: request.Status,
			Failed: request.Status >= http.StatusBadRequest || request.Status == 0,
			Detail: request.Method + " " + strings.TrimPrefix(request.Path, s.settings.pathPrefix+"/t/"+organization),
		})
	}
	s.pages.mu.Lock()
	defer s.pages.mu.Unlock()
	for _, click := range s.pages.clicks {
		if click.Organization == organization {
			events = append(events, click)
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return b.Time.Compare(a.Time) })
	return events[:min(len(events), shownEvents)]
}

// requestTitle says in words what a request is for, as far as it is one of a client's usual ones.
func requestTitle(r Request) string {
	objects := []struct{ in, name string }{
		{"/authenticationSequence/script", "the login script"}, {"/authenticators", "the authenticators"},
		{"/" + applicationsBase + "/", "the application"}, {"/" + applicationsBase, "the applications"},
		{"/notification-senders", "the SMS senders"}, {"/" + configBase, "the older store"},
		{"/identity-governance/", "the settings of a connector"},
	}
	switch {
	case strings.HasSuffix(r.Path, "/oauth2/token"):
		return "Asks for an access token"
	case strings.HasSuffix(r.Path, "/oauth2/revoke"):
		return "Gives the access token back"
	}
	verbs := map[string]string{
		"GET": "Reads", "POST": "Adds to", "PUT": "Replaces", "PATCH": "Changes", "DELETE": "Deletes from",
	}
	for _, object := range objects {
		if verb := verbs[r.Method]; verb != "" && strings.Contains(r.Path, object.in) {
			return verb + " " + object.name
		}
	}
	return "Something else"
}

// remember keeps a click for the list of events.
func (p *pages) remember(click event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clicks = append(p.clicks, click)
	if len(p.clicks) > keptClicks {
		p.clicks = slices.Clone(p.clicks[len(p.clicks)-keptClicks:])
	}
}
