package provider

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A server that never recovers keeps the provider trying, until its time is over or somebody interrupts it. These tests
// run in virtual time, in which an hour of waiting takes no time and a limit is met to the nanosecond.

// direct is a connection without a network, on which virtual time would stand still.
type direct struct {
	server http.Handler
}

func (d direct) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	d.server.ServeHTTP(recorder, request)
	return recorder.Result(), nil
}

// offline takes a workspace into a bubble of virtual time. Its server stays outside: it listens on a network.
func (w *workspace) offline(t *testing.T) {
	t.Helper()
	check := contract.Check(t)
	w.t, w.wrap = t, func(http.RoundTripper) http.RoundTripper { return check(direct{w.mock}) }
	w.provider["max_retries"] = maxRetriesLimit // which waits for half an hour at the least
}

// fail makes the server fail for good.
func (w *workspace) fail() {
	breaks("", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 503,
		Body: `{"code":503,"message":"Service Unavailable","description":"Service Unavailable"}`,
	})(w)
}

// lasting has the operations that may last, each with what prepares it: they return the process and the operation
// itself. The limits are those of a timeouts block; nil: there is none.
var lasting = map[string]func(w *workspace, typeName string, configs [2]values, limits values) (*process,
	func() diagnostics){
	"create": func(w *workspace, typeName string, configs [2]values, limits values) (*process, func() diagnostics) {
		return w.change(&object{typeName: typeName}, configs[0].with(values{"timeouts": limits}))
	},
	"read": func(w *workspace, typeName string, configs [2]values, limits values) (*process, func() diagnostics) {
		o, p := w.create(typeName, configs[0]), w.start()
		o.state["timeouts"] = limits
		return p, func() diagnostics { return p.refresh(o) }
	},
	"update": func(w *workspace, typeName string, configs [2]values, limits values) (*process, func() diagnostics) {
		return w.change(w.create(typeName, configs[0]), configs[1].with(values{"timeouts": limits}))
	},
	"delete": func(w *workspace, typeName string, configs [2]values, limits values) (*process, func() diagnostics) {
		o := w.create(typeName, configs[0])
		o.state["timeouts"] = limits
		return w.change(o, nil)
	},
	"import": func(w *workspace, typeName string, _ [2]values, _ values) (*process, func() diagnostics) {
		p := w.start()
		return p, func() diagnostics { _, diags := p.importByID(typeName, "bifrost"); return diags }
	},
	"data source": func(w *workspace, typeName string, _ [2]values, _ values) (*process, func() diagnostics) {
		p := w.start()
		return p, func() diagnostics { _, diags := p.read(typeName, values{}); return diags }
	},
}

// change returns the last call of an apply: what comes before it, the plan, has no limit of its own.
func (w *workspace) change(o *object, config values) (*process, func() diagnostics) {
	w.t.Helper()
	p := w.start()
	saved := p.plan(o, config)
	wantNoError(w.t, saved.diags)
	return p, func() diagnostics { return p.applyChange(saved) }
}

// lastingConfigs are a first configuration and a changed one for each resource.
var lastingConfigs = map[string][2]values{
	portal:     configsOf[portal],
	twoFactor:  configsOf[twoFactor],
	senderType: {senderValues(), senderValues().with(values{"sender": "+15550199"})},
}

// TestTimeouts: each operation is limited by its own argument of the timeouts block, and by no other.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		all := []string{"create", "read", "update", "delete"}
		for typeName, configs := range lastingConfigs {
			for _, operation := range all {
				others := values{}
				for _, other := range all {
					if other != operation {
						others[other] = "1s"
					}
				}
				for name, test := range map[string]struct {
					limits values
					after  time.Duration
				}{
					"its own limit":        {values{operation: "90s"}, 90 * time.Second},
					"limits of the others": {others, 20 * time.Minute},
					"no block":             {nil, 20 * time.Minute},
				} {
					t.Run(typeName+" "+operation+", "+name, func(t *testing.T) {
						t.Parallel()
						w := newWorkspaceIn(t, at)
						synctest.Test(t, func(t *testing.T) {
							w.offline(t)
							_, run := lasting[operation](w, typeName, configs, test.limits)
							w.fail()
							begun := time.Now()
							step := "timeouts." + operation
							if typeName == senderType && operation == "create" {
								step = "The call was a change" // what came of it is the news, not the search for it
							}
							wantError(t, run(), "Unable to", `"bifrost"`, "HTTP status: 503", step)
							if took := time.Since(begun); took != test.after {
								t.Errorf("it took %v, want %v", took, test.after)
							}
							w.mock.ClearFaults() // positive control
							wantNoError(t, run())
						})
					})
				}
			}
		}
	})
}

// TestInterrupt: Terraform asks the provider to stop when somebody presses Ctrl-C. What waits for the server then waits
// no longer.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range lastingConfigs {
			for operation, prepare := range lasting {
				t.Run(typeName+" "+operation, func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					if operation == "data source" || operation == "import" {
						w.withSender()
					}
					synctest.Test(t, func(t *testing.T) {
						w.offline(t)
						p, run := prepare(w, typeName, configs, nil)
						w.fail()
						w.calls()
						var diags diagnostics
						ended := make(chan struct{})
						go func() {
							defer close(ended)
							diags = run()
						}()
						time.Sleep(10 * time.Minute) // positive control: it would go on
						select {
						case <-ended:
							t.Fatalf("it has ended by itself:\n%s", diags)
						default:
						}
						before := len(w.calls())
						interrupted := time.Now()
						response, err := p.server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
						must(t, err)
						if response.Error != "" {
							t.Errorf("the provider did not stop: %s", response.Error)
						}
						<-ended
						if took := time.Since(interrupted); took != 0 {
							t.Errorf("it took %v to stop", took)
						}
						if after := w.calls(); before < 10 || len(after) != 0 {
							t.Errorf("%d calls before and %v after the interrupt", before, after)
						}
						wantError(t, diags, "Unable to", `"bifrost"`, "HTTP status: 503")
						wantAbsent(t, diags.String(), "timeouts.") // more time would not have helped
					})
				})
			}
		}
	})
}
