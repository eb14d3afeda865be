package provider_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// BenchmarkStartUp measures from the start of the program until its schema is there, next to the empty provider: as a
// CLI does it, and without TLS. TLS is most of what a user waits for, since the plugin library makes new keys at each
// start.
func BenchmarkStartUp(b *testing.B) {
	programs := []string{buildRelease(b, module), buildRelease(b, emptyProvider)}
	for _, certificate := range []*tls.Certificate{clientCertificate(b), nil} {
		b.Run(fmt.Sprintf("TLS=%t", certificate != nil), func(b *testing.B) {
			fastest, memory := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{} // other work on the machine only adds
			for b.Loop() {
				for i, program := range programs {
					took, peak := startUp(b, program, certificate)
					fastest[i] = min(fastest[i], took.Seconds()*1000)
					memory[i] = max(memory[i], peak)
				}
			}
			b.ReportMetric(0, "ns/op") // of both together: means nothing
			b.ReportMetric(fastest[0], "ms")
			b.ReportMetric(fastest[1], "ms-empty")
			b.ReportMetric(fastest[0]/fastest[1], "x-empty")
			if memory[0] > 0 {
				b.ReportMetric(memory[0], "peak-MB")
				b.ReportMetric(memory[1], "peak-MB-empty")
			}
		})
	}
}

// startUp starts a provider's program and asks for its schema. A CLI that has a certificate gets one in return. The
// memory, in MB, is 0 where the system does not tell.
func startUp(tb testing.TB, program string, certificate *tls.Certificate) (took time.Duration, peakMB float64) {
	tb.Helper()
	command := exec.CommandContext(tb.Context(), program)
	command.Env = append(os.Environ(), "PLUGIN_PROTOCOL_VERSIONS=6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
	if certificate != nil {
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
		command.Env = append(command.Env, "PLUGIN_CLIENT_CERT="+string(block))
	}
	output, err := command.StdoutPipe()
	started := time.Now()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		_ = command.Process.Kill() // it may have ended, which the next line tells
		_ = command.Wait()         // killed
	}()
	line, err := bufio.NewReader(output).ReadString('\n')
	// core version, protocol version, network, address, "grpc", certificate
	fields := strings.Split(strings.TrimSpace(line), "|")
	if err != nil || len(fields) < 6 || fields[1] != "6" || fields[4] != "grpc" ||
		(fields[5] != "") != (certificate != nil) {
		tb.Fatalf("the program does not introduce itself as a provider: %q (%v)", line, err)
	}
	schema := callPlugin(tb, pluginTransport(tb, fields, certificate), "/tfplugin6.Provider/GetProviderSchema")
	took = time.Since(started)
	if len(schema) < 5 {
		tb.Fatalf("the schema has %d bytes", len(schema))
	}
	if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", command.Process.Pid)); err == nil {
		if _, rest, found := strings.Cut(string(status), "VmHWM:"); found {
			if _, err := fmt.Sscan(rest, &peakMB); err != nil {
				tb.Fatal(err)
			}
			peakMB *= 1024 / 1e6
		}
	}
	return took, peakMB
}

// pluginTransport connects to a program that has introduced itself.
func pluginTransport(tb testing.TB, introduction []string, certificate *tls.Certificate) *http.Transport {
	tb.Helper()
	transport := &http.Transport{
		Protocols: new(http.Protocols),
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, introduction[2], introduction[3])
		},
	}
	if certificate == nil {
		transport.Protocols.SetUnencryptedHTTP2(true)
		return transport
	}
	transport.Protocols.SetHTTP2(true)
	raw, err := base64.RawStdEncoding.DecodeString(introduction[5])
	if err != nil {
		tb.Fatal(err)
	}
	server, err := x509.ParseCertificate(raw)
	if err != nil {
		tb.Fatal(err)
	}
	transport.TLSClientConfig = &tls.Config{
		RootCAs: x509.NewCertPool(), Certificates: []tls.Certificate{*certificate}, ServerName: "localhost",
		MinVersion: tls.VersionTLS12,
	}
	transport.TLSClientConfig.RootCAs.AddCert(server)
	return transport
}

// callPlugin makes one gRPC call with an empty message, which is all that the question for the schema is. The protocol
// is HTTP/2 with five bytes before each message.
func callPlugin(tb testing.TB, transport *http.Transport, method string) []byte {
	tb.Helper()
	defer transport.CloseIdleConnections()
	scheme := "http"
	if transport.TLSClientConfig != nil {
		scheme = "https"
	}
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, scheme+"://localhost"+method,
		bytes.NewReader(make([]byte, 5)))
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/grpc")
	request.Header.Set("TE", "trailers")
	response, err := transport.RoundTrip(request)
	if err != nil {
		tb.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil || response.Trailer.Get("Grpc-Status") != "0" {
		tb.Fatalf("%s ended with gRPC status %q: %v", method, response.Trailer.Get("Grpc-Status"), err)
	}
	return body
}

// clientCertificate is what a CLI makes for itself at each start of a provider.
func clientCertificate(tb testing.TB) *tls.Certificate {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}
}
