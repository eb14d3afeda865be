package redact

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestOnlyCleanMakesText: everywhere else the compiler refuses a plain string for a Text, unless it is converted.
func TestOnlyCleanMakesText(t *testing.T) {
	t.Parallel()
	conversions := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declaration := range file.Decls {
			where := path
			if function, ok := declaration.(*ast.FuncDecl); ok {
				where += " " + function.Name.Name
			}
			ast.Inspect(declaration, func(node ast.Node) bool {
				if call, ok := node.(*ast.CallExpr); ok && isText(call.Fun) {
					conversions++
					if where != filepath.Join("..", "redact", "redact.go")+" Clean" &&
						where != filepath.Join("..", "redact", "redact.go")+" Phrase" {
						t.Errorf("%s makes a Text of its own", where)
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil || conversions == 0 {
		t.Errorf("%d conversions found, and %v", conversions, err)
	}
}

func isText(function ast.Expr) bool {
	switch f := function.(type) {
	case *ast.Ident:
		return f.Name == "Text"
	case *ast.SelectorExpr:
		owner, ok := f.X.(*ast.Ident)
		return ok && owner.Name == "redact" && f.Sel.Name == "Text"
	}
	return false
}

// TestClean: a message has no line of the server's, and nothing that a terminal acts on.
func TestClean(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want Text
	}{
		"plain":          {"  all\n\tclear ", "all clear"},
		"a secret":       {"you sent s3cret-1", "you sent (redacted)"},
		"a split secret": {"you sent s3cr\x1bet-1", "you sent (redacted)"},
		"escapes":        {"\x1b[31mred\u202e", "[31mred"},
		"long":           {strings.Repeat("ä", MaxDescription+1), Text(strings.Repeat("ä", MaxDescription) + "…")},
		"a flood":        {strings.Repeat("x", maxText+1), "(left out: 12289 bytes of text)"},
	} {
		if got := Clean(test.text, []string{"s3cret-1"}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestPhraseTakesOnlyWhatIsClean(t *testing.T) {
	t.Parallel()
	got := Phrase("%d %s %s %v %v", 3, Text("clean"), "raw", errors.New("raw"), time.Second)
	if want := Text("3 clean (redacted) (redacted) 1s"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
