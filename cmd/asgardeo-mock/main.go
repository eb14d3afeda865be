// Command asgardeo-mock serves an imitation of the management API behind Asgardeo's My Account settings, see package
// internal/mockserver. It prints one line with what a client needs and serves until it is interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

//
//nolint:lll // as it is printed
const usage = `asgardeo-mock imitates the management API behind the My Account settings of Asgardeo and WSO2 Identity Server:
the token endpoint, the configuration store, the SMS senders, the applications with their login flows, and the settings of
connectors. Nothing is stored on disk.

It prints one line of shell assignments to stdout, for example

  ASGARDEO_BASE_URL=http://127.0.0.1:8787 ASGARDEO_ORGANIZATION=bifrost ASGARDEO_CLIENT_ID=… ASGARDEO_CLIENT_SECRET=…

and serves until it is interrupted. Opened in a browser, the base URL is a small Console, whose clicks are what an
administrator changes behind Terraform's back, and /t/{organization}/myaccount is what users of a portal meet.

What it stores, what it was asked and how it shall misbehave is under /_mock/ of the same address:

  GET    /_mock/requests   the requests so far              DELETE forgets them
  GET    /_mock/state      the whole store                  PUT    replaces it
  POST   /_mock/faults     adds a fault                     DELETE removes all, GET lists those still armed

A fault: {"match":{"method":"PUT","path_prefix":"/t/bifrost/","organization":"bifrost"},"times":1,"action":"status",
"status":503,"body":"…","headers":{"Retry-After":"1"}}. Other actions: latency_ms, drop_before, drop_after, truncate,
stale_read, expire_tokens, html_404, redirect.

A -seed file has the form of the state:

  {"organizations":{"bifrost":{"myaccount":{"status":{"enable":"true"}},
    "sms_senders":{"SMSPublisher":{"provider":"Twilio","key":"…","secret":"…","sender":"+15550100","contentType":"JSON"}},
    "type_missing":false,"sms_guard":false,"scopes":["internal_config_mgt_view"],
    "applications":[{"name":"My Account","applicationEnabled":true,"authenticationSequence":{"type":"USER_DEFINED","steps":[
      {"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"},
                         {"idp":"Google","authenticator":"GoogleOIDCAuthenticator"}]},
      {"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"}]}]}}],
    "connections":{"Google":["GoogleOIDCAuthenticator"]},
    "governance":{"Multi Factor Authenticators/totp":{"TOTP.EnrolUserInAuthenticationFlow":"true"}}}}}

An application may be "shared" or a "fragment", and its "access" may be READ. Switches of an organization, all false at first:
application_switch_missing, script_scope_ignored, script_survives_reset, totp_connector_missing, governance_swallows,
unknown_members.

Usage: asgardeo-mock [flags]

`

// shutdownGrace is how long requests in flight get after the interrupt.
const shutdownGrace = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), ending()...)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// ending lists the signals that end the program. A shell script that starts it with & has it ignore Ctrl-C, which is
// for what the script waits for.
func ending() []os.Signal {
	if signal.Ignored(os.Interrupt) {
		return []os.Signal{syscall.SIGTERM}
	}
	return []os.Signal{os.Interrupt, syscall.SIGTERM}
}

// run is the program; it returns the exit code: 0 after an interrupt, 1 when it cannot serve, 2 for bad flags.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	o, err := parseFlags(arguments, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2 // parseFlags has said why
	}
	if err := serve(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "asgardeo-mock: %v\n", err)
		return 1
	}
	return 0
}

type flags struct {
	listen        string
	organizations []string
	clientID      string
	clientSecret  string
	tls           bool
	seed          string
	log           bool
}

func parseFlags(arguments []string, stderr io.Writer) (flags, error) {
	var o flags
	set := flag.NewFlagSet("asgardeo-mock", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.Usage = func() {
		fmt.Fprint(stderr, usage)
		set.PrintDefaults()
	}
	set.StringVar(&o.listen, "listen", "127.0.0.1:8787", "`address` to listen on; port 0 picks a free one")
	set.Func("organization", "`name` of an organization to serve, repeatable (default "+
		"\""+mockserver.DefaultOrganization+"\" when there is no -seed)",
		func(name string) error {
			if name == "" || strings.ContainsAny(name, "/?#") {
				return errors.New("not the name of an organization")
			}
			o.organizations = append(o.organizations, name)
			return nil
		})
	set.StringVar(&o.clientID, "client-id", mockserver.DefaultClientID, "client `id` that every organization accepts")
	set.StringVar(&o.clientSecret, "client-secret", mockserver.DefaultClientSecret,
		"client `secret` that every organization accepts")
	set.BoolVar(&o.tls, "tls", false, "serve https; the self-signed certificate to trust is written to a temporary file")
	set.StringVar(&o.seed, "seed", "", "JSON `file` with what the organizations hold at the start")
	set.BoolVar(&o.log, "log", false, "write one line a request to stderr")
	if err := set.Parse(arguments); err != nil {
		return flags{}, err
	}
	switch {
	case set.NArg() > 0:
		err := fmt.Errorf("unexpected argument %q", set.Arg(0))
		fmt.Fprintf(stderr, "asgardeo-mock: %v; -h explains the flags\n", err)
		return flags{}, err
	case o.clientID == "" || o.clientSecret == "":
		err := errors.New("-client-id and -client-secret cannot be empty")
		fmt.Fprintf(stderr, "asgardeo-mock: %v\n", err)
		return flags{}, err
	}
	return o, nil
}

// serve serves until ctx ends.
func serve(ctx context.Context, o flags, stdout, stderr io.Writer) (err error) {
	options := []mockserver.Option{
		mockserver.WithClient(o.clientID, o.clientSecret), mockserver.WithOrganization(o.organizations...),
		mockserver.WithPages(),
	}
	if o.seed != "" {
		data, err := os.ReadFile(o.seed)
		if err != nil {
			return fmt.Errorf("cannot read the seed: %w", err)
		}
		state, err := mockserver.ParseState(data)
		if err != nil {
			return fmt.Errorf("the seed %s is not usable: %w", o.seed, err)
		}
		options = append(options, mockserver.WithState(state))
	}
	if o.tls {
		options = append(options, mockserver.WithTLS())
	}
	if o.log {
		options = append(options, mockserver.WithLog(stderr))
	}
	server, err := mockserver.Start(o.listen, options...)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use; -listen 127.0.0.1:0 picks a free port", o.listen)
	}
	if err != nil {
		return err
	}
	defer func() {
		grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		// Requests that outlast the grace period are cut off, which is no failure of the program.
		if shutdownErr := server.Shutdown(grace); shutdownErr != nil && !errors.Is(shutdownErr, context.DeadlineExceeded) {
			err = errors.Join(err, shutdownErr)
		}
	}()

	if beyondLoopback(o.listen) {
		fmt.Fprintf(stderr, "asgardeo-mock: %s is open to the network. Whoever reaches it reads and changes all that is "+
			"stored, without a token: "+
			"use it with made-up credentials only.\n", o.listen)
	}
	line, err := announcement(server, o)
	if err != nil {
		return err
	}
	if o.tls {
		file, err := writeCertificate(server.CACertificate())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.Remove(file)) }()
		line += " ASGARDEO_CA_CERTIFICATE=" + shellQuote(file)
	}
	if _, err := fmt.Fprintln(stdout, line); err != nil {
		return fmt.Errorf("cannot print the base URL: %w", err)
	}
	<-ctx.Done()
	return nil
}

// beyondLoopback reports whether other machines may reach an address to listen on.
func beyondLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && host != "localhost" && !net.ParseIP(host).IsLoopback()
}

// announcement is the line of shell assignments for the first organization.
func announcement(server *mockserver.Server, o flags) (string, error) {
	organizations := server.State().Organizations
	names := slices.Sorted(maps.Keys(organizations))
	if len(names) == 0 {
		return "", errors.New("the seed has no organization, and there is no -organization")
	}
	name := names[0]
	if len(o.organizations) > 0 {
		name = o.organizations[0]
	}
	id, secret := o.clientID, o.clientSecret
	if own := organizations[name]; own.ClientID != "" {
		id = own.ClientID
	}
	if own := organizations[name]; own.ClientSecret != "" {
		secret = own.ClientSecret
	}
	return "ASGARDEO_BASE_URL=" + server.URL() + " ASGARDEO_ORGANIZATION=" + shellQuote(name) +
		" ASGARDEO_CLIENT_ID=" + shellQuote(id) + " ASGARDEO_CLIENT_SECRET=" + shellQuote(secret), nil
}

func writeCertificate(pem string) (name string, err error) {
	file, err := os.CreateTemp("", "asgardeo-mock-ca-*.pem")
	if err != nil {
		return "", fmt.Errorf("cannot write the certificate: %w", err)
	}
	if _, err := file.WriteString(pem); err != nil {
		return "", errors.Join(fmt.Errorf("cannot write the certificate: %w", err), file.Close(), os.Remove(file.Name()))
	}
	return file.Name(), file.Close()
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// shellQuote makes a word that a POSIX shell reads as the text.
func shellQuote(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
