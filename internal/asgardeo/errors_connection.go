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
	"time"
)

// errCutShort marks an answer whose end is missing.
var errCutShort = errors.New(brokenOff)

// Reasons in words of this package.
const (
	brokenOff   = "the answer was cut short"
	speaksHTTP  = "it speaks http there"
	speaksHTTPS = "it speaks https there"
)

// tooSlowError is the time in which one attempt got no answer.
type tooSlowError time.Duration

func (e tooSlowError) Error() string {
	return "no answer within " + time.Duration(e).String()
}

// proxyRefusalError is the HTTP status with which a proxy refused to pass a request on.
type proxyRefusalError int

func (e proxyRefusalError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the proxy refused it with HTTP status %d %s", int(e), http.StatusText(int(e))))
}

// noAnswer completes the error for a call that something kept an answer from.
func (o *Organization) noAnswer(failure Error, record *attempts, err error) *Error {
	failure.OwnCAs, failure.Err = o.ownCAs, err
	last := record.last
	if !gaveUp(err) {
		failure.Kind, failure.Reason = describeConnection(err, record.clean)
		failure.Err = presentable(err, record.clean)
		return &failure
	}
	failure.Kind = TimedOut
	// What the server last said tells more than the clock.
	switch {
	case last.err != nil:
		_, failure.Reason = describeConnection(last.err, record.clean)
	case last.response != nil && last.response.StatusCode >= http.StatusBadRequest:
		failure, _ = record.describe(failure)
	}
	return &failure
}

// gaveUp reports whether the caller's own limits ended a call: another caller may have more time.
func gaveUp(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errNoTurn)
}

// hopeless reports whether what kept an answer from arriving does not get better by waiting.
func hopeless(err error) bool {
	if refusal, ok := errors.AsType[proxyRefusalError](err); ok {
		return refusal < http.StatusInternalServerError && refusal != http.StatusTooManyRequests
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return true
	}
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	return unverified || isPlainHTTP(err) || isTLSAlert(err) || isInvalidHeader(err)
}

// isPlainHTTP reports whether the server answered a request with https without TLS. http.Client has an error of its own
// for that.
func isPlainHTTP(err error) bool {
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && string(record.RecordHeader[:]) == "HTTP/" || errors.Is(err, http.ErrSchemeMismatch)
}

// isTLSAlert reports whether the server answered a request with http in the language of TLS.
func isTLSAlert(err error) bool {
	return strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`)
}

// isInvalidHeader reports that a credential holds a character that no header can have.
func isInvalidHeader(err error) bool {
	return strings.Contains(err.Error(), "net/http: invalid header")
}

// refusedOnWindows is WSAECONNREFUSED, for which package syscall has no name there: its ECONNREFUSED is an invented
// number.
const refusedOnWindows = syscall.Errno(10061)

// describeConnection says in plain words why there was no answer. Words that are not this package's are cleaned.
func describeConnection(err error, clean func(string) Text) (Kind, Text) {
	op, isOp := errors.AsType[*net.OpError](err)
	if isOp && op.Op == "proxyconnect" {
		_, reason := describeConnection(op.Err, clean)
		if reason != "" {
			reason = ": " + reason
		}
		return ProxyRefused, "the proxy cannot be reached" + reason
	}
	if refusal, ok := errors.AsType[proxyRefusalError](err); ok {
		return ProxyRefused, phrase("%v", refusal)
	}
	if slow, ok := errors.AsType[tooSlowError](err); ok {
		return TooSlow, phrase("%v", slow)
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return UnknownHost, phrase("the name service knows no host %q", clean(dns.Name))
	}
	switch {
	case isPlainHTTP(err):
		return WrongScheme, speaksHTTP
	case isTLSAlert(err):
		return WrongScheme, speaksHTTPS
	case errors.Is(err, errCutShort):
		return Unreachable, brokenOff
	case errors.Is(err, io.EOF):
		return Unreachable, "the connection was closed before an answer came"
	case isOp && op.Op == "dial":
		return describeDial(op, clean)
	case isOp:
		return Unreachable, "the connection broke: " + clean(op.Err.Error())
	}
	return describeCertificate(err, clean)
}

// describeDial says why there is no connection.
func describeDial(op *net.OpError, clean func(string) Text) (Kind, Text) {
	var to Text
	if op.Addr != nil {
		to = " to " + clean(op.Addr.String())
	}
	why := strings.TrimPrefix(strings.TrimPrefix(op.Err.Error(), "connect: "), "connectex: ")
	kind := Unreachable
	if errors.Is(op, syscall.ECONNREFUSED) || errors.Is(op, refusedOnWindows) {
		kind = ConnectionRefused
	}
	return kind, "no connection" + to + ": " + clean(why)
}

// describeCertificate says what is wrong with the server's certificate, if that is why there was no answer.
func describeCertificate(err error, clean func(string) Text) (Kind, Text) {
	text := func(err error) Text { return clean(strings.TrimPrefix(err.Error(), "x509: ")) }
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		return CertificateName, text(name)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return CertificateExpired, text(invalid)
	}
	if unverified, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Untrusted, text(unverified.Err)
	}
	return Unreachable, ""
}
