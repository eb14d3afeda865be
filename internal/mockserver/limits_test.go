package mockserver

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A server that runs for weeks must not grow without end.

func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	j := &journal{}
	c := &call{request: &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}}}
	start := time.Now()
	for i := range journalLimit + 1 {
		c.arrived = start.Add(time.Duration(i))
		j.add(c, answer{status: http.StatusOK}, deliverWhole)
	}
	entries := j.list()
	if got, want := len(entries), journalLimit/2+1; got != want {
		t.Fatalf("%d entries, want %d", got, want)
	}
	if last := entries[len(entries)-1]; !last.Time.Equal(c.arrived) {
		t.Errorf("the newest entry is from %v, want %v", last.Time, c.arrived)
	}
}

func TestExpiredTokensAreForgotten(t *testing.T) {
	t.Parallel()
	tokens := newTokens()
	good := tokens.issue(grant{expires: time.Now().Add(time.Hour)})
	limit := tokens.sweepAt
	for range 3 * limit {
		tokens.issue(grant{expires: time.Now().Add(-time.Hour)})
	}
	if got := len(tokens.grants); got > 2*limit {
		t.Errorf("%d tokens are kept", got)
	}
	if _, ok := tokens.find(good); !ok {
		t.Error("a good token is forgotten")
	}
}

func TestJournalIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	const limit, size = 100_000, 1000
	j := &journal{limit: limit}
	body := []byte(`{"x":"` + strings.Repeat("x", size-8) + `"}`)
	for range 3 * limit / size {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/t/bifrost/x", http.NoBody)
		request.Header.Set("Content-Type", "application/json")
		j.add(&call{request: request, arrived: time.Now(), body: body}, answer{}, deliverWhole)
	}
	held := 0
	for _, entry := range j.list() {
		held += entry.size()
	}
	if held > limit || held < limit/3 || held != j.bytes {
		t.Errorf("the journal holds %d bytes and counts %d", held, j.bytes)
	}
	j.clear()
	if j.bytes != 0 {
		t.Errorf("%d bytes after a clear", j.bytes)
	}
}

// TestStalledBodyEnds: who announces a body and sends half of it does not keep a connection forever.
func TestStalledBodyEnds(t *testing.T) {
	t.Parallel()
	server := New(t, func(s *settings) { s.bodyTimeout = 50 * time.Millisecond })
	for _, path := range []string{"/t/bifrost/oauth2/token", "/_mock/state"} {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(connection, "PUT "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf")
		_ = connection.SetReadDeadline(time.Now().Add(time.Minute))
		if answer, err := io.ReadAll(connection); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
			t.Errorf("%s: %q, and %v", path, answer, err)
		}
		_ = connection.Close()
	}
	// Control: a latency that is longer than the time for the body cuts nothing off.
	server.AddFault(Fault{Action: ActionLatency, LatencyMS: 300})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL()+"/t/bifrost/x",
		strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d", answer.StatusCode)
	}
}
