package mockserver

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// BenchmarkServer shows what the mock server takes for a call over a real connection, from as many callers as there are
// processors. Were it slow, the provider would look slow.
func BenchmarkServer(b *testing.B) {
	server := New(b, WithState(State{Organizations: map[string]*Organization{"bifrost": {
		MyAccount: map[string]Attributes{"status": {"enable": "true"}},
		SMSSenders: map[string]*SMSSender{
			"SMSPublisher": {Provider: "Twilio", ContentType: "JSON", Properties: map[string]string{"body": "x"}},
		},
	}}}))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	organization := server.URL() + "/t/bifrost"
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {DefaultClientID}, "client_secret": {DefaultClientSecret},
		"scope": {strings.Join(AllScopes(), " ")},
	}.Encode()
	var token string
	send := func(method, path, contentType, body string) (int, []byte, error) {
		request, err := http.NewRequestWithContext(b.Context(), method, organization+path, strings.NewReader(body))
		if err != nil {
			return 0, nil, err
		}
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := client.Do(request)
		if err != nil {
			return 0, nil, err
		}
		answer, err := io.ReadAll(response.Body)
		if closeErr := response.Body.Close(); err == nil {
			err = closeErr
		}
		return response.StatusCode, answer, err
	}
	const formType, jsonType = "application/x-www-form-urlencoded", "application/json"
	status, answer, err := send(http.MethodPost, "/oauth2/token", formType, form)
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(answer, &issued) != nil {
		b.Fatalf("no token: %d %s (%v)", status, answer, err)
	}
	token = issued.AccessToken

	const resources = "/api/identity/config-mgt/v1.0/resource/myaccount"
	for _, call := range []struct{ name, method, path, contentType, body string }{
		{"token", http.MethodPost, "/oauth2/token", formType, form},
		{"read", http.MethodGet, resources + "/status", jsonType, ""},
		{"write", http.MethodPut, resources, jsonType, `{"name":"status","attributes":[{"key":"enable","value":"true"}]}`},
		{"senders", http.MethodGet, "/api/server/v1/notification-senders/sms", jsonType, ""},
	} {
		b.Run(call.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if status, answer, err := send(call.method, call.path, call.contentType, call.body); err != nil ||
						status != http.StatusOK {
						b.Errorf("%s: %d %s (%v)", call.name, status, answer, err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}
