package provider_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// A server that never recovers keeps the provider trying, until its time is over or somebody interrupts it. These tests
// run in virtual time, in which an hour of waiting takes no time and a limit is met to the nanosecond.

// operationRun carries an operation out.
type operationRun = func() providertest.Diagnostics

// preparation returns a process and an operation in it. The limits are those of a timeouts block; nil: there is none.
type preparation func(
	w *workspace, typeName string, configs [2]values, limits values,
) (p *providertest.Process, run operationRun)

// lasting has the operations that may last, each with what prepares it.
var lasting = map[string]preparation{
	"create": func(w *workspace, typeName string, configs [2]values, limits values) (*providertest.Process, operationRun) {
		return w.PrepareApply(&providertest.Object{TypeName: typeName}, configs[0].With(values{"timeouts": limits}))
	},
	"read": func(w *workspace, typeName string, configs [2]values, limits values) (*providertest.Process, operationRun) {
		o, p := w.Create(typeName, configs[0]), w.Start()
		o.State["timeouts"] = limits
		return p, func() providertest.Diagnostics { return p.Refresh(o) }
	},
	"update": func(w *workspace, typeName string, configs [2]values, limits values) (*providertest.Process, operationRun) {
		return w.PrepareApply(w.Create(typeName, configs[0]), configs[1].With(values{"timeouts": limits}))
	},
	"delete": func(w *workspace, typeName string, configs [2]values, limits values) (*providertest.Process, operationRun) {
		o := w.Create(typeName, configs[0])
		o.State["timeouts"] = limits
		return w.PrepareApply(o, nil)
	},
	"import": func(w *workspace, typeName string, _ [2]values, _ values) (*providertest.Process, operationRun) {
		p := w.Start()
		return p, func() providertest.Diagnostics { _, diags := p.ImportByID(typeName, "bifrost"); return diags }
	},
	"data source": func(w *workspace, typeName string, _ [2]values, _ values) (*providertest.Process, operationRun) {
		p := w.Start()
		return p, func() providertest.Diagnostics { _, diags := p.Read(typeName, values{}); return diags }
	},
}

// lastingConfigs are a first configuration and a changed one for each resource.
var lastingConfigs = map[string][2]values{
	portalType:    providertest.ConfigsOf[portalType],
	twoFactorType: providertest.ConfigsOf[twoFactorType],
	senderType: {
		providertest.SenderValues(),
		providertest.SenderValues().With(values{"sender": "+15550199"}),
	},
}

// TestTimeouts: each operation is limited by its own argument of the timeouts block, and by no other.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
						w := providertest.NewWorkspaceIn(t, at)
						synctest.Test(t, func(t *testing.T) {
							w.Offline(t)
							_, run := lasting[operation](w, typeName, configs, test.limits)
							w.FailAllCalls()
							begun := time.Now()
							step := "timeouts." + operation
							if typeName == senderType && operation == "create" {
								step = "The call was a change" // what came of it is the news, not the search for it
							}
							providertest.WantError(t, run(), "Unable to", `"bifrost"`, "HTTP status: 503", step)
							if took := time.Since(begun); took != test.after {
								t.Errorf("it took %v, want %v", took, test.after)
							}
							w.Mock.ClearFaults() // positive control
							providertest.WantNoError(t, run())
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
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range lastingConfigs {
			for operation, prepare := range lasting {
				t.Run(typeName+" "+operation, func(t *testing.T) {
					t.Parallel()
					w := providertest.NewWorkspaceIn(t, at)
					if operation == "data source" || operation == "import" {
						w.WithSender()
					}
					synctest.Test(t, func(t *testing.T) {
						w.Offline(t)
						p, run := prepare(w, typeName, configs, nil)
						w.FailAllCalls()
						w.Calls()
						var diags providertest.Diagnostics
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
						before := len(w.Calls())
						interrupted := time.Now()
						response, err := p.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
						providertest.Must(t, err)
						if response.Error != "" {
							t.Errorf("the provider did not stop: %s", response.Error)
						}
						<-ended
						if took := time.Since(interrupted); took != 0 {
							t.Errorf("it took %v to stop", took)
						}
						if after := w.Calls(); before < 10 || len(after) != 0 {
							t.Errorf("%d calls before and %v after the interrupt", before, after)
						}
						providertest.WantError(t, diags, "Unable to", `"bifrost"`, "HTTP status: 503")
						providertest.WantAbsent(t, diags.String(), "timeouts.") // more time would not have helped
					})
				})
			}
		}
	})
}
