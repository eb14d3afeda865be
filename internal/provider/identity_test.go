package provider

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Every path that ends with state sets the identity, also for a state that was written by a Terraform without
// identities.

func TestIdentityOnEveryPath(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range configsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				if typeName == loginFlowType {
					w.place = applicationPlace{} // has the flow, wherever the settings are
				}
				o := w.create(typeName, configs[0])
				o.wantIdentity(t) // of create

				o.identity = nil
				wantNoDiagnostics(t, w.start().refresh(o))
				o.wantIdentity(t)

				o.identity = nil
				wantNoDiagnostics(t, w.start().apply(w.start().plan(o, configs[1])))
				o.wantIdentity(t) // of update

				w.refuses(0)
				o.identity = nil
				wantError(t, w.start().apply(w.start().plan(o, configs[0])), "Unable to update")
				o.wantIdentity(t)

				w.mock.ClearFaults()
				w.up(o, configs[0])
				w.refuses(0)
				o.identity = nil
				wantError(t, w.start().apply(w.start().plan(o, nil)), "Unable to hand back")
				o.wantIdentity(t)

				w.mock.ClearFaults()
				wantNoError(t, w.start().apply(w.start().plan(o, nil)))
				if o.identity != nil {
					t.Errorf("destroyed, but there is an identity: %v", o.identity)
				}
			})
		}
	})
}

// TestSenderIdentityOnEveryPath is the same for the sender, which can be missed, too.
func TestSenderIdentityOnEveryPath(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	refused := mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"UE-10000","message":"Bad Request","description":"Invalid request."}`,
	}
	changed := senderValues().with(values{"sender": "+15550199"})
	o := w.create(senderType, senderValues())
	wantSenderIdentity(t, o) // of create

	o.identity = nil
	wantNoDiagnostics(t, w.start().refresh(o))
	wantSenderIdentity(t, o)

	o.identity = nil
	wantNoDiagnostics(t, w.start().apply(w.start().plan(o, changed)))
	wantSenderIdentity(t, o) // of update

	o.identity = nil
	w.calls()
	wantNoDiagnostics(t, w.start().apply(w.start().plan(o, changed.with(values{"key": nil, "secret": nil}))))
	w.wantCalls() // secrets that leave the configuration stay on the server
	wantSenderIdentity(t, o)

	breaks(http.MethodPut, apiPath+"server/", refused)(w)
	o.identity = nil
	wantError(t, w.start().apply(w.start().plan(o, senderValues())), "Unable to update")
	wantSenderIdentity(t, o)

	breaks(http.MethodDelete, apiPath+"server/", refused)(w)
	o.identity = nil
	wantError(t, w.start().apply(w.start().plan(o, nil)), "Unable to delete")
	wantSenderIdentity(t, o)

	w.mock.ClearFaults()
	w.setSender(nil)
	o.identity = nil
	wantNoDiagnostics(t, w.start().refresh(o)) // the framework wants to know who is gone
	if o.state != nil {
		t.Errorf("gone, but there is a state: %v", o.state)
	}
}

// TestIdentityOfAnImport looks at the import alone, without the refresh that follows and could make up for it.
func TestIdentityOfAnImport(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, identity := range map[string]values{
			portal: {"organization": "bifrost"}, twoFactor: {"organization": "bifrost"}, senderType: senderIdentity,
		} {
			w := newWorkspaceIn(t, at)
			p := w.start()
			empty := p.encodeIdentity(&object{typeName: typeName, identity: values{}})
			for name, request := range map[string]*tfprotov6.ImportResourceStateRequest{
				"by id": {TypeName: typeName, ID: "bifrost"}, "by an empty identity": {TypeName: typeName, Identity: empty},
			} {
				t.Run(typeName+" "+name, func(t *testing.T) {
					t.Parallel()
					response, err := p.server.ImportResourceState(t.Context(), request)
					must(t, err)
					wantNoDiagnostics(t, response.Diagnostics)
					if diff := cmp.Diff(identity,
						p.decodeIdentity(&object{typeName: typeName}, response.ImportedResources[0].Identity)); diff != "" {
						t.Errorf("the identity differs (- want, + got):\n%s", diff)
					}
				})
			}
		}
	})
}
