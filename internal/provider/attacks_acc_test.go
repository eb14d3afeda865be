package provider

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
)

// Servers that mean harm, against the provider's own program under a CLI: whatever they do, the run ends, takes little
// memory, says little, and shows neither a secret nor anything that a terminal would act on. TestHostileTexts and
// TestSecretsThatTheServerRepeats try each disguise of a secret alone; TestBackoff has the bounds on what a server may
// make the provider wait for.

const (
	attackTime   = 4 * time.Minute // for a run that takes seconds: tests share a slow machine
	attackOutput = 100_000         // bytes
	attackLog    = 20 << 20
	attackMemory = 1 << 30 // of the largest process of the run, the CLI included
	escape       = "\x1b[2J\x1b]0;owned\x07\u009b31m\r"
)

// attack is an answer to every call but those of the token endpoint, or to these alone.
type attack struct {
	answer http.HandlerFunc
	token  http.HandlerFunc // nil: a good token
	lacks  []string         // in the output
	has    string           // a proof that the attack took place
	slow   bool             // it is the time limit of a request that ends it
}

func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// endless sends a piece again and again.
func endless(header http.Header, piece string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		maps.Copy(w.Header(), header)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			if pause > 0 {
				time.Sleep(pause)
			}
		}
	}
}

// raw speaks for itself, below what package http allows a server.
func raw(speak func(connection io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = connection.Close() }()
		_ = connection.SetDeadline(time.Now().Add(time.Minute))
		for speak(connection) == nil {
		}
	}
}

func quotedText(text string) string {
	quoted, _ := json.Marshal(text) // a text always encodes
	return string(quoted)
}

// errorWith puts a text into every field that an error has.
func errorWith(status int, text string) http.HandlerFunc {
	t := quotedText(text)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Activityid", strings.Map(func(r rune) rune {
			if r < ' ' {
				return -1
			}
			return r
		}, text[:min(len(text), 1000)]))
		w.WriteHeader(status)
		//nolint:gosec // it is meant to be hostile
		_, _ = fmt.Fprintf(w, `{"code":%s,"message":%s,"description":%s,"traceId":%s,"error":%s,"error_description":%s}`, t,
			t, t, t, t, t)
	}
}

// everyForm is a text in each of the encodings.
func everyForm(secret string) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(encodings)) {
		text += encodings[name](secret) + " "
	}
	for _, form := range secretForms(secret) {
		text += form + " "
	}
	return text
}

func attributeList(count int, key func(i int) string) string {
	var list strings.Builder
	for i := range count {
		fmt.Fprintf(&list, `,{"key":%q,"value":"x"}`, key(i))
	}
	return list.String()[1:]
}

func storeWith(attributes string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if r.Method == http.MethodPut {
			name = twoFactorObject
		}
		//nolint:gosec // it is meant to be hostile
		_, _ = fmt.Fprintf(w, `{"resourceId":"1","resourceName":%q,"resourceType":"myaccount","attributes":[%s],"files":[]}`,
			name, attributes)
	}
}

// sendersWith is a good server, except for its senders.
func sendersWith(list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "notification-senders") {
			answering(200, "application/json", list)(w, r)
			return
		}
		storeWith("")(w, r)
	}
}

func bomb(size int) []byte {
	var packed bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed) // the level is one
	zeros := bytes.Repeat([]byte(" "), 1<<20)
	for range size >> 20 {
		_, _ = writer.Write(zeros)
	}
	_ = writer.Close()
	return packed.Bytes()
}

func attacks() map[string]attack {
	const tooLarge = "larger than any answer of the API"
	packed := bomb(256 << 20)
	floodOfHeaders := "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Flood: "+strings.Repeat("f", 1000)+"\r\n", 20)
	sender := func(field string) string {
		f := quotedText(field)
		return fmt.Sprintf(`[{"name":"SMSPublisher","provider":%s,"providerURL":%s,"sender":%s,"contentType":"JSON",`+
			`"properties":[{"key":"body","value":%s}]}]`,
			f, f, f, f)
	}
	nested := strings.Repeat("[", 2<<20)
	return map[string]attack{
		"a body without end": {answer: endless(nil, strings.Repeat(" ", 64<<10), 0), has: tooLarge},
		"a body that drips":  {answer: endless(nil, " ", 50*time.Millisecond), has: "no answer within 3s", slow: true},
		"no answer at all": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, has: "no answer within 3s",
			slow: true,
		},
		"a bomb in gzip": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
		}, has: tooLarge},
		"a flood of headers": {answer: raw(func(c io.Writer) error {
			_, err := io.WriteString(c, floodOfHeaders)
			return err
		}), has: "could not be reached"},
		"a flood of interim answers": {answer: raw(func(c io.Writer) error {
			_, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
			return err
		}), has: "could not be reached"},
		"brackets without end": {answer: answering(200, "application/json", nested), has: "JSON expected"},
		"numbers without end": {
			answer: answering(200, "application/json",
				`{"resourceName":"status","attributes":[{"key":"enable","value":`+strings.Repeat("9", 3<<20)+`}]}`),
		},
		"100,000 attributes": {
			answer: storeWith(attributeList(100_000, func(i int) string { return fmt.Sprint("a", i) })), has: "Apply complete",
		},
		"100,000 times the same key": {
			answer: storeWith(attributeList(100_000, func(int) string { return "totp_enabled" })), has: "Apply complete",
		},
		"attributes with escapes": {
			answer: storeWith(`{"key":` + quotedText(escape) + `,"value":` + quotedText(escape) +
				`},{"key":"totp_enabled","value":` + quotedText(escape) + `}`),
			has: "Apply complete",
		},
		"100,000 senders": {
			answer: sendersWith("[" + strings.Repeat(`{"name":"x","provider":"y"},`, 100_000) + `{"name":"x"}]`),
			has:    "No SMS sender",
		},
		"a sender with escapes":  {answer: sendersWith(sender("Custom" + escape)), has: `sender = "Custom`},
		"a sender of megabytes":  {answer: sendersWith(sender(strings.Repeat("long ", 150_000))), has: "JSON expected"},
		"a sender with a secret": {answer: answering(200, "application/json", sender("Custom"))},
		"an error with escapes": {
			answer: errorWith(400, escape+"forged\nError: forged"), lacks: []string{"\nError: forged", "│ Error: forged"},
			has: "forged",
		},
		"an error of megabytes": {answer: errorWith(400, strings.Repeat("long ", 100_000)), has: "left out"},
		"an error that tells all": {answer: func(w http.ResponseWriter, r *http.Request) {
			errorWith(500, everyForm(r.Header.Get("Authorization"))+everyForm(plantedClientSecret))(w, r)
		}, has: "HTTP status: 500"},
		"a page with escapes": {answer: answering(404, "text/html", "<html>"+escape+"</html>"), has: "HTML page"},
		"a retry after ages": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", strings.Repeat("9", 18))
			w.WriteHeader(http.StatusTooManyRequests)
		}, has: "too many requests"},
		"a token without end": {
			token: endless(nil, `{"access_token":"`+strings.Repeat("t", 64<<10), 0), has: tooLarge,
		},
		"a token with a line break": {
			token: answering(200, "application/json", `{"access_token":"a\r\nX-Injected: 1","token_type":"Bearer"}`),
			has:   "Error",
		},
		"a token of megabytes": {
			token: answering(200, "application/json", `{"access_token":"`+strings.Repeat("t", 3<<20)+`","token_type":"Bearer"}`),
		},
		"scopes with escapes": {
			answer: errorWith(403, "no"), token: tokenWith(escape + "forged internal_login"), has: "granted only",
		},
		"scopes with the secret": {
			answer: errorWith(403, "no"), token: tokenWith(everyForm(plantedClientSecret)), has: "granted only",
		},
		"scopes of megabytes": {
			answer: errorWith(403, "no"), token: tokenWith(strings.Repeat("flood another-flood ", 45_000)), has: "granted only",
		},
		"a token error that tells all": {token: errorWith(401, everyForm(plantedClientSecret)), has: "refused the client"},
		"a token error with escapes":   {token: errorWith(400, escape+"forged"), has: "forged"},
		"a type of content with escapes": {
			answer: answering(200, "application/x"+escape[:4]+"; charset=\x1b[2J", "x"), has: "Error",
		},
	}
}

func tokenWith(scope string) http.HandlerFunc {
	return answering(200, "application/json",
		`{"access_token":"attacked-token-4711","token_type":"Bearer","expires_in":3600,"scope":`+quotedText(scope)+`}`)
}

// attackedConfig has each way in which answers reach an output.
const attackedConfig = `
	data "asgardeo_my_account_portal" "this" {}
	data "asgardeo_sms_sender" "this" {}
	resource "asgardeo_my_account_two_factor" "this" {
		totp_enabled = true
	}
	output "sender" {
		value = data.asgardeo_sms_sender.this.sender
	}
	output "gateway" {
		value = data.asgardeo_sms_sender.this.provider_name
	}
`

// factorsConfig is for a server whose answers are good enough for an apply.
const factorsConfig = `
	data "asgardeo_my_account_portal" "this" {}
	resource "asgardeo_my_account_two_factor" "this" {
		totp_enabled = true
	}
`

func TestAccCLI_attacks(t *testing.T) {
	t.Parallel()
	mock := startAccServer(t) // only for what every run needs
	for name, attack := range attacks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := attackedConfig
			if attack.has == "Apply complete" {
				config = factorsConfig
			}
			result := mock.attacked(t, attack, config)
			if attack.has != "" && !strings.Contains(result.plain(), attack.has) {
				t.Errorf("the output does not show %q:\n%.3000s", attack.has, result)
			}
			for _, text := range attack.lacks {
				if strings.Contains(string(result), text) {
					t.Errorf("the output has %q:\n%.3000s", text, result)
				}
			}
		})
	}
}

// attacked applies a configuration against a hostile server, and insists on the bounds.
func (s *accServer) attacked(t *testing.T, attack attack, config string) cliOutput {
	t.Helper()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		switch isToken := strings.HasSuffix(r.URL.Path, "/oauth2/token"); {
		case isToken && attack.token != nil:
			attack.token(w, r)
		case isToken:
			tokenWith("internal_config_mgt_view internal_config_mgt_update")(w, r)
		case attack.answer != nil:
			attack.answer(w, r)
		default:
			answering(400, "application/json", `{"code":"x"}`)(w, r)
		}
	}))
	defer server.Close()
	work := newCLIIn(t, s, t.TempDir())
	work.configure(strings.ReplaceAll(config, "\t", "  ")) // errors quote it
	log := work.path("provider.log")
	work.env["ASGARDEO_MY_ACCOUNT_API"] = "classic" // whose answers hold lists of attributes
	work.env["ASGARDEO_BASE_URL"], work.env["ASGARDEO_CLIENT_SECRET"] = server.URL, plantedClientSecret
	work.env["ASGARDEO_REQUEST_TIMEOUT"] = "60s" // a busy machine takes its time
	if attack.slow {
		work.env["ASGARDEO_REQUEST_TIMEOUT"] = "3s"
	}
	work.env["ASGARDEO_REQUESTS_PER_MINUTE"], work.env["TF_LOG_PROVIDER"], work.env["TF_LOG_PATH"] = "0", "TRACE", log
	work.run(0, "init", "-no-color")

	ctx, cancel := context.WithTimeout(t.Context(), attackTime)
	defer cancel()
	//nolint:gosec // the developer's own CLI
	command := exec.CommandContext(ctx, cliPath(t), "apply", "-no-color", "-auto-approve")
	command.Dir = work.dir
	for name, value := range work.env {
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
	state, _ := os.ReadFile(work.path("terraform.tfstate")) // there may be none
	wantPlainText(t, "the state", state)
	for what, text := range map[string][]byte{"the output": output, "the log": logged, "the state": state} {
		for _, found := range leaks(text,
			map[string]string{"client secret": plantedClientSecret, "token": "attacked-token-4711"}) {
			t.Errorf("%s holds the %s:\n%.3000s", what, found, text)
		}
	}
	return cliOutput(output)
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

// TestAccCLI_attackByRedirect: what sends the provider elsewhere sends nothing there.
func TestAccCLI_attackByRedirect(t *testing.T) {
	t.Parallel()
	mock := startAccServer(t) // only for what every run needs
	var arrived atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	t.Cleanup(func() {
		elsewhere.Close()
		if arrived.Load() > 0 {
			t.Errorf("%d requests went elsewhere", arrived.Load())
		}
	})
	away := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/"+url.PathEscape(escape)+"?secret="+url.QueryEscape(plantedClientSecret),
			http.StatusTemporaryRedirect)
	}
	//nolint:gosec // it is meant to be hostile
	around := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }
	for name, attack := range map[string]attack{
		"the API": {answer: away, has: "a redirect"}, "the token endpoint": {token: away, has: "a redirect"},
		"in a circle": {answer: around, has: "a redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mock.attacked(t, attack, attackedConfig); !strings.Contains(got.plain(), attack.has) {
				t.Errorf("the output does not show %q:\n%.3000s", attack.has, got)
			}
		})
	}
}
