package asgardeo

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A write without an answer may have been applied all the same; one that the server refused was not.
func TestUncertain(t *testing.T) {
	t.Parallel()
	refused := func(status int) mockserver.Fault {
		return mockserver.Fault{Action: mockserver.ActionStatus, Status: status, Body: `{"code":"CONFIGM_00001","message":"No"}`}
	}
	for name, test := range map[string]struct {
		method string
		faults []mockserver.Fault // one after the other
		want   bool
	}{
		"connection closed":                           {"PUT", []mockserver.Fault{{Times: -1, Action: mockserver.ActionDropAfter}}, true},
		"answer cut short":                            {"PUT", []mockserver.Fault{{Times: -1, Action: mockserver.ActionTruncate}}, true},
		"server error":                                {"PUT", []mockserver.Fault{refused(503), refused(503), refused(503)}, true},
		"no answer, then a refusal":                   {"PUT", []mockserver.Fault{{Action: mockserver.ActionDropAfter}, refused(403)}, true},
		"a page of something in between, as success":  {"PUT", []mockserver.Fault{{Action: mockserver.ActionStatus, Status: 200, Body: "<html>"}}, true},
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
			_, err := organization.Write(t.Context(), []Setting{PortalEnabled}, func(Settings) map[Setting]bool {
				return map[Setting]bool{PortalEnabled: false}
			}, nil)
			if err == nil {
				t.Fatal("the write succeeded")
			}
			if got := uncertain(err); got != test.want {
				t.Errorf("uncertain(%v) = %t, want %t", err, got, test.want)
			}
		})
	}
	if uncertain(nil) {
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
		return open(t, configFor(t, server.URL())).Write(ctx, append(TwoFactor(), PortalEnabled), always(map[Setting]bool{
			PortalEnabled: false, TOTP: true, TOTPEnrollment: true,
		}), nil)
	}
	t.Run("every answer is lost", func(t *testing.T) {
		t.Parallel()
		server := mockserver.New(t)
		server.AddFault(lost)
		written, err := write(t.Context(), server)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Written{Changed: []Setting{PortalEnabled, TOTP, TOTPEnrollment}}, written); diff != "" {
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
		attempts := organization.http.HTTPClient.Transport.(*pacedTransport).next.(*attemptTransport)
		connection := attempts.next
		attempts.next = roundTripper(func(r *http.Request) (*http.Response, error) {
			response, err := connection.RoundTrip(r)
			if r.Method == http.MethodPut {
				cancel() // and the answer is lost
			}
			return response, err
		})
		written, err := organization.Write(ctx, []Setting{TOTP}, always(map[Setting]bool{TOTP: true}), nil)
		if err != nil || len(written.Changed) != 1 {
			t.Errorf("Write returned %v and %v", written, err)
		}
	})
}

// An answer about another object does not say what came of the write, either.
func TestWriteAnsweredWithAnotherObject(t *testing.T) {
	t.Parallel()
	server := serve(t, stored("status", `[]`), stored("other", `[]`), stored("status", `[]`))
	written, err := open(t, configFor(t, server.URL)).Write(t.Context(), []Setting{PortalEnabled}, always(map[Setting]bool{PortalEnabled: false}), nil)
	if err == nil || len(written.Uncertain) != 1 {
		t.Errorf("Write returned %v and %v", written, err)
	}
}

// Of a write without an answer, exactly the values that it was to change are uncertain: not those that were right before,
// not those of an object that was written before, and not those of one that it did not come to.
func TestWriteUncertain(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccount = map[string]mockserver.Attributes{"myaccount-2FA-config": {"email_otp_enabled": "TRUE"}}
	})
	organization := open(t, configFor(t, server.URL()))
	put := mockserver.Match{Method: "PUT"}
	blind(server, "myaccount-2FA-config")
	server.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1}) // the first one is answered
	server.AddFault(mockserver.Fault{Match: put, Times: -1, Action: mockserver.ActionDropAfter})
	written, err := organization.Write(t.Context(), append(TwoFactor(), PortalEnabled), always(map[Setting]bool{
		PortalEnabled: false, EmailOTP: true, TOTP: true, TOTPEnrollment: true,
	}), nil)
	if err == nil {
		t.Fatal("the write succeeded")
	}
	if diff := cmp.Diff(Written{Changed: []Setting{PortalEnabled}, Uncertain: []Setting{TOTP}}, written); diff != "" {
		t.Errorf("Write returned (-want +got):\n%s", diff)
	}
}
