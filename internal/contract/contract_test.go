package contract

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestDocument_closed sees to it that an object of the document lists all its fields: in an open one, a field that the
// server does not know would pass.
func TestDocument_closed(t *testing.T) {
	t.Parallel()
	objects := 0
	var look func(where string, schema *openapi3.SchemaRef)
	look = func(where string, schema *openapi3.SchemaRef) {
		if schema == nil {
			return
		}
		s := schema.Value
		if s.Type.Is("object") {
			objects++
			if s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has {
				t.Errorf("%s is open", where)
			}
		}
		for name, property := range s.Properties {
			look(where+"."+name, property)
		}
		look(where+"[]", s.Items)
		for _, option := range s.OneOf {
			look(where+"|", option)
		}
	}
	doc := load()
	for name, schema := range doc.Components.Schemas {
		look(name, schema)
	}
	doc.answers(func(_, _, status string, operation *openapi3.Operation) {
		for _, content := range operation.Responses.Value(status).Value.Content {
			look(name(operation, status), content.Schema)
		}
		if operation.RequestBody != nil {
			for _, content := range operation.RequestBody.Value.Content {
				look(operation.OperationID, content.Schema)
			}
		}
	})
	if objects < 10 {
		t.Errorf("only %d objects were looked at", objects)
	}
}

// TestDocument_failures insists on an example for each failure, since the tests of the provider are made of them.
func TestDocument_failures(t *testing.T) {
	t.Parallel()
	exemplified := map[string]bool{}
	for _, failure := range Failures() {
		status := fmt.Sprint(failure.Status)
		if failure.Status == 502 {
			status = "5XX"
		}
		exemplified[failure.Operation+" "+status] = true
	}
	answers := Answers()
	for _, answer := range answers {
		if status := answer[strings.LastIndex(answer, " ")+1:]; status >= "300" && !exemplified[answer] {
			t.Errorf("%s has no example", answer)
		}
	}
	if len(answers) < 60 || len(slices.Compact(slices.Sorted(slices.Values(answers)))) != len(answers) {
		t.Errorf("there are %d answers, and their names must differ", len(answers))
	}
}

// complaints collects what a checker finds.
type complaints struct {
	mutex sync.Mutex
	list  []string
}

func (c *complaints) Helper() {}

func (c *complaints) Errorf(format string, args ...any) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.list = append(c.list, fmt.Sprintf(format, args...))
}

// exchange is one request with its answer. Right ones are made by the functions below.
type exchange struct {
	method, path, contentType, authorization, body string
	status                                         int
	header                                         map[string]string
	answer                                         string
}

const (
	storePath   = "/t/bifrost/api/identity/config-mgt/v1.0/resource/myaccount"
	sendersPath = "/t/bifrost/api/server/v2/notification-senders/sms"
	tokenForm   = "grant_type=client_credentials&client_id=id&client_secret=secret&scope=a+b"
	tokenAnswer = `{"access_token":"t","token_type":"Bearer","expires_in":3600,"scope":"a"}`
	storedBody  = `{"resourceId":"5a9f8d2e-0b5c-4b0e-9c3a-0d6f1c7e2b11","tenantDomain":"bifrost",` +
		`"resourceName":"status","resourceType":"myaccount",` +
		`"created":"2019-02-07T11:37:45.815Z","lastModified":"2026-01-02T03:04:05Z","attributes":[{"key":"enable",` +
		`"value":"true"}],` +
		`"files":[{"rel":"file",` +
		`"href":"https://is.example.com/t/bifrost/api/identity/config-mgt/v1.0/resource/myaccount/status/file"}]}`
	appPath    = "/t/bifrost/api/server/v1/applications/5a9f8d2e"
	flowChange = `{"authenticationSequence":{"type":"USER_DEFINED","steps":[{"id":1,"options":[{"idp":"LOCAL",` +
		`"authenticator":"totp"}]}]}}`
	senderBody = `{"name":"SMSPublisher","provider":"Twilio","key":"AC00","contentType":"JSON",` +
		`"properties":[{"key":"body","value":"x"}]}`
)

func getStatus() exchange {
	return exchange{
		method: "GET", path: storePath + "/status", contentType: "application/json", authorization: "Bearer t", status: 200,
		answer: storedBody,
	}
}

func putStatus() exchange {
	e := getStatus()
	e.method, e.path, e.body = "PUT", storePath, `{"name":"status","attributes":[{"key":"enable","value":"true"},`+
		`{"key":"new","value":""}]}`
	return e
}

func postSender() exchange {
	e := getStatus()
	e.method, e.path, e.status, e.body, e.answer = "POST", sendersPath, 201, senderBody, senderBody
	e.header = map[string]string{
		"Location": "https://is.example.com/t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher",
	}
	return e
}

func patchApplication() exchange {
	e := getStatus()
	e.method, e.path, e.body, e.answer = "PATCH", appPath, flowChange, ""
	return e
}

func getToken() exchange {
	return exchange{
		method: "POST", path: "/t/bifrost/oauth2/token", contentType: "application/x-www-form-urlencoded", body: tokenForm,
		status: 200,
		header: map[string]string{"Cache-Control": "no-store", "Pragma": "no-cache"}, answer: tokenAnswer,
	}
}

// with changes a right exchange.
func (e exchange) with(change func(*exchange)) exchange {
	change(&e)
	return e
}

// TestChecker plants one mistake of each sort on each side, next to what is right.
func TestChecker(t *testing.T) {
	t.Parallel()
	answering := func(status int, body string) func(*exchange) {
		return func(e *exchange) { e.status, e.answer = status, body }
	}
	replacing := func(right, wrong string) func(*exchange) {
		return func(e *exchange) {
			e.body, e.answer = strings.Replace(e.body, right, wrong, 1), strings.Replace(e.answer, right, wrong, 1)
		}
	}
	sending := func(body string) func(*exchange) { return func(e *exchange) { e.body = body } }
	for _, test := range []struct {
		name     string
		exchange exchange
		want     string // in the complaint; "" for none
	}{
		{"right: read", getStatus(), ""},
		{"right: write", putStatus(), ""},
		{"right: create", postSender(), ""},
		{"right: token", getToken(), ""},
		{"right: login flow", patchApplication(), ""},
		{"right: switch", patchApplication().with(sending(`{"applicationEnabled":false}`)), ""},
		{
			"right: no organization in the path",
			getStatus().with(func(e *exchange) { e.path = strings.TrimPrefix(e.path, "/t/bifrost") }), "",
		},
		{"right: behind a proxy", getStatus().with(func(e *exchange) { e.path = "/identity/server" + e.path }), ""},
		{"right: delete", getStatus().with(func(e *exchange) {
			e.method, e.path, e.status, e.answer = "DELETE", sendersPath+"/SMSPublisher", 204, ""
		}), ""},
		{
			"right: service error",
			getStatus().with(answering(404, `{"code":"CONFIGM_00017","message":"Not Found","description":"d","traceId":null}`)),
			"",
		},
		{"right: gateway error", getStatus().with(answering(404, `{"code":404,"message":"m","description":"d"}`)), ""},
		{"right: proxy without a page", getStatus().with(answering(502, "")), ""},

		{"request: unknown field", putStatus().with(replacing(`"name":`, `"id":1,"name":`)), `"id" is unsupported`},
		{
			"request: unknown field of an attribute",
			putStatus().with(sending(`{"name":"status","attributes":[{"key":"a","value":"b","id":"c"}]}`)), "/attributes/0",
		},
		{
			"request: wrong type", putStatus().with(sending(`{"name":"status","attributes":[{"key":"a","value":true}]}`)),
			"at /attributes/0/value: value must be a string",
		},
		{
			"request: required field missing", putStatus().with(sending(`{"attributes":[{"key":"a","value":"b"}]}`)),
			`at /name: property "name" is missing`,
		},
		{
			"request: nothing to store", putStatus().with(sending(`{"name":"status","attributes":[]}`)),
			"minimum number of items is 1",
		},
		{"request: no body", putStatus().with(sending("")), "value is required but missing"},
		{"request: no JSON", putStatus().with(sending("{")), "failed to decode request body"},
		{"request: a body with GET", getStatus().with(sending("{}")), "request body not allowed"},
		{
			"request: name in a replaced sender",
			postSender().with(func(e *exchange) { e.method, e.path, e.status = "PUT", sendersPath+"/SMSPublisher", 200 }),
			`"name" is unsupported`,
		},
		{
			"request: another sender",
			getStatus().with(func(e *exchange) {
				e.method, e.path, e.status, e.answer = "DELETE", sendersPath+"/Other", 204, ""
			}),
			"value is not one of the allowed values",
		},
		{"request: no token", getStatus().with(func(e *exchange) { e.authorization = "Basic t" }), "no bearer token"},
		{"request: no content type", getStatus().with(func(e *exchange) { e.contentType = "" }), "the Content-Type is"},
		{"request: query", getStatus().with(func(e *exchange) { e.path += "?limit=1" }), `the query has "limit"`},
		{"request: unknown path", getStatus().with(func(e *exchange) { e.path += "/enable" }), "no matching operation"},
		{"request: unknown method", getStatus().with(func(e *exchange) { e.method = "DELETE" }), "method not allowed"},
		{"request: unknown field of a form", getToken().with(sending(tokenForm + "&audience=x")), `the form has "audience"`},
		{
			"request: repeated field of a form", getToken().with(sending(tokenForm + "&scope=x")),
			`the form has "scope" 2 times`,
		},
		{
			"request: required field of a form missing", getToken().with(sending("grant_type=client_credentials&client_id=id")),
			`doesn't match any schema from "anyOf"`,
		},

		{"request: nothing to change", patchApplication().with(sending(`{}`)), "at least 1 properties"},
		{
			"request: switch as text", patchApplication().with(sending(`{"applicationEnabled":"false"}`)),
			"at /applicationEnabled: value must be a boolean",
		},
		{
			"request: flow without a type", patchApplication().with(replacing(`"type":"USER_DEFINED",`, ``)),
			`"type" is missing`,
		},
		{
			"request: step without options", patchApplication().with(replacing(`{"idp":"LOCAL","authenticator":"totp"}`, ``)),
			"minimum number of items is 1",
		},
		{"request: option without idp", patchApplication().with(replacing(`"idp":"LOCAL",`, ``)), `"idp" is missing`},

		{
			"answer: unknown field", getStatus().with(replacing(`"resourceId":`, `"links":[],"resourceId":`)),
			`"links" is unsupported`,
		},
		{
			"answer: unknown field in a list", getStatus().with(replacing(`"key":"enable"`, `"attributeId":"1","key":"enable"`)),
			`"attributeId" is unsupported`,
		},
		{
			"answer: wrong type", getStatus().with(replacing(`"value":"true"`, `"value":true`)),
			"at /attributes/0/value: value must be a string",
		},
		{
			"answer: null", getStatus().with(replacing(`"resourceType":"myaccount"`, `"resourceType":null`)),
			"at /resourceType: Value is not nullable",
		},
		{
			"answer: required field missing", getStatus().with(replacing(`"tenantDomain":"bifrost",`, ``)),
			`"tenantDomain" is missing`,
		},
		{"answer: wrong format", getStatus().with(replacing(`45.815Z`, `45.81Z`)), "at /created"},
		{"answer: undocumented status", getStatus().with(answering(202, storedBody)), "status is not supported"},
		{
			"answer: undocumented failure",
			getStatus().with(answering(409, `{"code":"CONFIGM_00013","message":"m","description":"d"}`)),
			"status is not supported",
		},
		{
			"answer: error without a code", getStatus().with(answering(404, `{"message":"m","description":"d"}`)),
			"response body doesn't match schema",
		},
		{"answer: not JSON", getStatus().with(answering(200, "<html></html>")), "text/html"},
		{"answer: a body that must not be", patchApplication().with(answering(200, "{}")), "a body where there must be none"},
		{"answer: empty", getStatus().with(answering(200, "")), "Content-Type"},
		{"answer: header missing", postSender().with(func(e *exchange) { e.header = nil }), `header "Location" missing`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found := &complaints{}
			checker := New(found)
			test.exchange.run(t, checker)
			switch {
			case test.want == "" && len(found.list) > 0:
				t.Errorf("complaints about an exchange that is right: %q", found.list)
			case test.want == "" && len(checker.Seen()) != 1:
				t.Errorf("recorded are %v, want one answer", checker.Seen())
			case test.want != "" && (len(found.list) != 1 || !strings.Contains(found.list[0], test.want)):
				t.Errorf("the complaints are %q, want one with %q", found.list, test.want)
			}
		})
	}
}

// run makes the exchange over a real connection and insists that both sides see what the other one sent.
func (e exchange) run(t *testing.T, checker *Checker) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, err := io.ReadAll(r.Body); err != nil || string(got) != e.body {
			t.Errorf("the server got the body %q (%v), want %q", got, err, e.body)
		}
		w.Header()["Content-Type"] = nil
		switch {
		case strings.HasPrefix(e.answer, "<"):
			w.Header().Set("Content-Type", "text/html;charset=utf-8")
		case e.answer != "":
			w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		}
		for name, value := range e.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(e.status)
		if _, err := io.WriteString(w, e.answer); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	client := http.Client{Transport: checker.Wrap(&http.Transport{DisableKeepAlives: true})}
	request, err := http.NewRequestWithContext(t.Context(), e.method, server.URL+e.path, strings.NewReader(e.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", e.contentType)
	request.Header.Set("Authorization", e.authorization)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil || string(got) != e.answer || response.StatusCode != e.status {
		t.Errorf("the client got %d %q (%v), want %d %q", response.StatusCode, got, err, e.status, e.answer)
	}
}

// TestChecker_except looks away from an answer, and not from the request.
func TestChecker_except(t *testing.T) {
	t.Parallel()
	const header = "From-Elsewhere"
	elsewhere := func(response *http.Response) bool { return response.Header.Get(header) != "" }
	page := func(e *exchange) { e.answer = "<html></html>" }
	marked := func(e *exchange) { e.header = map[string]string{header: "yes"} }
	for _, test := range []struct {
		name     string
		exchange exchange
		want     string
	}{
		{"an answer from elsewhere", getStatus().with(page).with(marked), ""},
		{"an answer of the server", getStatus().with(page), "text/html"},
		{
			"a request that was answered from elsewhere",
			getStatus().with(marked).with(func(e *exchange) { e.path += "?limit=1" }), `the query has "limit"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found := &complaints{}
			test.exchange.run(t, New(found).Except(elsewhere))
			if got := strings.Join(found.list, ""); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("the complaints are %q, want %q", got, test.want)
			}
		})
	}
}

// TestChecker_noAnswer passes on what is no answer at all: it says nothing about the server.
func TestChecker_noAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"broken off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"resourceId"`) // the client's end shows whether it arrived
		},
		"broken off, in a whole answer": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"resourceId"`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(answer)
			defer server.Close()
			checker := New(t)
			e := getStatus()
			request, err := http.NewRequestWithContext(t.Context(), e.method, server.URL+e.path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", e.contentType)
			request.Header.Set("Authorization", e.authorization)
			response, err := checker.Wrap(&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
			if err == nil {
				var got []byte
				got, err = io.ReadAll(response.Body)
				if string(got) != `{"resourceId"` || response.Body.Close() != nil {
					t.Errorf("the client got %q before the end", got)
				}
			}
			if err == nil && !strings.Contains(name, "whole") {
				t.Error("the client learnt nothing of the broken connection")
			}
			if seen := checker.Seen(); len(seen) != 0 {
				t.Errorf("recorded are %v, want nothing", seen)
			}
		})
	}
}
