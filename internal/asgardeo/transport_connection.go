package asgardeo

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
)

// newConnection returns what speaks to the server, through the proxy of the environment if there is one.
func newConnection(config Config) *http.Transport {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	// Connecting goes on without the attempt, for the next one, so it needs a limit of its own: the same one.
	pool.DialContext = (&net.Dialer{Timeout: config.RequestTimeout}).DialContext
	pool.TLSHandshakeTimeout = config.RequestTimeout
	pool.MaxIdleConnsPerHost = 16 // Terraform works on ten resources at a time by default
	pool.TLSClientConfig = &tls.Config{RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12}
	pool.MaxResponseHeaderBytes = maxHeader
	pool.OnProxyConnectResponse = checkTunnel
	return pool
}

// checkTunnel keeps the status of a proxy that does not connect to the server, of which the transport would leave a
// bare text such as "Forbidden".
func checkTunnel(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return proxyRefusalError(answer.StatusCode)
	}
	return nil
}
