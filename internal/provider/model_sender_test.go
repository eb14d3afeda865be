package provider

import (
	"maps"
	"net/url"
	"reflect"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// This file is what the model knows of SMS senders.

// senderFields is a sender without the difference between what is empty and what is not there.
type senderFields struct {
	Provider, URL, Key, Secret, Sender, ContentType string
	Properties                                      map[string]string
}

// senderIn returns an organization's sender, or nil.
func senderIn(state mockserver.State, organization string) *senderFields {
	stored := state.Organizations[organization].SMSSenders["SMSPublisher"]
	if stored == nil {
		return nil
	}
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	properties := maps.Clone(stored.Properties)
	if properties == nil {
		properties = map[string]string{}
	}
	return &senderFields{stored.Provider, text(stored.ProviderURL), text(stored.Key), text(stored.Secret), text(stored.Sender), stored.ContentType, properties}
}

// usableSender is the server's rule: the exact name of a gateway.
func usableSender(organization *mockserver.Organization) bool {
	sender := organization.SMSSenders["SMSPublisher"]
	return sender != nil && slices.Contains([]string{"Twilio", "Vonage", "Custom", "choreo"}, sender.Provider)
}

// senderProperties are the arguments that are stored as properties.
var senderPropertyKeys = map[string]string{"body": "body", "http_headers": "http.headers", "http_method": "http.method"}

func textIn(config values, names ...string) string {
	for _, name := range names {
		if text, ok := config[name].(string); ok {
			return text
		}
	}
	return ""
}

// fill puts everything that is not secret into the fields.
func (f *senderFields) fill(config values) {
	f.Provider, f.URL, f.Sender = textIn(config, "provider_name"), textIn(config, "provider_url"), textIn(config, "sender")
	if f.ContentType = textIn(config, "content_type"); f.ContentType == "" {
		f.ContentType = "JSON"
	}
	for argument, key := range senderPropertyKeys {
		delete(f.Properties, key)
		if text := textIn(config, argument); text != "" {
			f.Properties[key] = text
		}
	}
}

func newSender(config values) *senderFields {
	fields := &senderFields{Properties: map[string]string{}, Key: textIn(config, "key", "key_wo"), Secret: textIn(config, "secret", "secret_wo")}
	fields.fill(config)
	return fields
}

func needsSecrets(provider string) bool { return provider == "Twilio" || provider == "Vonage" }

// missingSecret says what a new sender lacks, or one that goes to another gateway, which gets none of the old one's secrets.
func missingSecret(c *change) string {
	isNew := c.prior == nil || c.prior["organization"] != c.organization || elsewhere(textIn(c.prior, "provider_name"), textIn(c.prior, "provider_url"), c.config)
	if isNew && needsSecrets(textIn(c.config, "provider_name")) && (textIn(c.config, "key", "key_wo") == "" || textIn(c.config, "secret", "secret_wo") == "") {
		return "a secret is missing"
	}
	return ""
}

// elsewhere reports that a configuration sends to another gateway, or to another host.
func elsewhere(provider, address string, config values) bool {
	host := func(address string) string {
		parsed, err := url.Parse(address)
		if err != nil {
			return address
		}
		return parsed.Scheme + "://" + parsed.Host
	}
	to := textIn(config, "provider_url")
	return provider != textIn(config, "provider_name") || address != "" && to != "" && host(address) != host(to)
}

// updated is what an update makes of a sender.
func (o outcome) updated(live senderFields) *senderFields {
	if !o.sends() {
		return &live
	}
	updated := live
	updated.Properties = maps.Clone(live.Properties)
	updated.fill(o.config)
	newGateway := elsewhere(live.Provider, live.URL, o.config)
	if headers, exist := live.Properties["http.headers"]; exist && !newGateway && o.config["http_headers"] == nil && o.prior["http_headers"] == nil {
		updated.Properties["http.headers"] = headers // never Terraform's
	}
	choose := func(name, live string) string {
		given := textIn(o.config, name, name+"_wo")
		newVersion := !same(o.config[name+"_wo_version"], o.prior[name+"_wo_version"])
		if newGateway || o.config[name] != nil || given != "" && (live == "" || newVersion || o.prior[name] != nil) {
			return given
		}
		return live
	}
	updated.Key, updated.Secret = choose("key", live.Key), choose("secret", live.Secret)
	return &updated
}

// sends reports whether an update has anything to tell the server: a secret that is only forgotten is kept there.
func (o outcome) sends() bool {
	before, after := newSender(o.prior), newSender(o.config)
	secrets := after.Key != "" || after.Secret != ""
	before.Key, before.Secret, after.Key, after.Secret = "", "", "", ""
	return secrets || !reflect.DeepEqual(before, after)
}

// checkSenderRefresh compares what Terraform has read with what there is.
func (m *model) checkSenderRefresh(c *change, refreshed *object, faults []hitch) {
	if refreshed.state == nil {
		if c.thing.state != nil && senderIn(m.mock.State(), c.thing.state["organization"].(string)) != nil {
			m.t.Errorf("%s disappeared from the state, but the server has it", c.thing.name)
		}
		return
	}
	live := senderIn(m.mock.State(), refreshed.state["organization"].(string))
	switch {
	case lying(faults):
	case live == nil:
		m.t.Errorf("%s is gone, but the refresh has not noticed", c.thing.name)
	default:
		read := newSender(refreshed.state)
		read.Key, read.Secret = live.Key, live.Secret // are never read
		for key, value := range live.Properties {
			managed := key == "http.headers" && c.thing.state["http_headers"] != nil
			if !managed && key != "body" && key != "http.method" {
				if _, known := read.Properties[key]; known {
					m.t.Errorf("%s was read with %s, which nobody declared", c.thing.name, key)
				}
				read.Properties[key] = value
			}
		}
		if diff := cmp.Diff(live, read); diff != "" {
			m.t.Errorf("%s was read wrongly (- server, + state):\n%s", c.thing.name, diff)
		}
	}
}

// leavesSenderOf returns the organization whose sender the change destroys or moves away from.
func (c *change) leavesSenderOf() string {
	if c.typeName == smsSenderType && c.prior != nil && (c.config == nil || c.prior["organization"] != c.organization) {
		return c.prior["organization"].(string)
	}
	return ""
}

// wrongToLeave says why a plan that destroys a sender contradicts itself: earlier parts of it have SMS OTP on.
func wrongToLeave(c *change, earlier []*change) string {
	left := c.leavesSenderOf()
	if left == "" || c.prior["on_destroy"] == "keep" {
		return ""
	}
	for _, other := range earlier {
		if other.typeName == twoFactor && other.config["sms_otp_enabled"] == true && other.organization == left {
			return "SMS OTP of the same plan needs the sender"
		}
	}
	return ""
}

// judgeSender compares what an apply did to the server with what it had to do.
func (m *model) judgeSender(o outcome) {
	if lying(o.faults) {
		return
	}
	want := map[string]*senderFields{}
	for name := range o.before.Organizations {
		want[name] = senderIn(o.before, name)
	}
	refused, deleted := "", ""
	if left := o.leavesSenderOf(); left != "" {
		switch {
		case o.prior["on_destroy"] == "keep":
			o.stayed[left] = "kept"
		case m.place.read(o.before.Organizations[left]).on("sms_otp_enabled"):
			o.stayed[left] = "needed" // until SMS OTP goes off
		default:
			deleted, want[left] = left, nil
		}
	}
	switch live := want[o.organization]; {
	case o.plan.action == "create" || o.plan.action == "replace":
		if live != nil && o.stayed[o.organization] == "" {
			refused = "there is one already"
		}
		want[o.organization] = newSender(o.config)
		delete(o.stayed, o.organization)
	case o.plan.action == "update" && !o.sends():
	case o.plan.action == "update" && live == nil:
		refused = "there is none"
	case o.plan.action == "update":
		updated := o.updated(*live)
		if needsSecrets(updated.Provider) && (updated.Key == "" || updated.Secret == "") {
			refused = "a secret would be lost"
		}
		want[o.organization] = updated
	}
	switch {
	case len(o.faults) > 0:
	case o.failed && refused == "":
		m.t.Errorf("%s of %s failed:\n%s", o.plan.action, o.thing.name, o.diags)
	case !o.failed && refused != "":
		m.t.Errorf("%s of %s succeeded, although %s", o.plan.action, o.thing.name, refused)
	}
	for name := range o.before.Organizations {
		before, after := senderIn(o.before, name), senderIn(o.after, name)
		diff := cmp.Diff(want[name], after)
		unchanged := o.failed && (reflect.DeepEqual(before, after) || name == deleted && after == nil)
		if diff != "" && !unchanged {
			m.t.Errorf("%s of %s: the sender of %s differs (- want, + got):\n%s", o.plan.action, o.thing.name, name, diff)
		}
		was, is := *o.before.Organizations[name], *o.after.Organizations[name]
		was.SMSSenders, is.SMSSenders = nil, nil
		if !reflect.DeepEqual(was, is) {
			m.t.Errorf("%s of %s changed settings", o.plan.action, o.thing.name)
		}
	}
	if o.failed && o.plan.action == "create" && o.thing.state != nil {
		m.t.Errorf("the create of %s failed and left the state %v", o.thing.name, o.thing.state)
	}
	if state := o.thing.state; state != nil && (!same(o.thing.identity["organization"], state["organization"]) || o.thing.identity["name"] != "SMSPublisher") {
		m.t.Errorf("%s has the identity %v and the state %v", o.thing.name, o.thing.identity, state)
	}
}
