package provider

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
)

// loadCertificates returns the system's certificate authorities and the given ones.
func loadCertificates(value string) (*x509.CertPool, error) {
	text := []byte(value)
	if !strings.Contains(value, "-----BEGIN") {
		content, err := os.ReadFile(value) //nolint:gosec // the path is the user's own
		if err != nil {
			if cause, ok := errors.AsType[*os.PathError](err); ok {
				err = cause.Err
			}
			return nil, fmt.Errorf("it is neither PEM text nor the path of a readable file: %q: %w", value, err)
		}
		text = content
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New(`it holds no certificate: expected is PEM text with "-----BEGIN CERTIFICATE-----"`)
	}
	return pool, nil
}
