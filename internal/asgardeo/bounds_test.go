package asgardeo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestManyAttributesCostLittle: what compares each of them with each other one takes minutes for so many, and what does
// not takes a fraction of a second, or some on a busy machine.
func TestManyAttributesCostLittle(t *testing.T) {
	t.Parallel()
	const many = 200_000
	attributes := make([]attribute, many)
	properties := make(SenderProperties, many)
	for i := range many {
		key := fmt.Sprintf("a key that is different at its end only: %d", i)
		attributes[i], properties[i] = attribute{
			Key: key, Value: json.RawMessage(`"x"`),
		}, SenderProperty{Key: key, Value: "x"}
	}
	stored := newObject("x", attributes)
	for name, work := range map[string]func() bool{
		"newObject": func() bool { return len(newObject("x", attributes).stored) == many },
		"equals":    func() bool { return stored.equals(newObject("x", attributes)) },
		"includes": func() bool {
			return SMSSender{Properties: properties}.includes(SMSSender{Properties: slices.Clone(properties)})
		},
	} {
		started := time.Now()
		if !work() {
			t.Errorf("%s is wrong", name)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// TestSendersAreBounded: a sender that no gateway needs is refused before it reaches the state or the search for
// secrets.
func TestSendersAreBounded(t *testing.T) {
	t.Parallel()
	var properties strings.Builder
	for i := range maxSenderProperties + 1 {
		fmt.Fprintf(&properties, `,{"key":"%d","value":"x"}`, i)
	}
	long := `"` + strings.Repeat("header-1;", maxSenderText/9+1) + `"`
	for name, test := range map[string]struct {
		sender string
		fine   bool
	}{
		"control":         {`{"name":"SMSPublisher","properties":[{"key":"http.headers","value":"X-A: 1"}]}`, true},
		"many properties": {`{"name":"SMSPublisher","properties":[` + properties.String()[1:] + `]}`, false},
		"long headers":    {`{"name":"SMSPublisher","properties":[{"key":"http.headers","value":` + long + `}]}`, false},
		"long address":    {`{"name":"SMSPublisher","providerURL":` + long + `}`, false},
	} {
		server := serve(t, reply{status: http.StatusOK, body: "[" + test.sender + "]"})
		_, err := open(t, configFor(t, server.URL)).SMSSender(t.Context())
		switch {
		case test.fine && err != nil:
			t.Errorf("%s: %v", name, err)
		case !test.fine && failureOf(t, err).Kind != NotAPI:
			t.Errorf("%s: %v", name, err)
		}
	}
}
