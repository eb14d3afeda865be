package provider

import "testing"

// Every path that ends with state sets the identity, also for a state that was written by a Terraform without identities.

func TestIdentityOnEveryPath(t *testing.T) {
	t.Parallel()

	for typeName, configs := range configsOf {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(typeName, configs[0])
			o.wantIdentity(t) // of create

			o.identity = nil
			wantNoDiagnostics(t, w.start().refresh(o))
			o.wantIdentity(t)

			o.identity = nil
			wantNoDiagnostics(t, w.start().apply(w.start().plan(o, configs[1])))
			o.wantIdentity(t) // of update

			w.refuseWrites(0)
			o.identity = nil
			wantError(t, w.start().apply(w.start().plan(o, configs[0])), "Unable to update")
			o.wantIdentity(t)

			w.mock.ClearFaults()
			w.up(o, configs[0])
			w.refuseWrites(0)
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
}
