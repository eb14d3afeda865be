package provider_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// filesBelow lists the files in a directory and those below it whose names end in one of some ways.
func filesBelow(t *testing.T, directory string, suffixes ...string) []string {
	t.Helper()
	var files []string
	providertest.Must(t, filepath.WalkDir(directory, func(file string, entry fs.DirEntry, err error) error {
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".terraform") {
			return fs.SkipDir
		}
		if slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(file, suffix) }) {
			files = append(files, file)
		}
		return err
	}))
	return files
}

// hclUses are the parts of the schema that HCL sets or reads, as schemaPart names them.
type hclUses map[string]bool

func (u hclUses) read(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	providertest.Must(t, err)
	parsed, diags := hclsyntax.ParseConfig(content, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	u.body(parsed.Body.(*hclsyntax.Body))
}

// body notes everything in a file or block, and the blocks in it.
func (u hclUses) body(body *hclsyntax.Body) {
	for _, attribute := range body.Attributes {
		u.references(attribute.Expr)
	}
	for _, block := range body.Blocks {
		labels := strings.Join(block.Labels, " ")
		name, _, _ := strings.Cut(labels, " ")
		switch block.Type {
		case "resource", "data", "ephemeral", "list", "provider":
			if strings.HasPrefix(name, "asgardeo") {
				u[block.Type+" "+name] = true
				u.arguments(block.Type+" "+name, block.Body)
			}
		case "import":
			u.identity(block.Body)
		}
		u.body(block.Body)
	}
}

// arguments notes what a block sets. A list block has its arguments in another one.
func (u hclUses) arguments(of string, body *hclsyntax.Body) {
	for name, attribute := range body.Attributes {
		u[of+"."+name] = true
		u.members(of+"."+name, attribute.Expr)
	}
	for _, block := range body.Blocks {
		in := of + "." + block.Type
		if block.Type == "config" {
			in = of
		}
		u[in] = true
		u.arguments(in, block.Body)
	}
}

// members notes what an argument sets in its object, or in the objects of its list or map.
func (u hclUses) members(of string, expression hclsyntax.Expression) {
	switch value := expression.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, element := range value.Exprs {
			u.members(of, element)
		}
	case *hclsyntax.ForExpr:
		u.members(of, value.ValExpr)
	case *hclsyntax.ConditionalExpr:
		u.members(of, value.TrueResult)
		u.members(of, value.FalseResult)
	case *hclsyntax.ObjectConsExpr:
		for _, item := range value.Items {
			name := hcl.ExprAsKeyword(item.KeyExpr)
			if name == "" { // the key of a map
				u.members(of, item.ValueExpr)
				continue
			}
			u[of+"."+name] = true
			u.members(of+"."+name, item.ValueExpr)
		}
	}
}

// identity notes what an import block sets in the identity of what it imports.
func (u hclUses) identity(body *hclsyntax.Body) {
	to, identity := body.Attributes["to"], body.Attributes["identity"]
	if to == nil || identity == nil {
		return
	}
	for _, traversal := range to.Expr.Variables() {
		if strings.HasPrefix(traversal.RootName(), "asgardeo_") {
			u.members("identity "+traversal.RootName(), identity.Expr)
		}
	}
}

// references notes what an expression reads of resources, and the functions that it calls.
func (u hclUses) references(expression hclsyntax.Expression) {
	variables := map[string]string{} // of a for expression -> what it goes through
	_ = hclsyntax.VisitAll(expression, func(node hclsyntax.Node) hcl.Diagnostics {
		switch node := node.(type) {
		case *hclsyntax.ForExpr:
			if collection, ok := node.CollExpr.(*hclsyntax.ScopeTraversalExpr); ok {
				variables[node.ValVar] = referenceTo(collection.Traversal, variables)
			}
		case *hclsyntax.ScopeTraversalExpr:
			u[referenceTo(node.Traversal, variables)] = true
		case *hclsyntax.FunctionCallExpr:
			if name, own := strings.CutPrefix(node.Name, "provider::asgardeo::"); own {
				u["function "+name] = true
				for i := range node.Args {
					u["function "+name+"."+strconv.Itoa(i)] = true
				}
			}
		}
		return nil
	})
}

// referenceTo names what a traversal leads to as schemaPart does: without the name in the configuration, and without
// the places in lists.
func referenceTo(traversal hcl.Traversal, variables map[string]string) string {
	var names []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	kind := "resource"
	switch {
	case variables[names[0]] != "":
		return strings.Join(append([]string{variables[names[0]]}, names[1:]...), ".")
	case names[0] == "data" || names[0] == "ephemeral":
		kind, names = names[0], names[1:]
	}
	return kind + " " + strings.Join(slices.Delete(names, min(1, len(names)), min(2, len(names))), ".")
}

// testFile is what a Go file with tests speaks of.
type testFile struct {
	text  string          // of all its literals
	types map[string]bool // types of the provider that it names
	names map[string]bool // members of values and of maps, and arguments in HCL
	calls map[string]bool // functions and methods
}

type testFiles []testFile

// use reports whether a file uses a part of the schema: it is about what the part belongs to, and has all names on the
// way to it. Which of several blocks in a file a name belongs to, it does not tell.
func (f testFiles) use(part schemaPart) bool {
	return slices.ContainsFunc(f, func(file testFile) bool {
		if part.kind == "function" {
			return strings.Contains(file.text, part.typeName) && strings.Contains(file.text, part.path)
		}
		if part.path != "" {
			for name := range strings.SplitSeq(part.path, ".") {
				if !file.names[name] {
					return false
				}
			}
		}
		return file.isAbout(part)
	})
}

// isAbout reports whether a file speaks of the block that a part of the schema belongs to.
func (f testFile) isAbout(part schemaPart) bool {
	inHCL := strings.Contains(f.text, part.kind+` "`+part.typeName+`"`)
	switch part.kind {
	case "provider":
		return inHCL || f.calls["Configure"] || f.calls["Start"]
	case "data":
		return inHCL || f.types[part.typeName] && f.calls["Read"]
	case "list":
		return inHCL || f.types[part.typeName] && f.calls["List"]
	case "ephemeral":
		return inHCL || f.calls["OpenToken"]
	case "identity":
		return f.types[part.typeName] && (f.calls["ImportByIdentity"] || f.names["Identity"] || f.calls["WantIdentity"])
	}
	return f.types[part.typeName]
}

var (
	typeInText     = regexp.MustCompile(`\basgardeo_[a-z_]+`)
	argumentInText = regexp.MustCompile(`(?m)(?:^|[{\n])\s*([a-z_]+)\s*(?:=[^=]|\{)`)
)

// sourcesOfRooms are the files of the provider's rooms, tests included.
func sourcesOfRooms(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, room := range []string{
		"explain", "loginflow", "provider", "providertest", "session", "settings", "smsrule", "smssender", "validators",
	} {
		found := glob(t, "..", room, "*.go")
		if len(found) == 0 {
			t.Fatalf("nothing in %s", room)
		}
		files = append(files, found...)
	}
	return files
}

// typeOfRoom is what all tests of a room are about: they need not name it.
var typeOfRoom = map[string]string{
	"loginflow_test": providertest.LoginFlowType,
	"smssender_test": providertest.SenderType,
}

// readTests reads the tests of the provider's rooms.
func readTests(t *testing.T) testFiles {
	t.Helper()
	fileSet := gotoken.NewFileSet()
	var parsed []*ast.File
	constants := map[string]string{} // whose text is a type
	for _, path := range sourcesOfRooms(t) {
		file, err := parser.ParseFile(fileSet, path, nil, 0)
		providertest.Must(t, err)
		if strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(filepath.Base(path), "conformance") {
			parsed = append(parsed, file)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if spec, ok := node.(*ast.ValueSpec); ok {
				for i, value := range spec.Values {
					if name := typeInText.FindString(stringOf(value)); name != "" && i < len(spec.Names) {
						constants[spec.Names[i].Name] = name
					}
				}
			}
			return true
		})
	}
	var files testFiles
	for _, file := range parsed {
		read := testFile{types: map[string]bool{}, names: map[string]bool{}, calls: map[string]bool{}}
		read.types[typeOfRoom[file.Name.Name]] = true
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.KeyValueExpr:
				read.names[stringOf(node.Key)] = true
			case *ast.IndexExpr:
				read.names[stringOf(node.Index)] = true
			case *ast.RangeStmt:
				for _, name := range keysRangedOver(node) {
					read.names[name] = true
				}
			case *ast.CallExpr:
				read.calls[calledName(node)] = true
			case *ast.SelectorExpr:
				if name, ok := node.X.(*ast.Ident); ok && slices.Contains([]string{"providertest", "loginflow"}, name.Name) {
					read.types[constants[node.Sel.Name]] = true
				}
			case *ast.Ident:
				if !ast.IsExported(node.Name) {
					read.types[constants[node.Name]] = true
				}
			case *ast.BasicLit:
				text := stringOf(node)
				read.text += text + "\n"
				for _, name := range typeInText.FindAllString(text, -1) {
					read.types[name] = true
				}
				for _, match := range argumentInText.FindAllStringSubmatch(text, -1) {
					read.names[match[1]] = true
				}
			}
			return true
		})
		files = append(files, read)
	}
	return files
}

// keysRangedOver are the names of a loop through a list of names that uses each as a key.
func keysRangedOver(loop *ast.RangeStmt) []string {
	list, isList := loop.X.(*ast.CompositeLit)
	variable, named := loop.Value.(*ast.Ident)
	if !isList || !named {
		return nil
	}
	isKey := false
	ast.Inspect(loop.Body, func(node ast.Node) bool {
		if pair, ok := node.(*ast.KeyValueExpr); ok {
			key, ok := pair.Key.(*ast.Ident)
			isKey = isKey || ok && key.Name == variable.Name
		}
		return true
	})
	var names []string
	for _, element := range list.Elts {
		if isKey {
			names = append(names, stringOf(element))
		}
	}
	return names
}

func stringOf(node ast.Expr) string {
	literal, ok := node.(*ast.BasicLit)
	if !ok || literal.Kind != gotoken.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return text
}
