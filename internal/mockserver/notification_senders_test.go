package mockserver_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const (
	senderPath   = sendersPath + "/SMSPublisher"
	twilioSender = `{"provider":"Twilio","contentType":"JSON","key":"AC1","secret":"s3cret","sender":"+15550100"}`
)

func withSender() mockserver.Option {
	return mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{"bifrost": {
		SMSSenders: map[string]*mockserver.SMSSender{"SMSPublisher": {
			Provider: "Twilio", ContentType: "JSON", Key: new("AC1"), Secret: new("s3cret"), Sender: new("+15550100"),
		}},
	}}})
}

func TestNotificationSenderErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stored             bool
		seeded             string // a further sender of this name
		method, path, body string
		status             int
		code, description  string
	}{
		"GET unknown name": {
			method: "GET", path: senderPath, status: 404, code: "NSM-60006",
			description: "There is no notification sender for publisher: SMSPublisher.",
		},
		"DELETE unknown name": {
			method: "DELETE", path: senderPath, status: 404, code: "NSM-60006",
		},
		"PUT unknown name is a 400 and names the number": {
			method: "PUT", path: senderPath, body: twilioSender, status: 400, code: "NSM-65010",
			description: "No notification sender found with name: +15550100.",
		},
		"PUT unknown name without a number": {
			method: "PUT", path: senderPath, body: `{"provider":"Twilio","contentType":"JSON"}`, status: 400, code: "NSM-65010",
			description: "No notification sender found with name: %s.",
		},
		"PUT any unknown name": {
			stored: true, method: "PUT", path: sendersPath + "/Other", body: twilioSender, status: 400, code: "NSM-65010",
		},
		"PUT a stored name that is not defined in the super tenant": {
			seeded: "Other", method: "PUT", path: sendersPath + "/Other", body: twilioSender, status: 404, code: "NSM-60001",
			description: "There is no notification sender: Other, defined in system.",
		},
		"POST existing name, names the number": {
			stored: true, method: "POST", path: sendersPath, body: twilioSender, status: 409, code: "NSM-60002",
			description: "There is already exists a notification sender: +15550100.",
		},
		"POST name not defined in the super tenant": {
			method: "POST", path: sendersPath, body: `{"name":"Other",` + twilioSender[1:], status: 404, code: "NSM-60001",
		},
		"POST with an empty provider": {
			method: "POST", path: sendersPath, body: `{"provider":"","contentType":"JSON"}`, status: 400, code: "NSM-60003",
		},
		"PUT with an empty provider": {
			stored: true, method: "PUT", path: senderPath, body: `{"provider":"","contentType":"JSON"}`, status: 400,
			code: "NSM-60003",
		},
		"POST without a provider": {
			method: "POST", path: sendersPath, body: `{"contentType":"JSON"}`, status: 400, code: "UE-10000",
		},
		"POST without a contentType": {
			method: "POST", path: sendersPath, body: `{"provider":"Twilio"}`, status: 400, code: "UE-10000",
		},
		"POST with another contentType": {
			method: "POST", path: sendersPath, body: `{"provider":"Twilio","contentType":"json"}`, status: 400, code: "UE-10000",
		},
		"POST malformed JSON": {method: "POST", path: sendersPath, body: `{"provider":`, status: 400, code: "UE-10000"},
		"POST empty body":     {method: "POST", path: sendersPath, status: 400, code: "UE-10000"},
		"PUT without a provider": {
			stored: true, method: "PUT", path: senderPath, body: `{"contentType":"JSON"}`, status: 400, code: "UE-10000",
		},
		"PUT with a name": {
			stored: true, method: "PUT", path: senderPath, body: `{"name":"SMSPublisher",` + twilioSender[1:], status: 400,
			code: "UE-10000",
		},
		"POST with an object as key": {
			method: "POST", path: sendersPath, body: `{"provider":"Twilio","contentType":"JSON","key":{}}`, status: 400,
			code: "UE-10000",
		},
		"POST with an object as properties": {
			method: "POST", path: sendersPath, body: `{"provider":"Twilio","contentType":"JSON","properties":{}}`, status: 400,
			code: "UE-10000",
		},
		"POST with neither body nor template": {
			method: "POST", path: sendersPath,
			body: `{"provider":"Custom","contentType":"JSON","providerURL":"https://sms.example"}`, status: 400,
			code: "NSM-60004",
		},
		"POST with an empty body property": {
			method: "POST", path: sendersPath,
			body: `{"provider":"Custom","contentType":"JSON","properties":[{"key":"body","value":""}]}`, status: 400,
			code: "NSM-60004",
		},
		"PUT with neither body nor template": {
			stored: true, method: "PUT", path: senderPath, body: `{"provider":"Custom","contentType":"JSON"}`, status: 400,
			code: "NSM-60004",
		},
		"PUT with another channel type": {
			stored: true, method: "PUT", path: senderPath, status: 400, code: "NSM-60007",
			body: `{"provider":"Twilio","contentType":"JSON","properties":[{"key":"channel.type","value":"choreo"}]}`,
		},
		"POST with an unknown channel type": {
			method: "POST", path: sendersPath, status: 400, code: "NSM-65012",
			description: "No configuration handler found for the given channel type: %s.",
			body:        `{"provider":"Twilio","contentType":"JSON","properties":[{"key":"channel.type","value":"pigeon"}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mockserver.New(t)
			if test.stored {
				server = mockserver.New(t, withSender())
			}
			if test.seeded != "" {
				server.Update(func(state *mockserver.State) {
					state.Organizations["bifrost"].SMSSenders[test.seeded] = &mockserver.SMSSender{
						Provider: "Vonage", ContentType: "JSON",
					}
				})
			}
			before := server.State()
			c := newClient(t, server)
			r := c.call(test.method, test.path, test.body).expectError(test.status, test.code)
			if test.description != "" {
				r.expectDescription(test.description)
			}
			if after := server.State(); !reflect.DeepEqual(after, before) {
				t.Errorf("a refused request changed the state: %+v", after.Organizations["bifrost"])
			}
		})
	}
}

func TestNotificationSenderSuccesses(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	expectList := func(want string) {
		t.Helper()
		if got := string(c.call("GET", sendersPath, "").expect(http.StatusOK).body); got != want {
			t.Errorf("the list is %s, want %s", got, want)
		}
	}
	expectList(`[]`)

	const created = `{"name":"SMSPublisher","provider":"Twilio","key":"AC1","secret":"s3cret","sender":"+15550100",` +
		`"contentType":"JSON","properties":[]}`
	r := c.call("POST", sendersPath, twilioSender).expect(http.StatusCreated)
	if got := string(r.body); got != created {
		t.Errorf("created %s, want %s", got, created)
	}
	if got := r.header.Get("Location"); !strings.HasSuffix(got, senderPath) {
		t.Errorf("Location %q", got)
	}
	if got := string(c.call("GET", senderPath, "").expect(http.StatusOK).body); got != created {
		t.Errorf("read %s, want %s", got, created)
	}
	expectList("[" + created + "]")

	r = c.call("PUT", senderPath, `{"provider":"Custom","contentType":"FORM",
		"providerURL":"https://sms.example","sender":"",
		"properties":[{"key":"body","value":"{{body}}"},{"key":"http.method","value":"POST"}]}`).expect(http.StatusOK)
	if got, want := slices.Sorted(maps.Keys(r.object())), []string{
		"contentType", "name", "properties", "provider", "providerURL", "sender",
	}; !slices.Equal(got, want) {
		t.Errorf("after a replace without key and secret there are %v, want %v", got, want)
	}
	if want := (map[string]any{"body": "{{body}}", "http.method": "POST"}); !reflect.DeepEqual(r.attributes("properties"),
		want) {
		t.Errorf("properties %s, want %v", r.body, want)
	}
	if got := r.text("sender"); got != "" {
		t.Errorf("an empty sender came back as %q", got)
	}
	if stored := server.State().Organizations["bifrost"].SMSSenders["SMSPublisher"]; stored.Secret != nil ||
		stored.Provider != "Custom" {
		t.Errorf("stored %+v", stored)
	}

	c.call("DELETE", senderPath, "").expect(http.StatusNoContent).expectEmpty()
	c.call("DELETE", senderPath, "").expectError(http.StatusNotFound, "NSM-60006")
	expectList(`[]`)
}

func TestNotificationSenderThatChoreoBrings(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t))
	c.call("POST", sendersPath, `{"name":"SMSPublisher","provider":"choreo",
		"providerURL":"https://console.choreo.dev/","contentType":"FORM",
		"properties":[{"key":"channel.type","value":"choreo"}]}`).expect(http.StatusCreated)
	c.call("PUT", senderPath, twilioSender).expectError(http.StatusBadRequest, "NSM-60007")
}

func TestNotificationSenderProperties(t *testing.T) {
	t.Parallel()
	state := mockserver.State{Organizations: map[string]*mockserver.Organization{"bifrost": {
		SMSSenders: map[string]*mockserver.SMSSender{"SMSPublisher": {
			Provider: "Custom", ContentType: "JSON", Properties: map[string]string{
				"streamName": "x", "version": "1", "type": "sms", "body": "b", "http.headers": "h", "http.method": "m",
				"channel.type": "default",
			},
		}},
	}}}
	server := mockserver.New(t, mockserver.WithState(state))
	c := newClient(t, server)
	want := map[string]any{"body": "b", "http.headers": "h", "http.method": "m", "channel.type": "default"}
	orders := map[string]bool{}
	for range 20 {
		r := c.call("GET", senderPath, "").expect(http.StatusOK)
		if got := r.attributes("properties"); !reflect.DeepEqual(got, want) {
			t.Fatalf("properties %v, want %v: the internal ones are hidden", got, want)
		}
		orders[string(r.body)] = true
	}
	if len(orders) < 2 {
		t.Error("GET answers the properties in a fixed order")
	}
}

func TestNotificationSenderMediaTypeAndMethods(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t))
	c.send("POST", sendersPath, "provider=Twilio", "Content-Type", "application/x-www-form-urlencoded", "Authorization",
		"Bearer "+c.token).
		expect(http.StatusUnsupportedMediaType)
	c.call("PUT", sendersPath, twilioSender).expect(http.StatusMethodNotAllowed)
	c.call("POST", senderPath, twilioSender).expect(http.StatusMethodNotAllowed)
	c.call("GET", strings.TrimSuffix(sendersPath, "sms")+"email", "").expect(http.StatusNotFound)
}

// Older servers refuse to delete the sender that SMS OTP needs.
func TestSMSGuard(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		guard, typeMissing bool
		smsOTP             string // "" means not stored
		status             int
	}{
		"guarded and on":               {guard: true, smsOTP: "true", status: 400},
		"guarded and on in capitals":   {guard: true, smsOTP: "TRUE", status: 400},
		"guarded and off":              {guard: true, smsOTP: "false", status: 204},
		"guarded and never set":        {guard: true, status: 204},
		"guarded without the type":     {guard: true, typeMissing: true, smsOTP: "true", status: 204},
		"current server, although on":  {smsOTP: "true", status: 204},
		"current server, never set":    {status: 204},
		"guarded and not quite a true": {guard: true, smsOTP: "true ", status: 204},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mockserver.New(t, withSender())
			server.Update(func(state *mockserver.State) {
				o := state.Organizations["bifrost"]
				o.SMSGuard, o.TypeMissing = test.guard, test.typeMissing
				if test.smsOTP != "" {
					o.MyAccount["myaccount-2FA-config"] = mockserver.Attributes{"sms_otp_enabled": test.smsOTP}
				}
			})
			c := newClient(t, server)
			c.call("PUT", senderPath, twilioSender).expect(http.StatusOK) // an update is never guarded
			r := c.call("DELETE", senderPath, "").expect(test.status)
			if test.status == http.StatusBadRequest {
				r.expectError(http.StatusBadRequest, "NSM-60008").expectDescription("There are applications using this connection.")
				if r.text("message") != "Unable to disable." {
					t.Errorf("message %q", r.text("message"))
				}
			}
			_, left := server.State().Organizations["bifrost"].SMSSenders["SMSPublisher"]
			if left != (test.status == http.StatusBadRequest) {
				t.Errorf("after status %d the sender's presence is %v", test.status, left)
			}
		})
	}
}

func TestSenderStateRoundTrip(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, withSender())
	data, err := json.Marshal(server.State())
	if err != nil {
		t.Fatal(err)
	}
	state, err := mockserver.ParseState(data)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(state, server.State()) {
		t.Errorf("%s does not read back", data)
	}
}
