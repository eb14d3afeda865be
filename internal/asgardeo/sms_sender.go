package asgardeo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// SMSSenderName is the name of the sender that SMS OTP uses, and the only one that servers accept.
const SMSSenderName = "SMSPublisher"

const (
	sendersPath = "/api/server/v1/notification-senders/sms"
	sendersMemo = "sms senders"
)

// SMSSender is an organization's connection to an SMS gateway. An empty text stands for a field that is not set.
type SMSSender struct {
	Name        string           `json:"name,omitempty"`
	Provider    string           `json:"provider"`
	ProviderURL string           `json:"providerURL,omitempty"`
	Key         string           `json:"key,omitempty"`
	Secret      string           `json:"secret,omitempty"`
	Sender      string           `json:"sender,omitempty"`
	ContentType string           `json:"contentType"`
	Properties  SenderProperties `json:"properties,omitempty"`
}

// SenderProperties are a sender's further fields, by key. Keys that this package does not know are kept.
type SenderProperties []SenderProperty

// SenderProperty is one of them.
type SenderProperty struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// The keys of the properties that a custom gateway is described with.
const (
	SenderBody        = "body"
	SenderHTTPHeaders = "http.headers"
	SenderHTTPMethod  = "http.method"
)

// Get returns the value of a property, or "".
func (p SenderProperties) Get(key string) string {
	for _, property := range p {
		if property.Key == key {
			return property.Value
		}
	}
	return ""
}

// With returns the properties with one of them changed; an empty value removes it.
func (p SenderProperties) With(key, value string) SenderProperties {
	changed := slices.DeleteFunc(slices.Clone(p), func(property SenderProperty) bool { return property.Key == key })
	if value == "" {
		return changed
	}
	return append(changed, SenderProperty{Key: key, Value: value})
}

// Usable reports whether SMS OTP can send with this sender, by the rule of the Console.
func (s SMSSender) Usable() bool {
	known := func(provider string) bool { return strings.EqualFold(provider, s.Provider) }
	return s.Name == SMSSenderName && slices.ContainsFunc([]string{"Twilio", "Vonage", "Custom", "choreo"}, known)
}

// same reports whether two senders are equal, whatever the order of their properties.
func (s SMSSender) same(other SMSSender) bool {
	return s.includes(other) && other.includes(s)
}

// includes reports whether the sender has all that another one has, and perhaps properties that the server added.
func (s SMSSender) includes(other SMSSender) bool {
	a, b := s, other
	a.Properties, b.Properties = nil, nil
	missing := func(p SenderProperty) bool { return !slices.Contains(s.Properties, p) }
	return reflect.DeepEqual(a, b) && !slices.ContainsFunc(other.Properties, missing)
}

// secrets are the values that must not appear in a log line or a message. Headers carry credentials more often than not.
func (s SMSSender) secrets() []string {
	headers := s.Properties.Get(SenderHTTPHeaders)
	secrets := append([]string{s.Key, s.Secret, headers}, credentialsIn(headers)...)
	return slices.DeleteFunc(secrets, func(v string) bool { return v == "" })
}

// credentialsIn returns what may be a credential of its own in a text of several headers: each value, its last word, as in
// "Bearer …", and what it gives a name to, as in "session=…". Short ones are words that a message may need.
func credentialsIn(headers string) []string {
	var found []string
	for piece := range strings.FieldsFuncSeq(headers, func(r rune) bool { return strings.ContainsRune(",;\r\n", r) }) {
		name, value, named := strings.Cut(piece, ":")
		switch {
		case !named:
			value = name
		case slices.Contains([]string{"accept", "content-type", "host", "user-agent"}, strings.ToLower(strings.TrimSpace(name))):
			continue
		}
		value = strings.TrimSpace(value)
		found = append(found, value)
		if words := strings.Fields(value); len(words) > 1 {
			value = words[len(words)-1]
			found = append(found, value)
		}
		if _, given, ok := strings.Cut(value, "="); ok {
			found = append(found, strings.Trim(given, `"`))
		}
	}
	return slices.DeleteFunc(found, func(text string) bool { return len(text) < 8 })
}

// SMSSenders asks the server for the organization's senders. It returns secrets in clear text. Concurrent readers share one
// request.
func (o *Organization) SMSSenders(ctx context.Context) ([]SMSSender, error) {
	senders, err := o.seen.read(ctx, sendersMemo, func() (any, error) { return o.listSenders(ctx) })
	if err != nil {
		return nil, o.interrupted(err, "read the SMS senders")
	}
	return senders.([]SMSSender), nil
}

// RecentSMSSenders is SMSSenders, except that it takes what this process has read already, unless it was changed since.
func (o *Organization) RecentSMSSenders(ctx context.Context) ([]SMSSender, error) {
	if seen, ok := o.seen.recall(sendersMemo); ok {
		return seen.([]SMSSender), nil
	}
	return o.SMSSenders(ctx)
}

// SMSSender asks for one sender that is expected to exist, and reports whether it does. A server of several nodes may answer, for
// a moment after a write, from a cache that does not know of it yet, so a sender counts as gone only when it is missing repeatedly.
func (o *Organization) SMSSender(ctx context.Context, name string) (SMSSender, bool, error) {
	for reread := 0; ; reread++ {
		senders, err := o.SMSSenders(ctx)
		if err != nil {
			return SMSSender{}, false, err
		}
		if found, exists := FindSender(senders, name); exists || reread == staleRereads {
			return found, exists, nil
		}
		if err := sleep(ctx, o.wait); err != nil {
			return SMSSender{}, false, o.interrupted(err, "read the SMS senders")
		}
	}
}

func (o *Organization) listSenders(ctx context.Context) ([]SMSSender, error) {
	var stored storedSenders
	err := o.do(ctx, call{doing: "read the SMS senders", method: http.MethodGet, path: sendersPath, scope: ScopeViewSenders}, &stored)
	senders := make([]SMSSender, len(stored))
	for i := range stored {
		senders[i] = stored[i].sender()
	}
	return senders, err
}

// storedSender is a sender as servers send it: texts may come as numbers or booleans.
type storedSender struct {
	Name        scalar `json:"name"`
	Provider    scalar `json:"provider"`
	ProviderURL scalar `json:"providerURL"`
	Key         scalar `json:"key"`
	Secret      scalar `json:"secret"`
	Sender      scalar `json:"sender"`
	ContentType scalar `json:"contentType"`
	Properties  []struct {
		Key   string `json:"key"`
		Value scalar `json:"value"`
	} `json:"properties"`
}

// UnmarshalJSON refuses JSON that is something else: read as a sender, it would pass for the answer to a change.
func (s *storedSender) UnmarshalJSON(data []byte) error {
	type fields storedSender
	if err := json.Unmarshal(data, (*fields)(s)); err != nil {
		return err
	}
	if s.Name == "" && s.Provider == "" {
		return errors.New("not an SMS sender")
	}
	return nil
}

// storedSenders is a list of them.
type storedSenders []storedSender

// UnmarshalJSON refuses null: read as an empty list, it would say that there is no sender.
func (s *storedSenders) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*[]storedSender)(s)); err != nil {
		return err
	}
	if *s == nil {
		return errors.New("not a list of SMS senders")
	}
	return nil
}

func (s storedSender) sender() SMSSender {
	sender := SMSSender{
		Name: string(s.Name), Provider: string(s.Provider), ProviderURL: string(s.ProviderURL), Key: string(s.Key),
		Secret: string(s.Secret), Sender: string(s.Sender), ContentType: string(s.ContentType),
	}
	for _, property := range s.Properties {
		sender.Properties = append(sender.Properties, SenderProperty{Key: property.Key, Value: string(property.Value)})
	}
	return sender
}

// scalar is the text of a JSON string, number or boolean; null is the empty text.
type scalar string

func (s *scalar) UnmarshalJSON(data []byte) error {
	var plain string
	switch {
	case json.Unmarshal(data, &plain) == nil: // also null
		*s = scalar(plain)
	case data[0] == '{', data[0] == '[':
		return errors.New("a text was expected")
	default:
		*s = scalar(data)
	}
	return nil
}

// FindSender picks a sender by name.
func FindSender(senders []SMSSender, name string) (SMSSender, bool) {
	i := slices.IndexFunc(senders, func(s SMSSender) bool { return s.Name == name })
	if i < 0 {
		return SMSSender{}, false
	}
	return senders[i], true
}

// CreateSMSSender creates the sender. It is an error of kind Conflict if one of that name exists.
func (o *Organization) CreateSMSSender(ctx context.Context, sender SMSSender) error {
	return o.changeSenders(ctx, func() error {
		err := o.postSender(ctx, sender)
		unsettled := uncertain(err)
		for again := true; err != nil && unsettled; again = false {
			// The request may have been processed although no answer came. What is there now tells; it is this request's work if
			// it is what was sent.
			senders, listErr := o.sendersNow(ctx)
			found, exists := FindSender(senders, sender.Name)
			switch {
			case listErr != nil, !exists && !again:
				return err
			case !exists:
				err = o.postSender(ctx, sender) // even now the list may have been wrong: look once more if this fails
			case found.includes(sender):
				return nil
			default:
				return occupied(err)
			}
		}
		return err
	})
}

// occupied turns the error of a request that met somebody else's sender into one that says so.
func occupied(err error) error {
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	conflict := *failure
	conflict.Kind = Conflict
	return &conflict
}

func (o *Organization) postSender(ctx context.Context, sender SMSSender) error {
	return o.do(ctx, call{
		doing: "create the SMS sender", method: http.MethodPost, path: sendersPath, body: sender,
		scope: ScopeCreateSenders, once: true, secrets: sender.secrets(),
	}, &storedSender{})
}

// UpdateSMSSender replaces the sender by what decide makes of the live one: the server keeps nothing that is not sent. It is an
// error of kind NotFound if there is no such sender.
func (o *Organization) UpdateSMSSender(ctx context.Context, name string, decide func(live SMSSender) (SMSSender, error)) error {
	return o.changeSenders(ctx, func() error {
		senders, err := o.listSenders(ctx)
		if err != nil {
			return err
		}
		live, exists := FindSender(senders, name)
		if !exists {
			return &Error{Kind: NotFound, Doing: "change the SMS sender", Organization: o.name, Reason: "there is no SMS sender of that name anymore"}
		}
		changed, err := decide(live)
		if err != nil || changed.same(live) {
			return err
		}
		body := changed
		body.Name = "" // the path has it; the body must not
		err = o.do(ctx, call{
			doing: "change the SMS sender", method: http.MethodPut, path: sendersPath + "/" + url.PathEscape(name), body: body,
			scope: ScopeUpdateSenders, secrets: append(changed.secrets(), live.secrets()...),
		}, &storedSender{})
		if uncertain(err) && o.senderArrived(ctx, live, changed) {
			return nil
		}
		return err
	})
}

// sendersNow lists the senders, be it with a last look.
func (o *Organization) sendersNow(ctx context.Context) ([]SMSSender, error) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = lastLook(ctx)
		defer cancel()
	}
	return o.listSenders(ctx)
}

// senderArrived is [Organization.arrived] for a sender.
func (o *Organization) senderArrived(ctx context.Context, from, want SMSSender) bool {
	ctx, cancel := lastLook(ctx)
	defer cancel()
	senders, err := o.listSenders(ctx)
	found, exists := FindSender(senders, want.Name)
	return err == nil && exists && found.includes(want) && !found.same(from)
}

// DeleteSMSSender deletes the sender. One that is gone already is no error.
func (o *Organization) DeleteSMSSender(ctx context.Context, name string) error {
	return o.changeSenders(ctx, func() error {
		err := o.do(ctx, call{
			doing: "delete the SMS sender", method: http.MethodDelete, path: sendersPath + "/" + url.PathEscape(name), scope: ScopeDeleteSenders,
		}, nil)
		var failure *Error
		if errors.As(err, &failure) && failure.Kind == NotFound {
			return nil
		}
		return err
	})
}

// changeSenders runs a change under the lock that the organization's other writers of this process wait for.
func (o *Organization) changeSenders(ctx context.Context, change func() error) error {
	if err := o.writing.Acquire(ctx, 1); err != nil {
		return o.interrupted(err, "change the SMS sender")
	}
	defer o.writing.Release(1)
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer o.seen.clear(sendersMemo)
	return change()
}
