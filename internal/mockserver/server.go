package mockserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// TB is the part of [testing.TB] the package needs. It is an interface of its own so that the program does not link the
// testing package.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is a running mock server.
type Server struct {
	settings settings
	baseURL  string // scheme, host and port
	caPEM    string

	store   *store
	tokens  *tokens
	faults  *faults
	journal *journal
	pages   *pages // nil: there are none

	assertions assertions
	http       *http.Server
	served     chan struct{} // closed when the listener is
	done       chan struct{} // closed when the server shall stop, ends latencies
	once       sync.Once
}

// New starts a server on a free port of 127.0.0.1 and closes it at the end of the test.
func New(t TB, options ...Option) *Server {
	t.Helper()
	server, err := Start("127.0.0.1:0", options...)
	if err != nil {
		t.Fatalf("starting the mock server: %v", err)
	}
	t.Cleanup(server.Close)
	return server
}

// Start starts a server that listens on address; port 0 picks a free one. The caller closes it.
func Start(address string, options ...Option) (*Server, error) {
	s := &Server{
		settings: newSettings(options),
		tokens:   newTokens(),
		faults:   &faults{},
		served:   make(chan struct{}),
		done:     make(chan struct{}),
	}
	s.journal = &journal{log: s.settings.log}
	state := s.settings.initialState()
	if err := state.validate(); err != nil {
		return nil, fmt.Errorf("the initial state is not usable: %w", err)
	}
	defaultFlow := AuthenticationSequence{Type: sequenceUserDefined, Steps: s.settings.defaultFlow}
	if err := defaultFlow.validate(); err != nil {
		return nil, fmt.Errorf("the default login flow %w", err)
	}
	s.store = newStore(state.clone())

	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen: %w", err)
	}
	s.baseURL = "http://" + reachable(listener.Addr())
	if s.settings.pages {
		s.pages = newPages(listener.Addr())
	}
	if s.settings.tls {
		certificate, caPEM, err := selfSigned()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("cannot make a certificate: %w", err), listener.Close())
		}
		listener = tls.NewListener(listener,
			&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
		s.baseURL, s.caPEM = "https://"+reachable(listener.Addr()), caPEM
	}

	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: time.Minute,
		// A client that does not trust the certificate is a test's business, not worth a line on stderr.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	// Latencies end once the listener is closed and not before: a client may repeat at once what was cut off.
	s.http.RegisterOnShutdown(func() { s.once.Do(func() { close(s.done) }) })
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // always ends with an error; ErrServerClosed is the only one Close can cause
	}()
	return s, nil
}

// reachable is an address a client can dial: the unspecified address is not one everywhere.
func reachable(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// URL returns the base URL to configure a client with, without a trailing slash: scheme, host, port and the path
// prefix, if any.
func (s *Server) URL() string { return s.baseURL + s.settings.pathPrefix }

// CACertificate returns the PEM certificate a client must trust, or "" when the server does not use TLS.
func (s *Server) CACertificate() string { return s.caPEM }

// Close stops the server at once, open connections included. It may be called more than once.
func (s *Server) Close() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.Shutdown(ctx) // an already cancelled context makes Shutdown give up on open connections and close them
}

// Shutdown stops the server after the requests in flight, at the latest when ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.served
	s.journal.stopLog()
	return err
}

// State returns a copy of the whole store.
func (s *Server) State() State { return s.store.snapshot() }

// SetState replaces the whole store. Objects that exist before and after keep id and creation time. A state that cannot
// be (see [ParseState]) panics.
func (s *Server) SetState(state State) {
	s.Update(func(current *State) { *current = state })
}

// Update edits the store, as an administrator in the Console would; no request of the client sees half of the edit, and
// the journal does not show it. The function must not call methods of the server. A state that cannot be panics.
func (s *Server) Update(edit func(*State)) {
	if err := s.store.update(edit); err != nil {
		panic("mockserver: " + err.Error())
	}
}

// Requests returns the journal of the product's paths, oldest first. Calls of the control API are not in it.
func (s *Server) Requests() []Request { return s.journal.list() }

// ClearRequests empties the journal.
func (s *Server) ClearRequests() { s.journal.clear() }

// AddFault arms a fault behind those already armed. A fault that cannot be (see [Fault]) panics.
func (s *Server) AddFault(fault Fault) {
	if err := s.faults.add(fault); err != nil {
		panic("mockserver: " + err.Error())
	}
}

// Faults returns the faults still armed, oldest first, with the times they have left.
func (s *Server) Faults() []Fault { return s.faults.list() }

// ClearFaults disarms all faults.
func (s *Server) ClearFaults() { s.faults.clear() }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.page(w, r) {
		return
	}
	if command, ok := s.controlCommand(r.URL.Path); ok {
		s.control(w, r, command)
		return
	}
	c, problem := s.newCall(w, r)
	fault, _ := s.faults.take(c, false)
	delivery := deliverWhole
	var a answer
	switch {
	case problem != nil:
		a = *problem
	case !s.pause(r.Context(), fault.LatencyMS):
		delivery = deliverNothing // nobody waits for it any more
	default:
		a, delivery = s.answerWithFault(c, fault)
	}
	// The journal comes first: who has the answer must find the request.
	s.journal.add(c, a, delivery)
	a.deliver(w, delivery)
}

// bodyTimeout is how long a client has for the body of a request.
const bodyTimeout = 30 * time.Second

// readBody reads a request's body, within bounds of size and time. The deadline is for reading alone: what a fault
// makes a client wait for comes later.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(s.settings.bodyTimeout)) // a recorder in a test has none
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err == nil {
		// With an error it stays: the server still reads on for what is left.
		_ = connection.SetReadDeadline(time.Time{})
	}
	return body, err
}

// pause waits for a latency and says whether the call should go on.
func (s *Server) pause(ctx context.Context, milliseconds int) bool {
	if milliseconds <= 0 {
		return true
	}
	timer := time.NewTimer(time.Duration(milliseconds) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.done:
	}
	return false
}

// controlCommand returns what follows /_mock/ in a path of the control API, which is served with and without the
// prefix.
func (s *Server) controlCommand(path string) (string, bool) {
	if command, ok := strings.CutPrefix(path, "/_mock/"); ok {
		return command, true
	}
	return strings.CutPrefix(path, s.settings.pathPrefix+"/_mock/")
}
