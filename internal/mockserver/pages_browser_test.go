package mockserver_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// browse opens an address in a real browser, headless, and returns what the page has become, and what the browser had
// to say about it. The browser's own clock runs ahead for some seconds, so that scripts get to work.
func browse(t *testing.T, address string, flags ...string) (page, console string) {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("no chromium and no google-chrome on PATH: the other tests of the pages speak HTTP only")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	arguments := append([]string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--user-data-dir=" + t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=15000", "--dump-dom",
	}, flags...)
	if os.Getuid() == 0 {
		arguments = append(arguments, "--no-sandbox") // it has none for root
	}
	arguments = append(arguments, address)
	command := exec.CommandContext(ctx, browser, arguments...) //nolint:gosec // G204: found on PATH
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	command.WaitDelay = time.Second // for what the browser leaves running
	err := command.Run()
	if ctx.Err() != nil {
		t.Skip("the browser on PATH does not come to an end: the other tests of the pages speak HTTP only")
	}
	if err != nil {
		t.Fatalf("%s: %v: %s", address, err, stderr.String())
	}
	return stdout.String(), stderr.String()
}

// inFront is a server that passes on what is for a mock server, and first tells look of it. What look answers is the
// answer.
func inFront(t *testing.T, mock *mockserver.Server, look func(w http.ResponseWriter, r *http.Request) bool) string {
	t.Helper()
	target, err := url.Parse(mock.URL())
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		Transport: transport,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !look(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(transport.CloseIdleConnections)
	t.Cleanup(server.Close)
	return server.URL
}

// A page that is open shows what changes, and the browser has nothing to object to.
func TestBrowserShowsChanges(t *testing.T) {
	t.Parallel()
	mock := mockserver.New(t, mockserver.WithPages())
	var loads atomic.Int32
	address := inFront(t, mock, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/" && loads.Add(1) == 2 {
			mock.Update(func(state *mockserver.State) {
				state.Organizations["bifrost"].MyAccountApplication().ApplicationEnabled = new(false)
			})
		}
		return false
	})
	page, console := browse(t, address+"/")
	if got := words(page); !strings.Contains(got, "Switch on the portal") {
		t.Errorf("loaded %d times, the page says %q", loads.Load(), got)
	}
	if strings.Contains(console, "CONSOLE") {
		t.Errorf("the browser says %s", console)
	}
}

// The control for what the browser has nothing to object to.
func TestBrowserRunsNoForeignScript(t *testing.T) {
	t.Parallel()
	mock := mockserver.New(t, mockserver.WithPages())
	policies := map[string]string{
		"/injected":             "",
		"/injected-with-policy": anonymous(t, mock).send("GET", "/", "").header.Get("Content-Security-Policy"),
	}
	address := inFront(t, mock, func(w http.ResponseWriter, r *http.Request) bool {
		policy, injected := policies[r.URL.Path]
		if !injected {
			return false
		}
		w.Header().Set("Content-Security-Policy", policy)
		fmt.Fprint(w, `<p id="p">untouched</p><script>document.getElementById("p").textContent = "changed"</script>`)
		return true
	})
	if page, _ := browse(t, address+"/injected"); !strings.Contains(page, "changed") {
		t.Errorf("without a policy the script does not run: %s", page)
	}
	page, console := browse(t, address+"/injected-with-policy")
	if !strings.Contains(page, "untouched") || !strings.Contains(console, "CONSOLE") {
		t.Errorf("the script runs: %s; the browser says %s", page, console)
	}
}

// The clicks of the page's own forms count, those that another site has the browser send do not, whatever it is called.
func TestBrowserClicks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		host   string // of the page with the form
		own    bool   // it is at the mock's own address
		counts bool
	}{
		"its own page":           {"127.0.0.1", true, true},
		"another port":           {"127.0.0.1", false, false},
		"another site":           {"localhost", false, false},
		"a name that leads here": {"rebound.example", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mockserver.New(t, mockserver.WithPages())
			var asked atomic.Int32
			clicks := func(action string) func(w http.ResponseWriter, r *http.Request) bool {
				return func(w http.ResponseWriter, r *http.Request) bool {
					if r.URL.Path == "/_mock/console" {
						asked.Add(1)
					}
					if r.URL.Path != "/form" {
						return false
					}
					// What a form sends, without leaving the page.
					fmt.Fprintf(w, `<p>A page<script>fetch("%s/_mock/console", {method: "POST", mode: "no-cors",`+
						` body: new URLSearchParams({organization: "bifrost", change: "portal off"})})</script>`, action)
					return true
				}
			}
			own := inFront(t, mock, clicks(""))
			at := own
			if !test.own {
				at = inFront(t, mock, clicks(own))
			}
			at = strings.Replace(at, "127.0.0.1", test.host, 1)
			browse(t, at+"/form", "--host-resolver-rules=MAP rebound.example 127.0.0.1")
			if off := !enabled(mock); off != test.counts {
				t.Errorf("the portal is off: %t", off)
			}
			if asked.Load() == 0 {
				t.Error("the browser has not sent the form")
			}
		})
	}
}

// enabled says whether the portal of bifrost is on.
func enabled(mock *mockserver.Server) bool {
	state := mock.State()
	on := state.Organizations["bifrost"].MyAccountApplication().ApplicationEnabled
	return on == nil || *on
}

// A click on a button changes what the page shows, and the focus stays. A narrow window does not cut the page off.
func TestBrowserButton(t *testing.T) {
	t.Parallel()
	mock := mockserver.New(t, mockserver.WithPages())
	script := anonymous(t, mock).page("/_mock/pages/live.js")
	address := inFront(t, mock, func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/_mock/pages/live.js" {
			return false
		}
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, script+`
			const button = document.getElementById("b-portal");
			button.focus();
			button.click();
			setTimeout(() => {
				document.body.dataset.focus = document.activeElement.textContent;
				document.body.dataset.cut = document.documentElement.scrollWidth > innerWidth;
			}, 5000)`)
		return true
	})
	page, console := browse(t, address+"/", "--window-size=500,900")
	for _, want := range []string{`data-focus="Switch on the portal"`, `data-cut="false"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if enabled(mock) || strings.Contains(console, "CONSOLE") {
		t.Errorf("the portal is on: %t; the browser says %s", enabled(mock), console)
	}
}
