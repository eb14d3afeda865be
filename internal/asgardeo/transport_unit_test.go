package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// A write that has to be sent again is read and decided anew before.

type mishap struct {
	fault   *mockserver.Fault // nil: the connection is reset before the request arrives
	arrives bool
}

// mishaps are what happens to a write: it is worth another try after each of them.
var mishaps = map[string]mishap{
	"too many requests": {
		&mockserver.Fault{Action: mockserver.ActionStatus, Status: 429, Headers: map[string]string{"Retry-After": "0"}},
		false,
	},
	"busy server":          {&mockserver.Fault{Action: mockserver.ActionStatus, Status: 503}, false},
	"lost before arrival":  {&mockserver.Fault{Action: mockserver.ActionDropBefore}, false},
	"lost after arrival":   {&mockserver.Fault{Action: mockserver.ActionDropAfter}, true},
	"cut off":              {&mockserver.Fault{Action: mockserver.ActionTruncate}, true},
	"connection was reset": {nil, false},
}

func writes(request *http.Request) bool {
	return request.Method != http.MethodGet && !strings.HasSuffix(request.URL.Path, "/oauth2/token")
}

// openDisturbed returns an organization whose first write meets a mishap; somebody changes something while it waits for
// the second.
func openDisturbed(
	t *testing.T, fault *mockserver.Fault, somebody func(o *mockserver.Organization),
) (*mockserver.Server, *Organization) {
	t.Helper()
	server := mockserver.New(t)
	organization := open(t, configFor(t, server.URL()))
	if fault != nil {
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			own := *fault // other tests use the same one
			own.Match = mockserver.Match{Method: method}
			server.AddFault(own)
		}
	}
	first := true
	transport := transportOf(organization.client.http)
	connection := transport.connection
	transport.connection = roundTripper(func(request *http.Request) (response *http.Response, err error) {
		if !writes(request) || !first {
			return connection.RoundTrip(request)
		}
		first = false
		if fault == nil {
			httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{})
			err = syscall.ECONNRESET
		} else if response, err = connection.RoundTrip(request); err == nil {
			_, err = readWhole(response) // now the server has done what it does
		}
		server.Update(func(state *mockserver.State) { somebody(state.Organizations[bifrost]) })
		return response, err
	})
	return server, organization
}

func sent(server *mockserver.Server) (bodies []string) {
	for _, request := range server.Requests() {
		if request.Method == http.MethodPut || request.Method == http.MethodPatch {
			bodies = append(bodies, request.Body)
		}
	}
	return bodies
}

func TestChangeBySomebodyDuringAWaitStays(t *testing.T) {
	t.Parallel()
	for name, mishap := range mishaps {
		for _, api := range portal.APIs() {
			t.Run(fmt.Sprint(api, ", ", name), func(t *testing.T) {
				t.Parallel()
				server, organization := openDisturbed(t, mishap.fault, func(o *mockserver.Organization) {
					if api == portal.ClassicAPI {
						o.MyAccount[twoFactorObject]["email_otp_enabled"], o.MyAccount[twoFactorObject]["new_factor"] = "true", "theirs"
						return
					}
					portal := o.MyAccountApplication()
					portal.ApplicationEnabled = new(false)
					flow := portal.AuthenticationSequence
					if mishap.arrives {
						flow.Steps[1].Options = append(
							flow.Steps[1].Options, mockserver.StepOption{Authenticator: "email-otp-authenticator"},
						)
					} else {
						flow.Steps = append(
							flow.Steps, mockserver.Step{Options: []mockserver.StepOption{{Authenticator: "email-otp-authenticator"}}},
						)
					}
				})
				seed(server, map[string]mockserver.Attributes{twoFactorObject: {"email_otp_enabled": "false"}})
				setFlow(server, "BasicAuthenticator", "")
				account := organization.MyAccount(api)
				var seen []portal.Settings
				written, err := account.Write(t.Context(), []portal.Setting{portal.TOTP}, func(live *Reading) (Change, error) {
					seen = append(
						seen,
						portal.Settings{portal.EmailOTP: live.Settings[portal.EmailOTP], portal.TOTP: live.Settings[portal.TOTP]},
					)
					return Change{Want: portal.Settings{portal.TOTP: portal.On}}, nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(Written{Changed: []portal.Setting{portal.TOTP}}, written); diff != "" {
					t.Errorf("Write returned (-want +got):\n%s", diff)
				}
				// What was found is never what this call has made.
				want := []portal.Settings{
					{portal.EmailOTP: portal.Off, portal.TOTP: portal.Off},
					{portal.EmailOTP: portal.On, portal.TOTP: portal.Off},
				}
				if diff := cmp.Diff(want, seen); diff != "" {
					t.Errorf("what decide saw (-want +got):\n%s", diff)
				}
				live, err := account.Read(t.Context(), portal.EmailOTP, portal.TOTP)
				if err != nil || live.Settings[portal.EmailOTP] != portal.On || live.Settings[portal.TOTP] != portal.On {
					t.Errorf("now %v and %v", live, err)
				}
				if api == portal.ClassicAPI && storedIn(server, twoFactorObject)["new_factor"] != "theirs" {
					t.Errorf("stored is %v", storedIn(server, twoFactorObject))
				}
				enabled := server.State().Organizations[bifrost].MyAccountApplication().ApplicationEnabled
				if api == portal.ApplicationAPI && (enabled == nil || *enabled) {
					t.Error("the portal is on again")
				}
				arrived := 0
				if mishap.fault == nil {
					arrived++ // not even the mock server has seen it
				}
				if arrived += len(sent(server)); arrived != map[bool]int{false: 2, true: 1}[mishap.arrives] {
					t.Errorf("sent %q", sent(server))
				}
			})
		}
	}
}

// Whose own write has arrived must not take it for the flow that was there before.
func TestLoginFlowChangedDuringAWait(t *testing.T) {
	t.Parallel()
	for name, mishap := range mishaps {
		for to, want := range map[string]portal.Flow{
			"another flow":      flowOf("BasicAuthenticator | totp", ""),
			"the server's flow": {Kind: portal.ServerFlow},
		} {
			t.Run(to+", "+name, func(t *testing.T) {
				t.Parallel()
				server, organization := openDisturbed(t, mishap.fault, func(o *mockserver.Organization) {
					o.MyAccountApplication().ApplicationEnabled = new(false)
				})
				setFlow(server, "BasicAuthenticator | email-otp-authenticator", "")
				var before []string
				err := organization.ChangeLoginFlow(t.Context(), func(live Application) (portal.Flow, error) {
					before = append(before, notationOf(live.Flow))
					return want, nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(
					slices.Repeat([]string{"BasicAuthenticator | email-otp-authenticator"}, 2), before,
				); diff != "" {
					t.Errorf("what decide saw (-want +got):\n%s", diff)
				}
				live, err := organization.Application(t.Context())
				if err != nil || !live.fulfills(Application{Flow: want, enabled: portal.Off}) {
					t.Errorf("now %s, portal %v: %v", notationOf(live.Flow), live.enabled, err)
				}
			})
		}
	}
}

// A flow that somebody has made meanwhile is what was there before.
func TestLoginFlowReplacedDuringAWait(t *testing.T) {
	t.Parallel()
	theirs := flowOf("BasicAuthenticator | backup-code-authenticator email-otp-authenticator", "")
	for name, mishap := range mishaps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, organization := openDisturbed(t, mishap.fault, func(o *mockserver.Organization) {
				o.MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{Steps: []mockserver.Step{
					{Options: []mockserver.StepOption{{Authenticator: "BasicAuthenticator"}}},
					{
						Options: []mockserver.StepOption{{Authenticator: "email-otp-authenticator"},
							{Authenticator: "backup-code-authenticator"}},
					},
				}}
			})
			setFlow(server, "BasicAuthenticator", "")
			err := organization.ChangeLoginFlow(t.Context(), func(live Application) (portal.Flow, error) {
				if live.Flow.Same(theirs) {
					return live.Flow, nil
				}
				return flowOf("BasicAuthenticator | totp", ""), nil
			})
			live, readErr := organization.Application(t.Context())
			if err = errors.Join(err, readErr); err != nil || !live.Flow.Same(theirs) {
				t.Errorf("now %s: %v", notationOf(live.Flow), err)
			}
			if bodies := sent(server); len(bodies) > 1 {
				t.Errorf("sent %q", bodies)
			}
		})
	}
}

// What decide says the second time counts, also where it is no.
func TestDecisionAfterAWait(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	for _, api := range portal.APIs() {
		for _, refusal := range []error{nil, no} {
			server, organization := openDisturbed(t, mishaps["too many requests"].fault, func(*mockserver.Organization) {})
			asked := 0
			written, err := organization.MyAccount(api).Write(
				t.Context(), []portal.Setting{portal.PortalEnabled}, func(*Reading) (Change, error) {
					asked++
					if asked == 2 {
						return Change{}, refusal
					}
					return Change{Want: portal.Settings{portal.PortalEnabled: portal.Off}}, nil
				})
			if !errors.Is(err, refusal) || asked != 2 || len(written.Changed)+len(written.Uncertain) > 0 {
				t.Errorf("%s: Write returned %v and %v, asked %d times", api, written, err, asked)
			}
			if bodies := sent(server); len(bodies) != 1 {
				t.Errorf("%s: sent %q", api, bodies)
			}
		}
	}
}

// A document that waited for another one is read anew, too. What was written before the wait is not found, and not
// written again.
func TestWaitBetweenTwoDocuments(t *testing.T) {
	t.Parallel()
	for name, mishap := range mishaps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, organization := openDisturbed(t, mishap.fault, func(o *mockserver.Organization) {
				o.MyAccount[enrollmentObject]["new"] = "theirs"
			})
			seed(server, map[string]mockserver.Attributes{twoFactorObject: {"x": "y"}, enrollmentObject: {"x": "y"}})
			var found []portal.Settings
			written, err := organization.MyAccount(portal.ClassicAPI).Write(t.Context(), []portal.Setting{
				portal.TOTP, portal.TOTPEnrollment,
			}, func(live *Reading) (Change, error) {
				found = append(
					found,
					portal.Settings{
						portal.TOTP:           live.Settings[portal.TOTP],
						portal.TOTPEnrollment: live.Settings[portal.TOTPEnrollment],
					},
				)
				return Change{Want: portal.Settings{portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On}}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Written{Changed: []portal.Setting{portal.TOTP, portal.TOTPEnrollment}}, written); diff != "" {
				t.Errorf("Write returned (-want +got):\n%s", diff)
			}
			bothOff := portal.Settings{portal.TOTP: portal.Off, portal.TOTPEnrollment: portal.Off}
			if diff := cmp.Diff([]portal.Settings{bothOff, bothOff}, found); diff != "" {
				t.Errorf("what decide saw (-want +got):\n%s", diff)
			}
			want := mockserver.Attributes{"x": "y", "new": "theirs", "enrolUserInAuthenticationFlow": "true"}
			if diff := cmp.Diff(want, storedIn(server, enrollmentObject)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// Each document has its own tries, as each request has.
func TestTriesOfSeveralDocuments(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	config := configFor(t, server.URL())
	config.MaxRetries = 1
	organization := open(t, config)
	put := mockserver.Match{Method: "PUT"}
	for range 3 {
		server.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionStatus, Status: 503})
		server.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1}) // the second one passes
	}
	written, err := organization.MyAccount(portal.ClassicAPI).Write(t.Context(), append(
		portal.TwoFactor(), portal.PortalEnabled,
	), always(portal.Settings{
		portal.PortalEnabled: portal.Off, portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On,
	}))
	if err != nil || len(written.Changed) != 3 {
		t.Errorf("Write returned %v and %v", written, err)
	}
	if bodies := sent(server); len(bodies) != 6 {
		t.Errorf("sent %q", bodies)
	}
}

func TestTriesOfAWriteEnd(t *testing.T) {
	t.Parallel()
	for _, api := range portal.APIs() {
		for name, test := range map[string]struct {
			fault     mockserver.Fault
			kind      Kind
			uncertain []portal.Setting
			looks     int // after the last try
		}{
			"429": {mockserver.Fault{Action: mockserver.ActionStatus, Status: 429}, RateLimited, nil, 0},
			"503": {
				mockserver.Fault{Action: mockserver.ActionStatus, Status: 503}, ServerFault,
				[]portal.Setting{portal.PortalEnabled}, 1,
			},
			"never closed": {
				mockserver.Fault{Action: mockserver.ActionDropBefore}, Unreachable, []portal.Setting{portal.PortalEnabled}, 1,
			},
		} {
			for _, retries := range []int{0, 1, 4} {
				server := mockserver.New(t)
				config := configFor(t, server.URL())
				config.MaxRetries = retries
				organization := open(t, config)
				test.fault.Times = -1
				for _, method := range []string{"PUT", "PATCH"} {
					test.fault.Match = mockserver.Match{Method: method}
					server.AddFault(test.fault)
				}
				asked := 0
				written, err := organization.MyAccount(api).Write(
					t.Context(), []portal.Setting{portal.PortalEnabled}, func(*Reading) (Change, error) {
						asked++
						return Change{Want: portal.Settings{portal.PortalEnabled: portal.Off}}, nil
					})
				failure := failureOf(t, err)
				if failure.Kind != test.kind || failure.Attempts != retries+1 || failure.Unsettled != (test.looks > 0) ||
					asked != retries+1 {
					t.Errorf("%s, %s, %d retries: asked %d times, error %+v", api, name, retries, asked, failure)
				}
				if diff := cmp.Diff(Written{Uncertain: test.uncertain}, written); diff != "" {
					t.Errorf("%s, %s: Write returned (-want +got):\n%s", api, name, diff)
				}
				reads := len(slices.DeleteFunc(calls(server), func(call string) bool {
					return !strings.HasPrefix(call, "GET ") || strings.HasSuffix(call, applicationsPath)
				}))
				if len(sent(server)) != retries+1 || reads != retries+1+test.looks {
					t.Errorf("%s, %s, %d retries: %d writes, %d reads", api, name, retries, len(sent(server)), reads)
				}
			}
		}
	}
}

// What came of the write is the news, not that nobody can look.
func TestUnitWhoseSecondReadFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status    int
		method    string
		uncertain int
	}{{503, http.MethodPut, 1}, {429, http.MethodGet, 0}} {
		server := mockserver.New(t)
		organization := open(t, configFor(t, server.URL()))
		blind(server)
		server.AddFault(
			mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionStatus, Status: test.status},
		)
		written, err := switchOff(t.Context(), organization)
		failure := failureOf(t, err)
		if failure.Method != test.method || IsUnsettled(err) != (test.uncertain > 0) ||
			len(written.Uncertain) != test.uncertain {
			t.Errorf("%d: Write returned %v and %+v", test.status, written, failure)
		}
	}
}

// virtual is a client of a mock server without network, for virtual time. It notes when each request comes.
func virtual(t *testing.T, server *mockserver.Server, config Config) (*Client, func() []time.Time) {
	t.Helper()
	var mutex sync.Mutex
	var starts []time.Time
	config.Credentials, config.RequestTimeout = Credentials{
		ClientID: mockserver.DefaultClientID, ClientSecret: mockserver.DefaultClientSecret,
	}, time.Minute
	client := offline(config, func(request *http.Request) (*http.Response, error) {
		if err := request.Context().Err(); err != nil {
			return nil, err
		}
		mutex.Lock()
		starts = append(starts, time.Now())
		mutex.Unlock()
		if trace := httptrace.ContextClientTrace(request.Context()); trace != nil {
			trace.GotConn(httptrace.GotConnInfo{})
		}
		if request.Body == nil {
			request.Body = http.NoBody
		}
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		time.Sleep(50 * time.Millisecond)
		return recorder.Result(), nil
	})
	return client, func() []time.Time { mutex.Lock(); defer mutex.Unlock(); return slices.Clone(starts) }
}

// A unit waits as a request does: longer each time, or as long as the server asks for.
func TestWaitsOfAUnit(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	fault := mockserver.Fault{
		Match: mockserver.Match{Method: "PUT"}, Times: 5, Action: mockserver.ActionStatus, Status: 503,
	}
	server.AddFault(fault)
	fault.Times, fault.Headers = 1, map[string]string{"Retry-After": "40"}
	server.AddFault(fault)
	synctest.Test(t, func(t *testing.T) {
		client, starts := virtual(t, server, Config{MaxRetries: DefaultMaxRetries})
		organization := organizationOf(t, client, bifrost)
		if _, err := switchOff(t.Context(), organization); err != nil {
			t.Fatal(err)
		}
		at := starts()[1:] // without the token
		for run, wait := range []time.Duration{1, 2, 4, 8, 16, 45} {
			read, write, next := at[2*run], at[2*run+1], at[2*run+2]
			spread := wait * time.Second / 4
			if got := next.Sub(write); (got - wait*time.Second).Abs() > spread+time.Second {
				t.Errorf("run %d: waited %s after the write", run, got)
			}
			if gap := write.Sub(read); gap > time.Second {
				t.Errorf("run %d: %s between read and write", run, gap)
			}
		}
		if len(at) != 14 {
			t.Errorf("%d requests", len(at))
		}
	})
}

func TestTimeOfAUnitEnds(t *testing.T) {
	t.Parallel()
	for _, api := range portal.APIs() {
		server := mockserver.New(t)
		for _, method := range []string{"PUT", "PATCH"} {
			server.AddFault(
				mockserver.Fault{Match: mockserver.Match{Method: method}, Times: -1, Action: mockserver.ActionStatus, Status: 503},
			)
		}
		synctest.Test(t, func(t *testing.T) {
			client, starts := virtual(t, server, Config{MaxRetries: DefaultMaxRetries})
			organization := organizationOf(t, client, bifrost)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			begun := time.Now()
			written, err := organization.MyAccount(api).Write(
				ctx, []portal.Setting{portal.PortalEnabled}, always(portal.Settings{portal.PortalEnabled: portal.Off}),
			)
			failure := failureOf(t, err)
			if failure.Kind != TimedOut || failure.Status != 503 || failure.Attempts < 3 || !failure.Unsettled ||
				len(written.Uncertain) != 1 {
				t.Errorf("%s: Write returned %v and %+v", api, written, failure)
			}
			last := starts()[len(starts())-1]
			if took := time.Since(begun); took < 10*time.Second || took > 11*time.Second || last.Sub(begun) < 10*time.Second {
				t.Errorf("%s: it took %s, and nobody looked after that", api, took)
			}
		})
	}
}

// Between the read of a unit and its write nobody else queues, however many organizations are worked on.
func TestUnitsQueueAsOne(t *testing.T) {
	t.Parallel()
	for _, api := range portal.APIs() {
		var names []string
		for i := range 12 {
			names = append(names, fmt.Sprintf("org-%02d", i))
		}
		server := mockserver.New(t, mockserver.WithOrganization(names...))
		for _, method := range []string{"PUT", "PATCH"} {
			server.AddFault(
				mockserver.Fault{Match: mockserver.Match{Method: method}, Times: 5, Action: mockserver.ActionStatus, Status: 429},
			)
		}
		synctest.Test(t, func(t *testing.T) {
			client, starts := virtual(
				t, server, Config{MaxRetries: DefaultMaxRetries, RequestsPerMinute: DefaultRequestsPerMinute},
			)
			var group sync.WaitGroup
			for _, name := range names {
				organization := organizationOf(t, client, name)
				group.Go(func() {
					want := portal.Settings{portal.TOTP: portal.On, portal.EmailOTP: portal.On, portal.TOTPEnrollment: portal.On}
					if _, err := organization.MyAccount(api).Write(t.Context(), portal.TwoFactor(), always(want)); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if got := busiestMinute(starts()); got > DefaultRequestsPerMinute {
				t.Errorf("a minute saw %d requests", got)
			}
		})
		requests := server.Requests()
		for i, request := range requests {
			if request.Method != http.MethodPut && request.Method != http.MethodPatch {
				continue
			}
			others := 0
			for j := i - 1; ; j-- {
				if requests[j].Organization != request.Organization {
					others++
				} else if requests[j].Method == http.MethodGet && !strings.HasSuffix(requests[j].Path, enrollmentObject) {
					break
				}
			}
			if others > 4 {
				t.Errorf("%s: %d requests of others came between the read and the write of %s", api, others, request.Organization)
			}
		}
	}
}

// A secret that is rotated while a change of the sender waits stays rotated.
func TestSecretRotatedDuringAWait(t *testing.T) {
	t.Parallel()
	for name, mishap := range mishaps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, organization := openDisturbed(t, mishap.fault, func(o *mockserver.Organization) {
				o.SMSSenders[SMSSenderName].Secret = new("rotated")
			})
			server.Update(func(state *mockserver.State) {
				state.Organizations[bifrost].SMSSenders = map[string]*mockserver.SMSSender{SMSSenderName: {
					Provider: "Twilio", Key: new("AC00"), Secret: new("before"), Sender: new("+1"), ContentType: "JSON",
				}}
			})
			if err := organization.UpdateSMSSender(t.Context(), renumber("+2")); err != nil {
				t.Fatal(err)
			}
			stored := server.State().Organizations[bifrost].SMSSenders[SMSSenderName]
			if *stored.Secret != "rotated" || *stored.Sender != "+2" {
				t.Errorf("stored is %s, %s", *stored.Secret, *stored.Sender)
			}
		})
	}
}
