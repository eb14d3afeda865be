package providertest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const attackTime = 4 * time.Minute // for a run that takes seconds: tests share a slow machine

const attackOutput = 100_000 // bytes

const attackLog = 20 << 20

const attackMemory = 1 << 30 // of the largest process of the run, the CLI included

// Attack is an answer to every call but those of the token endpoint, or to these alone.
type Attack struct {
	Answer http.HandlerFunc
	Token  http.HandlerFunc // nil: a good token
	Lacks  []string         // in the output
	Has    string           // a proof that the attack took place
	Slow   bool             // it is the time limit of a request that ends it
}

func Answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func QuotedText(text string) string {
	quoted, _ := json.Marshal(text) // a text always encodes
	return string(quoted)
}

func TokenWith(scope string) http.HandlerFunc {
	return Answering(200, "application/json",
		`{"access_token":"attacked-token-4711","token_type":"Bearer","expires_in":3600,"scope":`+QuotedText(scope)+`}`)
}

// Attacked applies a configuration against a hostile server, and insists on the bounds.
func (s *AccServer) Attacked(t *testing.T, attack Attack, config string) CliOutput {
	t.Helper()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		switch isToken := strings.HasSuffix(r.URL.Path, "/oauth2/token"); {
		case isToken && attack.Token != nil:
			attack.Token(w, r)
		case isToken:
			TokenWith("internal_config_mgt_view internal_config_mgt_update")(w, r)
		case attack.Answer != nil:
			attack.Answer(w, r)
		default:
			Answering(400, "application/json", `{"code":"x"}`)(w, r)
		}
	}))
	defer server.Close()
	work := NewCLIIn(t, s, t.TempDir())
	work.Configure(strings.ReplaceAll(config, "\t", "  ")) // errors quote it
	log := work.Path("provider.log")
	work.Env["ASGARDEO_MY_ACCOUNT_API"] = "classic" // whose answers hold lists of attributes
	work.Env["ASGARDEO_BASE_URL"], work.Env["ASGARDEO_CLIENT_SECRET"] = server.URL, PlantedClientSecret
	work.Env["ASGARDEO_REQUEST_TIMEOUT"] = "60s" // a busy machine takes its time
	if attack.Slow {
		work.Env["ASGARDEO_REQUEST_TIMEOUT"] = "3s"
	}
	work.Env["ASGARDEO_REQUESTS_PER_MINUTE"], work.Env["TF_LOG_PROVIDER"], work.Env["TF_LOG_PATH"] = "0", "TRACE", log
	work.Run(0, "init", "-no-color")

	ctx, cancel := context.WithTimeout(t.Context(), attackTime)
	defer cancel()
	//nolint:gosec // the developer's own CLI
	command := exec.CommandContext(ctx, CliPath(t), "apply", "-no-color", "-auto-approve")
	command.Dir = work.Dir
	for name, value := range work.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	started := time.Now()
	output, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("the run did not end in %v", attackTime)
	}
	if calls.Load() == 0 {
		t.Error("nothing was called")
	}
	t.Logf("%v, %d kB of output, %d MiB in the largest process", time.Since(started).Round(time.Second), len(output)>>10,
		largestProcess(command.ProcessState)>>20)
	if len(output) > attackOutput {
		t.Errorf("the output has %d bytes", len(output))
	}
	// What this process has taken counts with what it starts.
	if held := largestProcess(command.ProcessState); held > attackMemory+peak() {
		t.Errorf("a process took %d MiB", held>>20)
	}
	wantPlainText(t, "the output", output)
	logged, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if len(logged) == 0 || len(logged) > attackLog {
		t.Errorf("the log has %d bytes", len(logged))
	}
	state, _ := os.ReadFile(work.Path("terraform.tfstate")) // there may be none
	wantPlainText(t, "the state", state)
	for what, text := range map[string][]byte{"the output": output, "the log": logged, "the state": state} {
		for _, found := range Leaks(text,
			map[string]string{"client secret": PlantedClientSecret, "token": "attacked-token-4711"}) {
			t.Errorf("%s holds the %s:\n%.3000s", what, found, text)
		}
	}
	return CliOutput(output)
}

func wantPlainText(t *testing.T, what string, text []byte) {
	t.Helper()
	if i := strings.IndexFunc(string(text), func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); i >= 0 {
		t.Errorf("%s has control characters, such as in %.100q", what, text[max(0, i-20):])
	}
}

// largestProcess returns the memory in bytes that the largest process of a run took, where the system tells: 0
// elsewhere.
func largestProcess(ended *os.ProcessState) int64 {
	usage := reflect.Indirect(reflect.ValueOf(ended.SysUsage()))
	if runtime.GOOS != "linux" || usage.Kind() != reflect.Struct {
		return 0
	}
	return usage.FieldByName("Maxrss").Int() << 10
}

// peak returns the most memory in bytes that this process has taken, where the system tells.
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kilobytes int64
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); err == nil {
			return kilobytes << 10
		}
	}
	return 0
}

const (
	PlantedClientSecret = `cl13nt:+/%&= "<>ü` + "\u00a0end"
	PlantedKey          = `k3y:+/%&= "<>ü`
	PlantedSecret       = `s3cret:+/%&= "<>ü`
	PlantedHeaders      = `Authorization: Bearer h3ader+/%&=<>ü, X-Key: "2"`
)

// wire is what goes over the connection of a process. It learns the access tokens from it.
type wire struct {
	connection http.RoundTripper
	Match      mockserver.Match
	Quote      func(body, authorization string) Quotation // instead of an answer of the server; may be nil

	mutex  *sync.Mutex
	Tokens map[string]string
	Sent   *bytes.Buffer
}

func NewWire() *wire {
	return &wire{mutex: &sync.Mutex{}, Tokens: map[string]string{}, Sent: &bytes.Buffer{}}
}

// Around puts the wire around the connection of each process. What goes over it is checked, but for what is quoted.
func (w *wire) Around(t *testing.T) func(http.RoundTripper) http.RoundTripper {
	t.Helper()
	check := BesidesFaults(t)
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

// Quotation is an answer that repeats the request.
type Quotation struct {
	status int
	header http.Header
	Body   string
}

// Planted returns the secrets to look for.
func (w *wire) Planted() map[string]string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	secrets := maps.Clone(w.Tokens)
	maps.Copy(secrets, map[string]string{
		"client secret": PlantedClientSecret, "SMS key": PlantedKey, "SMS secret": PlantedSecret,
		"HTTP headers": PlantedHeaders,
	})
	return secrets
}

// logged is a test whose log lines, the framework's and the provider's own, end up in a buffer.
type logged struct {
	Tester
	ctx context.Context
	Log *bytes.Buffer
}

func NewLogged(t *testing.T) *logged {
	t.Helper()
	log := &bytes.Buffer{}
	return &logged{Tester: t, ctx: tflogtest.RootLogger(tfsdklogtest.RootLogger(t.Context(), log), log), Log: log}
}

func (l *logged) Context() context.Context { return l.ctx }

// WantSilence looks for the planted secrets, in every encoding, in a text.
func (w *wire) WantSilence(t Tester, where, text string) {
	t.Helper()
	for _, found := range Leaks([]byte(text), w.Planted()) {
		t.Errorf("%s: holds the %s:\n%s", where, found, text)
	}
}

// Encodings are the ways in which servers, and what stands before them, repeat what they were sent.
var Encodings = map[string]func(string) string{
	"as it is":   func(s string) string { return s },
	"in a query": url.QueryEscape,
	"in a path":  url.PathEscape,
	// a string always encodes
	"in JSON":      func(s string) string { quoted, _ := json.Marshal(s); return string(quoted) },
	"in HTML":      html.EscapeString,
	"in base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s)) },
	"in base64url": func(s string) string { return base64.URLEncoding.EncodeToString([]byte("xy" + s)) },
}

const Marker = "the server's own words"

// Quoting answers with an error that repeats the request, in the body and in headers.
func Quoting(status int, page bool, encode func(string) string) func(string, string) Quotation {
	return func(body, authorization string) Quotation {
		quote := encode(body) + " " + encode(authorization)
		text, _ := json.Marshal(map[string]string{ // texts always encode
			"code": "X-1", "message": "Bad Request", "description": Marker + " " + quote, "traceId": encode(body), "error": "e",
			"error_description": Marker + " " + quote,
		})
		answer := Quotation{
			status: status, header: http.Header{"Content-Type": {"application/json"}, "Activityid": {quote}}, Body: string(text),
		}
		if page {
			answer.Body = "<html>" + Marker + " " + quote + "</html>"
			answer.header.Set("Content-Type", "text/html")
		}
		if status == http.StatusFound {
			answer.header.Set("Location",
				"https://example.com/"+url.PathEscape(quote)+"?"+url.QueryEscape(quote)+"#"+url.QueryEscape(quote))
		}
		return answer
	}
}

// Leaks returns the names of the secrets that are in a text, and the forms they are found in.
func Leaks(content []byte, secrets map[string]string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		for form, text := range SecretForms(secrets[name]) {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, name+", "+form)
			}
		}
	}
	return found
}

func SecretForms(secret string) map[string]string {
	var escaped bytes.Buffer
	encoder := json.NewEncoder(&escaped)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(secret) // a string always encodes
	html, _ := json.Marshal(secret)
	forms := map[string]string{
		"plain":         secret,
		"in a query":    url.QueryEscape(secret),
		"in a path":     url.PathEscape(secret),
		"in JSON":       strings.Trim(strings.TrimSpace(escaped.String()), `"`),
		"in JSON, HTML": strings.Trim(string(html), `"`),
		"in hex":        hex.EncodeToString([]byte(secret)),
	}
	// In base64, three bytes become four letters, so a secret looks different at each place in such a group. What it
	// shares with its neighbors is left out.
	for place, shared := range []int{0, 2, 3} {
		bits := 8 * (place + len(secret))
		for alphabet, encoding := range map[string]*base64.Encoding{
			"base64": base64.StdEncoding, "base64url": base64.URLEncoding,
		} {
			text := encoding.EncodeToString([]byte(strings.Repeat("x", place) + secret))
			forms[fmt.Sprintf("%s at %d", alphabet, place)] = text[shared : bits/6]
		}
	}
	return forms
}

// LeftBehind returns the content of every file in the working directory, archives unpacked. The programs are left out.
func (c *Cli) LeftBehind() map[string][]byte {
	c.T.Helper()
	left := map[string][]byte{}
	err := filepath.WalkDir(c.Dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "providers":
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(c.Dir, path)
		if err != nil {
			return err
		}
		left[name] = c.Read(name)
		archive, err := zip.NewReader(bytes.NewReader(left[name]), int64(len(left[name])))
		if err != nil {
			return nil //nolint:nilerr // no archive
		}
		for _, packed := range archive.File {
			file, err := packed.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(file)
			if err != nil {
				return err
			}
			left[name+"/"+packed.Name] = content
		}
		return nil
	})
	if err != nil {
		c.T.Fatal(err)
	}
	return left
}
