package mockserver_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const senderV2Path = sendersV2Path + "/SMSPublisher"

// customSender is the body of a custom gateway, with further members in front.
func customSender(more string) string {
	return `{` + more +
		`"provider":"Custom","contentType":"JSON","providerURL":"https://sms.example","properties":[{"key":"body",` +
		`"value":"b"}]}`
}

func withSenderAPI(api mockserver.SenderAPI) mockserver.Option {
	return mockserver.WithState(mockserver.State{
		Organizations: map[string]*mockserver.Organization{"bifrost": {SenderAPI: api}},
	})
}

func TestSenderAuthenticationAnswers(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	for name, test := range map[string]struct {
		body string
		want any // the authentication of version 2
		key  string
	}{
		"none":           {customSender(``), nil, ""},
		"null":           {customSender(`"authentication":null,`), nil, ""},
		"without a type": {customSender(`"authentication":{},`), nil, ""},
		"key and secret": {
			customSender(`"key":"k","secret":"s",`), object{"type": "BASIC", "properties": object{"username": "k"}}, "k",
		},
		"a key alone":    {customSender(`"key":"k",`), nil, "k"},
		"a blank secret": {customSender(`"key":"k","secret":" ",`), nil, "k"},
		"NONE": {
			customSender(`"authentication":{"type":"NONE","properties":{"a":"b"}},`),
			object{"type": "NONE", "properties": object{}}, "",
		},
		"NONE, no more": {
			customSender(`"authentication":{"type":"NONE"},`), object{"type": "NONE", "properties": object{}}, "",
		},
		"BASIC": {
			customSender(`"authentication":{"type":"BASIC","properties":{"username":"u","password":"p"}},`),
			object{"type": "BASIC", "properties": object{"username": "u"}}, "u",
		},
		"BASIC, key as user": {
			customSender(`"key":"u","secret":"p","authentication":{"type":"BASIC","properties":{"username":"u",` +
				`"password":"p"}},`),
			object{"type": "BASIC", "properties": object{"username": "u"}}, "u",
		},
		"BEARER": {
			customSender(`"authentication":{"type":"BEARER","properties":{"accessToken":"t"}},`),
			object{"type": "BEARER", "properties": object{}}, "",
		},
		"BEARER, empty key": {
			customSender(`"key":"","secret":null,"authentication":{"type":"BEARER","properties":{"accessToken":"t"}},`),
			object{"type": "BEARER", "properties": object{}}, "",
		},
		"API_KEY": {
			customSender(`"authentication":{"type":"API_KEY","properties":{"header":"h","value":"v","more":"m"}},`),
			object{"type": "API_KEY", "properties": object{"header": "h"}}, "",
		},
		"CLIENT_CREDENTIAL": {
			customSender(`"authentication":{"type":"CLIENT_CREDENTIAL","properties":{"clientId":"i","clientSecret":"s",` +
				`"tokenEndpoint":"e"}},`),
			object{"type": "CLIENT_CREDENTIAL", "properties": object{"clientId": "i", "tokenEndpoint": "e"}}, "",
		},
		"PASSWORD_CREDENTIAL": {
			customSender(`"authentication":{"type":"PASSWORD_CREDENTIAL","properties":{"clientId":"i","clientSecret":"s",` +
				`"username":"u","password":"p","tokenEndpoint":"e","scopes":"x"}},`),
			object{
				"type":       "PASSWORD_CREDENTIAL",
				"properties": object{"clientId": "i", "username": "u", "tokenEndpoint": "e", "scopes": "x"},
			},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, mockserver.New(t))
			created := c.call("POST", sendersV2Path, test.body).expect(http.StatusCreated)
			if got := created.header.Get("Location"); !strings.HasSuffix(got, senderV2Path) {
				t.Errorf("Location %q", got)
			}
			for _, r := range []*reply{created, c.call("GET", senderV2Path, ""), c.call("PUT", senderV2Path, test.body)} {
				if got := r.object()["authentication"]; !reflect.DeepEqual(got, test.want) {
					t.Errorf("%s: the authentication is %v, want %v", r.what, got, test.want)
				}
			}
			r := c.call("GET", senderPath, "").expect(http.StatusOK)
			if _, told := r.object()["authentication"]; told {
				t.Error("version 1 tells of it")
			}
			if key, _ := r.object()["key"].(string); key != test.key {
				t.Errorf("the key is %q, want %q", key, test.key)
			}
		})
	}
}

func TestSenderAuthenticationErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body        string
		status      int
		code        string
		description string
	}{
		"BASIC without a password": {
			customSender(`"authentication":{"type":"BASIC","properties":{"username":"u"}},`), 400, "NSM-60012",
			"The property password must be included",
		},
		"BASIC without properties": {
			customSender(`"authentication":{"type":"BASIC"},`), 400, "NSM-60012", "The property username must be included",
		},
		"BEARER as documented": {
			customSender(`"authentication":{"type":"BEARER","properties":{"token":"t"}},`), 400, "NSM-60012",
			"The property accessToken must be included",
		},
		"API_KEY with a blank value": {
			customSender(`"authentication":{"type":"API_KEY","properties":{"header":"h","value":" "}},`), 400, "NSM-60011",
			"The property value",
		},
		"BASIC with another key": {
			customSender(`"key":"k","authentication":{"type":"BASIC","properties":{"username":"u","password":"p"}},`), 400,
			"NSM-60007", "%s",
		},
		"BEARER with a secret": {
			customSender(`"secret":"s","authentication":{"type":"BEARER","properties":{"accessToken":"t"}},`), 400, "NSM-60007",
			"%s",
		},
		"NONE with a key": {
			customSender(`"key":"k","authentication":{"type":"NONE"},`), 400, "NSM-60007", "%s",
		},
		"an unknown type": {
			customSender(`"authentication":{"type":"MAGIC"},`), 400, "UE-10000",
			"Provided request body content is not in the expected format.",
		},
		"a type in small letters": {customSender(`"authentication":{"type":"basic"},`), 400, "UE-10000", ""},
		"a list of properties": {
			customSender(`"authentication":{"type":"NONE","properties":[]},`), 400, "UE-10000", "",
		},
		"an unknown member": {
			customSender(`"authentication":{"type":"NONE","more":1},`), 400, "UE-10000", "",
		},
		"a number as a value": {
			customSender(`"authentication":{"type":"BEARER","properties":{"accessToken":1}},`), 500, "SE-50000", "",
		},
		"no content type": {`{"provider":"Twilio"}`, 500, "SE-50000", ""},
		"no provider":     {`{"contentType":"JSON"}`, 400, "NSM-60003", ""},
		"authentication comes before the rest": {
			`{"contentType":"JSON","authentication":{"type":"BASIC"}}`, 400, "NSM-60012", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, mockserver.New(t))
			r := c.call("POST", sendersV2Path, test.body).expectError(test.status, test.code)
			if got := r.text("description"); !strings.Contains(got, test.description) {
				t.Errorf("the description is %q", got)
			}
			c.call("PUT", senderV2Path, test.body).expect(test.status)
		})
	}
	c := newClient(t, mockserver.New(t, withSender()))
	c.call("PUT", senderV2Path, `{"name":"SMSPublisher",`+twilioSender[1:]).expectError(http.StatusBadRequest, "UE-10000")
	c.call("PUT", senderV2Path, customSender(`"authentication":{"type":"NONE"},`)).expect(http.StatusOK) // control
}

// Nothing of an authentication is kept that a replacement does not have, in whichever version.
func TestSenderAuthenticationIsLost(t *testing.T) {
	t.Parallel()
	const bearer = `"authentication":{"type":"BEARER","properties":{"accessToken":"t"}},`
	for _, path := range []string{senderPath, senderV2Path} {
		server := mockserver.New(t)
		c := newClient(t, server)
		c.call("POST", sendersV2Path, customSender(bearer)).expect(http.StatusCreated)
		if got := server.State().Organizations["bifrost"].SMSSenders["SMSPublisher"].Authentication; got == nil ||
			got.Properties["accessToken"] != "t" {
			t.Errorf("stored %+v", got)
		}
		c.call("PUT", path, customSender(``)).expect(http.StatusOK)
		if got := server.State().Organizations["bifrost"].SMSSenders["SMSPublisher"].Authentication; got != nil {
			t.Errorf("after PUT %s, it is still %+v", path, got)
		}
		c.call("DELETE", senderV2Path, "").expect(http.StatusNoContent)
	}
	c := newClient(t, mockserver.New(t))
	c.call("POST", sendersPath, customSender(bearer)).expectError(http.StatusBadRequest, "UE-10000")
}

func TestServersWithoutSendersV2(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t, withSenderAPI(mockserver.SendersV1)))
	c.call("GET", sendersV2Path, "").expectGatewayError(http.StatusUnauthorized, "Unauthorized")
	c.call("GET", sendersPath, "").expect(http.StatusOK)

	c = newClient(t, mockserver.New(t, withSenderAPI(mockserver.SendersV1Open)))
	c.call("GET", sendersV2Path, "").expect(http.StatusNotFound)
	c.call("GET", sendersPath, "").expect(http.StatusOK)

	c = newClient(t, mockserver.New(t, withSenderAPI(mockserver.SendersPlain)))
	c.call("POST", sendersV2Path, customSender(`"authentication":{"type":"NONE"},`)).expectError(http.StatusBadRequest,
		"UE-10000")
	r := c.call("POST", sendersV2Path, customSender(`"key":"k","secret":"s",`)).expect(http.StatusCreated)
	if _, told := r.object()["authentication"]; told {
		t.Error("a server without authentication tells of it")
	}

	for _, seed := range []string{
		`{"organizations":{"a":{"sender_api":"v3"}}}`,
		`{"organizations":{"a":{"sms_senders":{"SMSPublisher":{"provider":"Custom","contentType":"JSON",` +
			`"authentication":{"type":"BASIC"}}}}}}`,
	} {
		if _, err := mockserver.ParseState([]byte(seed)); err == nil {
			t.Errorf("%s is accepted", seed)
		}
	}
}

func TestSenderAuthenticationIsMasked(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	c.call("POST", sendersV2Path,
		customSender(`"authentication":{"type":"API_KEY","properties":{"header":"h","value":"hush"}},`))
	c.call("PUT", senderV2Path,
		customSender(`"authentication":{"type":"CLIENT_CREDENTIAL","properties":{"clientId":"i","clientSecret":"hush",`+
			`"tokenEndpoint":"e"}},`))
	c.call("PUT", senderV2Path, customSender(`"authentication":{"type":"BEARER","properties":{"accessToken":"hush"}},`))
	c.call("PUT", senderV2Path,
		customSender(`"authentication":{"type":"BASIC","properties":{"username":"u","password":"hush"}},`+
			``)).expect(http.StatusOK)
	for _, request := range server.Requests() {
		if strings.Contains(request.Body, "hush") {
			t.Errorf("the journal has %s", request.Body)
		}
	}
}
