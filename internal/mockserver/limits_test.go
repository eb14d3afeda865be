package mockserver

import (
	"net/http"
	"net/url"
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
