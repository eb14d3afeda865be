package provider

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
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

// certificates returns the certificate authorities to trust: the system's and the given ones.
func (r *resolver) certificates(value string) (*x509.CertPool, error) {
	text, err := readPEM(value)
	if err != nil {
		if len(value) > 200 {
			value = value[:200] + "…"
		}
		return nil, fmt.Errorf("%s: %q: %w", neitherTextNorFile, value, err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	leftOut, err := addCertificates(pool, text)
	if len(leftOut) > 0 {
		r.diags.AddWarning("Certificates left out of ca_certificate",
			fmt.Sprintf(certificatesLeftOut, session.VariableName("ca_certificate"), strings.Join(leftOut, "; ")))
	}
	return pool, err
}

// readPEM returns PEM text, given as such or as the path of a file.
func readPEM(value string) ([]byte, error) {
	if strings.Contains(value, "-----BEGIN") {
		return []byte(value), nil
	}
	text, err := readRegular(value)
	if cause, ok := errors.AsType[*os.PathError](err); ok {
		err = cause.Err // which does not repeat the path
	}
	return text, err
}

const certificateBegin = "-----BEGIN CERTIFICATE-----"

// maxCertificates is several times the size of the bundle of an operating system.
const maxCertificates = 4 << 20

// readRegular reads a file of a sane size: a pipe would be waited for, and a device may have no end.
func readRegular(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > maxCertificates:
		return nil, fmt.Errorf("it has %d bytes, more than any bundle of certificates", info.Size())
	}
	return os.ReadFile(file) //nolint:gosec // the path is the user's own
}

// addCertificates accounts for every certificate of a bundle: x509's own method leaves out what it cannot read, and the
// connection then fails with a certificate that seems to be there. Bundles of an operating system may well hold one
// that Go refuses.
func addCertificates(pool *x509.CertPool, text []byte) (leftOut []string, err error) {
	announced, found, key := strings.Count(string(text), certificateBegin), 0, false
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		key = key || strings.HasSuffix(block.Type, "PRIVATE KEY")
		if block.Type != "CERTIFICATE" {
			continue
		}
		found++
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			leftOut = append(leftOut, fmt.Sprintf("certificate %d of %d in it cannot be read: %v", found, announced, err))
			continue
		}
		pool.AddCert(certificate)
	}
	switch {
	case len(leftOut) > 0 && len(leftOut) == found:
		return nil, errors.New(strings.Join(leftOut, "; "))
	case found < announced:
		return nil, fmt.Errorf("%d of %d certificates in it cannot be read: between %q and the END line belong lines of "+
			"base64 text", announced-found, announced, certificateBegin)
	case key && found == 0:
		return nil, errors.New("it is a private key: give the certificate of the authority instead")
	case found == 0:
		return nil, fmt.Errorf("it holds no certificate: expected is PEM text with %q", certificateBegin)
	}
	return leftOut, nil
}
