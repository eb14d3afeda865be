package loginflow_test

import (
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestLoginFlowBesideDestroy takes the flow over while a resource for its factors is destroyed. The destroy sees what
// came of the create, and of one that failed, nothing.
func TestLoginFlowBesideDestroy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		confirmed bool
		want      string
	}{
		"created":     {true, "USER_DEFINED BasicAuthenticator | email-otp-authenticator"},
		"not created": {false, "USER_DEFINED BasicAuthenticator"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.Provider["max_retries"] = 0
			w.SetFlow(password, "")
			old := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
			p := w.Start()
			creation := p.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password+"|"+emailOTP))
			destruction := p.Plan(old, nil)
			p = w.Start()
			place := providertest.ApplicationPlace{}
			slow := mockserver.Fault{Match: place.Writes("bifrost"), Action: mockserver.ActionLatency, LatencyMS: 300}
			w.Mock.AddFault(slow)
			faults := 1
			if !test.confirmed {
				reads := place.Reads("bifrost")
				w.Mock.AddFault(mockserver.Fault{Match: reads, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 1})
				w.Mock.AddFault(mockserver.Fault{
					Match: reads, Action: mockserver.ActionStatus, Status: 500, Body: `{"code":"APP-65001"}`,
				})
				faults++ // which nothing has met yet
			}
			created := make(chan providertest.Diagnostics)
			go func() { created <- p.Apply(creation) }()
			for deadline := time.Now().Add(10 * time.Second); len(w.Mock.Faults()) >= faults && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond) // until the create, whose turn it is, waits for its PATCH
			}
			wantNoError(t, p.Apply(destruction))
			if diags := <-created; test.confirmed {
				wantNoError(t, diags)
			} else {
				wantError(t, diags, "Unable to create the login flow")
			}
			w.WantFlow(test.want)
		})
	}
}
