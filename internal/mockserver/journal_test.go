package mockserver_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestJournal(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	if got := server.Requests(); len(got) != 0 {
		t.Fatalf("a new server has the journal %+v", got)
	}
	before := time.Now()
	c := newClient(t, server)
	c.call("GET", configPath+"/search?filter=x", "")
	c.call("PUT", resourcesPath, putStatus)
	c.call("GET", "/t/nowhere/anything", "")
	want := []mockserver.Request{
		{Method: "POST", Path: tokenPath, Organization: "bifrost", Status: 200},
		{Method: "GET", Path: configPath + "/search", Query: "filter=x", Organization: "bifrost", Status: 400},
		{Method: "PUT", Path: resourcesPath, Organization: "bifrost", Status: 200, Body: putStatus},
		{Method: "GET", Path: "/t/nowhere/anything", Organization: "nowhere", Status: 404},
	}
	got := server.Requests()
	if len(got) != len(want) {
		t.Fatalf("journal %+v", got)
	}
	last := before
	for i := range want {
		if got[i].Time.Before(last) || got[i].Time.After(time.Now()) {
			t.Errorf("time of %d: %v", i, got[i].Time)
		}
		last = got[i].Time
		got[i].Time = time.Time{}
		if i == 0 {
			got[i].Body = "" // see the masking test
		}
		if got[i] != want[i] {
			t.Errorf("entry %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	server.ClearRequests()
	if got := server.Requests(); len(got) != 0 {
		t.Errorf("after clearing: %+v", got)
	}
}

// A request that took long ends after one that arrived later and is still listed before it.
func TestJournalIsInOrderOfArrival(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := anonymous(t, server)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionLatency, LatencyMS: 200})
	var wait sync.WaitGroup
	wait.Go(func() {
		if _, err := c.try("GET", "/t/bifrost/first", ""); err != nil {
			t.Error(err)
		}
	})
	for len(server.Faults()) > 0 {
		time.Sleep(time.Millisecond)
	}
	c.send("GET", "/t/bifrost/second", "")
	wait.Wait()
	if got := server.Requests(); len(got) != 2 || got[0].Path != "/t/bifrost/first" || got[1].Path != "/t/bifrost/second" {
		t.Errorf("journal %+v", got)
	}
}

func TestJournalMasksSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-value"
	var log bytes.Buffer
	server := mockserver.New(t, mockserver.WithClient("the-id", secret), mockserver.WithLog(&log))
	c := anonymous(t, server)
	form := url.Values{
		"grant_type": {"client_credentials"}, "scope": {strings.Join(mockserver.AllScopes(), " ")}, "client_id": {"the-id"},
		"client_secret": {secret},
	}
	c.token = c.postForm(tokenPath, form).expect(http.StatusOK).text("access_token")

	c.send("POST", tokenPath, "grant_type=client_credentials", "Content-Type", formType, "Authorization",
		basic("the-id", secret)).expect(http.StatusOK)
	c.send("POST", tokenPath, `{"client_id":"the-id","client_secret":"`+secret+`"}`, "Content-Type", "application/json")
	c.send("POST", tokenPath+"?client_secret="+secret, "", "Content-Type", formType)
	c.send("POST", tokenPath, "client_secret="+secret+"&%zz", "Content-Type", formType)
	c.call("POST", sendersPath, `{"provider":"Custom","contentType":"JSON","key":"`+secret+`","secret":"`+secret+`",
		"properties":[{"key":"body","value":"{{<body>}}"},
		{"key":"http.headers","value":"Authorization: `+secret+`"}]}`).expect(http.StatusCreated)
	c.call("PUT", senderPath, `{"secret":"`+secret+`"`)
	c.call("PUT", senderPath, `{"secret":"`+secret+`","secret":null}`)
	c.call("PUT", resourcesPath, `{"name":"x","attributes":[{"key":"secret","value":"`+secret+`"}]}`).expect(http.StatusOK)

	requests := server.Requests()
	if len(requests) != 9 {
		t.Fatalf("%d requests", len(requests))
	}
	for _, text := range []string{secret, c.token} {
		for _, r := range requests {
			if strings.Contains(r.Body+r.Query+r.Path, text) {
				t.Errorf("the journal has a secret: %+v", r)
			}
		}
		if strings.Contains(log.String(), text) {
			t.Errorf("the log has a secret: %s", log.String())
		}
	}
	// What is no secret is still there.
	masked := url.QueryEscape(mockserver.Masked)
	if got := requests[0].Body; !strings.Contains(got, "client_id=the-id") ||
		!strings.Contains(got, "client_secret="+masked) {
		t.Errorf("form %s", got)
	}
	if got := requests[3].Query; got != "client_secret="+masked {
		t.Errorf("query %s", got)
	}
	want := `{"contentType":"JSON","key":"***","properties":[{"key":"body","value":"{{<body>}}"},{"key":"http.headers",` +
		`"value":"***"}],"provider":"Custom","secret":"***"}`
	if got := requests[5].Body; got != want {
		t.Errorf("sender %s, want %s", got, want)
	}
	if got := requests[8].Body; got != `{"attributes":[{"key":"secret","value":"***"}],"name":"x"}` {
		t.Errorf("resource %s", got)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := mockserver.New(t, mockserver.WithLog(&log))
	c := anonymous(t, server)
	c.send("GET", "/t/bifrost/line%0Abreak?a=b", "")
	server.AddFault(mockserver.Fault{Action: mockserver.ActionDropBefore})
	if _, err := c.tryJSON("PUT", "/t/bifrost/x", ""); err == nil {
		t.Error("the dropped request has an answer")
	}
	server.Close()
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], ` GET "/t/bifrost/line\nbreak?a=b" 401 `) ||
		!strings.Contains(lines[1], ` PUT "/t/bifrost/x" no answer `) {
		t.Errorf("log %q", lines)
	}
}
