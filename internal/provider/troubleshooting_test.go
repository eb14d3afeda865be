package provider_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestTroubleshootingKnowsEveryError compares the guide "Troubleshooting" with the source: what it quotes must be
// something that the provider says, and every error must be found there. A quotation is an error's title, or what
// happened, up to where it varies: the guide writes "…" there.
func TestTroubleshootingKnowsEveryError(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "troubleshooting.md"))
	providertest.Must(t, err)
	var quoted []string
	for _, row := range regexp.MustCompile(`(?m)^\| \*[^|]+`).FindAllString(string(page), -1) {
		for _, quotation := range regexp.MustCompile(`\*(.+?)\*`).FindAllStringSubmatch(row, -1) {
			quoted = append(quoted, strings.TrimSuffix(plainError(quotation[1]), " …"))
		}
	}
	said := errorsOfSource(t)
	if len(said) < 50 || len(quoted) < 30 { // control
		t.Fatalf("%d errors in the source, %d in the guide", len(said), len(quoted))
	}
	used := map[string]bool{}
	for text, where := range said {
		found := false
		for _, quotation := range quoted {
			if strings.HasPrefix(plainError(text), quotation) {
				found, used[quotation] = true, true
			}
		}
		if !found {
			t.Errorf("%s: the guide does not tell what to do about %q", where, text)
		}
	}
	for _, quotation := range quoted {
		if !used[quotation] {
			t.Errorf("the provider never says %q", quotation)
		}
	}
}

// plainError is an error without what varies: quotes and the full stop.
func plainError(text string) string {
	return strings.Trim(strings.NewReplacer(`"`, "", `organization "…"`, "…").Replace(text), ". ")
}

// errorsOfSource are all titles of errors and, for failed calls, what happened, with the place of each.
func errorsOfSource(t *testing.T) map[string]string {
	t.Helper()
	files := gotoken.NewFileSet()
	constants, sources := constants{}, []*ast.File{}
	for _, path := range sourcesOfRooms(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		providertest.Must(t, err)
		sources = append(sources, file)
		constants.add(file)
	}
	said := map[string]string{}
	add := func(node ast.Expr, prefix string) {
		if text := prefix + constants.textOf(node); strings.Trim(text, "…") != "" {
			said[text] = files.Position(node.Pos()).String()
		}
	}
	for _, file := range sources {
		ast.Inspect(file, func(node ast.Node) bool {
			switch pair := node.(type) {
			case *ast.KeyValueExpr: // what happened, and titles that are named before they are used
				if name, ok := pair.Key.(*ast.Ident); ok && (name.Name == "happened" || name.Name == "summary") {
					add(pair.Value, "")
				}
			case *ast.AssignStmt:
				if name, ok := pair.Lhs[0].(*ast.Ident); ok && name.Name == "summary" {
					add(pair.Rhs[0], "")
				}
			}
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch calledName(call) {
			case "AddError", "NewErrorDiagnostic", "OneError":
				add(call.Args[0], "")
			case "AddAttributeError", "NewAttributeErrorDiagnostic", "OneErrorAt":
				add(call.Args[1], "")
			case "UnableTo", "unableTo":
				add(call.Args[0], "Unable to ")
			}
			return true
		})
	}
	return said
}

func calledName(call *ast.CallExpr) string {
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return function.Name
	case *ast.SelectorExpr:
		return function.Sel.Name
	}
	return ""
}

// varying is what a message is filled in with.
var varying = regexp.MustCompile(`%[a-z]|\{[a-z ]+\}`)

// constants are texts that have a name.
type constants map[string]ast.Expr

func (c constants) add(file *ast.File) {
	for _, declaration := range file.Decls {
		if list, ok := declaration.(*ast.GenDecl); ok && list.Tok == gotoken.CONST {
			for _, spec := range list.Specs {
				for i, value := range spec.(*ast.ValueSpec).Values {
					c[spec.(*ast.ValueSpec).Names[i].Name] = value
				}
			}
		}
	}
}

// textOf is the text that an expression makes, with "…" for what varies.
func (c constants) textOf(node ast.Expr) string {
	switch expression := node.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(expression.Value); err == nil {
			return varying.ReplaceAllString(text, "…")
		}
	case *ast.BinaryExpr:
		return c.textOf(expression.X) + c.textOf(expression.Y)
	case *ast.Ident:
		if constant, ok := c[expression.Name]; ok {
			return c.textOf(constant)
		}
	case *ast.CallExpr:
		if calledName(expression) == "Sprintf" {
			return c.textOf(expression.Args[0])
		}
	}
	return "…"
}
