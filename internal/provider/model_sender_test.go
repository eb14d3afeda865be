package provider_test

import (
	"maps"
	"net/url"
	"reflect"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// This file is what the model knows of SMS senders.

// senderIn returns an organization's sender, or nil.
func senderIn(state mockserver.State, organization string) *providertest.SenderFields {
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
	return &providertest.SenderFields{
		Provider: stored.Provider, URL: text(stored.ProviderURL), Key: text(stored.Key), Secret: text(stored.Secret),
		Sender: text(stored.Sender), ContentType: stored.ContentType, Properties: properties,
		Authentication: stored.Authentication,
	}
}

// usableSender is the server's rule: the exact name of a gateway.
func usableSender(organization *mockserver.Organization) bool {
	sender := organization.SMSSenders["SMSPublisher"]
	return sender != nil && slices.Contains([]string{"Twilio", "Vonage", "Custom", "choreo"}, sender.Provider)
}

// losesAuthentication reports that an update would drop what others chose, which is refused.
func losesAuthentication(prior, config values, live *providertest.SenderFields) bool {
	return live.Secretive() && prior["authentication"] == nil && config["authentication"] == nil &&
		!elsewhere(live.Provider, live.URL, config)
}

func needsSecrets(provider string) bool { return provider == "Twilio" || provider == "Vonage" }

// missingSecret says what a new sender lacks, or one that goes to another gateway, which gets none of the old one's
// secrets.
func missingSecret(c *change) string {
	isNew := c.prior == nil || c.prior["organization"] != c.organization ||
		elsewhere(providertest.TextIn(c.prior, "provider_name"), providertest.TextIn(c.prior, "provider_url"), c.config)
	if isNew && needsSecrets(providertest.TextIn(c.config, "provider_name")) && (providertest.TextIn(c.config, "key",
		"key_wo") == "" || providertest.TextIn(c.config, "secret", "secret_wo") == "") {
		return "a secret is missing"
	}
	return ""
}

// wrongToUpdate says why the plan of an update of a sender has to fail. Nothing is planned where only write-only values
// differ.
func (m *model) wrongToUpdate(c *change) string {
	if c.prior == nil || c.prior["organization"] != c.organization ||
		!losesAuthentication(c.prior, c.config, senderIn(m.Mock.State(), c.organization)) {
		return ""
	}
	for name := range mergedWith(c.prior, c.config) {
		want := c.config[name]
		if name == "content_type" && want == nil {
			want = "JSON"
		}
		if !slices.Contains([]string{"organization", "name", "timeouts", "key_wo", "secret_wo", "http_headers_wo"}, name) &&
			!providertest.Same(want, c.prior[name]) {
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
	to := providertest.TextIn(config, "provider_url")
	return provider != providertest.TextIn(config, "provider_name") ||
		address != "" && to != "" && host(address) != host(to)
}

// updated is what an update makes of a sender.
func (o outcome) updated(live providertest.SenderFields) *providertest.SenderFields {
	if !o.sends() {
		return &live
	}
	updated := live
	updated.Properties = maps.Clone(live.Properties)
	updated.Fill(o.config)
	newGateway := elsewhere(live.Provider, live.URL, o.config)
	if headers := o.headers(live.Properties["http.headers"], newGateway); headers != "" {
		updated.Properties["http.headers"] = headers
	}
	if o.prior["authentication"] != nil {
		live.Key, live.Secret = "", "" // which were those of BASIC
	}
	choose := func(name, live string) string {
		given := providertest.TextIn(o.config, name, name+"_wo")
		newVersion := !providertest.Same(o.config[name+"_wo_version"], o.prior[name+"_wo_version"])
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
	updated.Authenticate(o.config)
	return &updated
}

// headers are those after an update. Never declared, they are not Terraform's; declared once, they go with their
// argument.
func (o outcome) headers(live string, newGateway bool) string {
	given := providertest.TextIn(o.config, "http_headers", "http_headers_wo")
	newVersion := !providertest.Same(o.config["http_headers_wo_version"], o.prior["http_headers_wo_version"])
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
	before, after := providertest.NewSender(o.prior), providertest.NewSender(o.config)
	secrets := after.Key != "" || after.Secret != "" || o.prior["authentication"] != nil ||
		o.config["authentication"] != nil ||
		!providertest.Same(o.config["http_headers_wo_version"], o.prior["http_headers_wo_version"])
	before.Key, before.Secret, after.Key, after.Secret = "", "", "", ""
	return secrets || !reflect.DeepEqual(before, after)
}

// checkSenderRefresh compares what Terraform has read with what there is.
func (m *model) checkSenderRefresh(c *change, refreshed *providertest.Object, faults []providertest.Hitch) {
	if refreshed.State == nil {
		if c.thing.State != nil && senderIn(m.Mock.State(), c.thing.State["organization"].(string)) != nil {
			m.t.Errorf("%s disappeared from the state, but the server has it", c.thing.name)
		}
		return
	}
	live := senderIn(m.Mock.State(), refreshed.State["organization"].(string))
	switch {
	case lying(faults):
	case live == nil:
		m.t.Errorf("%s is gone, but the refresh has not noticed", c.thing.name)
	default:
		read := providertest.NewSender(refreshed.State)
		read.Key, read.Secret, read.Authentication = live.Key, live.Secret, live.Authentication // are never read
		shown, _ := refreshed.State["authentication"].(values)
		told := (values{}).With(shown).
			With(values{"password": nil, "value": nil, "access_token_wo_version": nil})
		if c.thing.State["authentication"] != nil {
			if diff := cmp.Diff(live.Shown(), told, cmpopts.EquateEmpty()); diff != "" {
				m.t.Errorf("the authentication of %s was read wrongly (- server, + state):\n%s", c.thing.name, diff)
			}
		} else if shown != nil {
			m.t.Errorf("%s was read with an authentication that nobody declared: %v", c.thing.name, shown)
		}
		for key, value := range live.Properties {
			managed := key == "http.headers" && c.thing.State["http_headers"] != nil
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
	overwrites := o.config != nil && o.plan.Action != "update" && o.stayed[o.organization] != ""
	if overwrites {
		delete(o.stayed, o.organization)
	}
	stays := m.judgeWhetherItStays(o)
	if lying(o.faults) {
		return
	}
	want := map[string]*providertest.SenderFields{}
	for name := range o.before.Organizations {
		want[name] = senderIn(o.before, name)
	}
	refused, deleted := "", o.leavesSender()
	if deleted != "" && !stays {
		want[deleted] = nil
	}
	switch live := want[o.organization]; {
	case o.plan.Action == "create" || o.plan.Action == "replace":
		if live != nil && !overwrites {
			refused = "there is one already"
		}
		want[o.organization] = providertest.NewSender(o.config)
		delete(o.stayed, o.organization)
	case o.plan.Action == "update" && !o.sends():
	case o.plan.Action == "update" && live == nil:
		refused = "there is none"
	case o.plan.Action == "update":
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
		m.t.Errorf("%s of %s failed:\n%s", o.plan.Action, o.thing.name, o.diags)
	case !o.failed && refused != "":
		m.t.Errorf("%s of %s succeeded, although %s", o.plan.Action, o.thing.name, refused)
	}
	for name := range o.before.Organizations {
		before, after := senderIn(o.before, name), senderIn(o.after, name)
		diff := cmp.Diff(want[name], after)
		unchanged := o.failed && (reflect.DeepEqual(before, after) || name == deleted && after == nil)
		if diff != "" && !unchanged {
			m.t.Errorf("%s of %s: the sender of %s differs (- want, + got):\n%s", o.plan.Action, o.thing.name, name, diff)
		}
		was, is := *o.before.Organizations[name], *o.after.Organizations[name]
		was.SMSSenders, is.SMSSenders = nil, nil
		if !reflect.DeepEqual(was, is) {
			m.t.Errorf("%s of %s changed settings", o.plan.Action, o.thing.name)
		}
	}
	if o.failed && o.plan.Action == "create" && o.thing.State != nil {
		m.t.Errorf("the create of %s failed and left the state %v", o.thing.name, o.thing.State)
	}
	if state := o.thing.State; state != nil && (!providertest.Same(o.thing.Identity["organization"],
		state["organization"]) || o.thing.Identity["name"] != "SMSPublisher") {
		m.t.Errorf("%s has the identity %v and the state %v", o.thing.name, o.thing.Identity, state)
	}
}
