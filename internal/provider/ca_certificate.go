package provider

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
)

const certificateBegin = "-----BEGIN CERTIFICATE-----"

// loadCertificates returns the system's certificate authorities and the given ones, and says which of these it left
// out.
func loadCertificates(value string) (pool *x509.CertPool, leftOut []string, err error) {
	text, err := readPEM(value)
	if err != nil {
		if len(value) > 200 {
			value = value[:200] + "…"
		}
		return nil, nil, fmt.Errorf("%s: %q: %w", neitherTextNorFile, value, err)
	}
	if pool, err = x509.SystemCertPool(); err != nil {
		pool = x509.NewCertPool()
	}
	leftOut, err = addCertificates(pool, text)
	return pool, leftOut, err
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

// maxCertificates is several times the size of the bundle of an operating system.
const maxCertificates = 4 << 20

// readRegular reads a file of a sane size: a pipe would be waited for, and a device may have no end.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
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
	return os.ReadFile(path) //nolint:gosec // the path is the user's own
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
