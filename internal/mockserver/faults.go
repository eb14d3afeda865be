package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// The actions of a [Fault].
const (
	// ActionStatus answers Status, Headers and Body; the request is not processed. Content-Type is set from the look of
	// Body unless Headers has it.
	ActionStatus = "status"
	// ActionLatency waits LatencyMS, then processes the request as if nothing was.
	ActionLatency = "latency_ms"
	// ActionDropBefore closes the connection; the request is not processed. Note that Go's HTTP client repeats a GET by
	// itself when that happens on a connection it has used before.
	ActionDropBefore = "drop_before"
	// ActionDropAfter processes the request, then closes the connection without an answer.
	ActionDropAfter = "drop_after"
	// ActionTruncate processes the request, announces the whole length of its answer, sends half of it and closes the
	// connection. An answer with status 204 cannot have a body and is sent whole.
	ActionTruncate = "truncate"
	// ActionStaleRead answers a GET of a stored object (resource, attribute, SMS sender, the list of senders, application,
	// its authenticators or connector) with what the object was before its last write, as a node of a cluster does. Other
	// requests, the list of applications among them, and reads of objects that were never written, neither trigger nor use
	// up the fault: it can be armed before the write.
	ActionStaleRead = "stale_read"
	// ActionExpireTokens makes all tokens of the request's organization worthless, then processes the request.
	ActionExpireTokens = "expire_tokens"
	// ActionHTML404 answers 404 with an HTML page, as a gateway or an unknown organization does.
	ActionHTML404 = "html_404"
	// ActionRedirect answers 302 to the error page of the authentication portal.
	ActionRedirect = "redirect"
)

var actions = []string{
	ActionStatus, ActionLatency, ActionDropBefore, ActionDropAfter, ActionTruncate, ActionStaleRead, ActionExpireTokens,
	ActionHTML404, ActionRedirect,
}

// FaultHeader marks an answer that a fault has put in place of the server's own, so that a test can tell which of them
// need not be what the real server would say. Its value is the fault's action.
const FaultHeader = "Mock-Fault"

// Fault is one misbehaviour. A request gets the first armed fault that matches it, token requests included; the control
// API never gets one. In JSON:
//
//	{"match": {"method": "GET", "path_prefix": "/t/bifrost/api/identity", "organization": "bifrost"},
//	 "times": 2, "action": "status", "status": 503, "body": "…", "headers": {"Retry-After": "1"}, "latency_ms": 20}
type Fault struct {
	Match Match `json:"match"`
	// Times is how many requests the fault is for: 0 means one, a negative number all.
	Times int `json:"times,omitempty"`
	// Action is one of the Action constants.
	Action string `json:"action"`
	// Status, Body and Headers are for [ActionStatus] only, which needs a status from 200 to 599.
	Status  int               `json:"status,omitempty"`
	Body    string            `json:"body,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	// LatencyMS is waited first, in milliseconds, whatever the action is (except [ActionStaleRead]); [ActionLatency] needs
	// it.
	LatencyMS int `json:"latency_ms,omitempty"`
}

// Match selects requests. An empty field matches everything.
type Match struct {
	Method string `json:"method,omitempty"` // in any case
	// PathPrefix is compared with the decoded path as sent, beginning with "/".
	PathPrefix   string `json:"path_prefix,omitempty"`
	Organization string `json:"organization,omitempty"`
}

func (f Fault) validate() error {
	switch {
	case f.Action == "":
		return fmt.Errorf(`the fault has no "action"; actions are %s`, strings.Join(actions, ", "))
	case !slices.Contains(actions, f.Action):
		return fmt.Errorf("unknown action %q; actions are %s", f.Action, strings.Join(actions, ", "))
	case f.Action == ActionStatus && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf(`action "status" needs a "status" from 200 to 599, not %d`, f.Status)
	case f.Action != ActionStatus && (f.Status != 0 || f.Body != "" || len(f.Headers) > 0):
		return fmt.Errorf(`"status", "body" and "headers" are for action "status", not %q`, f.Action)
	case f.LatencyMS < 0:
		return fmt.Errorf(`"latency_ms" cannot be negative (%d)`, f.LatencyMS)
	case f.Action == ActionLatency && f.LatencyMS == 0:
		return errors.New(`action "latency_ms" needs a "latency_ms"`)
	case f.Action == ActionStaleRead && f.LatencyMS != 0:
		return errors.New(`action "stale_read" cannot have a "latency_ms"`)
	case f.Match.PathPrefix != "" && !strings.HasPrefix(f.Match.PathPrefix, "/"):
		return fmt.Errorf(`"path_prefix" must begin with "/", unlike %q`, f.Match.PathPrefix)
	}
	return nil
}

func (m Match) matches(c *call) bool {
	return (m.Method == "" || strings.EqualFold(m.Method, c.request.Method)) &&
		strings.HasPrefix(c.request.URL.Path, m.PathPrefix) &&
		(m.Organization == "" || m.Organization == c.organization)
}

// faults are the armed faults, oldest first. Times counts down to 0 and stays negative for faults that last.
type faults struct {
	mu    sync.Mutex
	armed []Fault
}

func (f *faults) add(fault Fault) error {
	if err := fault.validate(); err != nil {
		return err
	}
	if fault.Times == 0 {
		fault.Times = 1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append(f.armed, fault)
	return nil
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
}

func (f *faults) list() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault{}, f.armed...)
}

// take uses up one time of the first fault for a call. Stale reads are asked for apart: only the service knows whether
// a call reads an object that was written.
func (f *faults) take(c *call, stale bool) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.armed {
		if (fault.Action == ActionStaleRead) != stale || !fault.Match.matches(c) {
			continue
		}
		if fault.Times > 0 {
			f.armed[i].Times--
			if f.armed[i].Times == 0 {
				f.armed = slices.Delete(f.armed, i, i+1)
			}
		}
		return fault, true
	}
	return Fault{}, false
}

// stale says whether a read of an object that was written shall see the version before.
func (s *Server) stale(c *call) bool {
	_, ok := s.faults.take(c, true)
	return ok
}

// answerWithFault answers a call the way a fault wants it; the zero fault wants nothing.
func (s *Server) answerWithFault(c *call, fault Fault) (answer, delivery) {
	instead := func(a answer) (answer, delivery) {
		a.header.Set(FaultHeader, fault.Action)
		return a, deliverWhole
	}
	switch fault.Action {
	case ActionStatus:
		return instead(statusAnswer(fault))
	case ActionHTML404:
		return instead(htmlAnswer(http.StatusNotFound))
	case ActionRedirect:
		return instead(s.redirectToErrorPage())
	case ActionDropBefore:
		return answer{}, deliverNothing
	case ActionDropAfter:
		return s.answer(c), deliverNothing
	case ActionTruncate:
		return s.answer(c), deliverHalf
	case ActionExpireTokens:
		s.tokens.expire(c.organization)
	}
	return s.answer(c), deliverWhole
}

func statusAnswer(fault Fault) answer {
	a := emptyAnswer(fault.Status)
	a.body = []byte(fault.Body)
	if text := strings.TrimSpace(fault.Body); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		a.header.Set("Content-Type", "application/json")
	} else if text != "" {
		a.header.Set("Content-Type", "text/html;charset=utf-8")
	}
	for name, value := range fault.Headers {
		a.header.Set(name, value)
	}
	return a
}
