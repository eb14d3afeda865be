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
}

func newSenderBody(name string, sender *SMSSender) senderBody {
	properties := []attribute{}
	for key, value := range sender.Properties {
		if !slices.Contains(internalProperties, key) {
			properties = append(properties, attribute{key, value})
		}
	}
	rand.Shuffle(len(properties), func(i, j int) { properties[i], properties[j] = properties[j], properties[i] })
	return senderBody{
		Name: name, Provider: sender.Provider, ProviderURL: sender.ProviderURL, Key: sender.Key, Secret: sender.Secret,
		Sender: sender.Sender, ContentType: sender.ContentType, Properties: properties,
	}
}

// notificationSenders serves /sms and /sms/{name}.
func (s *Server) notificationSenders(c *call, rest []string) answer {
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
		return s.addSender(c)
	case method == http.MethodPut:
		return s.replaceSender(c, rest[1])
	case method == http.MethodDelete:
		return s.deleteSender(c, rest[1])
	case len(rest) == 1:
		return s.listSenders(c)
	}
	sender := s.readSenders(c, rest[1])[rest[1]]
	if sender == nil {
		return s.senderMissing(rest[1])
	}
	return jsonAnswer(http.StatusOK, newSenderBody(rest[1], sender))
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

func (s *Server) listSenders(c *call) answer {
	list := []senderBody{}
	for name, sender := range s.readSenders(c, "") {
		if sender != nil {
			list = append(list, newSenderBody(name, sender))
		}
	}
	return jsonAnswer(http.StatusOK, list)
}

func (s *Server) addSender(c *call) answer {
	name, sender, refusal := s.decodeSender(c, true)
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
			fmt.Sprintf("There is already exists a notification sender: %s.", orNull(sender.Sender)))
	}
	if name != smsPublisher {
		return s.senderUndefined(name)
	}
	s.store.putSender(c.organization, name, sender)
	a := jsonAnswer(http.StatusCreated, newSenderBody(name, sender))
	a.header.Set("Location", s.URL()+"/t/"+url.PathEscape(c.organization)+"/api/server/v1/notification-senders/sms/"+name)
	return a
}

// replaceSender replaces a whole sender: what the request does not have is gone afterwards, the secret included.
func (s *Server) replaceSender(c *call, name string) answer {
	_, sender, refusal := s.decodeSender(c, false)
	if refusal != nil {
		return *refusal
	}
	stored := s.store.state.Organizations[c.organization].SMSSenders[name]
	if stored == nil {
		// Not a 404, and again the description has the number instead of the name.
		return s.serviceError(http.StatusBadRequest, "NSM-65010", "No notification sender found.",
			fmt.Sprintf("No notification sender found with name: %s.", orNull(sender.Sender)))
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
	return jsonAnswer(http.StatusOK, newSenderBody(name, sender))
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
		return new(s.serviceError(http.StatusBadRequest, "NSM-65012", "No configuration handler found for the given channel type.",
			fmt.Sprintf("No configuration handler found for the given channel type: %s.", channel)))
	case sender.Provider == "":
		return new(s.serviceError(http.StatusBadRequest, "NSM-60003", "Required attribute is missing.",
			"SMS provider is not defined for notification sender."))
	case channel == "default" && sender.Properties["body"] == "" && !slices.Contains(providersWithTemplate, sender.Provider):
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

// orNull is what the real server's string formatting makes of an absent text.
func orNull(text *string) string {
	if text == nil {
		return "null"
	}
	return *text
}
