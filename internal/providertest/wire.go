package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Wire is what goes over the connection of a process. It learns the access tokens from it, and may quote requests in
// the place of the server.
type Wire struct {
	connection http.RoundTripper
	Match      mockserver.Match                           // the requests that are quoted
	Quote      func(body, authorization string) Quotation // instead of an answer of the server; may be nil

	mutex  *sync.Mutex
	Tokens map[string]string // the access tokens that were sent
	Sent   *bytes.Buffer     // all bodies and tokens that were sent
}

// NewWire is a wire that quotes nothing.
func NewWire() *Wire {
	return &Wire{mutex: &sync.Mutex{}, Tokens: map[string]string{}, Sent: &bytes.Buffer{}}
}

// Around puts the wire around the connection of each process. What goes over it is checked, but for what is quoted.
func (w *Wire) Around(t *testing.T) func(http.RoundTripper) http.RoundTripper {
	t.Helper()
	check := BesidesFaults(t)
	return func(connection http.RoundTripper) http.RoundTripper {
		wrapped := *w
		wrapped.connection = connection
		return check(&wrapped)
	}
}

// RoundTrip takes note of a request and has it answered.
func (w *Wire) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
		if err := request.Body.Close(); err != nil {
			return nil, err
		}
		request = request.Clone(request.Context())
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	w.mutex.Lock()
	w.Sent.Write(body)
	if token, ok := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer "); ok {
		w.Tokens["access token "+token[:4]] = token
		w.Sent.WriteString(token)
	}
	w.mutex.Unlock()
	if w.Quote == nil || request.Method != w.Match.Method || !strings.HasPrefix(request.URL.Path, w.Match.PathPrefix) {
		return w.connection.RoundTrip(request)
	}
	answer := w.Quote(string(body), request.Header.Get("Authorization"))
	answer.header.Set(mockserver.FaultHeader, "quote")
	return &http.Response{
		StatusCode: answer.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: answer.header,
		Body: io.NopCloser(strings.NewReader(answer.Body)), ContentLength: int64(len(answer.Body)), Request: request,
	}, nil
}

// Planted returns the secrets to look for: the planted ones and the tokens, by their names.
func (w *Wire) Planted() map[string]string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	secrets := maps.Clone(w.Tokens)
	maps.Copy(secrets, map[string]string{
		"client secret": PlantedClientSecret, "SMS key": PlantedKey, "SMS secret": PlantedSecret,
		"HTTP headers": PlantedHeaders,
	})
	return secrets
}

// WantNoLeak looks for the planted secrets, in every encoding, in a text.
func (w *Wire) WantNoLeak(t Tester, where, text string) {
	t.Helper()
	for _, found := range Leaks([]byte(text), w.Planted()) {
		t.Errorf("%s: holds the %s:\n%s", where, found, text)
	}
}

// Quotation is an answer that repeats the request.
type Quotation struct {
	status int
	header http.Header
	Body   string
}

// ServersOwnWords is a text that Quoting puts beside what it repeats: a message that lacks it proves nothing.
const ServersOwnWords = "the server's own words"

// Quoting answers with an error that repeats the request, in the body and in headers. A page is HTML instead of JSON.
func Quoting(status int, page bool, encode func(string) string) func(string, string) Quotation {
	return func(body, authorization string) Quotation {
		quote := encode(body) + " " + encode(authorization)
		text, _ := json.Marshal(map[string]string{ // texts always encode
			"code": "X-1", "message": "Bad Request", "description": ServersOwnWords + " " + quote,
			"traceId": encode(body), "error": "e", "error_description": ServersOwnWords + " " + quote,
		})
		answer := Quotation{
			status: status, Body: string(text),
			header: http.Header{"Content-Type": {"application/json"}, "Activityid": {quote}},
		}
		if page {
			answer.Body = "<html>" + ServersOwnWords + " " + quote + "</html>"
			answer.header.Set("Content-Type", "text/html")
		}
		if status == http.StatusFound {
			answer.header.Set("Location",
				"https://example.com/"+url.PathEscape(quote)+"?"+url.QueryEscape(quote)+"#"+url.QueryEscape(quote))
		}
		return answer
	}
}

// Logged is a test whose log lines, the framework's and the provider's own, end up in a buffer.
type Logged struct {
	Tester
	ctx context.Context
	Log *bytes.Buffer
}

// NewLogged is a test with an empty log.
func NewLogged(t *testing.T) *Logged {
	t.Helper()
	log := &bytes.Buffer{}
	return &Logged{Tester: t, ctx: tflogtest.RootLogger(tfsdklogtest.RootLogger(t.Context(), log), log), Log: log}
}

// Context makes everything that runs in the test log to the buffer.
func (l *Logged) Context() context.Context { return l.ctx }
