package provider

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// credentials are those that the provider signs in with where credentials has no entry for an organization.
func (r *resolver) credentials() asgardeo.Credentials {
	found := asgardeo.Credentials{
		ClientID:     r.credential("client_id"),
		ClientSecret: r.credential("client_secret"),
		PrivateKey:   parsed(r, "client_private_key", nil, loadPrivateKey),
		AccessToken:  r.credential("access_token"),
	}
	if len(r.unknown) > 0 {
		return found
	}
	proof := found.ClientSecret != "" || found.PrivateKey != nil
	switch {
	case r.diags.HasError() && !r.block["client_private_key"].IsNull():
		// A key that cannot be read is not a missing one.
	case found.AccessToken != "" && (found.ClientID != "" || proof):
		r.diags.AddError(contradictoryVariables, tokenAndClient)
	case found.ClientSecret != "" && found.PrivateKey != nil:
		r.diags.AddError(contradictoryVariables, secretAndKey)
	case found.AccessToken != "", found.ClientID != "" && proof:
	case found.ClientID != "":
		r.incomplete("client_id", "client_secret")
	case proof:
		r.incomplete("client_secret", "client_id")
	case r.block["credentials"].IsNull():
		r.diags.AddError("Missing credentials",
			noCredentials+session.EmptyVariables("client_id", "client_secret", "access_token"))
	}
	return found
}

func (r *resolver) incomplete(present, missing string) {
	r.diags.AddAttributeError(path.Root(missing), "Missing "+missing, fmt.Sprintf(
		"%s is set, but %s is not: set the argument %s or the variable %s.%s",
		present, missing, missing, session.VariableName(missing), session.EmptyVariables(missing)))
}

// credential returns a client ID, client secret or access token that may be right.
func (r *resolver) credential(argument string) string {
	name := argument
	if r.block[argument].IsNull() {
		name = session.VariableName(argument)
	}
	return parsed(r, argument, "", func(text string) (string, error) {
		r.diags.Append(validators.WarnOfPlaceholder(path.Root(argument), name, text)...)
		return text, checkCredential(argument, text)
	})
}

// organizationCredentials are the entries of the argument credentials.
func (r *resolver) organizationCredentials() map[string]asgardeo.Credentials {
	if r.block["credentials"].IsUnknown() {
		r.unknown = append(r.unknown, "credentials")
		return nil
	}
	found := map[string]asgardeo.Credentials{}
	for organization, entry := range r.block["credentials"].(types.Map).Elements() {
		attributes := entry.(types.Object).Attributes()
		id, _ := attributes["client_id"].(types.String)
		secret, _ := attributes["client_secret"].(types.String)
		if entry.IsUnknown() || id.IsUnknown() || secret.IsUnknown() {
			r.unknown = append(r.unknown, fmt.Sprintf("credentials[%q]", organization))
			continue
		}
		found[organization] = asgardeo.Credentials{ClientID: id.ValueString(), ClientSecret: secret.ValueString()}
		for name, value := range map[string]types.String{"client_id": id, "client_secret": secret} {
			at := path.Root("credentials").AtMapKey(organization)
			r.diags.Append(
				validators.WarnOfPlaceholder(at.AtName(name), fmt.Sprintf("%s of %s", name, at), value.ValueString())...)
		}
	}
	slices.Sort(r.unknown)
	return found
}

// loadPrivateKey reads the key. No message repeats the value: a slip may have put the key where a path was meant.
func loadPrivateKey(value string) (*asgardeo.PrivateKey, error) {
	text, err := readPEM(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", neitherTextNorFile, err)
	}
	return asgardeo.ParsePrivateKey(text)
}

// certificates returns the certificate authorities to trust.
func (r *resolver) certificates(text string) (*x509.CertPool, error) {
	pool, leftOut, err := loadCertificates(text)
	if len(leftOut) > 0 {
		r.diags.AddWarning("Certificates left out of ca_certificate",
			fmt.Sprintf(certificatesLeftOut, session.VariableName("ca_certificate"), strings.Join(leftOut, "; ")))
	}
	return pool, err
}
