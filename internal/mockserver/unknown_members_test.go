package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A change has to send back what it does not know, and only where it keeps what that belongs to.
func TestUnknownMembers(t *testing.T) {
	t.Parallel()
	const (
		ofFlow     = `,"introducedLater":"of the flow"`
		ofStep     = `,"introducedLater":"of step 1"`
		ofPassword = `,"introducedLater":"of BasicAuthenticator in step 1"`
		ofTOTP     = `,"introducedLater":"of totp in step 2"`
		ofStep2    = `,"introducedLater":"of step 2"`
		sms        = `{"idp":"LOCAL","authenticator":"sms-otp-authenticator"}`
	)
	// flow is the seeded one with the members that are given, behind each part of it.
	flow := func(ofFlow, ofStep, ofPassword, step2 string) string {
		return sequence(`"type":"USER_DEFINED","steps":[{"id":1,"options":[{"idp":"LOCAL",` +
			`"authenticator":"BasicAuthenticator"` + ofPassword +
			`}]` + ofStep + `}` + step2 + `]` + ofFlow)
	}
	totp := func(ofStep2, ofTOTP string) string {
		return `,{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"` + ofTOTP + `}]` + ofStep2 + `}`
	}
	for name, test := range map[string]struct {
		body string
		ok   bool
	}{
		"all kept": {flow(ofFlow, ofStep, ofPassword, totp(ofStep2, ofTOTP)), true},
		"a step added": {flow(ofFlow, ofStep, ofPassword, totp(ofStep2, ofTOTP)+`,{"id":3,"options":[`+sms+`]}`),
			true},
		"a step removed":  {flow(ofFlow, ofStep, ofPassword, ""), true},
		"a step replaced": {flow(ofFlow, ofStep, ofPassword, `,{"id":2,"options":[`+sms+`]}`), true},
		"an option added": {flow(ofFlow, ofStep, ofPassword, strings.Replace(totp(ofStep2, ofTOTP), "[", "["+sms+",",
			1)), true},
		"lost: of the flow":  {flow("", ofStep, ofPassword, totp(ofStep2, ofTOTP)), false},
		"lost: of a step":    {flow(ofFlow, "", ofPassword, totp(ofStep2, ofTOTP)), false},
		"lost: of an option": {flow(ofFlow, ofStep, "", totp(ofStep2, ofTOTP)), false},
		"lost: of step 2":    {flow(ofFlow, ofStep, ofPassword, totp("", ofTOTP)), false},
		"lost: beside a new one": {flow(ofFlow, ofStep, ofPassword, strings.Replace(totp(ofStep2, ""), "[", "["+sms+",",
			1)), false},
		"mixed up":            {flow(ofFlow, ofStep, ofPassword, totp(ofStep, ofTOTP)), false},
		"no text":             {flow(`,"introducedLater":1`, ofStep, ofPassword, totp(ofStep2, ofTOTP)), false},
		"given up":            {sequence(`"type":"DEFAULT"`), true},
		"another unknown one": {flow(ofFlow+`,"more":1`, ofStep, ofPassword, totp(ofStep2, ofTOTP)), false},
		"not the flow":        {`{"applicationEnabled":false}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, func(o *mockserver.Organization) {
				withFlow(mockserver.AuthenticationSequence{Steps: scripted().Steps})(o)
				o.UnknownMembers = true
			})
			if test.ok {
				p.patch(test.body).expectChanged()
			} else {
				p.patch(test.body).expectError(http.StatusBadRequest, "UE-10000")
			}
		})
	}

	// What is shown, as it is, is what the server wants back, also of the default flow.
	p := newPortal(t, func(o *mockserver.Organization) { o.UnknownMembers = true })
	shown, ok := p.get()["authenticationSequence"].(map[string]any)
	if !ok || shown["introducedLater"] != "of the flow" {
		t.Fatalf("the flow is %v", shown)
	}
	shown["type"] = "USER_DEFINED"
	body, err := json.Marshal(map[string]any{"authenticationSequence": shown})
	if err != nil {
		t.Fatal(err)
	}
	p.patch(string(body)).expectChanged()
	if got := p.flow(); got != "USER_DEFINED [LOCAL/BasicAuthenticator] 1 1" {
		t.Errorf("the flow is %s", got)
	}
}
