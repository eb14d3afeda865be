package mockserver

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// control serves the control API, which is no part of the product: never journaled, never at fault, needs no token.
func (s *Server) control(w http.ResponseWriter, r *http.Request, command string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64*maxBody))
	if err != nil {
		controlError(http.StatusBadRequest, "cannot read the request: "+err.Error()).deliver(w, deliverWhole)
		return
	}
	s.controlAnswer(r.Method, command, body).deliver(w, deliverWhole)
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
		return controlError(http.StatusNotFound, fmt.Sprintf("there is no /_mock/%s; there are /_mock/requests, /_mock/state and /_mock/faults", command))
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
