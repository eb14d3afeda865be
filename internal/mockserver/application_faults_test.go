package mockserver_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A stale read shows the application as it was before its last write, whoever wrote it and whatever was in it.
func TestFaultStaleReadOfApplications(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	stale := mockserver.Fault{Action: mockserver.ActionStaleRead}
	p.server.AddFault(stale)
	p.flow() // never written: the fault waits
	p.patch(`{"applicationEnabled":false,"authenticationSequence":{` + userDefined + `"script":"x",` +
		steps(step("BasicAuthenticator"), step("totp")) + `}}`).expectChanged()
	p.listApplications("attributes=applicationEnabled") // the list does not use it up
	if object := p.get(); object["applicationEnabled"] != true {
		t.Errorf("the first read is not stale: %v", object)
	}
	const written = `USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/totp] 1 1 "x"`
	if got := p.flow(); got != written || p.get()["applicationEnabled"] != false {
		t.Errorf("the next read shows %s", got)
	}
	p.patch(`{"applicationEnabled":true}`).expectChanged()
	p.server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead, Times: 2})
	if got := p.get()["applicationEnabled"]; got != false {
		t.Errorf("stale applicationEnabled is %v", got)
	}
	if got, want := p.configured(), "1 [] [{Username & Password BasicAuthenticator}] 2 [] [{TOTP totp}]"; got != want {
		t.Errorf("stale authenticators %s", got)
	}

	// A change from outside is a write, too, and one that changes nothing is none.
	p.server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccountApplication().AuthenticationSequence = nil
	})
	p.server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "DEFAULT",
		}
	})
	p.server.AddFault(stale)
	if first, second := p.flow(), p.flow(); first != written || second != defaultFlow {
		t.Errorf("after an edit from outside: %s, %s", first, second)
	}
	p.server.AddFault(stale)
	p.call("PATCH", p.path, `{}`).expectChanged() // a write is never stale
	if got := p.flow(); got != defaultFlow {
		t.Errorf("the flow is %s", got)
	}
	if got := p.server.Faults(); len(got) != 0 {
		t.Errorf("still armed is %v", got)
	}

	// An application that was deleted, and one that was created.
	p.server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{{ID: "new", Name: "New"}}
	})
	p.server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead, Times: 2})
	p.call("GET", p.path, "").expect(http.StatusOK)
	p.call("GET", appsPath+"/new", "").expectError(http.StatusNotFound, "APP-60006")
	p.call("GET", p.path, "").expectError(http.StatusNotFound, "APP-60006")
	p.call("GET", appsPath+"/new", "").expect(http.StatusOK)
}

// An edit that only makes the default application visible is no write.
func TestMaterializingIsNoWrite(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	p.server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].MyAccountApplication() })
	p.server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	p.flow()
	if got := len(p.server.Faults()); got != 1 {
		t.Error("the read was a stale one")
	}
}

func TestFaultStaleReadOfConnectors(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	p.server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	p.properties(connectorPath)
	p.call("PATCH", connectorPath, update(enrolment, "false")).expectChanged()
	if first, second := p.properties(connectorPath),
		p.properties(connectorPath); first[enrolment] != "true" || second[enrolment] != "false" {
		t.Errorf("reads after the write: %v, %v", first, second)
	}
}

// The other faults meet the routes of applications as they meet the others: some before, some after the change was
// made.
func TestFaultsOnPatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault    mockserver.Fault
		status   int // 0: no answer
		disabled bool
	}{
		{mockserver.Fault{Action: mockserver.ActionStatus, Status: 503}, 503, false},
		{mockserver.Fault{Action: mockserver.ActionDropBefore}, 0, false},
		{mockserver.Fault{Action: mockserver.ActionDropAfter}, 0, true},
		{mockserver.Fault{Action: mockserver.ActionTruncate}, 0, true},
		{mockserver.Fault{Action: mockserver.ActionExpireTokens}, 401, false},
		{mockserver.Fault{Action: mockserver.ActionLatency, LatencyMS: 1}, 200, true},
		{mockserver.Fault{Action: mockserver.ActionHTML404}, 404, false},
	} {
		t.Run(test.fault.Action, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, nil)
			test.fault.Match = mockserver.Match{Method: "PATCH", PathPrefix: appsPath}
			p.server.AddFault(test.fault)
			r, err := p.tryJSON("PATCH", p.path, `{"applicationEnabled":false}`)
			if test.status == 0 && err == nil {
				t.Errorf("the answer is %d %s", r.status, r.body)
			}
			if test.status != 0 {
				if err != nil {
					t.Fatal(err)
				}
				r.expect(test.status)
			}
			enabled := p.server.State().Organizations["bifrost"].MyAccountApplication().ApplicationEnabled
			if disabled := enabled != nil && !*enabled; disabled != test.disabled {
				t.Errorf("disabled is %v, want %v", disabled, test.disabled)
			}
		})
	}
	p := newPortal(t, nil)
	p.server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET", PathPrefix: p.path},
		Action: mockserver.ActionTruncate})
	if r, err := p.tryJSON("GET", p.path, ""); err == nil {
		t.Errorf("half an application came whole: %s", r.body)
	}
}

// A test can look at what was sent.
func TestJournalShowsFlows(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	p.server.ClearRequests()
	body := sequence(userDefined + `"script":"executeStep(1); // token, secret, password",` +
		steps(step("BasicAuthenticator")))
	p.patch(body).expectChanged()
	p.call("PUT", p.path+"/authenticationSequence/script", `{"script":"executeStep(2);"}`).expectChanged()
	p.call("PATCH", connectorPath, update(enrolment, "false")).expectChanged()
	var got []string
	for _, request := range p.server.Requests() {
		got = append(got, fmt.Sprint(request.Method, " ", request.Status, " ", request.Body))
	}
	want := []string{
		"PATCH 200 " + body, `PUT 200 {"script":"executeStep(2);"}`, "PATCH 200 " + update(enrolment, "false"),
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the journal has %q, want %q", got, want)
	}
}
