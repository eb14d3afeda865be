package mockserver

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// These bound the memory of a server that runs for weeks; a test that makes more calls than this reads the end.
const (
	journalLimit = 200_000
	journalBytes = 32 << 20
)

// Request is one entry of the journal. Query and Body have their secrets replaced by [Masked]; headers, and with them
// the access token, are not recorded.
type Request struct {
	Method       string `json:"method"`
	Path         string `json:"path"` // as sent, decoded
	Query        string `json:"query"`
	Organization string `json:"organization"`
	// Status is what the client got, 0 when the answer was lost.
	Status int       `json:"status"`
	Body   string    `json:"body"`
	Time   time.Time `json:"time"` // of arrival, UTC
	// ForeignToken marks a call that used the token of another organization, a client's mistake whatever the status.
	ForeignToken bool `json:"foreign_token"`
}

type journal struct {
	mu      sync.Mutex
	entries []Request
	bytes   int // of what is in the entries
	limit   int // on that; 0: journalBytes
	log     io.Writer
}

// size is about what an entry takes.
func (r Request) size() int {
	return len(r.Method) + len(r.Path) + len(r.Query) + len(r.Organization) + len(r.Body)
}

func (j *journal) add(c *call, a answer, d delivery) {
	entry := Request{
		Method:       c.request.Method,
		Path:         c.request.URL.Path,
		Query:        maskQuery(c.request.URL.RawQuery),
		Organization: c.organization,
		Status:       a.status,
		Body:         maskBody(c.request.Header.Get("Content-Type"), c.body),
		Time:         c.arrived,
		ForeignToken: c.foreignToken,
	}
	if d == deliverNothing {
		entry.Status = 0
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.entries) >= journalLimit {
		j.forget(journalLimit/2, 0)
	}
	limit := cmp.Or(j.limit, journalBytes)
	if j.bytes += entry.size(); j.bytes > limit {
		j.forget(0, j.bytes-limit/2)
	}
	// Requests end in another order than they arrive; the place is nearly always at the end.
	at := len(j.entries)
	for at > 0 && j.entries[at-1].Time.After(entry.Time) {
		at--
	}
	j.entries = slices.Insert(j.entries, at, entry)
	if j.log != nil {
		j.writeLine(entry, time.Since(c.arrived))
	}
}

// forget drops the oldest entries: so many, and so many bytes.
func (j *journal) forget(entries, bytes int) {
	dropped, freed := 0, 0
	for _, entry := range j.entries {
		if dropped >= entries && freed >= bytes {
			break
		}
		dropped, freed = dropped+1, freed+entry.size()
	}
	j.entries = slices.Clone(j.entries[dropped:])
	j.bytes -= freed
}

func (j *journal) writeLine(entry Request, took time.Duration) {
	path := entry.Path
	if entry.Query != "" {
		path += "?" + entry.Query
	}
	status := fmt.Sprint(entry.Status)
	if entry.Status == 0 {
		status = "no answer"
	}
	// %q for the path keeps a hostile one from faking lines; a log that cannot be written is not the client's problem.
	_, _ = fmt.Fprintf(j.log, "%s %s %q %s %s\n", entry.Time.Format("15:04:05.000"), entry.Method, path, status,
		took.Round(time.Microsecond))
}

// stopLog ends logging: the writer may not outlive the server, as that of a test does not.
func (j *journal) stopLog() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.log = nil
}

func (j *journal) list() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]Request{}, j.entries...) // never nil: an empty journal is [] in JSON
}

// last returns the last entries of an organization, newest first.
func (j *journal) last(organization string, limit int) []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	var last []Request
	for _, entry := range slices.Backward(j.entries) {
		if len(last) == limit {
			break
		}
		if entry.Organization == organization {
			last = append(last, entry)
		}
	}
	return last
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.bytes = nil, 0
}
