package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCertificateFilesAreRegular: neither a device without end nor a file of gigabytes is read.
func TestCertificateFilesAreRegular(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	large := filepath.Join(directory, "large.pem")
	must(t, os.WriteFile(large, nil, 0o600))
	must(t, os.Truncate(large, 2*maxCertificates))
	files := map[string]string{directory: "directory", large: "more than any bundle of certificates"}
	if _, err := os.Stat("/dev/zero"); err == nil {
		files["/dev/zero"] = "no regular file"
	}
	for file, want := range files {
		if _, _, err := loadCertificates(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
