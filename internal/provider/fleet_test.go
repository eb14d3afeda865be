package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// One provider process serves many organizations at the same time, each with credentials of its own, and none of them
// gets in another's way.

// manyOrganizations is a workspace with organizations "org-00", "org-01", … that have a client each.
type manyOrganizations struct {
	*providertest.Workspace
	names []string
}

func newManyOrganizations(t *testing.T, at providertest.Place, size int) *manyOrganizations {
	t.Helper()
	f := &manyOrganizations{}
	for i := range size {
		f.names = append(f.names, fmt.Sprintf("org-%02d", i))
	}
	f.Workspace = providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization(f.names...))
	credentials := values{}
	f.Mock.Update(func(state *mockserver.State) {
		for _, name := range f.names {
			state.Organizations[name].ClientID, state.Organizations[name].ClientSecret = "client-of-"+name, "secret-of-"+name
			credentials[name] = values{"client_id": "client-of-" + name, "client_secret": "secret-of-" + name}
		}
	})
	f.Provider = values{
		"base_url": f.Mock.URL(), "requests_per_minute": 0, "my_account_api": at.String(), "max_retries": 1,
		"credentials": credentials,
	}
	return f
}

// configs are the three resources of an organization, in the order in which they are applied.
func (f *manyOrganizations) configs(name string) []target {
	return []target{
		{
			typeName: senderType,
			config: values{
				"organization": name, "provider_name": "Twilio", "key": "key-of-" + name, "secret": "s", "sender": "+1555",
			},
		},
		{typeName: portalType, config: values{"organization": name, "enabled": false}},
		{
			typeName: twoFactorType,
			config: values{
				"organization": name, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			},
		},
	}
}

// each runs something for every organization at the same time.
func (f *manyOrganizations) each(work func(name string)) {
	var all sync.WaitGroup
	for _, name := range f.names {
		all.Go(func() { work(name) })
	}
	all.Wait()
}

// create creates everything in every organization, in one process for the plans and one for the applies.
func (f *manyOrganizations) create() map[string][]*providertest.Object {
	f.T.Helper()
	planning, applying := f.Start(), f.Start()
	var mutex sync.Mutex
	objects := map[string][]*providertest.Object{}
	f.each(func(name string) {
		var plans []*providertest.Plan
		for _, target := range f.configs(name) {
			saved := planning.Plan(&providertest.Object{TypeName: target.typeName}, target.config)
			providertest.WantNoError(f.T, saved.Diags)
			plans = append(plans, saved)
		}
		for _, saved := range plans {
			providertest.WantNoError(f.T, applying.Apply(saved))
			mutex.Lock()
			objects[name] = append(objects[name], saved.Object)
			mutex.Unlock()
		}
	})
	return objects
}

// callsOf counts an organization's calls since the last look.
func (f *manyOrganizations) callsOf() map[string]map[string]int {
	f.T.Helper()
	counts := map[string]map[string]int{}
	for _, request := range f.Mock.Requests() {
		if request.ForeignToken {
			f.T.Errorf("%s %s used the token of another organization", request.Method, request.Path)
		}
		if counts[request.Organization] == nil {
			counts[request.Organization] = map[string]int{}
		}
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, providertest.ApplicationCalls+"/") {
			what = providertest.ApplicationDocument
		}
		counts[request.Organization][request.Method+" "+what]++
	}
	f.Mock.ClearRequests()
	return counts
}

func TestFleet(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		f := newManyOrganizations(t, at, 25)
		objects := f.create()
		for name, counts := range f.callsOf() {
			if counts["POST token"] != 2 {
				t.Errorf("%s: %d tokens for a plan and an apply", name, counts["POST token"])
			}
		}
		for _, name := range f.names {
			organization := f.Mock.State().Organizations[name]
			f.WantsIn(
				name,
				values{
					"enabled":                 false,
					"sms_otp_enabled":         true,
					"totp_enabled":            true,
					"totp_enrollment_enabled": true,
				},
			)
			if key := *organization.SMSSenders["SMSPublisher"].Key; key != "key-of-"+name {
				t.Errorf("%s: the sender has the key %s", name, key)
			}
		}

		// A plan without changes, of all organizations at the same time: one token, and each document once.
		p := f.Start()
		f.each(func(name string) {
			look := func(i int, target target) {
				providertest.WantNoDiagnostics(t, p.Refresh(objects[name][i]))
				if saved := p.Plan(objects[name][i], target.config); saved.Action != "no-op" {
					t.Errorf("%s: the plan would %s %s:\n%s", name, saved.Action, target.typeName, saved.Diags)
				}
			}
			configs := f.configs(name)
			look(0, configs[0]) // the others depend on the sender
			var all sync.WaitGroup
			for i := range configs[1:] {
				all.Go(func() { look(i+1, configs[i+1]) })
			}
			all.Wait()
		})
		counts := f.callsOf()
		want := map[string]int{"POST token": 1, "GET sms": 1}
		for _, call := range at.Look(providertest.AllFlags()...) {
			want[call] = 1
		}
		for _, name := range f.names {
			if diff := cmp.Diff(want, counts[name]); diff != "" {
				t.Errorf("%s: calls differ (- want, + got):\n%s", name, diff)
			}
		}
	})
}

// TestForeignTokenIsNoticed is the positive control of all that is said about tokens of other organizations.
func TestForeignTokenIsNoticed(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		f := newManyOrganizations(t, at, 2)
		//nolint:noctx,forbidigo // a local mock
		response, err := http.PostForm(f.Mock.URL()+"/t/org-00/oauth2/token", url.Values{
			"grant_type": {"client_credentials"}, "client_id": {"client-of-org-00"}, "client_secret": {"secret-of-org-00"},
		})
		providertest.Must(t, err)
		defer response.Body.Close()
		var issued struct {
			AccessToken string `json:"access_token"`
		}
		providertest.Must(t, json.NewDecoder(response.Body).Decode(&issued))
		f.Provider = values{
			"base_url": f.Mock.URL(), "access_token": issued.AccessToken, "max_retries": 0, "my_account_api": at.String(),
		}
		_, diags := f.Start().Read(portalType, values{"organization": "org-01"})
		providertest.WantError(t, diags, "refused the access token", "good for one organization")
		noticed := false
		for _, request := range f.Mock.Requests() {
			noticed = noticed || request.ForeignToken
		}
		if !noticed {
			t.Error("the mock server has not noticed a foreign token")
		}
	})
}

func TestFleetWithoutOneCredential(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		f := newManyOrganizations(t, at, 3)
		objects := f.create()
		f.callsOf()
		delete(f.Provider["credentials"].(values), "org-01")
		p := f.Start()
		f.each(func(name string) {
			for i, target := range f.configs(name) {
				before := *objects[name][i]
				refreshed := p.Refresh(objects[name][i])
				_, read := p.Read(target.typeName, values{"organization": name})
				_, imported := p.ImportByID(target.typeName, name)
				for _, diags := range []providertest.Diagnostics{refreshed, read, imported} {
					if name != "org-01" {
						providertest.WantNoError(t, diags)
						continue
					}
					providertest.WantError(t, diags, "Unable to sign in", `no credentials for organization "org-01"`,
						`Add an entry "org-01" with client_id and client_secret to the provider's argument credentials`)
				}
				if diff := cmp.Diff(before, *objects[name][i], cmp.AllowUnexported(providertest.Object{})); diff != "" {
					t.Errorf("%s: the state was changed:\n%s", name, diff)
				}
			}
		})
		counts := f.callsOf()
		if len(counts["org-01"]) > 0 || len(counts["org-00"]) == 0 || len(counts["org-02"]) == 0 {
			t.Errorf("calls: %v", counts)
		}
	})
}

// TestFleetOwnEntryWins is about the provider's own organization, which may be among the credentials, too.
func TestFleetOwnEntryWins(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		f := newManyOrganizations(t, at, 2)
		f.Provider["organization"], f.Provider["client_id"], f.Provider["client_secret"] = "org-00", "nobody", "nothing"
		f.create()

		// Positive control: without the entry the client of the block is used, for that organization only.
		delete(f.Provider["credentials"].(values), "org-00")
		_, diags := f.Start().Read(portalType, values{})
		providertest.WantError(t, diags, `The token endpoint of organization "org-00" refused the client`,
			"could not be found for client_id: nobody")
		_, diags = f.Start().Read(portalType, values{"organization": "org-01"})
		providertest.WantNoError(t, diags)
	})
}

func TestFleetSurvivesTroubleInOneOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		const ill = "org-02"
		below := mockserver.Match{PathPrefix: "/t/" + ill + "/"}
		for name, fault := range map[string]mockserver.Fault{
			"busy":    {Match: below, Action: mockserver.ActionStatus, Status: 429},
			"failing": {Match: below, Action: mockserver.ActionStatus, Status: 503},
			"closed":  {Match: below, Action: mockserver.ActionDropBefore},
			"unknown": {Match: below, Action: mockserver.ActionHTML404},
			"expired tokens": {
				Match: mockserver.Match{PathPrefix: below.PathPrefix + "api"}, Action: mockserver.ActionExpireTokens,
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f := newManyOrganizations(t, at, 5)
				f.Wrap = providertest.BesidesFaults(t)
				objects := f.create()
				f.callsOf()
				fault.Times = -1
				f.Mock.AddFault(fault)
				before := f.Mock.State()
				p := f.Start()
				f.each(func(name string) {
					var diags providertest.Diagnostics
					for i, target := range f.configs(name) {
						o := objects[name][i]
						old := *o
						refreshed := p.Refresh(o)
						if diff := cmp.Diff(old, *o, cmp.AllowUnexported(providertest.Object{})); diff != "" {
							t.Errorf("%s: the state was changed:\n%s", name, diff)
						}
						diags = append(diags, refreshed...)
						if target.typeName == portalType && len(refreshed.Errors()) == 0 {
							diags = append(diags, p.Apply(p.Plan(o, values{"organization": name, "enabled": true}))...)
						}
					}
					if failed := len(diags.Errors()) > 0; failed != (name == ill) {
						t.Errorf("%s: failed: %t:\n%s", name, failed, diags)
					}
				})
				for name, counts := range f.callsOf() {
					if name != ill && counts["POST token"] != 1 {
						t.Errorf("%s: %d tokens", name, counts["POST token"])
					}
				}
				after := f.Mock.State()
				for _, name := range f.names {
					changed := !cmp.Equal(before.Organizations[name], after.Organizations[name])
					if changed == (name == ill) {
						t.Errorf("%s: changed: %t", name, changed)
					}
				}
			})
		}
	})
}

// TestFleetDoesNotWaitForOneOrganization lets one organization's write hang until all others are done.
func TestFleetDoesNotWaitForOneOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		f := newManyOrganizations(t, at, 5)
		objects := f.create()
		const slow = "org-03"
		p := f.Start()
		plans := map[string]*providertest.Plan{}
		for _, name := range f.names {
			plans[name] = p.Plan(objects[name][1], values{"organization": name, "enabled": true})
			providertest.WantNoError(t, plans[name].Diags)
		}
		f.Mock.AddFault(mockserver.Fault{
			Match: at.Writes(slow), Action: mockserver.ActionLatency, LatencyMS: int(time.Hour.Milliseconds()),
		})
		ctx, cancel := context.WithCancel(t.Context())
		hanging := f.Start()
		hanging.T = cancellable{t, ctx}
		var all sync.WaitGroup
		result := make(chan providertest.Diagnostics, 1)
		go func() { result <- hanging.Apply(plans[slow]) }()
		for len(f.Mock.Faults()) > 0 { // until the write has arrived
			time.Sleep(time.Millisecond)
		}
		for _, name := range f.names {
			if name == slow {
				continue
			}
			all.Go(func() { providertest.WantNoError(t, hanging.Apply(plans[name])) })
		}
		// Not even another resource of the same organization has to wait, as long as it only reads.
		all.Go(func() { providertest.WantNoError(t, hanging.Refresh(objects[slow][2])) })
		done := make(chan struct{})
		go func() { all.Wait(); close(done) }()
		select {
		case <-done:
		case diags := <-result:
			t.Fatalf("the write that hangs has ended:\n%s", diags)
		case <-time.After(time.Minute):
			t.Fatal("the others wait for the organization whose write hangs")
		}
		for _, name := range f.names {
			if on := f.Place.Read(f.Mock.State().Organizations[name]).On("enabled"); on != (name != slow) {
				t.Errorf("%s: enabled is %t", name, on)
			}
		}
		cancel()
		providertest.WantError(t, <-result, "Unable to update the My Account portal",
			`The call for organization "org-03" was given up`)
		if objects[slow][1].State["enabled"] != false {
			t.Errorf("the state is %v", objects[slow][1].State)
		}
	})
}

// cancellable is a test whose context can be ended, as Terraform does when it is interrupted.
type cancellable struct {
	providertest.Tester
	ctx context.Context
}

func (c cancellable) Context() context.Context { return c.ctx }

func TestThreeOrganizationsGiveThreeTakeoverWarnings(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		f := newManyOrganizations(t, at, 3)
		p := f.Start()
		var mutex sync.Mutex
		seen := map[string]bool{}
		f.each(func(name string) {
			for _, target := range f.configs(name)[1:] {
				config := target.config
				delete(config, "sms_otp_enabled")
				diags := providertest.WithoutSignOutWarning(p.Plan(&providertest.Object{TypeName: target.typeName}, config).Diags)
				providertest.WantWarning(t, diags, "Taking over the", fmt.Sprintf("of %q", name),
					"terraform import <address> "+name)
				mutex.Lock()
				seen[diags[0].Summary] = true
				mutex.Unlock()
			}
		})
		if len(seen) != 6 {
			t.Errorf("got %d different summaries, want 6: %v", len(seen), seen)
		}
	})
}
