package loginflow

import (
	"encoding/json"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// TestRecordStaysReadable reads a record as states have it, and writes the same.
func TestRecordStaysReadable(t *testing.T) {
	t.Parallel()
	const kept = `{"version":1,"installation":"https://api.asgardeo.io","organization":"bifrost","before":{` +
		`"type":"USER_DEFINED","steps":[[{"connection":"Google","authenticator":"GoogleOIDCAuthenticator"},` +
		`{"authenticator":"BasicAuthenticator"}],[{"authenticator":"totp"}]],"subject_step":1,"attribute_step":2,` +
		`"script":"executeStep(1);"},"set":["0f","1e"],"type":"USER_DEFINED"}`
	var record flowRecord
	if err := json.Unmarshal([]byte(kept), &record); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(record); err != nil || string(got) != kept {
		t.Errorf("the record is written as\n%s, and was\n%s (%v)", got, kept, err)
	}
	want := portal.Flow{
		Kind: portal.OwnFlow, SubjectStep: 1, AttributeStep: 2, Script: "executeStep(1);",
		Steps: []portal.Step{
			{Options: []portal.Option{
				{Authenticator: "GoogleOIDCAuthenticator", Connection: "Google"}, {Authenticator: "BasicAuthenticator"},
			}},
			{Options: []portal.Option{{Authenticator: "totp"}}},
		},
	}
	if got := record.earlierFlow(); !got.Same(want) || got.Kind != want.Kind {
		t.Errorf("the record tells of %+v, and should of %+v", got, want)
	}
}
