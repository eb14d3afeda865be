package asgardeo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
)

// proxyRefusalError is the HTTP status with which a proxy refused to pass a request on.
type proxyRefusalError int

func (e proxyRefusalError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the proxy refused it with HTTP status %d %s", int(e), http.StatusText(int(e))))
}

// checkTunnel keeps the status of a proxy that does not connect to the server, of which the transport would leave a bare
// text such as "Forbidden".
func checkTunnel(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return proxyRefusalError(answer.StatusCode)
	}
	return nil
}

// hopeless reports whether what kept an answer from arriving does not get better by waiting.
func hopeless(err error) bool {
	if refusal, ok := errors.AsType[proxyRefusalError](err); ok {
		return refusal < http.StatusInternalServerError && refusal != http.StatusTooManyRequests
	}
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound || errors.Is(err, http.ErrSchemeMismatch) || isTLSAlert(err)
}

// isTLSAlert reports whether the server answered a request with http in the language of TLS.
func isTLSAlert(err error) bool {
	return err != nil && strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`)
}

// httpsExpected is what servers say to a request with http at their port for https.
var httpsExpected = regexp.MustCompile(`(?i)HTTPS (server|port)|requires TLS|SSL-enabled server port`)

// wantsHTTPS reports whether the answer to a request with http asks for the same with https.
func wantsHTTPS(response *http.Response, body []byte) bool {
	if response.StatusCode/100 == 3 {
		target, err := response.Location()
		return err == nil && target.Scheme == "https" && target.Hostname() == response.Request.URL.Hostname()
	}
	return response.StatusCode == http.StatusBadRequest && httpsExpected.Match(body)
}

// refusedOnWindows is WSAECONNREFUSED, for which package syscall has no name there: its ECONNREFUSED is an invented number.
const refusedOnWindows = syscall.Errno(10061)

// describeConnection says in plain words why there was no answer. Words that are not this package's are cleaned.
func describeConnection(err error, clean func(string) Text) (Kind, Text) {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "proxyconnect" {
		_, reason := describeConnection(op.Err, clean)
		if reason != "" {
			reason = ": " + reason
		}
		return ProxyRefused, "the proxy cannot be reached" + reason
	}
	var dns *net.DNSError
	var slow tooSlowError
	var refusal proxyRefusalError
	switch {
	case errors.As(err, &refusal):
		return ProxyRefused, phrase("%v", refusal)
	case errors.As(err, &slow):
		return TooSlow, phrase("%v", slow)
	case errors.Is(err, http.ErrSchemeMismatch):
		return WrongScheme, "it speaks http there"
	case isTLSAlert(err):
		return WrongScheme, "it speaks https there"
	case errors.As(err, &dns) && dns.IsNotFound:
		return UnknownHost, phrase("the name service knows no host %q", clean(dns.Name))
	case errors.Is(err, errCutShort):
		return Unreachable, brokenOff
	case errors.Is(err, io.EOF):
		return Unreachable, "the connection was closed before an answer came"
	case op != nil && op.Op == "dial":
		var to Text
		kind := Unreachable
		if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, refusedOnWindows) {
			kind = ConnectionRefused
		}
		if op.Addr != nil {
			to = " to " + clean(op.Addr.String())
		}
		return kind, "no connection" + to + ": " + clean(strings.TrimPrefix(strings.TrimPrefix(op.Err.Error(), "connect: "), "connectex: "))
	case op != nil:
		return Unreachable, "the connection broke: " + clean(op.Err.Error())
	}
	return describeCertificate(err, clean)
}

// describeCertificate says what is wrong with the server's certificate, if that is why there was no answer.
func describeCertificate(err error, clean func(string) Text) (Kind, Text) {
	text := func(err error) Text { return clean(strings.TrimPrefix(err.Error(), "x509: ")) }
	var unverified *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return CertificateName, text(name)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return CertificateExpired, text(invalid)
	case errors.As(err, &authority):
		return Untrusted, text(authority)
	case errors.As(err, &unverified):
		return Untrusted, text(unverified.Err)
	}
	return Unreachable, ""
}
