package asgardeo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// manyAttributes is an array that fills an answer, with keys that differ at their end only.
func manyAttributes(value string) string {
	var list strings.Builder
	for i := 0; list.Len() < maxBody-2000; i++ {
		fmt.Fprintf(&list, `,{"key":"%d","value":%s}`, i, value)
	}
	return "[" + list.String()[1:] + "]"
}

// TestManyAttributesCostLittle reads and writes the largest object that an answer can hold. What compares each
// attribute with each other one takes minutes for that.
func TestManyAttributesCostLittle(t *testing.T) {
	t.Parallel()
	attributes := manyAttributes(`"x"`)
	server := serve(t, stored(statusObject, attributes))
	started := time.Now()
	organization := open(t, configFor(t, server.URL))
	if _, err := organization.MyAccount(ClassicAPI).Read(t.Context(), PortalEnabled); err != nil {
		t.Fatal(err)
	}
	written, err := organization.MyAccount(ClassicAPI).Write(t.Context(), []Setting{PortalEnabled}, always(Settings{PortalEnabled: Off}))
	if err != nil || len(written.Changed) != 1 {
		t.Errorf("written %v, and %v", written, err)
	}
	document, err := organization.MyAccount(ClassicAPI).get(t.Context(), statusObject)
	if err != nil {
		t.Fatal(err)
	}
	found := document.(object)
	if err != nil || len(found.attributes) < 100_000 || !found.same(found) {
		t.Errorf("%d attributes, and %v", len(found.attributes), err)
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestSendersAreBounded: a sender that no gateway needs is refused before it reaches the state or the search for
// secrets.
func TestSendersAreBounded(t *testing.T) {
	t.Parallel()
	properties := strings.ReplaceAll(manyAttributes(`"x"`), "\n", "")
	quoted, err := json.Marshal(strings.Repeat("header-1;", 400_000))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		sender string
		fine   bool
	}{
		"control":         {`{"name":"SMSPublisher","provider":"Custom","properties":[{"key":"http.headers","value":"X-A: 1"}]}`, true},
		"many properties": {`{"name":"SMSPublisher","provider":"Custom","properties":` + properties + `}`, false},
		"long headers":    {`{"name":"SMSPublisher","provider":"Custom","properties":[{"key":"http.headers","value":` + string(quoted) + `}]}`, false},
		"long address":    {`{"name":"SMSPublisher","provider":"Custom","providerURL":` + string(quoted) + `}`, false},
	} {
		started := time.Now()
		server := serve(t, reply{status: http.StatusOK, body: "[" + test.sender + "]"})
		_, err := open(t, configFor(t, server.URL)).SMSSenders(t.Context())
		switch {
		case test.fine && err != nil:
			t.Errorf("%s: %v", name, err)
		case !test.fine && failureOf(t, err).Kind != NotAPI:
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(started); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}
