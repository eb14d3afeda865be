package mockserver_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestRevoke(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization("bifrost", "asgard"))
	c := newClient(t, server)
	post := func(path string, form url.Values, want int) {
		t.Helper()
		c.postForm(path, form).expect(want)
	}
	read := func(want int) {
		t.Helper()
		c.call("GET", "/t/bifrost/api/server/v1/notification-senders/sms", "").expect(want)
	}
	client := url.Values{
		"client_id": {mockserver.DefaultClientID}, "client_secret": {mockserver.DefaultClientSecret}, "token": {c.token},
	}
	read(http.StatusOK)
	wrong := url.Values{"client_id": {mockserver.DefaultClientID}, "client_secret": {"wrong"}, "token": {c.token}}
	post("/t/bifrost/oauth2/revoke", wrong, http.StatusUnauthorized)
	post("/t/asgard/oauth2/revoke", client, http.StatusOK) // another organization's is no token of this one
	read(http.StatusOK)
	post("/t/bifrost/oauth2/revoke", client, http.StatusOK)
	read(http.StatusUnauthorized)
	post("/t/bifrost/oauth2/revoke", client, http.StatusOK) // a second time
	client.Del("token")
	post("/t/bifrost/oauth2/revoke", client, http.StatusBadRequest)
}
