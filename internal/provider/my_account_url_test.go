package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestMyAccountURL(t *testing.T) {
	t.Parallel()
	const us, eu = "https://myaccount.asgardeo.io/t/", "https://myaccount.eu.asgardeo.io/t/"
	for _, test := range []struct {
		name      string
		arguments []any
		want      string
		argument  int64 // the one that is wrong
		errors    []string
	}{
		{name: "the organization alone", arguments: []any{"bifrost"}, want: us + "bifrost"},
		{name: "US", arguments: []any{"bifrost", "us"}, want: us + "bifrost"},
		{name: "EU", arguments: []any{"bifrost", "eu"}, want: eu + "bifrost"},
		{name: "a name with a dot", arguments: []any{"carbon.super"}, want: us + "carbon.super"},
		{name: "no name", arguments: []any{""}, argument: 0, errors: []string{"must not be empty"}},
		{name: "a name in capitals", arguments: []any{"Bifrost"}, argument: 0, errors: []string{`write "bifrost"`}},
		{name: "a URL", arguments: []any{"https://myaccount.asgardeo.io/t/bifrost", "eu"}, argument: 0,
			errors: []string{"the name alone, not a URL"}},
		{name: "a path", arguments: []any{"../bifrost"}, argument: 0, errors: []string{"is not the name of an organization"}},
		{name: "no such region", arguments: []any{"bifrost", "mars"}, argument: 1, errors: []string{`"mars"`, "us", "eu"}},
		{name: "an empty region", arguments: []any{"bifrost", ""}, argument: 1, errors: []string{"us", "eu"}},
		{name: "a region in capitals", arguments: []any{"bifrost", "EU"}, argument: 1, errors: []string{`"EU"`}},
		{name: "two regions", arguments: []any{"bifrost", "us", "eu"}, argument: 2, errors: []string{"one region"}},
		{name: "three regions", arguments: []any{"bifrost", "us", "eu", "us"}, argument: 2, errors: []string{"one region"}},
		{name: "both wrong", arguments: []any{"Bifrost", "mars"}, argument: 0, errors: []string{`write "bifrost"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := providertest.NewProcess(t) // functions run without a provider block
			request := &tfprotov6.CallFunctionRequest{Name: "my_account_url"}
			for _, argument := range test.arguments {
				request.Arguments = append(request.Arguments, new(providertest.Dynamic(t, tftypes.String, argument)))
			}
			response, err := p.Server.CallFunction(t.Context(), request)
			providertest.Must(t, err)
			if test.errors == nil {
				if response.Error != nil {
					t.Fatalf("unexpected error: %s", response.Error.Text)
				}
				result, err := response.Result.Unmarshal(tftypes.String)
				providertest.Must(t, err)
				if got := providertest.FromTerraform(t, result); got != test.want {
					t.Errorf("got %v, want %s", got, test.want)
				}
				return
			}
			switch {
			case response.Error == nil:
				t.Fatal("no error")
			case response.Error.FunctionArgument == nil:
				t.Fatalf("the error is at no argument: %s", response.Error.Text)
			case *response.Error.FunctionArgument != test.argument:
				t.Errorf("the error is at argument %d instead of %d: %s", *response.Error.FunctionArgument, test.argument,
					response.Error.Text)
			}
			if strings.HasSuffix(response.Error.Text, ".") {
				t.Errorf("Terraform adds another period to %q", response.Error.Text)
			}
			for _, fragment := range test.errors {
				if !strings.Contains(response.Error.Text, fragment) {
					t.Errorf("the error lacks %q: %s", fragment, response.Error.Text)
				}
			}
		})
	}
}
