package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestCertificateFilesAreRegular: neither a device without end nor a file of gigabytes is read.
func TestCertificateFilesAreRegular(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	large := filepath.Join(directory, "large.pem")
	providertest.Must(t, os.WriteFile(large, nil, 0o600))
	providertest.Must(t, os.Truncate(large, 2*provider.MaxCertificates))
	files := map[string]string{directory: "directory", large: "more than any bundle of certificates"}
	if _, err := os.Stat("/dev/zero"); err == nil {
		files["/dev/zero"] = "no regular file"
	}
	for file, want := range files {
		if _, err := provider.ReadPEM(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
