package main_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is what the imports of this repository's own packages begin with.
const module = "github.com/asgardeo/terraform-provider-asgardeo/"

// room is what one package is for, and what it may import of this repository.
type room struct {
	is      string
	imports []string
	tests   []string // what its tests may import besides, and itself
	// terraform: it may import Terraform's plugin packages. All others know no type of Terraform.
	terraform bool
}

// rooms has every package of the repository. This is the only place that says which may import which.
var rooms = map[string]room{
	".": {
		is:        "the provider's program: it starts a server and nothing else",
		imports:   []string{"internal/provider"},
		terraform: true,
	},
	"internal/provider": {
		is: "the entrance: the provider block, and what the provider offers",
		imports: []string{
			"internal/asgardeo", "internal/explain", "internal/handover", "internal/loginflow", "internal/portal",
			"internal/session", "internal/settings", "internal/smssender", "internal/validators", "internal/words",
		},
		tests:     []string{"internal/contract", "internal/mockserver", "internal/providertest"},
		terraform: true,
	},
	"internal/settings": {
		is: "the resources, data sources and lists of settings that every organization has: the portal and its factors",
		imports: []string{
			"internal/asgardeo", "internal/explain", "internal/handover", "internal/portal", "internal/session",
			"internal/smsrule", "internal/words",
		},
		tests:     []string{"internal/contract", "internal/mockserver", "internal/providertest"},
		terraform: true,
	},
	"internal/loginflow": {
		is: "the resource, data source and list of whole login flows",
		imports: []string{
			"internal/asgardeo", "internal/explain", "internal/handover", "internal/portal", "internal/session",
			"internal/smsrule", "internal/validators",
		},
		tests:     []string{"internal/mockserver", "internal/providertest"},
		terraform: true,
	},
	"internal/smssender": {
		is: "the resource, data source and list of SMS senders",
		imports: []string{
			"internal/asgardeo", "internal/explain", "internal/handover", "internal/redact", "internal/session",
			"internal/smsrule", "internal/validators", "internal/words",
		},
		tests:     []string{"internal/mockserver", "internal/providertest"},
		terraform: true,
	},
	"internal/smsrule": {
		is: "the rule between SMS OTP and the SMS sender: neither goes without the other",
		imports: []string{
			"internal/asgardeo", "internal/explain", "internal/handover", "internal/portal", "internal/session",
			"internal/validators",
		},
		tests:     []string{"internal/mockserver", "internal/providertest"},
		terraform: true,
	},
	"internal/session": {
		is: "what the configured provider gives its resources, and what all of them do alike",
		imports: []string{
			"internal/asgardeo", "internal/explain", "internal/handover", "internal/portal", "internal/validators",
			"internal/words",
		},
		tests:     []string{"internal/mockserver", "internal/providertest"},
		terraform: true,
	},
	"internal/explain": {
		is:      "an error of the client in words: what happened, what to do, what the server said",
		imports: []string{"internal/asgardeo", "internal/redact", "internal/words"},
	},
	"internal/validators": {
		is:        "the checks of single arguments",
		imports:   []string{"internal/asgardeo", "internal/words"},
		terraform: true,
	},
	"internal/words": {
		is: "the making of sentences",
	},
	"internal/handover": {
		is:      "what resources remember of the time before Terraform, and what becomes of it; plain values",
		imports: []string{"internal/portal"},
	},
	"internal/portal": {
		is: "what My Account is: its settings, their rules, and the login flow that holds them; values, no calls",
	},
	"internal/redact": {
		is:    "texts of a server without the secrets that it may repeat",
		tests: []string{"internal/redact/redacttest"},
	},
	"internal/redact/redacttest": {
		is: "secrets for tests, in every form in which a server may repeat them",
	},
	"internal/providertest": {
		is:        "the provider under test: in this process or under a CLI, against a mock server",
		imports:   []string{"internal/contract", "internal/mockserver", "internal/provider"},
		terraform: true,
	},
	"internal/asgardeo": {
		is:      "the client of the management API; what it returns, another program could use as well",
		imports: []string{"internal/portal", "internal/redact"},
		tests:   []string{"internal/contract", "internal/mockserver", "internal/redact/redacttest"},
	},
	"internal/mockserver": {
		is: "the imitated server; a mock that shares code with the client repeats the client's mistakes",
	},
	"internal/contract": {
		is:    "the documented API, which client and mock server are both held to, so it shares code with neither",
		tests: []string{"internal/mockserver"},
	},
	"cmd/asgardeo-mock": {
		is:      "the imitated server as a program",
		imports: []string{"internal/mockserver"},
	},
	"scripts/mutation": {
		is:      "the check whether tests notice mistakes in the code that decides most",
		imports: []string{"scripts/mutation/active"},
	},
	"scripts/mutation/active": {
		is: "what code with mistakes in it asks which of them is made",
	},
	"scripts/console": {
		is: "somebody in the Console, for the demo; it makes its calls by itself, as the Console does",
	},
	"scripts/demo": {
		is: "the drawing of README's picture from a recorded demo",
	},
}

// TestImports compares the packages of this repository, and what each imports, with the table above.
func TestImports(t *testing.T) {
	t.Parallel()
	packages := ownPackages(t)
	if len(packages) < 8 { // control
		t.Fatalf("only %d packages were found", len(packages))
	}
	for name, found := range packages {
		rule, ok := rooms[name]
		if !ok {
			t.Errorf("%s has no entry in the table: say what it is, and what it may import", name)
			continue
		}
		for imported, file := range found.production {
			if !rule.allows(imported, rule.imports) {
				t.Errorf("%s: %s may not import %s; it is %s", file, name, imported, rule.is)
			}
		}
		for imported, file := range found.tests {
			if !rule.allows(imported, slices.Concat(rule.imports, rule.tests, []string{name})) {
				t.Errorf("%s: tests of %s may not import %s; it is %s", file, name, imported, rule.is)
			}
		}
		for _, allowed := range slices.Concat(rule.imports, rule.tests) {
			if found.production[allowed] == "" && found.tests[allowed] == "" {
				t.Errorf("%s does not import %s: take it out of the table", name, allowed)
			}
		}
	}
	for name, rule := range rooms {
		if _, ok := packages[name]; !ok {
			t.Errorf("%s is in the table, but there is no such package", name)
		}
		if rule.is == "" {
			t.Errorf("the table does not say what %s is", name)
		}
	}
}

// TestImportRules is the control of TestImports: what the table does not have is not allowed.
func TestImportRules(t *testing.T) {
	t.Parallel()
	const framework = pluginPackages + "framework"
	for imported, allowed := range map[string]bool{
		"internal/mockserver": false,
		"internal/asgardeo":   true,
		framework + "/path":   false,
		framework:             false,
		logPackages + "tflog": true,
		"encoding/json":       true,
	} {
		if (room{}).allows(imported, []string{"internal/asgardeo"}) != allowed {
			t.Errorf("allowed to import %s: %t", imported, !allowed)
		}
	}
	if !(room{terraform: true}).allows(framework+"/path", nil) {
		t.Error("Terraform's framework is allowed to nobody")
	}
}

const (
	pluginPackages = "github.com/hashicorp/terraform-plugin-"
	logPackages    = pluginPackages + "log/" // anybody may log
)

// allows reports whether a package may import another one. Own packages are named from the root of the repository.
func (r room) allows(imported string, own []string) bool {
	switch first, _, _ := strings.Cut(imported, "/"); {
	case strings.HasPrefix(imported, pluginPackages) && !strings.HasPrefix(imported, logPackages):
		return r.terraform
	case first == "internal" || first == "cmd" || first == "scripts":
		return slices.Contains(own, imported)
	}
	return true
}

// imports are what the files of a package import, with one file that does.
type imports struct {
	production, tests map[string]string
}

// noPackages are directories without packages of this module.
var noPackages = []string{"testdata", "tools", "bin", "dist"}

// ownPackages reads the imports of all packages, whatever system their files are for.
func ownPackages(t *testing.T) map[string]imports {
	t.Helper()
	packages := map[string]imports{}
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (name[0] == '.' || slices.Contains(noPackages, name)):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(filepath.Dir(file))
		if _, ok := packages[name]; !ok {
			packages[name] = imports{map[string]string{}, map[string]string{}}
		}
		found := packages[name].production
		if strings.HasSuffix(file, "_test.go") {
			found = packages[name].tests
		}
		for _, spec := range parsed.Imports {
			found[strings.TrimPrefix(strings.Trim(spec.Path.Value, `"`), module)] = file
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}
