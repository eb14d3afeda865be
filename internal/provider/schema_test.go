package provider_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
)

var updateSchema = flag.Bool("update-schema", false, "write testdata/schema.json instead of comparing with it")

// TestSchemaFile compares everything users can write with testdata/schema.json, so that each change of it shows in
// a review. The documentation is generated from that file.
//
// The schema is asked of the provider itself: what a CLI reports depends on its version, and older ones leave out
// identities and list resources.
func TestSchemaFile(t *testing.T) {
	t.Parallel()

	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, diagnostic := range append(schemas.Diagnostics, identities.Diagnostics...) {
		t.Fatalf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}

	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(newSchemaFile(schemas, identities)); err != nil {
		t.Fatal(err)
	}

	path := filepath.Join("testdata", "schema.json")
	if *updateSchema {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}

	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run \"make docs\" and commit what it writes", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the schema has changed. If that is meant, run \"make docs\" and commit what it writes (- file, + "+
			"provider):\n%s",
			diff)
	}
}
