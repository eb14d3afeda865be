package session_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Every path that ends with state sets the identity, also for a state that was written by a Terraform without
// identities.

func TestIdentityOnEveryPath(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range providertest.ConfigsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				if typeName == flowType {
					w.Place = providertest.ApplicationPlace{} // has the flow, wherever the settings are
				}
				o := w.Create(typeName, configs[0])
				o.WantIdentity(t) // of create

				o.Identity = nil
				providertest.WantNoDiagnostics(t, w.Start().Refresh(o))
				o.WantIdentity(t)

				o.Identity = nil
				providertest.WantNoDiagnostics(t, w.Start().Apply(w.Start().Plan(o, configs[1])))
				o.WantIdentity(t) // of update

				w.RefuseSettings(0)
				o.Identity = nil
				providertest.WantError(t, w.Start().Apply(w.Start().Plan(o, configs[0])), "Unable to update")
				o.WantIdentity(t)

				w.Mock.ClearFaults()
				w.Up(o, configs[0])
				w.RefuseSettings(0)
				o.Identity = nil
				providertest.WantError(t, w.Start().Apply(w.Start().Plan(o, nil)), "Unable to hand back")
				o.WantIdentity(t)

				w.Mock.ClearFaults()
				providertest.WantNoError(t, w.Start().Apply(w.Start().Plan(o, nil)))
				if o.Identity != nil {
					t.Errorf("destroyed, but there is an identity: %v", o.Identity)
				}
			})
		}
	})
}

// TestSenderIdentityOnEveryPath is the same for the sender, which can be missed, too.
func TestSenderIdentityOnEveryPath(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	refused := mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"UE-10000","message":"Bad Request","description":"Invalid request."}`,
	}
	changed := providertest.SenderValues().With(values{"sender": "+15550199"})
	o := w.Create(senderType, providertest.SenderValues())
	providertest.WantSenderIdentity(t, o) // of create

	o.Identity = nil
	providertest.WantNoDiagnostics(t, w.Start().Refresh(o))
	providertest.WantSenderIdentity(t, o)

	o.Identity = nil
	providertest.WantNoDiagnostics(t, w.Start().Apply(w.Start().Plan(o, changed)))
	providertest.WantSenderIdentity(t, o) // of update

	o.Identity = nil
	w.Calls()
	providertest.WantNoDiagnostics(t, w.Start().Apply(w.Start().Plan(o, changed.With(values{"key": nil, "secret": nil}))))
	w.WantCalls() // secrets that leave the configuration stay on the server
	providertest.WantSenderIdentity(t, o)

	providertest.Breaks(http.MethodPut, providertest.APIPath+"server/", refused)(w)
	o.Identity = nil
	providertest.WantError(t, w.Start().Apply(w.Start().Plan(o, providertest.SenderValues())), "Unable to update")
	providertest.WantSenderIdentity(t, o)

	providertest.Breaks(http.MethodDelete, providertest.APIPath+"server/", refused)(w)
	o.Identity = nil
	providertest.WantError(t, w.Start().Apply(w.Start().Plan(o, nil)), "Unable to delete")
	providertest.WantSenderIdentity(t, o)

	w.Mock.ClearFaults()
	w.SetSender(nil)
	o.Identity = nil
	providertest.WantNoDiagnostics(t, w.Start().Refresh(o)) // the framework wants to know who is gone
	if o.State != nil {
		t.Errorf("gone, but there is a state: %v", o.State)
	}
}

// TestIdentityOfAnImport looks at the import alone, without the refresh that follows and could make up for it.
func TestIdentityOfAnImport(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, identity := range map[string]values{
			portalType:    {"organization": "bifrost"},
			twoFactorType: {"organization": "bifrost"},
			senderType:    providertest.SenderIdentity,
		} {
			w := providertest.NewWorkspaceIn(t, at)
			p := w.Start()
			empty := p.EncodeIdentity(&providertest.Object{TypeName: typeName, Identity: values{}})
			for name, request := range map[string]*tfprotov6.ImportResourceStateRequest{
				"by id": {TypeName: typeName, ID: "bifrost"}, "by an empty identity": {TypeName: typeName, Identity: empty},
			} {
				t.Run(typeName+" "+name, func(t *testing.T) {
					t.Parallel()
					response, err := p.Server.ImportResourceState(t.Context(), request)
					providertest.Must(t, err)
					providertest.WantNoDiagnostics(t, response.Diagnostics)
					if diff := cmp.Diff(identity,
						p.DecodeIdentity(&providertest.Object{TypeName: typeName}, response.ImportedResources[0].Identity)); diff != "" {
						t.Errorf("the identity differs (- want, + got):\n%s", diff)
					}
				})
			}
		}
	})
}
