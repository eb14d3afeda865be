package provider

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Secrets are planted in every place that takes one. They must come out nowhere but at the server, whatever that does
// with them.

const (
	plantedClientSecret = `cl13nt:+/%&= "<>ü` + "\u00a0end"
	plantedKey          = `k3y:+/%&= "<>ü`
	plantedSecret       = `s3cret:+/%&= "<>ü`
	plantedHeaders      = `Authorization: Bearer h3ader+/%&=<>ü, X-Key: "2"`
)

// wire is what goes over the connection of a process. It learns the access tokens from it.
type wire struct {
	connection http.RoundTripper
	match      mockserver.Match
	quote      func(body, authorization string) quotation // instead of an answer of the server; may be nil

	mutex  *sync.Mutex
	tokens map[string]string
	sent   *bytes.Buffer
}

func newWire() *wire {
	return &wire{mutex: &sync.Mutex{}, tokens: map[string]string{}, sent: &bytes.Buffer{}}
}

// around puts the wire around the connection of each process. What goes over it is checked, but for what is quoted.
func (w *wire) around(t *testing.T) func(http.RoundTripper) http.RoundTripper {
	t.Helper()
	check := besidesFaults(t)
	return func(connection http.RoundTripper) http.RoundTripper {
		wrapped := *w
		wrapped.connection = connection
		return check(&wrapped)
	}
}

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
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
	w.sent.Write(body)
	if token, ok := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer "); ok {
		w.tokens["access token "+token[:4]] = token
		w.sent.WriteString(token)
	}
	w.mutex.Unlock()
	if w.quote == nil || request.Method != w.match.Method || !strings.HasPrefix(request.URL.Path, w.match.PathPrefix) {
		return w.connection.RoundTrip(request)
	}
	answer := w.quote(string(body), request.Header.Get("Authorization"))
	answer.header.Set(mockserver.FaultHeader, "quote")
	return &http.Response{
		StatusCode: answer.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: answer.header,
		Body: io.NopCloser(strings.NewReader(answer.body)), ContentLength: int64(len(answer.body)), Request: request,
	}, nil
}

// quotation is an answer that repeats the request.
type quotation struct {
	status int
	header http.Header
	body   string
}

// planted returns the secrets to look for.
func (w *wire) planted() map[string]string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	secrets := maps.Clone(w.tokens)
	maps.Copy(secrets, map[string]string{
		"client secret": plantedClientSecret, "SMS key": plantedKey, "SMS secret": plantedSecret,
		"HTTP headers": plantedHeaders,
	})
	return secrets
}

// logged is a test whose log lines, the framework's and the provider's own, end up in a buffer.
type logged struct {
	tester
	ctx context.Context
	log *bytes.Buffer
}

func newLogged(t *testing.T) *logged {
	t.Helper()
	log := &bytes.Buffer{}
	return &logged{tester: t, ctx: tflogtest.RootLogger(tfsdklogtest.RootLogger(t.Context(), log), log), log: log}
}

func (l *logged) Context() context.Context { return l.ctx }

// wantSilence looks for the planted secrets, in every encoding, in a text.
func (w *wire) wantSilence(t tester, where, text string) {
	t.Helper()
	for _, found := range leaks([]byte(text), w.planted()) {
		t.Errorf("%s: holds the %s:\n%s", where, found, text)
	}
}

// withoutChosen drops what the user has chosen to keep in the state.
func withoutChosen(state values) values {
	rest := maps.Clone(state)
	for _, name := range []string{"key", "secret", "http_headers"} {
		delete(rest, name)
	}
	return rest
}

func TestSecretsOfAHealthyRun(t *testing.T) {
	t.Parallel()

	for name, config := range map[string]values{
		"write-only": {"key_wo": plantedKey, "key_wo_version": 1, "secret_wo": plantedSecret, "secret_wo_version": 1},
		"plain":      {"key": plantedKey, "secret": plantedSecret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			capture, wire := newLogged(t), newWire()
			w := newWorkspace(t, mockserver.WithClient("client", plantedClientSecret))
			w.t, w.wrap = capture, wire.around(t)
			w.provider["client_id"], w.provider["client_secret"] = "client", plantedClientSecret
			maps.Copy(config, values{"provider_name": "Twilio", "sender": "+15550100", "http_headers": plantedHeaders})
			var seen []string
			look := func(o *object, saved *plan, diags diagnostics) {
				t.Helper()
				wantNoError(t, diags)
				seen = append(seen, diags.String(), fmt.Sprint(withoutChosen(o.state), o.identity), string(o.private))
				if saved != nil {
					seen = append(seen, fmt.Sprint(withoutChosen(saved.planned)), string(saved.private))
				}
			}
			change := func(o *object, config values) {
				t.Helper()
				saved := w.plan(o, config)
				look(o, saved, saved.diags)
				look(o, saved, w.apply(saved))
			}

			sender, factors := &object{typeName: smsSenderType}, &object{typeName: twoFactor}
			change(sender, config)
			change(factors, values{"sms_otp_enabled": true})
			changed := maps.Clone(config)
			changed["sender"] = "+15550199"
			change(sender, changed)
			// Somebody else changes the secret, and more, between plan and apply.
			changed = maps.Clone(changed)
			changed["sender"] = "+15550100"
			saved := w.plan(sender, changed)
			w.mock.Update(func(state *mockserver.State) {
				state.Organizations["bifrost"].SMSSenders["SMSPublisher"].Sender = new("+1")
			})
			diags := w.apply(saved)
			wantWarning(t, diags.about("changed outside Terraform"), "changed outside Terraform")
			look(sender, saved, diags)
			adopted, diags := w.start().importByID(smsSenderType, "bifrost")
			look(adopted, nil, diags)
			read, diags := w.start().read(smsSenderType, values{})
			look(&object{state: read}, nil, diags)
			change(factors, nil)
			change(sender, nil)

			// What is there to be found is found: on the wire, and in the state that the user has chosen.
			for _, name := range []string{"SMS key", "SMS secret", "HTTP headers", "client secret"} {
				secret := map[string]string{name: wire.planted()[name]}
				if len(leaks(wire.sent.Bytes(), secret)) == 0 {
					t.Errorf("the %s was never sent", name)
				}
			}
			if len(wire.tokens) < 6 {
				t.Errorf("only %d access tokens were used", len(wire.tokens))
			}
			log := capture.log.String()
			for _, line := range []string{"Called the management API", "/t/bifrost/oauth2/token", "Calling provider defined"} {
				if !strings.Contains(log, line) {
					t.Errorf("the log lacks %q", line)
				}
			}
			wire.wantSilence(t, "the log", log)
			for _, text := range seen {
				wire.wantSilence(t, "diagnostics, state, plan, private state or identity", text)
			}
		})
	}
}

// encodings are the ways in which servers, and what stands before them, repeat what they were sent.
var encodings = map[string]func(string) string{
	"as it is":   func(s string) string { return s },
	"in a query": url.QueryEscape,
	"in a path":  url.PathEscape,
	// a string always encodes
	"in JSON":      func(s string) string { quoted, _ := json.Marshal(s); return string(quoted) },
	"in HTML":      html.EscapeString,
	"in base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s)) },
	"in base64url": func(s string) string { return base64.URLEncoding.EncodeToString([]byte("xy" + s)) },
}

const marker = "the server's own words"

// quoting answers with an error that repeats the request, in the body and in headers.
func quoting(status int, page bool, encode func(string) string) func(string, string) quotation {
	return func(body, authorization string) quotation {
		quote := encode(body) + " " + encode(authorization)
		text, _ := json.Marshal(map[string]string{ // texts always encode
			"code": "X-1", "message": "Bad Request", "description": marker + " " + quote, "traceId": encode(body), "error": "e",
			"error_description": marker + " " + quote,
		})
		answer := quotation{
			status: status, header: http.Header{"Content-Type": {"application/json"}, "Activityid": {quote}}, body: string(text),
		}
		if page {
			answer.body = "<html>" + marker + " " + quote + "</html>"
			answer.header.Set("Content-Type", "text/html")
		}
		if status == http.StatusFound {
			answer.header.Set("Location",
				"https://example.com/"+url.PathEscape(quote)+"?"+url.QueryEscape(quote)+"#"+url.QueryEscape(quote))
		}
		return answer
	}
}

// TestSecretsThatTheServerRepeats lets each call be answered by an error that repeats the request.
func TestSecretsThatTheServerRepeats(t *testing.T) {
	t.Parallel()

	seen := map[endpoint]bool{}
	for _, operation := range slices.Concat(operationsIn(classicPlace{}), operationsIn(applicationPlace{})) {
		for _, call := range operation.calls {
			if seen[call] || call == callPutSecond || call.confirms() {
				continue
			}
			seen[call] = true
			t.Run(call.name, func(t *testing.T) {
				t.Parallel()
				stage := prepare(t, operation)
				stage.w.provider["max_retries"] = 0
				for _, status := range []int{200, 302, 400, 401, 403, 404, 409, 429, 503} {
					for name, encode := range encodings {
						stage.wantSilence(t, fmt.Sprintf("%d, %s", status, name), call, quoting(status, false, encode))
						if status == 200 || status == 404 || status == 503 {
							stage.wantSilence(t, fmt.Sprintf("%d with a page, %s", status, name), call, quoting(status, true, encode))
						}
					}
				}
			})
		}
	}
}

// wantSilence runs the operation with a server that answers one call like this.
func (s *stage) wantSilence(t *testing.T, where string, call endpoint,
	quote func(body, authorization string) quotation) {
	t.Helper()
	wire, capture := newWire(), newLogged(t)
	wire.match, wire.quote = call.match(), quote
	s.w.wrap = wire.around(t)
	s.reset()
	o, diags := s.run(capture)
	wire.wantSilence(t, where+": diagnostics", diags.String())
	wire.wantSilence(t, where+": log", capture.log.String())
	wire.wantSilence(t, where+": state", fmt.Sprint(withoutChosen(o.state), o.identity)+string(o.private))
	if !strings.Contains(capture.log.String(), "/t/bifrost/") {
		t.Errorf("%s: the log has no line of the client", where)
	}
}

// TestWordsOfTheServerAreRepeated is the positive control: what holds no secret is told.
func TestWordsOfTheServerAreRepeated(t *testing.T) {
	t.Parallel()

	stage := prepare(t, operationsIn(classicPlace{})[0])
	wire, capture := newWire(), newLogged(t)
	wire.match = callPut.match()
	wire.quote = quoting(http.StatusBadRequest, false, func(string) string { return "nothing" })
	stage.w.wrap = wire.around(t)
	stage.reset()
	_, diags := stage.run(capture)
	wantError(t, diags, "Unable to create the My Account portal", marker+" nothing", "Trace id: nothing")

	// And a secret is found where it is repeated on purpose.
	answer := quoting(http.StatusBadRequest, false, func(text string) string { return text })(plantedSecret, "")
	if found := leaks([]byte(answer.body), wire.planted()); len(found) == 0 {
		t.Errorf("the secret is not found in %s", answer.body)
	}
}
