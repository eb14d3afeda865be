package asgardeo

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// openClassic returns the settings in the store of a new mock server.
func openClassic(t *testing.T) (*mockserver.Server, *MyAccount) {
	t.Helper()
	server, organization := openMock(t)
	return server, organization.MyAccount(portal.ClassicAPI)
}

// always decides on the same values, whatever is live.
func always(want portal.Settings) func(*Reading) (Change, error) {
	return func(*Reading) (Change, error) { return Change{Want: want}, nil }
}

func TestReadOfAnUntouchedOrganizationIsItsDefaults(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	got, err := account.Read(t.Context(), append(portal.TwoFactor(), portal.PortalEnabled)...)
	if err != nil {
		t.Fatal(err)
	}
	want := settingsWith(portal.Settings{portal.PortalEnabled: portal.On})
	if diff := cmp.Diff(want, got.Settings); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	wantCalls := []string{"POST " + tokenPath, "GET " + statusAt, "GET " + twoFactorAt, "GET " + enrollmentAt}
	if diff := cmp.Diff(wantCalls, calls(server)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestReadAsksOnlyForTheObjectsThatHoldTheSettings(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	seed(server, map[string]mockserver.Attributes{
		"status":                {"enable": "false"},
		"myaccount-2FA-config":  {"totp_enabled": "TRUE", "backup_code_enabled": "false", "later": "x"},
		"myaccount-TOTP-config": {"enrolUserInAuthenticationFlow": "true"},
	})
	for _, test := range []struct {
		ask   []portal.Setting
		want  portal.Settings
		calls []string
	}{
		{nil, portal.Settings{}, []string{}},
		{
			[]portal.Setting{portal.PortalEnabled}, portal.Settings{portal.PortalEnabled: portal.Off},
			[]string{"POST " + tokenPath, "GET " + statusAt},
		},
		{
			[]portal.Setting{portal.TOTP, portal.SMSOTP},
			storedWith(twoFactorObject, portal.Settings{portal.TOTP: portal.On}),
			[]string{"GET " + twoFactorAt},
		},
		{
			[]portal.Setting{portal.TOTPEnrollment}, portal.Settings{portal.TOTPEnrollment: portal.On},
			[]string{"GET " + enrollmentAt},
		},
	} {
		server.ClearRequests()
		got, err := account.Read(t.Context(), test.ask...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got.Settings); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.ask, diff)
		}
		if diff := cmp.Diff(test.calls, calls(server)); diff != "" {
			t.Errorf("%v: calls (-want +got):\n%s", test.ask, diff)
		}
	}
}

func TestRecentAndSeenUseWhatWasRead(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	seed(server, map[string]mockserver.Attributes{"myaccount-2FA-config": {"totp_enabled": "true"}})
	ctx := t.Context()

	if got := account.Known(portal.TwoFactor()...); len(got.Settings) != 0 {
		t.Errorf("before the first read, %v was seen", got)
	}
	for range 3 {
		got, err := account.Recent(ctx, portal.TOTP)
		if err != nil {
			t.Fatal(err)
		}
		if got.Settings[portal.TOTP] != portal.On {
			t.Errorf("TOTP is %+v", got.Settings[portal.TOTP])
		}
	}
	if got := count(calls(server), "GET "+twoFactorAt); got != 1 {
		t.Errorf("%d GETs, want 1", got)
	}
	want := storedWith(twoFactorObject, portal.Settings{portal.TOTP: portal.On})
	if diff := cmp.Diff(want, account.Known(append(portal.TwoFactor(), portal.PortalEnabled)...).Settings); diff != "" {
		t.Errorf("seen, of two objects that were not read and one that was (-want +got):\n%s", diff)
	}
	if _, err := account.Read(ctx, portal.TOTP); err != nil {
		t.Fatal(err)
	}
	if got := count(calls(server), "GET "+twoFactorAt); got != 2 {
		t.Errorf("%d GETs, want 2: Read asks again", got)
	}

	// A write makes what was seen worthless; a write that changes nothing does not.
	if _, err := change(ctx, account, portal.Settings{portal.TOTP: portal.On}); err != nil {
		t.Fatal(err)
	}
	if got := account.Known(portal.TOTP); len(got.Settings) == 0 {
		t.Error("a write without a PUT cleared what was seen")
	}
	if _, err := change(ctx, account, portal.Settings{portal.TOTP: portal.Off}); err != nil {
		t.Fatal(err)
	}
	if got := account.Known(portal.TOTP); len(got.Settings) != 0 {
		t.Errorf("after a write, %v is still seen", got)
	}
	got, err := account.Recent(ctx, portal.TOTP)
	if err != nil {
		t.Fatal(err)
	}
	if got.Settings[portal.TOTP] == portal.On {
		t.Error("Recent returns the value from before the write")
	}
}

func TestRecentFailsLikeRead(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionHTML404})
	if got, err := account.Recent(t.Context(), portal.TOTP); err == nil || got != nil {
		t.Fatalf("Recent returned %v and %v", got, err)
	}
	if got := account.Known(portal.TOTP); len(got.Settings) != 0 {
		t.Errorf("a failed read left %v behind", got)
	}
	if _, err := account.Recent(t.Context(), portal.TOTP); err != nil {
		t.Errorf("after the fault: %v", err)
	}
}

func TestWriteSendsTheWholeObject(t *testing.T) {
	t.Parallel()
	server := serve(t,
		stored("myaccount-2FA-config", `[{"key":"later","value":"a<b>&\u00e9"},{"key":"totp_enabled","value":"FALSE"},`+
			`{"key":"n","value":1.0},{"key":"email_otp_enabled","value":"True"}]`),
		stored("myaccount-2FA-config", `[{"key":"totp_enabled","value":"true"}]`),
	)
	organization := open(t, configFor(t, server.URL))
	var live portal.Settings
	account := organization.MyAccount(portal.ClassicAPI)
	written, err := account.Write(t.Context(), []portal.Setting{portal.TOTP}, func(reading *Reading) (Change, error) {
		live = reading.Settings
		return Change{Want: portal.Settings{portal.TOTP: portal.On, portal.EmailOTP: portal.On}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Changed: []portal.Setting{portal.TOTP}}, written); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(storedWith(twoFactorObject, portal.Settings{portal.EmailOTP: portal.On}), live); diff != "" {
		t.Errorf("want saw (-want +got):\n%s", diff)
	}
	got := server.seen(false)
	if len(got) != 2 {
		t.Fatalf("%d calls, want GET and PUT", len(got))
	}
	if got[1].method != http.MethodPut || got[1].path != storeAt {
		t.Errorf("the write is %s %s", got[1].method, got[1].path)
	}
	// Names and nothing else besides key and value: the server refuses fields that it does not know.
	want := `{"name":"myaccount-2FA-config","attributes":[{"key":"email_otp_enabled","value":"True"},` +
		`{"key":"later","value":"a<b>&\u00e9"},{"key":"n","value":1.0},{"key":"totp_enabled","value":"true"}]}`
	if diff := cmp.Diff(want, got[1].body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	put := func(name, key, value string) string {
		return `{"name":"` + name + `","attributes":[{"key":"` + key + `","value":"` + value + `"}]}`
	}
	for name, test := range map[string]struct {
		stored  map[string]mockserver.Attributes
		want    portal.Settings
		bodies  []string // of the PUTs, in order
		written []portal.Setting
	}{
		"nothing wanted": {want: nil},
		"absent, and the defaults wanted": {
			want: settingsWith(portal.Settings{portal.PortalEnabled: portal.On}),
		},
		"right already, in odd cases": {
			stored: map[string]mockserver.Attributes{
				"status": {"enable": "False"}, "myaccount-2FA-config": {"totp_enabled": "TRUE", "email_otp_enabled": "no"},
			},
			want: portal.Settings{portal.PortalEnabled: portal.On, portal.TOTP: portal.On, portal.EmailOTP: portal.Off},
		},
		"portal off": {
			want:    portal.Settings{portal.PortalEnabled: portal.Off},
			bodies:  []string{put("status", "enable", "false")},
			written: []portal.Setting{portal.PortalEnabled},
		},
		"portal on": {
			stored:  map[string]mockserver.Attributes{"status": {"enable": "false"}},
			want:    portal.Settings{portal.PortalEnabled: portal.On},
			bodies:  []string{put("status", "enable", "true")},
			written: []portal.Setting{portal.PortalEnabled},
		},
		"on: TOTP before enrollment": {
			want: portal.Settings{portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On},
			bodies: []string{
				put("myaccount-2FA-config", "totp_enabled", "true"),
				put("myaccount-TOTP-config", "enrolUserInAuthenticationFlow", "true"),
			},
			written: []portal.Setting{portal.TOTP, portal.TOTPEnrollment},
		},
		"off: enrollment before TOTP": {
			stored: map[string]mockserver.Attributes{
				"myaccount-2FA-config": {
					"totp_enabled": "true"}, "myaccount-TOTP-config": {"enrolUserInAuthenticationFlow": "true"},
			},
			want: portal.Settings{portal.TOTP: portal.Off, portal.TOTPEnrollment: portal.Off},
			bodies: []string{
				put("myaccount-TOTP-config", "enrolUserInAuthenticationFlow", "false"),
				put("myaccount-2FA-config", "totp_enabled", "false"),
			},
			written: []portal.Setting{portal.TOTPEnrollment, portal.TOTP},
		},
		"only the object that differs": {
			stored: map[string]mockserver.Attributes{
				"myaccount-2FA-config": {
					"totp_enabled": "true"}, "myaccount-TOTP-config": {"enrolUserInAuthenticationFlow": "false"},
			},
			want:    portal.Settings{portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On, portal.PortalEnabled: portal.On},
			bodies:  []string{put("myaccount-TOTP-config", "enrolUserInAuthenticationFlow", "true")},
			written: []portal.Setting{portal.TOTPEnrollment},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, account := openClassic(t)
			seed(server, test.stored)
			written, err := account.Write(t.Context(), append(portal.TwoFactor(), portal.PortalEnabled), always(test.want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Written{Changed: test.written}, written); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
			var bodies []string
			var reads int
			for _, request := range server.Requests() {
				switch request.Method {
				case http.MethodPut:
					bodies = append(bodies, request.Body)
				case http.MethodGet:
					reads++
				}
			}
			if diff := cmp.Diff(test.bodies, bodies); diff != "" {
				t.Errorf("PUTs (-want +got):\n%s", diff)
			}
			if reads != 3 {
				t.Errorf("%d GETs, want one for each object", reads)
			}
		})
	}
}

// TestWriteOfNoSettings is what a resource hands back whose settings have all gone to another one.
func TestWriteOfNoSettings(t *testing.T) {
	t.Parallel()
	for _, api := range portal.APIs() {
		server, organization := openMock(t)
		for _, settings := range [][]portal.Setting{nil, {portal.PortalEnabled}} { // positive control
			written, err := organization.MyAccount(api).
				Write(t.Context(), settings, always(portal.Settings{portal.PortalEnabled: portal.Off}))
			if err != nil {
				t.Fatalf("%s: %v", api, err)
			}
			if wrote := len(written.Changed) > 0; wrote != (len(settings) > 0) {
				t.Errorf("%s: the write of %v changed %v", api, settings, written.Changed)
			}
			if called := len(calls(server)) > 0; called != (len(settings) > 0) {
				t.Errorf("%s: the write of %v called the server: %t", api, settings, called)
			}
		}
	}
}

func TestStrangersSurviveEveryWrite(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	strangers := mockserver.Attributes{"passkey_enabled": "TRUE", "ключ": "значение 🗝 <&>", "empty": "", "0": "0x1F"}
	original := map[string]mockserver.Attributes{}
	for name, key := range map[string]string{
		"status": "enable", "myaccount-2FA-config": "totp_enabled", "myaccount-TOTP-config": "enrolUserInAuthenticationFlow",
	} {
		original[name] = maps.Clone(strangers)
		original[name][key] = "true"
	}
	seed(server, original)
	ctx := t.Context()
	for _, on := range []bool{false, true} {
		value := portal.ValueOf(on)
		want := portal.Settings{portal.PortalEnabled: value, portal.TOTP: value, portal.TOTPEnrollment: value}
		written, err := account.Write(
			ctx,
			[]portal.Setting{portal.PortalEnabled, portal.TOTP, portal.TOTPEnrollment},
			always(want),
		)
		if err != nil {
			t.Fatal(err)
		}
		if len(written.Changed) != 3 {
			t.Fatalf("written %v", written)
		}
		for name := range original {
			got := storedIn(server, name)
			for key, value := range strangers {
				if got[key] != value {
					t.Errorf("%s/%s is %#v, want %#v", name, key, got[key], value)
				}
			}
			if len(got) != len(original[name]) {
				t.Errorf("%s has %v", name, got)
			}
		}
	}
}

func TestHalfFailedWriteSaysWhatWasWritten(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	put := mockserver.Match{Method: "PUT"}
	server.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1}) // the first passes
	server.AddFault(mockserver.Fault{
		Match: put, Times: -1, Action: mockserver.ActionStatus, Status: http.StatusBadRequest,
		Body: `{"code":"CONFIGM_00033","message":"Bad Request","description":"no"}`,
	})
	written, err := account.Write(
		t.Context(),
		portal.TwoFactor(),
		always(portal.Settings{portal.TOTP: portal.On, portal.EmailOTP: portal.On, portal.TOTPEnrollment: portal.On}),
	)
	if failure := failureOf(t, err); failure.Kind != Refused || failure.Method != http.MethodPut {
		t.Errorf("the error is %+v", failure)
	}
	if diff := cmp.Diff(Written{Changed: []portal.Setting{portal.EmailOTP, portal.TOTP}}, written); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	got := storedIn(server, "myaccount-2FA-config")
	if got["totp_enabled"] != "true" || got["email_otp_enabled"] != "true" {
		t.Errorf("stored is %v", got)
	}
	if got := storedIn(server, "myaccount-TOTP-config"); got != nil {
		t.Errorf("the failed write stored %v", got)
	}
	// The lock is free and the next attempt finishes the work.
	server.ClearFaults()
	written, err = account.Write(
		t.Context(),
		portal.TwoFactor(),
		always(portal.Settings{portal.TOTP: portal.On, portal.EmailOTP: portal.On, portal.TOTPEnrollment: portal.On}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Changed: []portal.Setting{portal.TOTPEnrollment}}, written); diff != "" {
		t.Errorf("written the second time (-want +got):\n%s", diff)
	}
}

func TestDecideCanRefuse(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	refusal := errors.New("the rules say no")
	written, err := account.Write(t.Context(), portal.TwoFactor(), func(live *Reading) (Change, error) {
		if len(live.Settings) != len(portal.TwoFactor()) {
			t.Errorf("decide saw %v", live.Settings)
		}
		return Change{Want: portal.Settings{portal.TOTP: portal.On}}, refusal
	})
	if !errors.Is(err, refusal) || len(written.Changed) > 0 {
		t.Errorf("Write returned %v and %v", written, err)
	}
	if got := storedIn(server, "myaccount-2FA-config"); got != nil {
		t.Errorf("stored is %v", got)
	}
	_, err = account.Write(t.Context(), portal.TwoFactor(), always(portal.Settings{portal.TOTP: portal.On}))
	if err != nil {
		t.Errorf("the lock was not released: %v", err)
	}
}

func TestWantCannotChangeWhatWasNotRead(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	written, err := account.Write(
		t.Context(),
		[]portal.Setting{portal.TOTP},
		always(portal.Settings{portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On}),
	)
	if err == nil || len(written.Changed) > 0 {
		t.Errorf("Write returned %v and %v, want an error instead of a change that is forgotten", written, err)
	}
	if got := storedIn(server, "myaccount-2FA-config"); got != nil {
		t.Errorf("stored is %v", got)
	}
}

func TestWriteFailsWhenTheReadFails(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	get := mockserver.Match{Method: "GET", PathPrefix: enrollmentAt}
	server.AddFault(mockserver.Fault{Match: get, Action: mockserver.ActionHTML404})
	_, err := account.Write(t.Context(), portal.TwoFactor(), func(*Reading) (Change, error) {
		t.Error("decide was asked without knowing all")
		return Change{}, nil
	})
	if failure := failureOf(t, err); failure.Kind != NotAPI {
		t.Errorf("the error is %+v", failure)
	}
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	put := mockserver.Match{Method: "PUT"}
	server.AddFault(mockserver.Fault{Match: put, Times: -1, Action: mockserver.ActionLatency, LatencyMS: 5})
	factors := []portal.Setting{portal.EmailOTP, portal.SMSOTP, portal.TOTP, portal.BackupCodes}
	for round := range 3 {
		on := round%2 == 0
		var group sync.WaitGroup
		for _, setting := range factors {
			group.Go(func() {
				if _, err := change(t.Context(), account, portal.Settings{setting: portal.ValueOf(on)}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		got, err := account.Read(t.Context(), factors...)
		if err != nil {
			t.Fatal(err)
		}
		for _, setting := range factors {
			if got.Settings[setting] != portal.ValueOf(on) {
				t.Errorf("round %d: %s is %v: one writer undid another", round, setting, got.Settings[setting])
			}
		}
	}
}

func TestWaitingForTheLockCanBeCancelled(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	inside, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, err := account.Write(t.Context(), []portal.Setting{portal.TOTP}, func(*Reading) (Change, error) {
			close(inside)
			<-release
			return Change{Want: portal.Settings{portal.TOTP: portal.On}}, nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := change(ctx, account, portal.Settings{portal.TOTP: portal.Off})
	if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %+v", failure)
	}
	close(release)
	group.Wait()
	if got := storedIn(server, "myaccount-2FA-config"); got["totp_enabled"] != "true" {
		t.Errorf("stored is %v: the writer that gave up wrote, or the other one did not", got)
	}
}

func TestConcurrentReadersShareOneGET(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := offline(Config{Credentials: Credentials{AccessToken: "x"}, RequestTimeout: time.Minute},
			func(request *http.Request) (*http.Response, error) {
				requests++
				time.Sleep(time.Second)
				return answerWith(request, stored("myaccount-2FA-config", `[{"key":"totp_enabled","value":"true"}]`)), nil
			})
		organization := organizationOf(t, client, bifrost)
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				got, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.TOTP)
				if err != nil || got.Settings[portal.TOTP] != portal.On {
					t.Errorf("read %v and %v", got, err)
				}
			})
		}
		group.Wait()
		if requests != 1 {
			t.Errorf("%d requests, want 1", requests)
		}
	})
}

func TestCancelledFirstReaderDoesNotFailTheSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := offline(Config{Credentials: Credentials{AccessToken: "x"}, RequestTimeout: time.Hour},
			func(request *http.Request) (*http.Response, error) {
				requests++
				if requests == 1 {
					<-request.Context().Done()
					return nil, request.Context().Err()
				}
				return answerWith(request, stored("myaccount-2FA-config", `[{"key":"totp_enabled","value":"true"}]`)), nil
			})
		account := organizationOf(t, client, bifrost).MyAccount(portal.ClassicAPI)
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			_, err := account.Read(ctx, portal.TOTP)
			if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, context.Canceled) {
				t.Errorf("the first reader's error is %+v", failure)
			}
		})
		synctest.Wait()
		group.Go(func() {
			got, err := account.Read(t.Context(), portal.TOTP)
			if err != nil || got.Settings[portal.TOTP] != portal.On {
				t.Errorf("the second reader got %v and %v", got, err)
			}
		})
		group.Go(func() {
			impatient, stop := context.WithTimeout(t.Context(), time.Second)
			defer stop()
			_, err := account.Read(impatient, portal.TOTP)
			if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the third reader, who gave up while it waited for the first, got %+v", failure)
			}
		})
		time.Sleep(2 * time.Second)
		if requests != 1 {
			t.Errorf("%d requests while the first reader waits, want 1", requests)
		}
		cancel()
		group.Wait()
		if requests != 2 {
			t.Errorf("%d requests in the end, want 2", requests)
		}
	})
}

func TestReadUnderWayDuringAWriteIsNotRemembered(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	arrived := make(chan struct{})
	old := stored("status", `[{"key":"enable","value":"true"},{"key":"from","value":"even before that"}]`)
	server := serve(t,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(arrived)
			<-release
			old.ServeHTTP(w, r)
		}),
		stored("status", `[]`),                                 // the writer's read
		stored("status", `[]`),                                 // the PUT
		stored("status", `[{"key":"enable","value":"false"}]`), // the reader after it
	)
	account := open(t, configFor(t, server.URL)).MyAccount(portal.ClassicAPI)
	var group sync.WaitGroup
	group.Go(func() {
		if got, err := account.Read(t.Context(), portal.PortalEnabled); err != nil ||
			got.Settings[portal.PortalEnabled] != portal.On {
			t.Errorf("the slow reader got %v and %v", got, err)
		}
	})
	<-arrived
	if _, err := change(t.Context(), account, portal.Settings{portal.PortalEnabled: portal.Off}); err != nil {
		t.Fatal(err)
	}
	// A reader that starts now must not share the slow one's answer, which is from before the write.
	got, err := account.Recent(t.Context(), portal.PortalEnabled)
	if err != nil {
		t.Fatal(err)
	}
	if got.Settings[portal.PortalEnabled] == portal.On {
		t.Error("a reader after the write got the value from before it")
	}
	close(release)
	group.Wait()
	if seen := account.Known(portal.PortalEnabled); seen.Settings[portal.PortalEnabled] == portal.On {
		t.Error("the slow reader left the value from before the write behind")
	}
}

func TestStaleReadAfterAWriteIsRepeated(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]mockserver.Attributes{
		"object existed":         {"totp_enabled": "false", "email_otp_enabled": "true"},
		"object did not exist":   nil,
		"in the shape of a list": {"totp_enabled": "FALSE", "x": "y"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, account := openClassic(t)
			if before != nil {
				seed(server, map[string]mockserver.Attributes{"myaccount-2FA-config": before})
			}
			if _, err := change(t.Context(), account, portal.Settings{portal.TOTP: portal.On}); err != nil {
				t.Fatal(err)
			}
			server.AddFault(mockserver.Fault{Times: 2, Action: mockserver.ActionStaleRead})
			server.ClearRequests()
			got, err := account.Read(t.Context(), portal.TOTP)
			if err != nil {
				t.Fatal(err)
			}
			if got.Settings[portal.TOTP] != portal.On {
				t.Error("the stale value was believed")
			}
			if got := count(calls(server), "GET "+twoFactorAt); got != 3 {
				t.Errorf("%d GETs, want 3", got)
			}

			// A writer must not build upon a stale read either.
			server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
			if _, err := change(t.Context(), account, portal.Settings{portal.SMSOTP: portal.On}); err != nil {
				t.Fatal(err)
			}
			stored := storedIn(server, "myaccount-2FA-config")
			if stored["totp_enabled"] != "true" || stored["sms_otp_enabled"] != "true" {
				t.Errorf("stored is %v: a flag was lost", stored)
			}
		})
	}
}

func TestValueThatStaysOldIsBelievedInTheEnd(t *testing.T) {
	t.Parallel()
	server, account := openClassic(t)
	if _, err := change(t.Context(), account, portal.Settings{portal.TOTP: portal.On}); err != nil {
		t.Fatal(err)
	}
	// Somebody put the object back at once.
	server.AddFault(mockserver.Fault{Times: -1, Action: mockserver.ActionStaleRead})
	server.ClearRequests()
	got, err := account.Read(t.Context(), portal.TOTP)
	if err != nil {
		t.Fatal(err)
	}
	if got.Settings[portal.TOTP] == portal.On {
		t.Error("the server's word was not taken")
	}
	if got := count(calls(server), "GET "+twoFactorAt); got != 1+staleRereads {
		t.Errorf("%d GETs, want %d", got, 1+staleRereads)
	}
}

func TestWaitForAFreshReadCanBeCancelled(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	config := configFor(t, server.URL())
	config.RetryWaitMin = time.Hour
	account := open(t, config).MyAccount(portal.ClassicAPI)
	if _, err := change(t.Context(), account, portal.Settings{portal.TOTP: portal.On}); err != nil {
		t.Fatal(err)
	}
	server.AddFault(mockserver.Fault{Times: -1, Action: mockserver.ActionStaleRead})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := account.Read(ctx, portal.TOTP)
	if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %+v", failure)
	}
}

func TestOrganizationsAreApart(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		"bifrost":      nil,
		"asgard":       {ClientID: "asgard-client", ClientSecret: "asgard-secret"},
		"carbon.super": nil,
	}}))
	config := configFor(t, server.URL())
	config.Organization = bifrost
	config.OrganizationCredentials = map[string]Credentials{
		"asgard":       {ClientID: "asgard-client", ClientSecret: "asgard-secret"},
		"carbon.super": config.Credentials,
	}
	client := New(config)
	t.Cleanup(connectionOf(client).CloseIdleConnections)
	for _, name := range []string{"bifrost", "asgard", "carbon.super"} {
		organization := organizationOf(t, client, name)
		if organization.Name() != name {
			t.Errorf("%q is called %q", name, organization.Name())
		}
		if again := organizationOf(t, client, name); again != organization {
			t.Errorf("%q has two handles, and so two locks", name)
		}
		account := organization.MyAccount(portal.ClassicAPI)
		if _, err := change(t.Context(), account, portal.Settings{portal.PortalEnabled: portal.Off}); err != nil {
			t.Fatal(err)
		}
		if got := server.State().Organizations[name].MyAccount["status"]["enable"]; got != "false" {
			t.Errorf("%s: stored is %v", name, got)
		}
	}
	for _, request := range server.Requests() {
		if request.ForeignToken {
			t.Errorf("%s %s came with another organization's token", request.Method, request.Path)
		}
	}
	if got := count(calls(server), "PUT "+storePath); got != 1 {
		t.Errorf("%d writes to carbon.super on the path without /t/, want 1", got)
	}

	_, err := client.Organization("midgard")
	failure := failureOf(t, err)
	if failure.Kind != NoCredentials || failure.Organization != "midgard" {
		t.Errorf("an organization without credentials: %+v", failure)
	}
}

func TestCredentialsOfAnOrganization(t *testing.T) {
	t.Parallel()
	shared, own := Credentials{ClientID: "shared"}, Credentials{ClientID: "own"}
	for name, test := range map[string]struct {
		config Config
		want   Credentials
	}{
		"shared with all":         {Config{Credentials: shared}, shared},
		"shared with this one":    {Config{Credentials: shared, Organization: bifrost}, shared},
		"of another organization": {Config{Credentials: shared, Organization: "asgard"}, Credentials{}},
		"its own win": {Config{
			Credentials: shared, Organization: bifrost, OrganizationCredentials: map[string]Credentials{bifrost: own},
		}, own},
		"its own alone": {Config{OrganizationCredentials: map[string]Credentials{bifrost: own}}, own},
		"none":          {Config{}, Credentials{}},
		"only those of another organization": {
			Config{OrganizationCredentials: map[string]Credentials{"asgard": own}}, Credentials{},
		},
		"an access token is credentials, too": {
			Config{Credentials: Credentials{AccessToken: "x"}}, Credentials{AccessToken: "x"},
		},
	} {
		if got := New(test.config).credentials(bifrost); got != test.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestOldCopies: for a while, what a document was before it changed is known for an old copy, and then it counts again.
func TestOldCopies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		account := newOrganization(New(Config{}), bifrost, Credentials{}).MyAccount(portal.ClassicAPI)
		was := decoded(t, statusObject, `[{"key":"enable","value":"false"}]`)
		now := decoded(t, statusObject, `[{"key":"enable","value":"true"}]`)
		if account.isStale(statusObject, was) {
			t.Error("nothing has changed yet")
		}
		account.noteOldCopy(statusObject, was)
		if !account.isStale(statusObject, was) || account.isStale(statusObject, now) ||
			account.isStale(twoFactorObject, was) {
			t.Error("only what that document was is an old copy")
		}
		time.Sleep(staleFor)
		if account.isStale(statusObject, was) {
			t.Error("it is an old copy for ever")
		}
	})
}

// TestReadThatFailsAfterAChange is the read's error, and no document.
func TestReadThatFailsAfterAChange(t *testing.T) {
	t.Parallel()
	server, account := openApplication(t, reply{400, nil, `{"code":"X"}`})
	account.noteOldCopy("", Application{})
	if found, err := account.readFresh(t.Context(), ""); !IsKind(err, Refused) {
		t.Errorf("%v, %v", found, err)
	}
	if account.arrived(t.Context(), "", Application{}, Application{}) {
		t.Error("a change that nobody could look for has arrived")
	}
	if got := len(server.seen(false)); got != 2 {
		t.Errorf("%d calls", got)
	}
}

// TestEarlierTryThatArrived: what the document was before is known for an old copy then.
func TestEarlierTryThatArrived(t *testing.T) {
	t.Parallel()
	account := newOrganization(New(Config{}), bifrost, Credentials{}).MyAccount(portal.ClassicAPI)
	was, sent := decoded(t, statusObject, `[]`), decoded(t, statusObject, `[{"key":"enable","value":"false"}]`)
	for name, test := range map[string]struct {
		live  object
		stale bool
	}{"arrived": {sent, true}, "did not arrive": {was, false}} {
		w := &settingsWrite{
			MyAccount: account, change: Change{Want: portal.Settings{portal.PortalEnabled: portal.Off}},
			drafts: map[string]*draft{name: {live: was, found: was, sent: sent}},
		}
		if found := w.noteLive(name, test.live); found.values()[portal.PortalEnabled] != portal.On {
			t.Errorf("%s: found %+v", name, found)
		}
		if got := account.isStale(name, was); got != test.stale {
			t.Errorf("%s: the old copy is stale: %t", name, got)
		}
	}
}

// TestFlowThatBecameCustomBetweenTwoTries is not written.
func TestFlowThatBecameCustomBetweenTwoTries(t *testing.T) {
	t.Parallel()
	server, account := openApplication(t, listed)
	live := Application{Flow: flowOf(basic+"|"+sms+"|FIDO", ""), organization: account.Organization}
	w := &settingsWrite{MyAccount: account, change: Change{Want: portal.Settings{portal.TOTP: portal.On}}}
	changed, err := w.writeDocument(t.Context(), "", &draft{live: live, found: live})
	if !IsKind(err, CustomFlow) || changed != nil || len(server.seen(false)) > 0 {
		t.Errorf("%v, %v, calls %q", changed, err, pathsOf(server.seen(false)))
	}
}

// TestFlowInAnotherLayoutHasNotArrived, though it does what was wanted: the write may still be under way.
func TestFlowInAnotherLayoutHasNotArrived(t *testing.T) {
	t.Parallel()
	_, account := openApplication(t, listed, portalWith("true",
		`{"type":"USER_DEFINED","script":"own();\n","steps":[{"id":1,"options":[{"idp":"LOCAL","authenticator":"a"}]}]}`))
	application := func(script string) Application {
		return Application{enabled: portal.On, Flow: flowOf("a", script), organization: account.Organization}
	}
	if account.arrived(t.Context(), "", application("own();\n"), application("own();")) {
		t.Error("what was there before passes for what was written")
	}
	if !account.arrived(t.Context(), "", application("other();"), application("own();\n")) {
		t.Error("control: what was written is there")
	}
}

// TestScriptThatComesToLight: a script of the Console that comes back with a flow gives way in the same write.
func TestScriptThatComesToLight(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.Update(func(state *mockserver.State) { state.Organizations[bifrost].ScriptSurvivesReset = true })
	account := organization.MyAccount(portal.ApplicationAPI)
	before, err := account.Read(t.Context(), portal.TOTP)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []Change{
		{Want: portal.Settings{portal.TOTP: portal.On, portal.TOTPEnrollment: portal.On}},
		{Want: portal.Settings{portal.TOTP: portal.Off, portal.TOTPEnrollment: portal.Off}, Origin: before.Origin()},
		{Want: portal.Settings{portal.TOTP: portal.On}},
	} {
		_, err := account.Write(t.Context(), portal.TwoFactor(), func(*Reading) (Change, error) { return change, nil })
		if err != nil {
			t.Fatalf("%+v: %v", change, err)
		}
	}
	after, err := account.Read(t.Context(), portal.TOTP)
	if err != nil || after.Settings[portal.TOTP] != portal.On || after.Settings[portal.TOTPEnrollment] != portal.NotSet {
		t.Errorf("%v, %v", after, err)
	}
}
