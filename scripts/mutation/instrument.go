package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
)

// mutant is one small mistake that could be made in a file.
type mutant struct {
	file string
	line int
	name string // where it is and what it does, without file and line: those change too often to be quoted
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s", m.file, m.line, m.name)
}

// edit replaces length bytes of a file at offset.
type edit struct {
	offset, length int
	text           string
}

// instrumenter rewrites one file so that it holds all its mutants. Which one of them acts is decided when the test
// binary starts: so they are compiled once, not once each.
type instrumenter struct {
	source   []byte
	start    token.Pos // of the source
	function string    // the one that is being read
	add      func(offset int, name string) (id int, kept bool)
	done     map[ast.Expr]bool
	opening  []edit // outer ones first
	closing  []edit // outer ones first, too
}

// instrument returns the new text of a file. It calls add with each mutant, and leaves out those that add does not
// keep. Lines stay where they are.
//
// A condition is held at true and at false, and so is each operand of && and ||. Whatever notices that would also
// notice a negation, an exchange of && and ||, and a guard that is gone. Besides, < is exchanged with <= and > with >=.
func instrument(path string, add func(line int, name string) (id int, kept bool)) (text string, err error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	in := &instrumenter{source: source, start: file.FileStart, done: map[ast.Expr]bool{}}
	in.add = func(offset int, name string) (int, bool) {
		return add(files.Position(file.FileStart+token.Pos(offset)).Line, name)
	}
	for _, declaration := range file.Decls {
		in.function = file.Name.Name
		if function, is := declaration.(*ast.FuncDecl); is {
			in.function += "." + nameOf(function)
		}
		ast.Inspect(declaration, in.visit)
	}
	if len(in.opening) > 0 {
		const helpers = `; import mutation "github.com/asgardeo/terraform-provider-asgardeo/scripts/mutation/active"`
		in.opening = append(in.opening, edit{offset: in.offset(file.Name.End()), text: helpers})
	}
	return in.text(), nil
}

// nameOf is a function's name, after its receiver's type where it has one.
func nameOf(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return function.Name.Name
	}
	receiver := "" // the first name in *T[P]
	ast.Inspect(function.Recv.List[0].Type, func(node ast.Node) bool {
		if named, is := node.(*ast.Ident); is && receiver == "" {
			receiver = named.Name
		}
		return receiver == ""
	})
	return receiver + "." + function.Name.Name
}

// visit finds the conditions in a node. It is called for outer nodes first.
func (in *instrumenter) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.GenDecl:
		return node.Tok != token.CONST // the compiler evaluates them
	case *ast.IfStmt:
		in.hold(node.Cond, true, true)
	case *ast.ForStmt:
		in.hold(node.Cond, false, true) // held at true, it would never end
	case *ast.SwitchStmt:
		for _, clause := range node.Body.List {
			for _, condition := range clause.(*ast.CaseClause).List {
				if node.Tag == nil {
					in.hold(condition, true, true)
				}
			}
		}
	case *ast.BinaryExpr:
		if node.Op == token.LAND || node.Op == token.LOR || node.Op.Precedence() == token.EQL.Precedence() {
			in.hold(node, true, true)
		}
	case *ast.UnaryExpr:
		if node.Op == token.NOT {
			in.hold(node, true, true)
		}
	case *ast.Ident:
		if node.Name == "true" || node.Name == "false" {
			in.hold(node, true, true)
		}
	}
	return true
}

// hold adds the mutants that hold a condition at true, at false, or both, and those of its operands. What holds one
// operand of && at false does the same for the whole, so only the whole is held at it.
func (in *instrumenter) hold(condition ast.Expr, atTrue, atFalse bool) {
	if condition == nil || in.done[condition] {
		return
	}
	in.done[condition] = true
	switch node := condition.(type) {
	case *ast.ParenExpr:
		in.hold(node.X, atTrue, atFalse)
		return
	case *ast.UnaryExpr:
		if node.Op == token.NOT {
			in.hold(node.X, atFalse, atTrue)
			return
		}
	case *ast.BinaryExpr:
		if node.Op == token.LAND || node.Op == token.LOR {
			and := node.Op == token.LAND
			in.wrap(node, !and && atTrue, and && atFalse)
			in.hold(node.X, and, !and)
			in.hold(node.Y, and, !and)
			return
		}
		defer in.shift(node)
	}
	in.wrap(condition, atTrue && in.quote(condition) != "true", atFalse && in.quote(condition) != "false")
}

// wrap evaluates a condition first, and asks the mutant only if that would change the result. So a test that does not
// ask has nothing to do with the mutant.
func (in *instrumenter) wrap(condition ast.Expr, atTrue, atFalse bool) {
	if id, kept := in.mutant(condition, "true", atTrue); kept {
		in.surround(condition, "((", fmt.Sprintf(") || mutation.Mutant(%d))", id))
	}
	if id, kept := in.mutant(condition, "false", atFalse); kept {
		in.surround(condition, "((", fmt.Sprintf(") && !mutation.Mutant(%d))", id))
	}
}

// shift exchanges < and <=, > and >=.
func (in *instrumenter) shift(comparison *ast.BinaryExpr) {
	other, ordered := map[token.Token][2]string{
		token.LSS: {"<=", "mutation.Less"}, token.GEQ: {">", "!mutation.Less"},
		token.GTR: {">=", "mutation.More"}, token.LEQ: {"<", "!mutation.More"},
	}[comparison.Op]
	mutated := fmt.Sprintf("%s %s %s", in.quote(comparison.X), other[0], in.quote(comparison.Y))
	if id, kept := in.mutant(comparison, mutated, ordered); kept {
		in.surround(comparison, fmt.Sprintf("%s(%d, ", other[1], id), ")")
		in.opening = append(in.opening, edit{in.offset(comparison.OpPos), len(comparison.Op.String()), ","})
	}
}

func (in *instrumenter) mutant(original ast.Expr, mutated string, wanted bool) (id int, kept bool) {
	if !wanted {
		return 0, false
	}
	return in.add(in.offset(original.Pos()), fmt.Sprintf("%s: %s -> %s", in.function, in.quote(original), mutated))
}

func (in *instrumenter) surround(node ast.Node, before, after string) {
	in.opening = append(in.opening, edit{offset: in.offset(node.Pos()), text: before})
	in.closing = append(in.closing, edit{offset: in.offset(node.End()), text: after})
}

func (in *instrumenter) offset(position token.Pos) int {
	return int(position - in.start)
}

// quote returns the source of a node, on one line.
func (in *instrumenter) quote(node ast.Node) string {
	return strings.Join(strings.Fields(string(in.source[in.offset(node.Pos()):in.offset(node.End())])), " ")
}

// text is the source with all edits.
func (in *instrumenter) text() string {
	slices.Reverse(in.closing)
	edits := slices.Concat(in.closing, in.opening)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.offset, b.offset) })
	var text strings.Builder
	read := 0
	for _, e := range edits {
		text.Write(in.source[read:e.offset])
		text.WriteString(e.text)
		read = e.offset + e.length
	}
	text.Write(in.source[read:])
	return text.String()
}
