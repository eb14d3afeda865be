package asgardeo

import (
	"testing"

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
			for _, fault := range test.faults {
				fault.Match = mockserver.Match{Method: test.method, PathPrefix: "/t/bifrost/api"}
				server.AddFault(fault)
			}
			_, err := organization.Write(t.Context(), []Setting{PortalEnabled}, func(Settings) (map[Setting]bool, error) {
				return map[Setting]bool{PortalEnabled: false}, nil
			})
			if err == nil {
				t.Fatal("the write succeeded")
			}
			if got := Uncertain(err); got != test.want {
				t.Errorf("Uncertain(%v) = %t, want %t", err, got, test.want)
			}
		})
	}
	if Uncertain(nil) {
		t.Error("success is not uncertain")
	}
}
