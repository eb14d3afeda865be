package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// beTheProgram in the environment makes the test binary the program, so that signals and exit codes can be tested for
// real.
const beTheProgram = "ASGARDEO_MOCK_TEST_BE_THE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beTheProgram) != "" {
		main()
		return
	}
	if signal.Ignored(os.Interrupt) { // in the background of a script; programs started here would inherit it
		signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	}
	goleak.VerifyTestMain(m)
}

// program is a running program.
type program struct {
	t       *testing.T
	command *exec.Cmd
	stdout  *bufio.Reader
	stderr  *lockedBuffer
}

// lockedBuffer can be read while the program still writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func start(t *testing.T, arguments ...string) *program {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, executable, arguments...) //nolint:gosec // G204: the test binary starts itself
	p := &program{t: t, command: command, stderr: &lockedBuffer{}}
	p.command.Env = append(os.Environ(), beTheProgram+"=1", "TMPDIR="+t.TempDir())
	p.command.Stderr = p.stderr
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout = bufio.NewReader(stdout)
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// line reads the one line and returns its assignments.
func (p *program) line() map[string]string {
	p.t.Helper()
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		p.t.Fatalf("reading the line: %v; stderr: %s", err, p.stderr)
	}
	assignments := map[string]string{}
	for word := range strings.FieldsSeq(line) {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			p.t.Fatalf("%q is no assignment in %q", word, line)
		}
		assignments[name] = value
	}
	return assignments
}

// stop sends a signal and returns what is left on stdout and the exit code.
func (p *program) stop(s os.Signal) (string, int) {
	p.t.Helper()
	if err := p.command.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
	return p.wait()
}

func (p *program) wait() (string, int) {
	p.t.Helper()
	rest, err := io.ReadAll(p.stdout)
	if err != nil {
		p.t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := p.command.Wait(); err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return string(rest), p.command.ProcessState.ExitCode()
}

// token asks the announced server for a token with the announced credentials.
func token(t *testing.T, client *http.Client, announced map[string]string) int {
	t.Helper()
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {announced["ASGARDEO_CLIENT_ID"]},
		"client_secret": {announced["ASGARDEO_CLIENT_SECRET"]},
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		announced["ASGARDEO_BASE_URL"]+"/t/"+announced["ASGARDEO_ORGANIZATION"]+"/oauth2/token",
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func newHTTPClient(t *testing.T, config *tls.Config) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: config}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}

func TestServesUntilInterrupted(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, "-listen", "127.0.0.1:0", "-organization", "asgard", "-organization", "bifrost", "-client-id", "me",
				"-client-secret", "sesame", "-log")
			announced := p.line()
			if announced["ASGARDEO_ORGANIZATION"] != "asgard" || announced["ASGARDEO_CLIENT_ID"] != "me" ||
				announced["ASGARDEO_CLIENT_SECRET"] != "sesame" || len(announced) != 4 {
				t.Errorf("announced %v", announced)
			}
			client := newHTTPClient(t, nil)
			for _, organization := range []string{"asgard", "bifrost"} {
				announced["ASGARDEO_ORGANIZATION"] = organization
				if got := token(t, client, announced); got != http.StatusOK {
					t.Errorf("%s: status %d", organization, got)
				}
			}
			rest, code := p.stop(sent)
			if code != 0 || rest != "" {
				t.Errorf("exit code %d, more output %q, stderr %s", code, rest, p.stderr)
			}
			log := p.stderr.String()
			if strings.Count(log, "\n") != 2 || !strings.Contains(log, `POST "/t/asgard/oauth2/token" 200`) ||
				strings.Contains(log, "sesame") {
				t.Errorf("log %q", log)
			}
		})
	}
}

// A script's background program must outlast the Ctrl-C that ends what the script waits for.
func TestIgnoresCtrlCInTheBackgroundOfAScript(t *testing.T) {
	t.Parallel()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const script = `
		"$0" -listen 127.0.0.1:0 >"$1" &
		until grep -q ASGARDEO_BASE_URL "$1"; do sleep 0.1; done
		kill -INT $!
		sleep 0.5
		kill -TERM $! || exit 3 # it is gone
		wait $!
	`
	line := filepath.Join(t.TempDir(), "line")
	//nolint:gosec // G204: the test binary starts itself
	command := exec.CommandContext(t.Context(), "sh", "-c", script, executable, line)
	command.Env = append(os.Environ(), beTheProgram+"=1")
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	seed := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(seed,
		[]byte(`{"organizations":{"asgard":{"myaccount":{"status":{"enable":"false"}},"client_id":"own"}}}`),
		0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "-listen", "127.0.0.1:0", "-seed", seed)
	announced := p.line()
	if announced["ASGARDEO_ORGANIZATION"] != "asgard" || announced["ASGARDEO_CLIENT_ID"] != "own" {
		t.Errorf("announced %v", announced)
	}
	if got := token(t, newHTTPClient(t, nil), announced); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	if _, code := p.stop(os.Interrupt); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	p := start(t, "-listen", "127.0.0.1:0", "-tls")
	announced := p.line()
	file := announced["ASGARDEO_CA_CERTIFICATE"]
	certificate, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(certificate) {
		t.Fatalf("not a certificate: %s", certificate)
	}
	if got := token(t, newHTTPClient(t, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}),
		announced); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	if _, code := p.stop(os.Interrupt); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the certificate is left behind: %v", err)
	}
}

func TestProgramThatCannotServe(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := taken.Close(); err != nil {
			t.Error(err)
		}
	})
	bad, nobody := filepath.Join(t.TempDir(), "bad.json"), filepath.Join(t.TempDir(), "nobody.json")
	for file, content := range map[string]string{
		bad: `{"organizations":{"a":{"typo":1}}}`, nobody: `{"organizations":{}}`,
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct {
		arguments []string
		code      int
		says      []string
	}{
		"port in use": {
			[]string{"-listen", taken.Addr().String()}, 1, []string{taken.Addr().String(), "in use", "-listen"},
		},
		"bad address": {[]string{"-listen", "nonsense"}, 1, []string{"nonsense"}},
		"bad seed":    {[]string{"-listen", "127.0.0.1:0", "-seed", bad}, 1, []string{bad, "typo"}},
		"missing seed": {
			[]string{"-listen", "127.0.0.1:0", "-seed", bad + "x"}, 1, []string{bad + "x", "no such file"},
		},
		"seed with nobody": {[]string{"-listen", "127.0.0.1:0", "-seed", nobody}, 1, []string{"no organization"}},
		"open to the network": {
			[]string{"-listen", "0.0.0.0:0", "-seed", nobody}, 1,
			[]string{"0.0.0.0:0 is open to the network", "made-up credentials"},
		},
		"unknown flag":       {[]string{"-colour"}, 2, []string{"-colour", "Usage"}},
		"argument":           {[]string{"bifrost"}, 2, []string{`"bifrost"`, "-h"}},
		"empty credentials":  {[]string{"-client-secret", ""}, 2, []string{"-client-secret"}},
		"empty organization": {[]string{"-organization", ""}, 2, []string{"-organization"}},
		"slash in the name":  {[]string{"-organization", "a/b"}, 2, []string{"a/b"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if got := run(t.Context(), test.arguments, &stdout, &stderr); got != test.code {
				t.Errorf("exit code %d, want %d", got, test.code)
			}
			if stdout.Len() > 0 {
				t.Errorf("stdout %q", stdout.String())
			}
			for _, text := range test.says {
				if !strings.Contains(stderr.String(), text) {
					t.Errorf("stderr %q does not say %q", stderr.String(), text)
				}
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if got := run(t.Context(), []string{"-h"}, &stdout, &stderr); got != 0 {
		t.Errorf("exit code %d", got)
	}
	for _, text := range []string{
		"-listen", "-organization", "-client-id", "-client-secret", "-tls", "-seed", "-log", "127.0.0.1:8787",
		"/_mock/requests", "/_mock/state", "/_mock/faults", "drop_after", "ASGARDEO_BASE_URL",
	} {
		if !strings.Contains(stderr.String(), text) {
			t.Errorf("the help does not mention %s", text)
		}
	}
	_, seed, _ := strings.Cut(stderr.String(), `{"organizations"`)
	seed, _, _ = strings.Cut(`{"organizations"`+seed, "\n\n")
	if _, err := mockserver.ParseState([]byte(seed)); err != nil {
		t.Errorf("the seed in the help is not usable: %v\n%s", err, seed)
	}
}

// The line is made for eval: what the shell reads must be what was meant.
func TestLineIsForTheShell(t *testing.T) {
	t.Parallel()
	const secret = `it's $HOME; "quoted" \ & more`
	p := start(t, "-listen", "127.0.0.1:0", "-client-secret", secret)
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	script := line + `printf %s "$ASGARDEO_CLIENT_SECRET"`
	//nolint:gosec // G204: the quoting is what is tested
	output, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(output) != secret {
		t.Errorf("the shell reads %q, want %q", output, secret)
	}
	if _, code := p.stop(os.Interrupt); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
}

func TestBeyondLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"127.0.0.1:8787": false, "127.1.2.3:0": false, "[::1]:8787": false, "localhost:0": false, ":8787": true,
		"0.0.0.0:0": true, "[::]:0": true,
		"192.168.1.2:8787": true, "example.com:1": true,
	} {
		if got := beyondLoopback(address); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}
