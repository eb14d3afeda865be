package mockserver

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// signIn is what a user of a portal meets, as the server evaluates the application "My Account".
type signIn struct {
	Missing    bool // there is no such application
	Off        bool
	Default    bool // the flow is the server's own
	OwnScript  bool // a script that somebody wrote decides which steps run
	Steps      []signInStep
	Enrollment enrollment
	Problems   []string // what is wrong with the flow as a whole
}

type signInStep struct {
	Number  int
	Second  bool // who the user is, an earlier step has found out
	Skipped bool // the script does not run it
	Options []signInOption
}

type signInOption struct {
	Authenticator string // empty for a connection
	Name          string
	Problem       string // why it fails
}

// enrollment says whether users can enroll in TOTP while signing in, and who decides that.
type enrollment struct {
	Asked         bool   // there is a step with TOTP
	Script        string // "true", "false", or "" where it says nothing
	Organization  bool
	ConnectorGone bool // the server has no such setting for organizations
}

// Possible is what holds: the script goes before the organization.
func (e enrollment) Possible() bool {
	if e.Script != "" {
		return e.Script == "true"
	}
	return e.Organization
}

// The authenticators that the pages know more of than the name.
const (
	totpAuthenticator       = "totp"
	emailAuthenticator      = "email-otp-authenticator"
	smsAuthenticator        = "sms-otp-authenticator"
	backupCodeAuthenticator = "backup-code-authenticator"
	passkeyAuthenticator    = "FIDOAuthenticator"
)

func (s *Server) signIn(organization string, o *Organization) signIn {
	a := o.myAccount(organization)
	if a == nil {
		return signIn{Missing: true}
	}
	flow := s.effective(*a)
	script := readScript(flow.Script)
	result := signIn{
		Off: !*a.ApplicationEnabled, Default: flow.Type == sequenceDefault, OwnScript: script.own,
		Enrollment: enrollment{ConnectorGone: o.TOTPConnectorMissing, Organization: o.enrolls()},
	}
	identified := false
	for _, step := range flow.Steps {
		shown := signInStep{Number: step.ID, Second: identified, Skipped: !script.executes(step.ID)}
		for _, option := range step.Options {
			shown.Options = append(shown.Options, signInOption{
				Authenticator: option.local(), Name: option.friendlyName(), Problem: o.problem(step, option, identified),
			})
			if option.local() == totpAuthenticator && identified && !shown.Skipped {
				result.Enrollment.Asked, result.Enrollment.Script = true, script.enrollment[step.ID]
			}
		}
		identified = identified || slices.ContainsFunc(step.Options, StepOption.identifies)
		result.Steps = append(result.Steps, shown)
	}
	result.Problems = result.problems(o.accepts(a.AuthenticationSequence))
	return result
}

// problems are those of the flow as a whole.
func (s signIn) problems(accepted bool) []string {
	var problems []string
	if !accepted {
		problems = append(problems, "The server refuses every change of this application: "+
			"something in its login flow is not, or no longer, there.")
	}
	if s.OwnScript {
		problems = append(problems, "The login flow has a script of its own. "+
			"It decides who meets which step, and nobody runs it here.")
	}
	for _, step := range s.Steps {
		if step.Skipped {
			problems = append(problems, fmt.Sprintf("The script does not run step %d, so nobody meets it.", step.Number))
		}
		onlyTOTP := step.Second && len(step.Options) == 1 && step.Options[0].Authenticator == totpAuthenticator
		if onlyTOTP && !step.Skipped && !s.Enrollment.Possible() {
			problems = append(problems, "TOTP is the only second factor, and nobody can enroll while signing in. "+
				"Users without it get in without a second factor or not at all, depending on the server.")
		}
	}
	return problems
}

// myAccount returns a copy of the application of the portal with its empty fields filled, nil if there is none.
func (o *Organization) myAccount(organization string) *Application {
	for _, a := range o.filledApplications(organization) {
		if a.Name == myAccountApplication {
			return &a
		}
	}
	return nil
}

// enrolls says what the organization has for all its applications. A property that is not there is on.
func (o *Organization) enrolls() bool {
	return o.connector(totpConnector)[totpEnrolmentProperty] != "false"
}

// local is the authenticator of an option without a connection.
func (o StepOption) local() string {
	if o.IDP != localIDP {
		return ""
	}
	return o.Authenticator
}

func (o StepOption) friendlyName() string {
	switch {
	case o.IDP == localIDP:
		return displayName(o.Authenticator)
	case o.Authenticator == organizationAuthenticator:
		return "Organization (SSO)"
	}
	return o.IDP
}

// identifies says whether an option finds out who somebody is. A backup code only stands in for another one.
func (o StepOption) identifies() bool {
	return o.local() != backupCodeAuthenticator && !slices.Contains(handlers, o.local())
}

// problem says why users fail with an option, "" where nothing is known.
func (o *Organization) problem(step Step, option StepOption, identified bool) string {
	another := func(other StepOption) bool { return other.identifies() }
	switch name := option.local(); {
	case name == "" && !o.offers(option):
		return "Fails: there is no such connection anymore"
	case !o.offers(option):
		return "Fails: the server has no such authenticator"
	case name == smsAuthenticator:
		if missing := o.SMSSenders[smsPublisher].missing(); missing != "" {
			return "Fails: " + missing
		}
	case name == totpAuthenticator && step.ID == 1 && !identified:
		return "Fails: nobody knows yet whose code it is"
	case name == backupCodeAuthenticator && !slices.ContainsFunc(step.Options, another):
		return "Fails: there is no second factor that the codes stand in for"
	}
	return ""
}

// missing says why nothing can be sent with a sender, "" where it could.
func (s *SMSSender) missing() string {
	switch {
	case s == nil:
		return "the organization has no SMS sender"
	case !slices.Contains(providersWithTemplate, s.Provider):
		if s.channelType() == "default" && orEmpty(s.ProviderURL) == "" {
			return "the SMS sender has no address of its gateway"
		}
	case orEmpty(s.Key) == "":
		return "the SMS sender has no key"
	case orEmpty(s.Secret) == "":
		return "the SMS sender has no secret"
	case orEmpty(s.Sender) == "":
		return "the SMS sender has no number or name to send from"
	}
	return ""
}

// loginScript is what a login script does as far as one can tell without running it.
type loginScript struct {
	own        bool           // somebody wrote it
	runs       map[int]bool   // steps; nil: all
	enrollment map[int]string // step -> what it says about enrollment in TOTP
}

// Without white space and with one kind of quotes, a script that only executes steps looks like this.
var (
	plainScript = regexp.MustCompile(`^varonLoginRequest=function\(context\)\{(.*)\};?$`)
	plainStep   = regexp.MustCompile(`executeStep\((\d+)(?:,\{authenticatorParams:\{common:` +
		`\{'enrolUserInAuthenticationFlow':'(true|false)'\}\}\},\{\})?\);`)
)

func readScript(script string) loginScript {
	if blank(script) {
		return loginScript{}
	}
	body := plainScript.FindStringSubmatch(strings.ReplaceAll(strings.Join(strings.Fields(script), ""), `"`, "'"))
	if len(body) == 0 || plainStep.ReplaceAllString(body[1], "") != "" {
		return loginScript{own: true}
	}
	read := loginScript{runs: map[int]bool{}, enrollment: map[int]string{}}
	for _, step := range plainStep.FindAllStringSubmatch(body[1], -1) {
		var id int
		if _, err := fmt.Sscan(step[1], &id); err == nil {
			read.runs[id], read.enrollment[id] = true, step[2]
		}
	}
	return read
}

func (s loginScript) executes(step int) bool { return s.runs == nil || s.runs[step] }
