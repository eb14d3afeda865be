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
	"strings"
	"syscall"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// ownError is a reason for having no answer that this package has found out, in its own words.
type ownError struct {
	kind     Kind
	reason   redact.Text
	hopeless bool // waiting does not make it better
}

func (e ownError) Error() string {
	return string(e.reason)
}

// errCutShort marks an answer whose end is missing.
var errCutShort = ownError{kind: Unreachable, reason: "the answer was cut short"}

// proxyRefusal is the error for a proxy that does not pass a request on.
func proxyRefusal(status int) ownError {
	text := fmt.Sprintf("the proxy refused it with HTTP status %d %s", status, http.StatusText(status))
	final := status < 500 && status != http.StatusTooManyRequests
	return ownError{ProxyRefused, redact.Clean(text, nil), final}
}

// noAnswer completes the error for a call that something kept an answer from.
func (o *Organization) noAnswer(failure Error, tries *attempts, err error) *Error {
	failure.OwnCAs, failure.Err = o.client.config.RootCAs != nil, err
	last := tries.last
	switch {
	case !gaveUp(err):
		failure.Kind, failure.Reason = describeConnection(err, tries.clean)
		failure.Err = rootCause(err, tries.clean)
		return &failure
	// What came of the last attempt tells more than the clock.
	case last.err != nil:
		_, failure.Reason = describeConnection(last.err, tries.clean)
	case last.response != nil && last.response.StatusCode >= http.StatusBadRequest:
		failure, _, _ = tries.describe(failure)
	}
	failure.Kind = TimedOut
	return &failure
}

// gaveUp reports whether the caller's own limits ended a call: another caller may have more time.
func gaveUp(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// rootCause returns the cause at the bottom of an error, cleaned: what broke the protocol may have repeated anything.
func rootCause(err error, clean func(string) redact.Text) error {
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		err = cause
	}
	return errors.New(string(clean(err.Error())))
}

// hopeless reports whether what kept an answer from arriving does not get better by waiting.
func hopeless(err error) bool {
	own, _ := errors.AsType[ownError](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	const unsendable = "net/http: invalid header" // a credential with a character that no header can have
	return own.hopeless || isDNS && dns.IsNotFound || unverified || isPlainHTTP(err) || isTLSAlert(err) ||
		strings.Contains(err.Error(), unsendable)
}

// isPlainHTTP reports whether the server answered a request with https without TLS. http.Client has an error of its
// own for that.
func isPlainHTTP(err error) bool {
	record, _ := errors.AsType[tls.RecordHeaderError](err)
	return string(record.RecordHeader[:]) == "HTTP/" || errors.Is(err, http.ErrSchemeMismatch)
}

// isTLSAlert reports whether the server answered a request with http in the language of TLS.
func isTLSAlert(err error) bool {
	return strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`)
}

const speaksHTTPS = "it speaks https there"

// describeConnection says in plain words why there was no answer. Words that are not this package's are cleaned.
func describeConnection(err error, clean func(string) redact.Text) (Kind, redact.Text) {
	if own, ok := errors.AsType[ownError](err); ok {
		return own.kind, own.reason
	}
	dns, isDNS := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case isOp && op.Op == "proxyconnect":
		_, reason := describeConnection(op.Err, clean)
		if reason != "" {
			reason = ": " + reason
		}
		return ProxyRefused, "the proxy cannot be reached" + reason
	case isPlainHTTP(err):
		return WrongScheme, "it speaks http there"
	case isTLSAlert(err):
		return WrongScheme, speaksHTTPS
	case isDNS && dns.IsNotFound:
		return UnknownHost, redact.Phrase("the name service knows no host %q", clean(dns.Name))
	case errors.Is(err, io.EOF):
		return Unreachable, "the connection was closed before an answer came"
	case isOp && op.Op == "dial":
		return describeDial(op, clean)
	case isOp:
		return Unreachable, "the connection broke: " + clean(op.Err.Error())
	}
	return describeCertificate(err, clean)
}

// refusedOnWindows is WSAECONNREFUSED, for which package syscall has no name there: its ECONNREFUSED is an invented
// number.
const refusedOnWindows = syscall.Errno(10061)

// describeDial says why there is no connection.
func describeDial(op *net.OpError, clean func(string) redact.Text) (Kind, redact.Text) {
	var to redact.Text
	if op.Addr != nil {
		to = " to " + clean(op.Addr.String())
	}
	why := clean(strings.TrimPrefix(strings.TrimPrefix(op.Err.Error(), "connect: "), "connectex: "))
	if errors.Is(op, syscall.ECONNREFUSED) || errors.Is(op, refusedOnWindows) {
		return ConnectionRefused, "no connection" + to + ": " + why
	}
	return Unreachable, "no connection" + to + ": " + why
}

// describeCertificate says what is wrong with the server's certificate, if that is why there was no answer.
func describeCertificate(err error, clean func(string) redact.Text) (Kind, redact.Text) {
	unverified, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok {
		return Unreachable, ""
	}
	kind := Untrusted
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		kind = CertificateName
	} else if invalid, _ := errors.AsType[x509.CertificateInvalidError](err); invalid.Reason == x509.Expired {
		kind = CertificateExpired
	}
	return kind, clean(strings.TrimPrefix(unverified.Err.Error(), "x509: "))
}
