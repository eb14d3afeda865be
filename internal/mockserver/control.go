package mockserver

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// control serves the control API, which is no part of the product: never journaled, never at fault, needs no token.
func (s *Server) control(w http.ResponseWriter, r *http.Request, command string) {
	if reason := foreign(r); reason != "" {
		controlError(http.StatusForbidden, reason).deliver(w, deliverWhole)
		return
	}
	body, err := s.readBody(w, r, 64*maxBody)
	if err != nil {
		controlError(http.StatusBadRequest, "cannot read the request: "+err.Error()).deliver(w, deliverWhole)
		return
	}
	s.controlAnswer(r.Method, command, body).deliver(w, deliverWhole)
}

// foreign says why a request is refused that a page of another site has a browser send: the control API tells and
// changes all there is, without a token. Such a page has an origin of its own, or it calls the server by a name that
// leads here for the time being.
func foreign(r *http.Request) string {
	if reason := foreignName(hostName(r)); reason != "" {
		return reason
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if from, err := url.Parse(origin); err != nil || from.Host != r.Host {
			return fmt.Sprintf("the control API takes no request from the page %q", origin)
		}
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return "the control API takes no request from a page of another site"
	}
	return ""
}

// hostName is the name that a request calls the server by.
func hostName(r *http.Request) string {
	name := r.Host
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	return strings.Trim(name, "[]")
}

// foreignName says why a name is refused that anybody can let lead here for the time being.
func foreignName(name string) string {
	if net.ParseIP(name) == nil && strings.Contains(name, ".") && !strings.HasSuffix(name, ".localhost") {
		return fmt.Sprintf("the control API and the pages are not served under the name %q: "+
			"use an IP address, localhost, or a name without a dot", name)
	}
	return ""
}

func (s *Server) controlAnswer(method, command string, body []byte) answer {
	handlers := map[string]func(body []byte) answer{}
	switch command {
	case "requests":
		handlers["GET"] = func([]byte) answer { return jsonAnswer(http.StatusOK, s.Requests()) }
		handlers["DELETE"] = func([]byte) answer { s.ClearRequests(); return emptyAnswer(http.StatusNoContent) }
	case "state":
		handlers["GET"] = func([]byte) answer { return jsonAnswer(http.StatusOK, s.State()) }
		handlers["PUT"] = s.controlPutState
	case "faults":
		handlers["GET"] = func([]byte) answer { return jsonAnswer(http.StatusOK, s.Faults()) }
		handlers["POST"] = s.controlAddFault
		handlers["DELETE"] = func([]byte) answer { s.ClearFaults(); return emptyAnswer(http.StatusNoContent) }
	default:
		return controlError(http.StatusNotFound,
			fmt.Sprintf("there is no /_mock/%s; there are /_mock/requests, /_mock/state and /_mock/faults", command))
	}
	handle := handlers[method]
	if handle == nil {
		allowed := strings.Join(slices.Sorted(maps.Keys(handlers)), ", ")
		a := controlError(http.StatusMethodNotAllowed, fmt.Sprintf("/_mock/%s takes %s, not %s", command, allowed, method))
		a.header.Set("Allow", allowed)
		return a
	}
	return handle(body)
}

func (s *Server) controlPutState(body []byte) answer {
	state, err := ParseState(body)
	if err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	s.SetState(state)
	return emptyAnswer(http.StatusNoContent)
}

func (s *Server) controlAddFault(body []byte) answer {
	var fault Fault
	if err := decodeStrictly(body, &fault); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	if err := s.faults.add(fault); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	return jsonAnswer(http.StatusCreated, fault)
}

func controlError(status int, text string) answer {
	return jsonAnswer(status, map[string]string{"error": text})
}
