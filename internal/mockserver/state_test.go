package mockserver_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestOrganizationsAtTheStart(t *testing.T) {
	t.Parallel()
	seeded := mockserver.WithState(storedState())
	tests := map[string]struct {
		options []mockserver.Option
		want    []string
	}{
		"default": {nil, []string{"bifrost"}},
		"named": {
			[]mockserver.Option{mockserver.WithOrganization("a", "b"), mockserver.WithOrganization("c")},
			[]string{"a", "b", "c"},
		},
		"seeded": {[]mockserver.Option{seeded}, []string{"bare", "bifrost"}},
		"seeded and named": {
			[]mockserver.Option{mockserver.WithOrganization("a", "bifrost"), seeded}, []string{"a", "bare", "bifrost"},
		},
		"seeded with nobody": {[]mockserver.Option{mockserver.WithState(mockserver.State{})}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := mockserver.New(t, test.options...).State()
			if got := slices.Sorted(maps.Keys(state.Organizations)); !slices.Equal(got, test.want) {
				t.Errorf("organizations %v, want %v", got, test.want)
			}
			if o := state.Organizations["bifrost"]; name == "seeded and named" &&
				!reflect.DeepEqual(o.MyAccount, storedState().Organizations["bifrost"].MyAccount) {
				t.Errorf("naming a seeded organization emptied it: %+v", o)
			}
		})
	}
}

func TestStartRefusesABadState(t *testing.T) {
	t.Parallel()
	server, err := mockserver.Start("127.0.0.1:0", mockserver.WithOrganization("a/b"))
	if err == nil {
		server.Close()
		t.Fatal("started")
	}
}

// Neither what goes in nor what comes out shares memory with the store.
func TestStateIsCopied(t *testing.T) {
	t.Parallel()
	given := storedState()
	server := mockserver.New(t, mockserver.WithState(given))
	given.Organizations["bifrost"].MyAccount["status"]["enable"] = "given"
	server.State().Organizations["bifrost"].MyAccount["status"]["enable"] = "returned"
	var leaked *mockserver.State
	server.Update(func(state *mockserver.State) { leaked = state })
	leaked.Organizations["bifrost"].MyAccount["status"]["enable"] = "leaked"
	if got := storedStatus(server); got != "true" {
		t.Errorf("the store has the value %q", got)
	}

	server.SetState(given)
	given.Organizations["bifrost"].MyAccount["status"]["enable"] = "later"
	if got := storedStatus(server); got != "given" {
		t.Errorf("after SetState the store has %q", got)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.ClearRequests()
	server.Update(func(state *mockserver.State) { // maps of an untouched organization can be assigned to
		o := state.Organizations["bifrost"]
		o.MyAccount["status"] = mockserver.Attributes{"enable": false, "n": 3}
		o.SMSSenders["SMSPublisher"] = &mockserver.SMSSender{Provider: "Twilio", ContentType: "JSON"}
		state.Organizations["asgard"] = nil
	})
	first := c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK)
	if got := first.attributes("attributes"); got["enable"] != false || got["n"] != float64(3) {
		t.Errorf("attributes %v", got)
	}
	c.call("GET", senderPath, "").expect(http.StatusOK)
	c.fetchToken("asgard")
	if got := server.Requests(); len(got) != 3 {
		t.Errorf("the journal has the edit: %+v", got)
	}

	server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].MyAccount["status"]["enable"] = "x" })
	second := c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK)
	if first.text("resourceId") != second.text("resourceId") {
		t.Error("an edit changed the id")
	}
	if first.text("lastModified")[:23] >= second.text("lastModified")[:23] {
		t.Error("an edit did not move lastModified")
	}
	server.Update(func(*mockserver.State) {})
	third := c.call("GET", resourcesPath+"/status", "")
	if third.text("lastModified")[:23] != second.text("lastModified")[:23] {
		t.Error("an edit that changes nothing moved lastModified")
	}
}

func TestBadUpdatePanicsAndChangesNothing(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(storedState()))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		server.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].MyAccount["status"] = mockserver.Attributes{"enable": []string{"no"}}
		})
	}()
	if got := storedStatus(server); got != "true" { // and the store is not locked for ever
		t.Errorf("the store has %v", got)
	}
}

func TestAllScopes(t *testing.T) {
	t.Parallel()
	got := mockserver.AllScopes()
	for _, scope := range []string{
		"internal_config_mgt_view", "internal_config_mgt_add", "internal_config_mgt_update", "internal_config_mgt_delete",
		"internal_config_mgt_list",
		"internal_notification_senders_view", "internal_notification_senders_create", "internal_notification_senders_update",
		"internal_notification_senders_delete",
		"internal_org_notification_senders_view", "internal_org_notification_senders_create",
		"internal_org_notification_senders_update", "internal_org_notification_senders_delete",
		"internal_application_mgt_view", "internal_application_mgt_create", "internal_application_mgt_update",
		"internal_application_mgt_delete",
		"internal_application_script_update", "internal_authenticator_view", "internal_governance_view",
		"internal_governance_update",
	} {
		if !slices.Contains(got, scope) {
			t.Errorf("%s is missing", scope)
		}
	}
	if len(got) != 21 {
		t.Errorf("%d scopes: %v", len(got), got)
	}
}
