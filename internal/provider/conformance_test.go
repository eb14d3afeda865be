package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Everything that users can write or read is described, shown in an example, documented and tested. These tests go
// through the schema, so whatever is added to it is asked for at once.

// schemaPart is an attribute, a block or a parameter, or with an empty path what they belong to.
type schemaPart struct {
	kind        string // "resource", "data", "list", "ephemeral", "identity", "function", "provider"
	typeName    string
	path        string // "authentication.type"
	description string
	markdown    bool
	argument    int // the position of a function's parameter
}

func (p schemaPart) String() string {
	return strings.TrimSpace(strings.TrimSuffix(fmt.Sprintf("%s %s.%s", p.kind, p.typeName, p.path), "."))
}

// inHCL names the part as hclUses does: parameters have no names there.
func (p schemaPart) inHCL() string {
	if p.kind == "function" && p.path != "" {
		return fmt.Sprintf("function %s.%d", p.typeName, p.argument)
	}
	return p.String()
}

// withoutDescription are the parts that have none, or none in Markdown, and why. A timeouts block is made by
// HashiCorp's package, which describes its four attributes in plain text, and the block not at all.
var withoutDescription = func() map[string]string {
	parts := map[string]string{}
	for _, typeName := range []string{flowType, portalType, twoFactorType, senderType} {
		for _, name := range []string{"", ".create", ".read", ".update", ".delete"} {
			parts["resource "+typeName+".timeouts"+name] = "terraform-plugin-framework-timeouts has no way to say it"
		}
	}
	return parts
}()

// TestEverythingIsDescribed insists on a description, in Markdown, of everything in the schema.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	conforms(t, withoutDescription, func(part schemaPart) bool { return part.description != "" && part.markdown })
}

// withoutExample are the parts that no example has, and why.
var withoutExample = func() map[string]string {
	const (
		secret = "a secret in a configuration or state is no example: there is a variable, or a write-only argument"
	)
	parts := map[string]string{
		"provider asgardeo.access_token":              secret,
		"provider asgardeo.client_secret":             secret,
		"provider asgardeo.credentials.client_id":     "examples pass all credentials on, from one variable",
		"provider asgardeo.credentials.client_secret": secret,
		"provider asgardeo.allow_http":                "nobody should send a secret without TLS",
		"identity asgardeo_sms_sender.name":           "there is only one",
	}
	for _, name := range []string{"secret", "authentication.access_token", "authentication.client_secret",
		"authentication.password", "authentication.value"} {
		parts["resource asgardeo_sms_sender."+name] = secret
	}
	for _, typeName := range []string{flowType, twoFactorType, senderType} {
		for _, name := range []string{"", ".create", ".read", ".update", ".delete"} {
			parts["resource "+typeName+".timeouts"+name] = "it is that of " + portalType + ", which examples/identity-server has"
		}
	}
	return parts
}()

// TestEverythingIsInAnExample insists that an example under examples/ sets or reads everything in the schema.
func TestEverythingIsInAnExample(t *testing.T) {
	t.Parallel()
	shown := hclUses{}
	for _, file := range filesBelow(t, filepath.Join("..", "..", "examples"), ".tf", ".hcl") {
		shown.read(t, file)
	}
	conforms(t, withoutExample, func(part schemaPart) bool { return shown[part.inHCL()] })
}

// TestEverythingIsDocumented insists that everything in the schema is on its page in docs/.
func TestEverythingIsDocumented(t *testing.T) {
	t.Parallel()
	conforms(t, nil, func(part schemaPart) bool {
		switch part.kind {
		case "identity":
			return documented(t, "resources", part.typeName, part.path) // it shows how to import with one
		case "function":
			return documented(t, "functions", part.typeName, part.path)
		case "provider":
			return documented(t, "", "index", part.path)
		}
		directories := map[string]string{
			"resource": "resources", "data": "data-sources", "list": "list-resources", "ephemeral": "ephemeral-resources",
		}
		return documented(t, directories[part.kind], part.typeName, part.path)
	})
}

// TestEverythingIsTested insists that a test sets or reads everything in the schema: by its name, as a member of a
// block's values or as an argument in HCL, in a file that is about what it belongs to. TestEverySettingReachesTheServer
// sets and reads each of the known flags, which TestEverySettingIsEverywhere compares with the settings.
func TestEverythingIsTested(t *testing.T) {
	t.Parallel()
	tests := readTests(t)
	inHCL := hclUses{}
	for _, file := range filesBelow(t, filepath.Join("..", "..", "examples"), ".tftest.hcl") {
		inHCL.read(t, file)
	}
	conforms(t, nil, func(part schemaPart) bool {
		return inHCL[part.inHCL()] || tests.use(part) || isKnownFlag(part)
	})
}

// isKnownFlag reports whether the part is a flag in the table of the tests, where a resource or data source has it.
func isKnownFlag(part schemaPart) bool {
	_, known := providertest.ClassicFlags[part.path]
	return known && slices.Contains(providertest.FlagsOfType()[part.typeName], part.path)
}

// conforms checks every part of the schema. The exceptions need a reason, and have to be some.
func conforms(t *testing.T, exceptions map[string]string, check func(schemaPart) bool) {
	t.Helper()
	parts := schemaParts(t)
	if len(parts) < 150 { // control
		t.Fatalf("the schema has only %d parts", len(parts))
	}
	passed, names := 0, map[string]bool{}
	for _, part := range parts {
		names[part.String()] = true
		reason, excepted := exceptions[part.String()]
		switch ok := check(part); {
		case ok && excepted:
			t.Errorf("%s is excepted although it is there: %s", part, reason)
		case !ok && !excepted:
			t.Errorf("%s is missing", part)
		case ok:
			passed++
		}
	}
	for name, reason := range exceptions {
		if !names[name] || reason == "" {
			t.Errorf("the exception %q has no reason, or is none: the schema does not have it", name)
		}
	}
	// control
	if passed < len(parts)/2 ||
		check(schemaPart{kind: "resource", typeName: portalType, path: "no_such_argument"}) {
		t.Errorf("only %d of %d parts pass, or one that does not exist does", passed, len(parts))
	}
}

// schemaParts lists everything that the provider has, in the order of the alphabet.
func schemaParts(t *testing.T) []schemaPart {
	t.Helper()
	p := providertest.NewProcess(t)
	var parts []schemaPart
	add := func(kind, typeName string, schema *tfprotov6.Schema) {
		if kind != "provider" { // whose own description is the index page
			markdown := isMarkdown(schema.Block.DescriptionKind)
			parts = append(parts, schemaPart{
				kind: kind, typeName: typeName, description: schema.Block.Description, markdown: markdown,
			})
		}
		parts = append(parts, partsOfBlock(schemaPart{kind: kind, typeName: typeName}, schema.Block)...)
	}
	add("provider", "asgardeo", p.Schemas.Provider)
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"resource": p.Schemas.ResourceSchemas, "data": p.Schemas.DataSourceSchemas,
		"list": p.Schemas.ListResourceSchemas, "ephemeral": p.Schemas.EphemeralResourceSchemas,
	} {
		for typeName, schema := range schemas {
			add(kind, typeName, schema)
		}
	}
	for typeName, identity := range p.Identities.IdentitySchemas {
		for _, attribute := range identity.IdentityAttributes {
			parts = append(parts, schemaPart{
				kind: "identity", typeName: typeName, path: attribute.Name, description: attribute.Description,
				markdown: true, // the protocol does not tell
			})
		}
	}
	for name, function := range p.Schemas.Functions {
		parameters := function.Parameters
		if function.VariadicParameter != nil {
			parameters = append(slices.Clone(parameters), function.VariadicParameter)
		}
		parts = append(parts, schemaPart{
			kind: "function", typeName: name,
			description: function.Description, markdown: isMarkdown(function.DescriptionKind),
		})
		for i, parameter := range parameters {
			parts = append(parts, schemaPart{
				kind: "function", typeName: name, path: parameter.Name, argument: i,
				description: parameter.Description, markdown: isMarkdown(parameter.DescriptionKind),
			})
		}
	}
	slices.SortFunc(parts, func(a, b schemaPart) int { return strings.Compare(a.String(), b.String()) })
	return parts
}

func isMarkdown(kind tfprotov6.StringKind) bool { return kind == tfprotov6.StringKindMarkdown }

// partsOfBlock lists what is in a block.
func partsOfBlock(in schemaPart, block *tfprotov6.SchemaBlock) []schemaPart {
	parts := partsOfAttributes(in, block.Attributes)
	for _, nested := range block.BlockTypes {
		part := in.within(nested.TypeName, nested.Block.Description, nested.Block.DescriptionKind)
		parts = append(append(parts, part), partsOfBlock(part, nested.Block)...)
	}
	return parts
}

func partsOfAttributes(in schemaPart, attributes []*tfprotov6.SchemaAttribute) []schemaPart {
	var parts []schemaPart
	for _, attribute := range attributes {
		part := in.within(attribute.Name, attribute.Description, attribute.DescriptionKind)
		parts = append(parts, part)
		if attribute.NestedType != nil {
			parts = append(parts, partsOfAttributes(part, attribute.NestedType.Attributes)...)
		}
	}
	return parts
}

// within is a part of a part.
func (p schemaPart) within(name, description string, kind tfprotov6.StringKind) schemaPart {
	return schemaPart{
		kind: p.kind, typeName: p.typeName, path: strings.TrimPrefix(p.path+"."+name, "."),
		description: description, markdown: isMarkdown(kind),
	}
}

// documented reports whether a page of the documentation has something in its schema, or the page itself. A function
// has its parameters in a list, and an identity is part of a page's import section.
func documented(t *testing.T, directory, typeName, path string) bool {
	t.Helper()
	name := strings.TrimPrefix(typeName, "asgardeo_") + ".md"
	content, err := os.ReadFile(filepath.Join("..", "..", "docs", directory, name))
	if path == "" || err != nil {
		return err == nil
	}
	text := string(content)
	parent, last, nested := cutLast(path)
	heading := regexp.MustCompile(`(?m)^## (Schema|Arguments)$`)
	if nested {
		heading = regexp.MustCompile("(?m)^### Nested Schema for `" + regexp.QuoteMeta(parent) + "`$")
	}
	start := heading.FindStringIndex(text)
	if start == nil {
		return false
	}
	section := text[start[1]:]
	if end := regexp.MustCompile(`(?m)^(## |### Nested)`).FindStringIndex(section); end != nil {
		section = section[:end[0]]
	}
	return regexp.MustCompile("(?m)^([0-9]+\\.|-) `" + last + "` \\(.*\\) .+$").MatchString(section)
}

// cutLast splits a path before its last name.
func cutLast(path string) (parent, last string, nested bool) {
	i := strings.LastIndex(path, ".")
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}
