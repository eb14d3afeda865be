package providertest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// The calls that tests count, as Workspace.Calls names them.
const (
	LookupCall = "GET applications"
	ReadCall   = "GET application"
	PatchCall  = "PATCH application"
	TokenCall  = "POST token"
	SenderList = "GET sms"
)

// Calls returns the calls since the last look, such as "POST token", "GET status" or "PUT myaccount-2FA-config".
func (w *Workspace) Calls() []string {
	w.T.Helper()
	calls := []string{}
	for _, request := range w.Mock.Requests() {
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, ApplicationCalls+"/") {
			what = ApplicationDocument // its id says nothing
		}
		if request.Method == http.MethodPut {
			var body struct{ Name string }
			Must(w.T, json.Unmarshal([]byte(request.Body), &body))
			if body.Name != "" { // a sender's is in the path
				what = body.Name
			}
		}
		calls = append(calls, request.Method+" "+what)
	}
	w.Mock.ClearRequests()
	return calls
}

// WantCalls compares the calls since the last look, in any order: objects may be read at the same time.
func (w *Workspace) WantCalls(want ...string) {
	w.T.Helper()
	slices.Sort(want)
	got := w.Calls()
	slices.Sort(got)
	if diff := cmp.Diff(want, got,
		cmp.Transformer("empty", func(calls []string) []string { return append([]string{}, calls...) })); diff != "" {
		w.T.Errorf("calls differ (- want, + got):\n%s", diff)
	}
}

// Writes returns the documents that were written since the last look, in order.
func (w *Workspace) Writes() []string {
	w.T.Helper()
	written := []string{}
	for _, call := range w.Calls() {
		method, name, _ := strings.Cut(call, " ")
		if method == http.MethodPut || method == http.MethodPatch {
			written = append(written, name)
		}
	}
	return written
}

// WantApplicationCalls compares how often each call was made since the last look.
func (w *Workspace) WantApplicationCalls(want map[string]int) {
	w.T.Helper()
	got := map[string]int{}
	for _, call := range w.Calls() {
		got[call]++
	}
	if !Same(got, want) {
		w.T.Errorf("the calls are %v, want %v", got, want)
	}
}

// AskedForSenders reports whether the SMS senders were listed since the last look.
func (w *Workspace) AskedForSenders() bool {
	w.T.Helper()
	return slices.Contains(w.Calls(), SenderList)
}

// WantNoRequestTo insists that a part of the API was not called since the last look, and some other one was.
func (w *Workspace) WantNoRequestTo(paths ...string) {
	w.T.Helper()
	requests := w.Mock.Requests()
	if len(requests) == 0 {
		w.T.Error("the server was asked nothing")
	}
	for _, request := range requests {
		for _, path := range paths {
			if strings.Contains(request.Path, path) {
				w.T.Errorf("%s %s", request.Method, request.Path)
			}
		}
	}
}

// Patches returns the bodies of the changes of applications since the last look.
func (w *Workspace) Patches() []map[string]any {
	w.T.Helper()
	bodies := w.patchBodies()
	w.Mock.ClearRequests()
	return bodies
}

func (w *Workspace) patchBodies() []map[string]any {
	w.T.Helper()
	bodies := []map[string]any{}
	for _, request := range w.Mock.Requests() {
		if request.Method != http.MethodPatch {
			continue
		}
		var body map[string]any
		Must(w.T, json.Unmarshal([]byte(request.Body), &body))
		bodies = append(bodies, body)
	}
	return bodies
}

// WantPatches compares the changes of applications since the last look with JSON texts.
func (w *Workspace) WantPatches(want ...string) {
	w.T.Helper()
	wanted := []map[string]any{}
	for _, text := range want {
		var body map[string]any
		Must(w.T, json.Unmarshal([]byte(text), &body))
		wanted = append(wanted, body)
	}
	if diff := cmp.Diff(wanted, w.Patches()); diff != "" {
		w.T.Errorf("the changes differ (- want, + got):\n%s", diff)
	}
}

// ChangedMembers compares the calls since the last look, and returns, for each change of an application among them, the
// names of the members that it changed.
func (w *Workspace) ChangedMembers(want ...string) []string {
	w.T.Helper()
	bodies := w.patchBodies()
	w.WantCalls(want...)
	var changes []string
	for _, body := range bodies {
		changes = append(changes, strings.Join(slices.Sorted(maps.Keys(body)), " "))
	}
	return changes
}
