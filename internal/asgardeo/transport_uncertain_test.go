package asgardeo

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// A write without an answer may have been applied all the same; one that the server refused was not.
func TestUncertain(t *testing.T) {
	t.Parallel()
	refused := func(status int) mockserver.Fault {
		return mockserver.Fault{
			Action: mockserver.ActionStatus, Status: status, Body: `{"code":"CONFIGM_00001","message":"No"}`,
		}
	}
	for name, test := range map[string]struct {
		method string
		faults []mockserver.Fault // one after the other
		want   bool
	}{
		"connection closed": {
			"PUT", []mockserver.Fault{{Times: -1, Action: mockserver.ActionDropAfter}}, true,
		},
		"answer cut short": {
			"PUT", []mockserver.Fault{{Times: -1, Action: mockserver.ActionTruncate}}, true,
		},
		"server error": {
			"PUT", []mockserver.Fault{refused(503), refused(503), refused(503)}, true,
		},
		"no answer, then a refusal": {
			"PUT", []mockserver.Fault{{Action: mockserver.ActionDropAfter}, refused(403)}, true,
		},
		"a page of something in between, as success": {
			"PUT", []mockserver.Fault{{Action: mockserver.ActionStatus, Status: 200, Body: "<html>"}}, true,
		},
		"a page of something in between, as an error": {"PUT", []mockserver.Fault{{Action: mockserver.ActionHTML404}}, false},
		"refused":           {"PUT", []mockserver.Fault{refused(400)}, false},
		"too many requests": {"PUT", []mockserver.Fault{refused(429), refused(429), refused(429)}, false},
		"missing scope":     {"PUT", []mockserver.Fault{refused(403)}, false},
		"a read":            {"GET", []mockserver.Fault{{Times: -1, Action: mockserver.ActionDropAfter}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mockserver.New(t)
			organization := open(t, configFor(t, server.URL())) // faults answer what no server documents
			if test.method == "PUT" {
				blind(server)
			}
			for _, fault := range test.faults {
				fault.Match = mockserver.Match{Method: test.method, PathPrefix: "/t/bifrost/api"}
				server.AddFault(fault)
			}
			_, err := organization.MyAccount(portal.ClassicAPI).Write(
				t.Context(), []portal.Setting{portal.PortalEnabled}, func(*Reading) (Change, error) {
					return Change{Want: portal.Settings{portal.PortalEnabled: portal.Off}}, nil
				})
			if err == nil {
				t.Fatal("the write succeeded")
			}
			if got := IsUnsettled(err); got != test.want {
				t.Errorf("IsUnsettled(%v) = %t, want %t", err, got, test.want)
			}
		})
	}
	if IsUnsettled(nil) {
		t.Error("success is not uncertain")
	}
}

// blind lets objects be read once, before the write, so that nobody can look what came of that.
func blind(server *mockserver.Server, objects ...string) {
	if objects == nil {
		objects = []string{""}
	}
	for _, object := range objects {
		get := mockserver.Match{Method: "GET", PathPrefix: "/t/bifrost" + storePath + "/" + object}
		server.AddFault(mockserver.Fault{Match: get, Action: mockserver.ActionLatency, LatencyMS: 1})
		server.AddFault(mockserver.Fault{Match: get, Times: -1, Action: mockserver.ActionHTML404})
	}
}

// A write without an answer is looked at: it may have been applied all the same, and then nothing went wrong.
func TestWriteThatArrivedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	lost := mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: -1, Action: mockserver.ActionDropAfter}
	write := func(ctx context.Context, server *mockserver.Server) (Written, error) {
		return open(
			t, configFor(t, server.URL()),
		).MyAccount(portal.ClassicAPI).Write(ctx, append(portal.TwoFactor(), portal.PortalEnabled), always(portal.Settings{
			portal.PortalEnabled: portal.Off, portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On,
		}))
	}
	t.Run("every answer is lost", func(t *testing.T) {
		t.Parallel()
		server := mockserver.New(t)
		server.AddFault(lost)
		written, err := write(t.Context(), server)
		if err != nil {
			t.Fatal(err)
		}
		want := Written{Changed: []portal.Setting{portal.PortalEnabled, portal.TOTP, portal.TOTPEnrollment}}
		if diff := cmp.Diff(want, written); diff != "" {
			t.Errorf("Write returned (-want +got):\n%s", diff)
		}
	})
	t.Run("it never arrives", func(t *testing.T) {
		t.Parallel()
		server := mockserver.New(t)
		lost := lost
		lost.Action = mockserver.ActionDropBefore
		server.AddFault(lost)
		written, err := write(t.Context(), server)
		if err == nil || len(written.Changed) > 0 {
			t.Errorf("Write returned %v and %v", written, err)
		}
	})
	t.Run("the caller gives up", func(t *testing.T) {
		t.Parallel()
		server := mockserver.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		organization := open(t, configFor(t, server.URL()))
		transport := transportOf(organization.client.http)
		connection := transport.connection
		transport.connection = roundTripper(func(r *http.Request) (*http.Response, error) {
			response, err := connection.RoundTrip(r)
			if r.Method == http.MethodPut {
				cancel() // and the answer is lost
			}
			return response, err
		})
		written, err := organization.MyAccount(portal.ClassicAPI).
			Write(ctx, []portal.Setting{portal.TOTP}, always(portal.Settings{portal.TOTP: portal.On}))
		if err != nil || len(written.Changed) != 1 {
			t.Errorf("Write returned %v and %v", written, err)
		}
	})
}

// What a look has shown to be there needs no other look: it could only fail.
func TestWriteThatArrivedIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"", mockserver.ActionDropAfter, mockserver.ActionDropBefore} {
		server, organization := openMock(t)
		transportOf(organization.client.http).config.MaxRetries = 0
		written, err := organization.MyAccount(portal.ApplicationAPI).Write(
			t.Context(), []portal.Setting{portal.TOTP}, func(*Reading) (Change, error) {
				server.ClearRequests()
				if action != "" {
					server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: http.MethodPatch}, Action: action})
				}
				return Change{Want: portal.Settings{portal.TOTP: portal.On}}, nil
			})
		arrived := action != mockserver.ActionDropBefore
		if (err == nil) != arrived || (len(written.Changed) == 1) != arrived {
			t.Errorf("%q: Write returned %v and %v", action, written, err)
		}
		if got := calls(server); len(got) != 2 {
			t.Errorf("%q: from the write on, the calls are %q", action, got)
		}
	}
}

// An answer about another object does not say what came of the write, either.
func TestWriteAnsweredWithAnotherObject(t *testing.T) {
	t.Parallel()
	server := serve(t, stored("status", `[]`), stored("other", `[]`), stored("status", `[]`))
	written, err := switchOff(t.Context(), open(t, configFor(t, server.URL)))
	if err == nil || len(written.Uncertain) != 1 {
		t.Errorf("Write returned %v and %v", written, err)
	}
}

// Of a write without an answer, exactly the values that it was to change are uncertain: not those that were right
// before, not those of an object that was written before, and not those of one that it did not come to.
func TestWriteUncertain(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccount = map[string]mockserver.Attributes{
			"myaccount-2FA-config": {"email_otp_enabled": "TRUE"},
		}
	})
	organization := open(t, configFor(t, server.URL()))
	put := mockserver.Match{Method: "PUT"}
	blind(server, "myaccount-2FA-config")
	// the first one is answered
	server.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1})
	server.AddFault(mockserver.Fault{Match: put, Times: -1, Action: mockserver.ActionDropAfter})
	written, err := organization.MyAccount(portal.ClassicAPI).Write(t.Context(), append(
		portal.TwoFactor(), portal.PortalEnabled,
	), always(portal.Settings{
		portal.PortalEnabled: portal.Off, portal.EmailOTP: portal.On, portal.TOTP: portal.On,
		portal.TOTPEnrollment: portal.On,
	}))
	if err == nil {
		t.Fatal("the write succeeded")
	}
	want := Written{Changed: []portal.Setting{portal.PortalEnabled}, Uncertain: []portal.Setting{portal.TOTP}}
	if diff := cmp.Diff(want, written); diff != "" {
		t.Errorf("Write returned (-want +got):\n%s", diff)
	}
}

// The look does not trust an old copy either: it may be what this process had written before.
func TestLookAtAnOldCopy(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	for _, on := range []bool{true, false} {
		if _, err := organization.MyAccount(portal.ClassicAPI).Write(
			t.Context(), []portal.Setting{portal.EmailOTP}, always(portal.Settings{portal.EmailOTP: portal.ValueOf(on)}),
		); err != nil {
			t.Fatal(err)
		}
	}
	written, err := organization.MyAccount(portal.ClassicAPI).Write(
		t.Context(), []portal.Setting{portal.EmailOTP}, func(*Reading) (Change, error) {
			server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionStaleRead})
			server.AddFault(
				mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: -1, Action: mockserver.ActionDropBefore},
			)
			return Change{Want: portal.Settings{portal.EmailOTP: portal.On}}, nil
		})
	if err == nil || len(written.Changed) > 0 {
		t.Errorf("Write returned %v and %v, and stored is %v", written, err, storedIn(server, "myaccount-2FA-config"))
	}
}

// A sender that has all that was to stay is not one from which something was removed.
func TestSenderRemovalThatNeverArrived(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		action string
		fails  bool
	}{{mockserver.ActionDropBefore, true}, {mockserver.ActionDropAfter, false}} {
		server, organization := openMock(t)
		sender := someSender("+1")
		sender.Properties = SenderProperties{{Key: SenderHTTPHeaders, Value: "Authorization: Bearer a-token-of-the-gateway"}}
		if err := organization.CreateSMSSender(t.Context(), sender); err != nil {
			t.Fatal(err)
		}
		server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Times: -1, Action: test.action})
		err := organization.UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
			live.Properties = live.Properties.With(SenderHTTPHeaders, "")
			return live, nil
		})
		if failed := err != nil; failed != test.fails {
			t.Errorf("%s: %v", test.action, err)
		}
	}
}

// What never had a connection, TLS included, was not processed.
func TestNothingWasSent(t *testing.T) {
	t.Parallel()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	for name, test := range map[string]struct {
		url      string
		attempts int
	}{
		"certificate not trusted": {untrusted.URL, 1},
		"http where https is due": {"https" + strings.TrimPrefix(plain.URL, "http"), 1},
		"no handshake":            {"https://" + silent.Addr().String(), 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := configFor(t, test.url)
			config.Credentials = Credentials{AccessToken: "a-static-token"}
			if test.attempts > 1 { // the others end by themselves, on a busy machine later
				config.RequestTimeout = 200 * time.Millisecond
			}
			failure := failureOf(t, open(t, config).CreateSMSSender(t.Context(), someSender("+1")))
			if failure.Unsettled || failure.Attempts != test.attempts {
				t.Errorf("unsettled: %t, attempts: %d, want %d: %+v", failure.Unsettled, failure.Attempts, test.attempts, failure)
			}
		})
	}
}

// A write that may have been applied stays that, also when the token is refused afterwards.
func TestUncertainBeforeTheTokenIsRefused(t *testing.T) {
	t.Parallel()
	server := serve(t, stored("status", `[]`), reply{status: http.StatusServiceUnavailable, body: `{}`},
		stored("status", `[]`), reply{status: http.StatusUnauthorized, body: `{"code":401}`})
	tokens := 0
	server.token = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens++
		if tokens == 1 {
			tokenReply(grantedToken, "x").ServeHTTP(w, r)
			return
		}
		reply{status: http.StatusUnauthorized, body: `{"error":"invalid_client","error_description":"off"}`}.ServeHTTP(w, r)
	})
	written, err := switchOff(t.Context(), open(t, configFor(t, server.URL)))
	if failure := failureOf(t, err); failure.Kind != BadCredentials || len(written.Uncertain) != 1 {
		t.Errorf("Write returned %v and %+v", written, failure)
	}
}

// The look waits for its permit like every other request.
func TestLookThatHasToQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		writes := 0
		status := storedStatus
		// one at once, then one a minute
		config := Config{Credentials: Credentials{AccessToken: "token"}, RequestTimeout: time.Minute, RequestsPerMinute: 3}
		organization := organizationOf(t, offline(config, func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPut {
				writes++
				httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{}) // as a real connection does
				status = strings.Replace(storedStatus, `"false"`, `"true"`, 1)
				return nil, io.ErrUnexpectedEOF
			}
			return answerWith(r, reply{status: http.StatusOK, body: status}), nil
		}), bifrost)
		written, err := organization.MyAccount(portal.ClassicAPI).Write(
			t.Context(), []portal.Setting{portal.PortalEnabled}, always(portal.Settings{portal.PortalEnabled: portal.On}),
		)
		if err != nil || len(written.Changed) != 1 || writes != 1 {
			t.Errorf("%d writes, and Write returned %v and %v", writes, written, err)
		}
	})
}

// A sender that was created without an answer is looked for also where the caller has given up.
func TestSenderCreatedWhileTheCallerGaveUp(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	transport := transportOf(organization.client.http)
	connection := transport.connection
	transport.connection = roundTripper(func(r *http.Request) (*http.Response, error) {
		response, err := connection.RoundTrip(r)
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, sendersPathV2) {
			cancel() // and the answer is lost
		}
		return response, err
	})
	if err := organization.CreateSMSSender(ctx, someSender("+1")); err != nil {
		t.Error(err)
	}
	if _, exists := server.State().Organizations[bifrost].SMSSenders[SMSSenderName]; !exists {
		t.Error("there is no sender")
	}
}
