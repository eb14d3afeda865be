package provider_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// An administrator grants the scopes that the documentation names, the client asks for the ones in its list, and the
// server wants one with each call. These are the same ones.

// scopeUses have what needs each scope, and what it makes the server do that it would not do otherwise.
var scopeUses = map[string]struct {
	at      providertest.Place
	act     func(w *workspace) func() providertest.Diagnostics
	request string
}{
	asgardeo.ScopeViewApplications: {
		providertest.ApplicationPlace{},
		reading(portalType),
		"GET /api/server/v1/applications",
	},
	asgardeo.ScopeUpdateApplications: {
		providertest.ApplicationPlace{}, calling["patchApplication"], "PATCH /api/server/v1/applications/",
	},
	asgardeo.ScopeUpdateScripts: {
		providertest.ApplicationPlace{},
		func(w *workspace) func() providertest.Diagnostics {
			return applying(w, &providertest.Object{TypeName: twoFactorType},
				values{"totp_enabled": true, "totp_enrollment_enabled": true})
		},
		"PATCH /api/server/v1/applications/",
	},
	asgardeo.ScopeViewAuthenticators: {
		providertest.ApplicationPlace{},
		func(w *workspace) func() providertest.Diagnostics {
			return func() providertest.Diagnostics {
				return w.Plan(
					&providertest.Object{TypeName: flowType},
					providertest.FlowConfig(providertest.Password+" | totp"),
				).Diags
			}
		},
		"GET /api/server/v1/authenticators",
	},
	asgardeo.ScopeViewSettings: {
		providertest.ClassicPlace{},
		reading(portalType),
		"GET /api/identity/config-mgt/",
	},
	asgardeo.ScopeUpdateSettings: {providertest.ClassicPlace{}, calling["putSettings"], "PUT /api/identity/config-mgt/"},
	asgardeo.ScopeViewSenders: {
		providertest.ApplicationPlace{}, calling["listSenders"], "GET /api/server/v2/notification-senders",
	},
	asgardeo.ScopeCreateSenders: {
		providertest.ApplicationPlace{}, calling["createSender"], "POST /api/server/v2/notification-senders",
	},
	asgardeo.ScopeUpdateSenders: {
		providertest.ApplicationPlace{}, calling["putSender"], "PUT /api/server/v2/notification-senders",
	},
	asgardeo.ScopeDeleteSenders: {
		providertest.ApplicationPlace{}, calling["deleteSender"], "DELETE /api/server/v2/notification-senders",
	},
}

// TestScopesAreNeeded does what needs a scope, once with all scopes that the client asks for and once without this one.
func TestScopesAreNeeded(t *testing.T) {
	t.Parallel()
	wantScopes(t, "this test has", slices.Collect(maps.Keys(scopeUses)))
	for scope, use := range scopeUses {
		for _, granted := range []bool{true, false} {
			w := providertest.NewWorkspaceIn(t, use.at)
			act := use.act(w)
			if granted {
				w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = asgardeo.Scopes })
			} else {
				providertest.Without(scope)(w)
			}
			w.Mock.ClearRequests()
			diags := act()
			if granted {
				providertest.WantNoError(t, diags)
			}
			if done := slices.ContainsFunc(w.Mock.Requests(), func(request mockserver.Request) bool {
				call := request.Method + " " + strings.TrimPrefix(request.Path, "/t/bifrost")
				return strings.HasPrefix(call, use.request) && request.Status != http.StatusForbidden
			}); done != granted {
				t.Errorf("%s is granted: %t, but %q is done: %t", scope, granted, use.request, done)
			}
		}
	}
}

var scopeInText = regexp.MustCompile(`\binternal_\w+`)

// TestScopesAreDocumented compares the section on scopes in the guide to credentials; other pages name no others.
func TestScopesAreDocumented(t *testing.T) {
	t.Parallel()
	docs := filepath.Join("..", "..", "docs")
	guide, err := os.ReadFile(filepath.Join(docs, "guides", "credentials.md"))
	providertest.Must(t, err)
	_, section, found := strings.Cut(string(guide), "\n## Which scopes\n")
	if !found {
		t.Fatal("the guide has no section on scopes")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	wantScopes(t, "the guide names", scopeInText.FindAllString(section, -1))

	var named []string
	pages := append(filesBelow(t, docs, ".md"), filesBelow(t, filepath.Join("..", "..", "examples"), ".md", ".tf")...)
	for _, page := range append(pages, filepath.Join("..", "..", "README.md")) {
		content, err := os.ReadFile(page)
		providertest.Must(t, err)
		named = append(named, scopeInText.FindAllString(string(content), -1)...)
	}
	wantScopes(t, "all pages name", named)
}

// TestScopesOfCalls compares the scopes in the source of the client: those of calls, and those that its errors name.
func TestScopesOfCalls(t *testing.T) {
	t.Parallel()
	texts, used := map[string]string{}, []string{}
	for _, path := range filesBelow(t, "..", ".go") {
		if strings.HasSuffix(path, "_test.go") || strings.Contains(filepath.ToSlash(path), "/mockserver/") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), path, nil, 0)
		providertest.Must(t, err)
		use := func(name, scope ast.Expr) {
			isScope := strings.EqualFold(lastNameOf(name), "scope")
			if constant := lastNameOf(scope); isScope && strings.HasPrefix(constant, "Scope") {
				used = append(used, constant)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.ValueSpec:
				for i, value := range node.Values {
					texts[node.Names[i].Name] = stringOf(value)
				}
			case *ast.KeyValueExpr:
				use(node.Key, node.Value)
			case *ast.AssignStmt:
				use(node.Lhs[0], node.Rhs[0])
			case *ast.CallExpr:
				if lastNameOf(node.Fun) == "get" && len(node.Args) == 4 { // doing, path, scope, codes
					use(ast.NewIdent("scope"), node.Args[2])
				}
			}
			return true
		})
	}
	for i, name := range used {
		used[i] = texts[name]
	}
	wantScopes(t, "the calls have", used)
}

func lastNameOf(expression ast.Expr) string {
	switch expression := expression.(type) {
	case *ast.Ident:
		return expression.Name
	case *ast.SelectorExpr:
		return expression.Sel.Name
	}
	return ""
}

// wantScopes compares scopes, in any order, with those that the client asks for.
func wantScopes(t *testing.T, who string, got []string) {
	t.Helper()
	if len(asgardeo.Scopes) < 5 { // control
		t.Fatalf("the client asks for %v only", asgardeo.Scopes)
	}
	want, got := slices.Sorted(slices.Values(asgardeo.Scopes)), slices.Compact(slices.Sorted(slices.Values(got)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s other scopes than the client asks for (- client, + %s):\n%s", who, who, diff)
	}
}
