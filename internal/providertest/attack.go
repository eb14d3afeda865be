package providertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
)

// The bounds of a run under attack.
const (
	attackTime   = 4 * time.Minute // for a run that takes seconds: tests share a slow machine
	attackOutput = 100_000         // bytes
	attackLog    = 20 << 20
	attackMemory = 1 << 30 // of the largest process of the run, the CLI included
)

// Attack is an answer to every call but those of the token endpoint, or to these alone.
type Attack struct {
	Answer http.HandlerFunc
	Token  http.HandlerFunc // nil: a good token
	Lacks  []string         // in the output
	Has    string           // a proof that the attack took place
	Slow   bool             // it is the time limit of a request that ends it
}

// ApplyUnderAttack applies a configuration against a hostile server. It insists that the run ends in time, takes little
// memory, writes little, and leaks no secret, and returns what was printed.
func (s *AccServer) ApplyUnderAttack(t *testing.T, attack Attack, config string) CLIOutput {
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
	command := work.command(ctx, "apply", "-no-color", "-auto-approve")
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
	if held := largestProcess(command.ProcessState); held > attackMemory+peakMemory() {
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
	return CLIOutput(output)
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
func peakMemory() int64 {
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

// Answering is an answer of an attack that is always the same.
func Answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// TokenWith is an answer of the token endpoint that grants a scope, which may be any text.
func TokenWith(scope string) http.HandlerFunc {
	return Answering(200, "application/json",
		`{"access_token":"attacked-token-4711","token_type":"Bearer","expires_in":3600,"scope":`+QuotedText(scope)+`}`)
}

// QuotedText is a text as JSON.
func QuotedText(text string) string {
	quoted, _ := json.Marshal(text) // a text always encodes
	return string(quoted)
}
