package asgardeo

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// JSON that is no sender must neither pass for the answer to a change nor for an organization without one.
func TestSMSSenderAnswersOfSomethingElse(t *testing.T) {
	t.Parallel()
	const list = `[{"name":"SMSPublisher","provider":"Twilio","secret":"old"}]`
	for _, body := range []string{`{"status":"UP"}`, `{}`, `null`, `[]`, `"ok"`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			answer := reply{status: http.StatusOK, body: body}
			server := serve(t, reply{status: http.StatusOK, body: list}, answer)
			err := open(t, configFor(t, server.URL)).UpdateSMSSender(t.Context(), func(live SMSSender) (SMSSender, error) {
				live.Secret = "rotated"
				return live, nil
			})
			if failure := failureOf(t, err); failure.Method != http.MethodPut || !IsUnsettled(err) {
				t.Errorf("a change: %+v", failure)
			}

			answer.status = http.StatusCreated
			server = serve(
				t,
				reply{status: http.StatusOK, body: `[]`},
				answer,
				reply{status: http.StatusInternalServerError, body: "{}"},
			)
			if err := open(t, configFor(t, server.URL)).CreateSMSSender(
				t.Context(), SMSSender{Name: SMSSenderName, Provider: "Twilio"},
			); err == nil {
				t.Error("a create succeeded")
			}

			if body == `[]` {
				return // which is a list
			}
			server = serve(t, reply{status: http.StatusOK, body: body})
			if sender, err := open(t, configFor(t, server.URL)).SMSSender(t.Context()); err == nil {
				t.Errorf("a list: %v", sender)
			}
		})
	}
	server := serve(t, reply{status: http.StatusOK, body: list}) // positive control
	if sender, err := open(t, configFor(t, server.URL)).SMSSender(t.Context()); err != nil || sender == nil {
		t.Errorf("a list: %v, %v", sender, err)
	}
}

func TestSecretsInHeaders(t *testing.T) {
	t.Parallel()
	for headers, want := range map[string][]string{
		"": nil,
		"Authorization: Bearer first-token, X-Tenant: 1": {
			"Authorization: Bearer first-token, X-Tenant: 1", "Bearer first-token", "first-token",
		},
		"X-Api-Key: second-token\nAccept: text/plain": {"X-Api-Key: second-token\nAccept: text/plain", "second-token"},
		"Cookie: session=third-token; token=\"fourth-token\"": {
			"Cookie: session=third-token; token=\"fourth-token\"", "session=third-token", "third-token",
			"token=\"fourth-token\"", "fourth-token",
		},
		"garbage": {"garbage"},
	} {
		got := SMSSender{Properties: SenderProperties{{Key: SenderHTTPHeaders, Value: headers}}}.secrets()
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" && len(got)+len(want) > 0 {
			t.Errorf("secrets in %q (-want +got):\n%s", headers, diff)
		}
	}
}
