package provider

import (
	"maps"
	"net/url"
	"reflect"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// This file is what the model knows of SMS senders.

// senderFields is a sender without the difference between what is empty and what is not there.
type senderFields struct {
	Provider, URL, Key, Secret, Sender, ContentType string
	Properties                                      map[string]string
	Authentication                                  *mockserver.SenderAuthentication
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
	return &senderFields{
		stored.Provider, text(stored.ProviderURL), text(stored.Key), text(stored.Secret), text(stored.Sender),
		stored.ContentType, properties, stored.Authentication,
	}
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
	fields := &senderFields{
		Properties: map[string]string{}, Key: textIn(config, "key", "key_wo"), Secret: textIn(config, "secret", "secret_wo"),
	}
	fields.fill(config)
	if text := textIn(config, "http_headers_wo"); text != "" {
		fields.Properties["http.headers"] = text
	}
	fields.authenticate(config)
	return fields
}

// authenticate puts a declared authentication into the fields as the server stores it: BASIC is key and secret.
func (f *senderFields) authenticate(config values) {
	declared, ok := config["authentication"].(values)
	if !ok {
		return
	}
	f.Key, f.Secret = textIn(declared, "username"), textIn(declared, "password")
	if declared["type"] != "BASIC" {
		f.Authentication = &mockserver.SenderAuthentication{Type: textIn(declared, "type"), Properties: map[string]string{}}
		for property, text := range map[string]string{
			"accessToken": textIn(declared, "access_token_wo"), "header": textIn(declared, "header"),
			"value": textIn(declared, "value"),
		} {
			if text != "" {
				f.Authentication.Properties[property] = text
			}
		}
	}
}

// secretive reports that the fields have an authentication that nobody could send back.
func (f *senderFields) secretive() bool {
	return f != nil && f.Authentication != nil && f.Authentication.Type != "NONE"
}

// shown is what the server tells of an authentication.
func (f *senderFields) shown() values {
	switch {
	case f.Authentication != nil:
		shown := values{"type": f.Authentication.Type}
		if header := f.Authentication.Properties["header"]; header != "" {
			shown["header"] = header
		}
		return shown
	case f.Key != "" && f.Secret != "":
		return values{"type": "BASIC", "username": f.Key}
	}
	return nil
}

// losesAuthentication reports that an update would drop what others chose, which is refused.
func losesAuthentication(prior, config values, live *senderFields) bool {
	return live.secretive() && prior["authentication"] == nil && config["authentication"] == nil &&
		!elsewhere(live.Provider, live.URL, config)
}

func needsSecrets(provider string) bool { return provider == "Twilio" || provider == "Vonage" }

// missingSecret says what a new sender lacks, or one that goes to another gateway, which gets none of the old one's
// secrets.
func missingSecret(c *change) string {
	isNew := c.prior == nil || c.prior["organization"] != c.organization ||
		elsewhere(textIn(c.prior, "provider_name"), textIn(c.prior, "provider_url"), c.config)
	if isNew && needsSecrets(textIn(c.config, "provider_name")) && (textIn(c.config, "key",
		"key_wo") == "" || textIn(c.config, "secret", "secret_wo") == "") {
		return "a secret is missing"
	}
	return ""
}

// wrongToUpdate says why the plan of an update of a sender has to fail. Nothing is planned where only write-only values
// differ.
func (m *model) wrongToUpdate(c *change) string {
	if c.prior == nil || c.prior["organization"] != c.organization ||
		!losesAuthentication(c.prior, c.config, senderIn(m.mock.State(), c.organization)) {
		return ""
	}
	for name := range mergedWith(c.prior, c.config) {
		want := c.config[name]
		if name == "content_type" && want == nil {
			want = "JSON"
		}
		if !slices.Contains([]string{"organization", "name", "timeouts", "key_wo", "secret_wo", "http_headers_wo"}, name) &&
			!same(want, c.prior[name]) {
			if (outcome{change: c}).sends() {
				return "an authentication would be lost"
			}
		}
	}
	return ""
}

func mergedWith(a, b values) values {
	merged := maps.Clone(a)
	maps.Copy(merged, b)
	return merged
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
	if headers := o.headers(live.Properties["http.headers"], newGateway); headers != "" {
		updated.Properties["http.headers"] = headers
	}
	if o.prior["authentication"] != nil {
		live.Key, live.Secret = "", "" // which were those of BASIC
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
	if newGateway || o.prior["authentication"] != nil || o.config["authentication"] != nil ||
		updated.Key+updated.Secret != "" {
		updated.Authentication = nil
	}
	updated.authenticate(o.config)
	return &updated
}

// headers are those after an update. Never declared, they are not Terraform's; declared once, they go with their
// argument.
func (o outcome) headers(live string, newGateway bool) string {
	given := textIn(o.config, "http_headers", "http_headers_wo")
	newVersion := !same(o.config["http_headers_wo_version"], o.prior["http_headers_wo_version"])
	were := o.prior["http_headers"] != nil || o.prior["http_headers_wo_version"] != nil
	switch {
	case newGateway, o.config["http_headers"] != nil, given == "" && were,
		given != "" && (live == "" || newVersion || o.prior["http_headers"] != nil):
		return given
	}
	return live
}

// sends reports whether an update has anything to tell the server: a secret that is only forgotten is kept there.
func (o outcome) sends() bool {
	before, after := newSender(o.prior), newSender(o.config)
	secrets := after.Key != "" || after.Secret != "" || o.prior["authentication"] != nil ||
		o.config["authentication"] != nil ||
		!same(o.config["http_headers_wo_version"], o.prior["http_headers_wo_version"])
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
		read.Key, read.Secret, read.Authentication = live.Key, live.Secret, live.Authentication // are never read
		shown, _ := refreshed.state["authentication"].(values)
		told := (values{}).with(shown).with(values{"password": nil, "value": nil, "access_token_wo_version": nil})
		if c.thing.state["authentication"] != nil {
			if diff := cmp.Diff(live.shown(), told, cmpopts.EquateEmpty()); diff != "" {
				m.t.Errorf("the authentication of %s was read wrongly (- server, + state):\n%s", c.thing.name, diff)
			}
		} else if shown != nil {
			m.t.Errorf("%s was read with an authentication that nobody declared: %v", c.thing.name, shown)
		}
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

// judgeSender compares what an apply did to the server with what it had to do.
func (m *model) judgeSender(o outcome) {
	overwrites := o.config != nil && o.plan.action != "update" && o.stayed[o.organization] != ""
	if overwrites {
		delete(o.stayed, o.organization)
	}
	stays := m.judgeWhetherItStays(o)
	if lying(o.faults) {
		return
	}
	want := map[string]*senderFields{}
	for name := range o.before.Organizations {
		want[name] = senderIn(o.before, name)
	}
	refused, deleted := "", o.leavesSender()
	if deleted != "" && !stays {
		want[deleted] = nil
	}
	switch live := want[o.organization]; {
	case o.plan.action == "create" || o.plan.action == "replace":
		if live != nil && !overwrites {
			refused = "there is one already"
		}
		want[o.organization] = newSender(o.config)
		delete(o.stayed, o.organization)
	case o.plan.action == "update" && !o.sends():
	case o.plan.action == "update" && live == nil:
		refused = "there is none"
	case o.plan.action == "update":
		updated := o.updated(*live)
		if losesAuthentication(o.prior, o.config, live) {
			refused = "an authentication would be lost"
		}
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
	if state := o.thing.state; state != nil && (!same(o.thing.identity["organization"],
		state["organization"]) || o.thing.identity["name"] != "SMSPublisher") {
		m.t.Errorf("%s has the identity %v and the state %v", o.thing.name, o.thing.identity, state)
	}
}
