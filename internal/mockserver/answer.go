package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
)

// answer is a whole response. Handlers return it instead of writing, so that a fault can still lose or cut it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func emptyAnswer(status int) answer {
	return answer{status: status, header: http.Header{}}
}

// jsonAnswer encodes v compactly. Only values made of this package's own types get here.
func jsonAnswer(status int, v any) answer {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("mockserver: encoding an answer: %v", err))
	}
	return answer{
		status: status,
		header: http.Header{"Content-Type": {"application/json"}},
		body:   bytes.TrimSuffix(body.Bytes(), []byte("\n")),
	}
}

// htmlAnswer is an error page as the servlet container writes it.
func htmlAnswer(status int) answer {
	title := html.EscapeString(fmt.Sprintf("HTTP Status %d – %s", status, http.StatusText(status)))
	return answer{
		status: status,
		header: http.Header{"Content-Type": {"text/html;charset=utf-8"}},
		body: fmt.Appendf(nil, "<!doctype html><html "+
			"lang=\"en\"><head><title>%s</title></head><body><h1>%s</h1></body></html>",
			title, title),
	}
}

// methodNotAllowed is the answer of a path that exists, but not with this method.
func methodNotAllowed(allowed ...string) answer {
	a := emptyAnswer(http.StatusMethodNotAllowed)
	a.header.Set("Allow", strings.Join(allowed, ","))
	return a
}

// serviceError is an error body whose code is a string: that of the services, not of the gateway in front of them.
type serviceError struct {
	Code        string  `json:"code"`
	Message     string  `json:"message"`
	Description string  `json:"description"`
	TraceID     *string `json:"traceId,omitempty"`
}

// traceID is the id an error body carries, nil about every second time.
func (s *Server) traceID() *string {
	if s.settings.traceID != "" {
		return new(s.settings.traceID)
	}
	if rand.IntN(2) == 0 {
		return nil
	}
	return new(newID())
}

// delivery is how much of an answer reaches the client.
type delivery int

const (
	deliverWhole delivery = iota
	deliverHalf
	deliverNothing
)

func (a answer) deliver(w http.ResponseWriter, d delivery) {
	if d == deliverNothing {
		panic(http.ErrAbortHandler) // closes the connection without a word
	}
	header := w.Header()
	maps.Copy(header, a.header)
	if header.Get("Content-Type") == "" {
		header["Content-Type"] = nil // keeps net/http from guessing one
	}
	mayHaveBody := a.status != http.StatusNoContent && a.status != http.StatusNotModified
	if d == deliverHalf && mayHaveBody {
		header.Set("Content-Length", strconv.Itoa(max(len(a.body), 1)))
		a.body = a.body[:len(a.body)/2]
	}
	w.WriteHeader(a.status)
	if mayHaveBody && len(a.body) > 0 {
		if _, err := w.Write(a.body); err != nil {
			return // the client is gone; there is nobody left to tell
		}
	}
	if d == deliverHalf && mayHaveBody {
		// Without the flush nothing at all would be sent.
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		panic(http.ErrAbortHandler)
	}
}
