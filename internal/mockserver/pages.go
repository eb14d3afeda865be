package mockserver

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// The pages for people: what a user of a portal meets, and a small Console whose clicks are an administrator's. They
// are off unless a server was started [WithPages]: a test relies on every path outside /_mock/ being answered as the
// real server answers it, and whoever looks has started the program.
//
// With them, two paths answer GET that are no API's: / and the address of a portal. The rest is below /_mock/.

//go:embed pages
var pageFiles embed.FS

var pageTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"clock": func(t time.Time) string { return t.Format(time.TimeOnly) },
}).ParseFS(pageFiles, "pages/*.html"))

// pageAssets are what the pages load, by the path below [pageAssetsPath], with their types.
var pageAssets = map[string]string{
	"style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
}

const (
	pageAssetsPath = "/_mock/pages/"
	pageClicksPath = "/_mock/console"
)

// pages is what the pages know beyond the state.
type pages struct {
	loopback bool // only this machine reaches the server
	origins  *http.CrossOriginProtection

	mu     sync.Mutex
	clicks []event // oldest first
}

func newPages(listener net.Addr) *pages {
	host, _, err := net.SplitHostPort(listener.String())
	return &pages{
		loopback: err == nil && net.ParseIP(host).IsLoopback(),
		origins:  http.NewCrossOriginProtection(),
	}
}

// page serves a request if it is for a page, and says whether it was. Pages are never journaled and never at fault.
func (s *Server) page(w http.ResponseWriter, r *http.Request) bool {
	path, below := strings.CutPrefix(r.URL.EscapedPath(), s.settings.pathPrefix)
	if s.pages == nil || !below {
		return false
	}
	serve := s.pageHandler(r.Method, path)
	if serve == nil {
		return false
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "+
		"img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "same-origin") // with less, forms have no origin to compare
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	switch reason := s.pages.foreign(r); reason {
	case "":
		serve(w, r)
	default:
		http.Error(w, "asgardeo-mock: "+reason, http.StatusForbidden)
	}
	return true
}

// pageHandler returns what serves a path, nil where that is not a page.
func (s *Server) pageHandler(method, path string) http.HandlerFunc {
	if path == pageClicksPath {
		return s.click
	}
	if method != http.MethodGet && method != http.MethodHead {
		return nil
	}
	name, asset := strings.CutPrefix(path, pageAssetsPath)
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	switch {
	case path == "/":
		return s.consolePage
	case asset && pageAssets[name] != "":
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", pageAssets[name])
			http.ServeFileFS(w, r, pageFiles, "pages/"+name) //nolint:gosec // G703: only names of pageAssets get here
		}
	case len(segments) == 2 && segments[1] == "myaccount":
		return s.portalPage(SuperOrganization)
	case len(segments) == 4 && segments[1] == "t" && segments[2] != "" && segments[3] == "myaccount":
		if organization, err := url.PathUnescape(segments[2]); err == nil {
			return s.portalPage(organization)
		}
	}
	return nil
}

// foreign says why a request is refused that a page of another site has a browser send. A link from there may lead
// here, but not under a name that leads here for the time being.
func (p *pages) foreign(r *http.Request) string {
	name := hostName(r)
	if reason := foreignName(name); reason != "" {
		return reason
	}
	local := name == "localhost" || strings.HasSuffix(name, ".localhost") || net.ParseIP(name).IsLoopback()
	if p.loopback && !local {
		return fmt.Sprintf("the pages are for this machine only and not served under the name %q: "+
			"use 127.0.0.1 or localhost", name)
	}
	if p.origins.Check(r) != nil {
		return "a page of another site cannot change anything here"
	}
	return ""
}

func (s *Server) portalPage(organization string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		state := s.State()
		o := state.Organizations[organization]
		if o == nil {
			s.renderError(w, http.StatusNotFound, fmt.Sprintf("This mock has no organization %q.", organization))
			return
		}
		s.render(w, http.StatusOK, "myaccount.html", struct {
			Base, Organization, Console string
			SignIn                      signIn
		}{s.settings.pathPrefix, organization, s.consoleLink(organization), s.signIn(organization, o)})
	}
}

// consolePage shows one organization, the first one unless the query names another.
func (s *Server) consolePage(w http.ResponseWriter, r *http.Request) {
	state := s.State()
	names := slices.Sorted(maps.Keys(state.Organizations))
	name := r.URL.Query().Get("organization")
	if name == "" && len(names) > 0 {
		name = names[0]
	}
	o := state.Organizations[name]
	if o == nil {
		s.renderError(w, http.StatusNotFound, fmt.Sprintf("This mock has no organization %q.", name))
		return
	}
	view := consoleView{Base: s.settings.pathPrefix, URL: s.URL(), organizationView: s.organizationView(name, o)}
	for _, other := range names {
		view.Organizations = append(view.Organizations, s.organizationLink(other, state.Organizations[other], other == name))
	}
	view.Events = s.events(name)
	s.render(w, http.StatusOK, "console.html", view)
}

func (s *Server) renderError(w http.ResponseWriter, status int, text string) {
	s.render(w, status, "error.html", struct{ Base, Text string }{s.settings.pathPrefix, text})
}

func (s *Server) render(w http.ResponseWriter, status int, name string, view any) {
	var page bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&page, name, view); err != nil {
		panic(fmt.Sprintf("mockserver: rendering %s: %v", name, err)) // of this package's own types
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // whoever is gone needs no page
}
