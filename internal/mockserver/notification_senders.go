package mockserver

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// smsPublisher is the only sender the system defines, and so the only one that can be created.
const smsPublisher = "SMSPublisher"

const channelTypeProperty = "channel.type"

// senderVersion is a version of the API of senders. Both have the same senders.
type senderVersion string

const (
	sendersV1 senderVersion = "v1"
	sendersV2 senderVersion = "v2"
)

var (
	// providersWithTemplate have a message template on the server; every other provider needs a "body" property.
	providersWithTemplate = []string{"Vonage", "Twilio", "Bulksms", "Plivo", "Clickatell"}
	// channelTypes have a handler. The choreo channel brings its own payload.
	channelTypes = []string{"default", "choreo"}
	// internalProperties are never answered.
	internalProperties = []string{"streamName", "version", "type"}
)

// senderBody is a sender on the wire.
type senderBody struct {
	Name        string      `json:"name"`
	Provider    string      `json:"provider"`
	ProviderURL *string     `json:"providerURL,omitempty"`
	Key         *string     `json:"key,omitempty"`
	Secret      *string     `json:"secret,omitempty"`
	Sender      *string     `json:"sender,omitempty"`
	ContentType string      `json:"contentType"`
	Properties  []attribute `json:"properties"`

	Authentication *authenticationBody `json:"authentication,omitempty"`
}

func (s *Server) newSenderBody(c *call, version senderVersion, name string, sender *SMSSender) senderBody {
	properties := []attribute{}
	for key, value := range sender.Properties {
		if !slices.Contains(internalProperties, key) {
			properties = append(properties, attribute{key, value})
		}
	}
	rand.Shuffle(len(properties), func(i, j int) { properties[i], properties[j] = properties[j], properties[i] })
	body := senderBody{
		Name: name, Provider: sender.Provider, ProviderURL: sender.ProviderURL, Key: sender.Key, Secret: sender.Secret,
		Sender: sender.Sender, ContentType: sender.ContentType, Properties: properties,
	}
	if version == sendersV2 && s.store.state.Organizations[c.organization].SenderAPI != SendersPlain {
		body.Authentication = newAuthenticationBody(sender)
	}
	return body
}

// sendersV1 and sendersV2 serve the versions of the API.
func (s *Server) sendersV1(c *call, rest []string) answer {
	return s.notificationSenders(c, sendersV1, rest)
}

func (s *Server) sendersV2(c *call, rest []string) answer {
	return s.notificationSenders(c, sendersV2, rest)
}

// withoutSendersV2 answers a call of version 2 where there is none: without a rule, or without the service behind it.
func (s *Server) withoutSendersV2(c *call) *answer {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	organization := s.store.state.Organizations[c.organization]
	switch {
	case organization == nil:
	case organization.SenderAPI == SendersV1:
		return new(s.unauthorized())
	case organization.SenderAPI == SendersV1Open:
		return new(htmlAnswer(http.StatusNotFound))
	}
	return nil
}

// notificationSenders serves /sms and /sms/{name}.
func (s *Server) notificationSenders(c *call, version senderVersion, rest []string) answer {
	if len(rest) == 0 || len(rest) > 2 || rest[0] != "sms" {
		return emptyAnswer(http.StatusNotFound)
	}
	method := c.request.Method
	if len(rest) == 1 && method != http.MethodGet && method != http.MethodPost {
		return methodNotAllowed("GET", "POST")
	}
	if len(rest) == 2 && method != http.MethodGet && method != http.MethodPut && method != http.MethodDelete {
		return methodNotAllowed("DELETE", "GET", "PUT")
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	switch {
	case method == http.MethodPost:
		return s.addSender(c, version)
	case method == http.MethodPut:
		return s.replaceSender(c, version, rest[1])
	case method == http.MethodDelete:
		return s.deleteSender(c, rest[1])
	case len(rest) == 1:
		return s.listSenders(c, version)
	}
	sender := s.readSenders(c, rest[1])[rest[1]]
	if sender == nil {
		return s.senderMissing(rest[1])
	}
	return jsonAnswer(http.StatusOK, s.newSenderBody(c, version, rest[1], sender))
}

// readSenders returns the senders as a reader sees them; the read may be stale. A name limits it to one.
func (s *Server) readSenders(c *call, only string) map[string]*SMSSender {
	seen := maps.Clone(s.store.state.Organizations[c.organization].SMSSenders)
	before := map[string]*SMSSender{}
	for key, was := range s.store.previous[c.organization] {
		if key.kind == senderKind && (only == "" || only == key.name) {
			before[key.name] = was.sender
		}
	}
	if len(before) > 0 && s.stale(c) {
		maps.Copy(seen, before)
	}
	return seen
}

func (s *Server) listSenders(c *call, version senderVersion) answer {
	list := []senderBody{}
	for name, sender := range s.readSenders(c, "") {
		if sender != nil {
			list = append(list, s.newSenderBody(c, version, name, sender))
		}
	}
	return jsonAnswer(http.StatusOK, list)
}

func (s *Server) addSender(c *call, version senderVersion) answer {
	name, sender, refusal := s.decodeSender(c, version, true)
	if refusal != nil {
		return *refusal
	}
	if name == "" {
		name = smsPublisher
	}
	if refusal := s.checkSender(sender); refusal != nil {
		return *refusal
	}
	if _, exists := s.store.state.Organizations[c.organization].SMSSenders[name]; exists {
		// The description names the sender's number, not the sender: a slip of the real server.
		return s.serviceError(http.StatusConflict, "NSM-60002", "Notification sender already exists.",
			fmt.Sprintf("There is already exists a notification sender: %s.", orPlaceholder(sender.Sender)))
	}
	if name != smsPublisher {
		return s.senderUndefined(name)
	}
	s.store.putSender(c.organization, name, sender)
	a := jsonAnswer(http.StatusCreated, s.newSenderBody(c, version, name, sender))
	a.header.Set("Location",
		s.URL()+"/t/"+url.PathEscape(c.organization)+"/api/server/"+string(version)+"/notification-senders/sms/"+name)
	return a
}

// replaceSender replaces a whole sender: what the request does not have is gone afterwards, the secret included.
func (s *Server) replaceSender(c *call, version senderVersion, name string) answer {
	_, sender, refusal := s.decodeSender(c, version, false)
	if refusal != nil {
		return *refusal
	}
	stored := s.store.state.Organizations[c.organization].SMSSenders[name]
	if stored == nil {
		// Not a 404, and again the description has the number instead of the name.
		return s.serviceError(http.StatusBadRequest, "NSM-65010", "No notification sender found.",
			fmt.Sprintf("No notification sender found with name: %s.", orPlaceholder(sender.Sender)))
	}
	if sender.channelType() != stored.channelType() {
		return s.serviceError(http.StatusBadRequest, "NSM-60007", "Updating channel type is not allowed.",
			fmt.Sprintf("Updating channel type is not allowed for SMS notification sender: %s.", name))
	}
	if refusal := s.checkSender(sender); refusal != nil {
		return *refusal
	}
	if name != smsPublisher { // possible with a seeded one only
		return s.senderUndefined(name)
	}
	s.store.putSender(c.organization, name, sender)
	return jsonAnswer(http.StatusOK, s.newSenderBody(c, version, name, sender))
}

func (s *Server) deleteSender(c *call, name string) answer {
	o := s.store.state.Organizations[c.organization]
	if _, exists := o.SMSSenders[name]; !exists {
		return s.senderMissing(name)
	}
	if o.SMSGuard && name == smsPublisher && s.needsSMS(c.organization, o) {
		return s.serviceError(http.StatusBadRequest, "NSM-60008", "Unable to disable.",
			"There are applications using this connection.")
	}
	s.store.deleteSender(c.organization, name)
	return emptyAnswer(http.StatusNoContent)
}

// needsSMS says whether SMS OTP is on for My Account, or is in the login flow of any application.
func (s *Server) needsSMS(organization string, o *Organization) bool {
	value := fmt.Sprint(o.MyAccount["myaccount-2FA-config"]["sms_otp_enabled"])
	if !o.TypeMissing && strings.EqualFold(value, "true") {
		return true
	}
	for _, application := range o.filledApplications(organization) {
		for _, step := range s.effective(application).Steps {
			if slices.Contains(step.Options, StepOption{IDP: localIDP, Authenticator: "sms-otp-authenticator"}) {
				return true
			}
		}
	}
	return false
}

// checkSender is what the channel's handler refuses.
func (s *Server) checkSender(sender *SMSSender) *answer {
	channel := sender.channelType()
	switch {
	case !slices.Contains(channelTypes, channel):
		return new(s.serviceError(http.StatusBadRequest, "NSM-65012", "No configuration handler found for the given "+
			"channel type.",
			"No configuration handler found for the given channel type: %s."))
	case sender.Provider == "":
		return new(s.serviceError(http.StatusBadRequest, "NSM-60003", "Required attribute is missing.",
			"SMS provider is not defined for notification sender."))
	case channel == "default" && sender.Properties["body"] == "" &&
		!slices.Contains(providersWithTemplate, sender.Provider):
		return new(s.serviceError(http.StatusBadRequest, "NSM-60004", "Required attribute is missing.",
			"SMS payload is not defined for notification sender."))
	}
	return nil
}

func (s *SMSSender) channelType() string {
	if channel := s.Properties[channelTypeProperty]; channel != "" {
		return channel
	}
	return "default"
}

func (s *Server) senderMissing(name string) answer {
	return s.serviceError(http.StatusNotFound, "NSM-60006", "No notification sender found.",
		fmt.Sprintf("There is no notification sender for publisher: %s.", name))
}

func (s *Server) senderUndefined(name string) answer {
	return s.serviceError(http.StatusNotFound, "NSM-60001", "No defined system notification sender.",
		fmt.Sprintf("There is no notification sender: %s, defined in system.", name))
}

// orPlaceholder is what the real server makes of an absent or blank text: it does not put it in at all.
func orPlaceholder(text *string) string {
	if isBlank(text) {
		return "%s"
	}
	return *text
}
