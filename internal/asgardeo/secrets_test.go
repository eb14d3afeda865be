package asgardeo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact/redacttest"
)

const (
	oddSecret = redacttest.OddSecret
	liveToken = redacttest.LiveToken
)

// expose fails the test when text holds a secret in any form.
func expose(t *testing.T, where, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		for name, form := range redacttest.Forms(secret) {
			if strings.Contains(text, form) {
				t.Errorf("%s holds a secret (%s): %s", where, name, text)
			}
		}
	}
}

// echo answers with a secret in every place that reaches an error.
func echo(form string, status int) reply {
	quoted, err := json.Marshal(form)
	if err != nil {
		panic(err)
	}
	inHeader := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, form)
	switch status {
	case http.StatusFound:
		return reply{
			status, map[string]string{"Location": "https://x.example/" + url.PathEscape(form), "Activityid": inHeader}, "",
		}
	case http.StatusMethodNotAllowed:
		return reply{status, map[string]string{"Content-Type": "text/" + inHeader, "Activityid": inHeader}, form}
	case http.StatusNotFound:
		return reply{status, map[string]string{"Activityid": inHeader}, "<html>" + form + "</html>"}
	case http.StatusOK:
		return reply{status, nil, `{"resourceName":"status","resourceType":` + string(quoted) + `,"attributes":[]}`}
	}
	text := fmt.Sprintf(`{"code":%s,"message":%s,"description":%s,"traceId":%s}`, quoted, quoted, quoted, quoted)
	return reply{status, map[string]string{"Activityid": inHeader}, text}
}

func TestNoSecretReachesAnErrorOrTheLog(t *testing.T) {
	t.Parallel()
	statuses := []int{200, 302, 400, 401, 403, 404, 405, 500}
	for name, test := range map[string]struct {
		secret      string
		credentials Credentials
		token       string
	}{
		"client secret": {oddSecret, Credentials{ClientID: "id", ClientSecret: oddSecret}, "some-other-token"},
		"fetched token": {liveToken, Credentials{ClientID: "id", ClientSecret: "s-1234567"}, liveToken},
		"static token":  {liveToken, Credentials{AccessToken: liveToken}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for form, text := range redacttest.Forms(test.secret) {
				for _, status := range statuses {
					server := serve(t, echo(text, status))
					server.token = tokenReply(test.token, "")
					checkSilence(t, server.Server, form, test.credentials, test.secret)
					server.Close()
				}
			}
		})
	}
	t.Run("token endpoint", func(t *testing.T) {
		t.Parallel()
		for form, text := range redacttest.Forms(oddSecret) {
			quoted, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, status := range []int{200, 302, 400, 401, 403, 404, 405, 500} {
				server := serve(t, gateway401)
				server.token = echo(text, status)
				if status == http.StatusBadRequest || status == http.StatusUnauthorized {
					server.token = reply{status, nil, fmt.Sprintf(`{"error":%s,"error_description":%s}`, quoted, quoted)}
				}
				checkSilence(t, server.Server, form, Credentials{ClientID: "id", ClientSecret: oddSecret}, oddSecret)
				server.Close()
			}
		}
	})
	t.Run("broken protocol", func(t *testing.T) {
		t.Parallel()
		for name, credentials := range map[string]Credentials{
			"static token": {AccessToken: liveToken}, "fetched token": {ClientID: "id", ClientSecret: "s-1234567"},
		} {
			server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				connection, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = connection.Write([]byte("HTTP/9 " + liveToken + "\r\n\r\n"))
				_ = connection.Close()
			}))
			server.token = tokenReply(liveToken, "")
			checkSilence(t, server.Server, name, credentials, liveToken)
		}
	})
}

// Secrets that only one call sends, such as those of an SMS sender, are as safe as the organization's own.
func TestNoSecretOfABodyReachesAnErrorOrTheLog(t *testing.T) {
	t.Parallel()
	change := call{
		doing: "change the SMS sender", method: http.MethodPut, path: "/api/server/v2/notification-senders/sms/x",
		body: map[string]string{"secret": oddSecret}, secrets: []string{oddSecret},
	}
	for form, text := range redacttest.Forms(oddSecret) {
		for _, status := range []int{302, 400, 403, 404, 405, 409, 503} {
			server := serve(t, echo(text, status))
			config := configFor(t, server.URL)
			config.MaxRetries = 0
			var log bytes.Buffer
			err := open(t, config).do(tflogtest.RootLogger(t.Context(), &log), change, nil)
			failure := failureOf(t, err)
			expose(t, form+": the error", fmt.Sprintf("%+v %s", failure, failure), oddSecret)
			entries, err := tflogtest.MultilineJSONDecode(&log)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				expose(t, form+": the log", fmt.Sprint(entry), oddSecret)
			}
			server.Close()
		}
		// The answer that is told when the caller's time runs out.
		config := configFor(t, serve(t, echo(text, http.StatusServiceUnavailable)).URL)
		config.RetryWaitMin = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		err := open(t, config).do(ctx, change, nil)
		cancel()
		failure := failureOf(t, err)
		if failure.Kind != TimedOut {
			t.Errorf("%s: %+v", form, failure)
		}
		expose(t, form+": the error", fmt.Sprintf("%+v %s", failure, failure), oddSecret)
	}
}

func checkSilence(t *testing.T, server *httptest.Server, form string, credentials Credentials, secret string) {
	t.Helper()
	config := configFor(t, server.URL)
	config.Credentials = credentials
	config.MaxRetries = 1
	client := New(config)
	defer connectionOf(client).CloseIdleConnections()
	var log bytes.Buffer
	_, err := organizationOf(t, client, bifrost).MyAccount(portal.ClassicAPI).Read(
		tflogtest.RootLogger(t.Context(), &log), portal.PortalEnabled,
	)
	failure := failureOf(t, err)
	for field, text := range map[string]string{
		"Error()": failure.Error(), "Code": string(failure.Code), "Description": string(failure.Description),
		"Reason": string(failure.Reason), "TraceID": string(failure.TraceID), "URL": failure.URL,
		"the verbose form": fmt.Sprintf("%+v", failure),
	} {
		expose(t, form+": "+field, text, secret)
	}
	for cause := failure.Err; cause != nil; {
		expose(t, form+": a cause", cause.Error(), secret)
		next, ok := cause.(interface{ Unwrap() error })
		if !ok {
			break
		}
		cause = next.Unwrap()
	}
	if log.Len() == 0 {
		t.Error("nothing was logged")
	}
	entries, err := tflogtest.MultilineJSONDecode(bytes.NewReader(log.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		for field, value := range entry {
			expose(t, form+": the log's "+field, fmt.Sprint(value), secret)
		}
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithTraceID("4bf92f3577b34da6"))
	organization := open(t, configFor(t, server.URL()))
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionTruncate})
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionStatus, Status: 503,
			Headers: map[string]string{"Activityid": "header-trace"}},
	)
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionExpireTokens})
	if _, err := switchOff(ctx, organization); err != nil {
		t.Fatal(err)
	}
	expose(t, "the log", log.String(), mockserver.DefaultClientSecret)
	if strings.Contains(log.String(), "Bearer") || strings.Contains(log.String(), "access_token") {
		t.Errorf("a header or a body is in the log: %s", log.String())
	}
	entries, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		method, path string
		status       any
		attempt      any
		trace        any
	}
	var got []line
	for _, entry := range entries {
		if entry["@module"] != "provider.client" {
			t.Errorf("a line of module %v", entry["@module"])
		}
		if _, ok := entry["duration_ms"].(float64); !ok {
			t.Errorf("a line without duration: %v", entry)
		}
		if entry["status"] == nil && entry["error"] == nil {
			t.Errorf("a line without outcome: %v", entry)
		}
		got = append(
			got,
			line{fmt.Sprint(entry["method"]), fmt.Sprint(entry["path"]), entry["status"], entry["attempt"], entry["trace_id"]},
		)
	}
	want := []line{
		{"POST", tokenPath, 200.0, 1.0, nil},
		{"GET", statusAt, nil, 1.0, nil},
		{"GET", statusAt, 503.0, 2.0, "header-trace"},
		{"GET", statusAt, 404.0, 3.0, "4bf92f3577b34da6"}, // in the body
		{"GET", statusAt, 404.0, 1.0, "4bf92f3577b34da6"},
		{"PUT", storeAt, 401.0, 1.0, "4bf92f3577b34da6"},
		{"POST", tokenPath, 200.0, 1.0, nil},
		{"GET", statusAt, 404.0, 1.0, "4bf92f3577b34da6"},
		{"PUT", storeAt, 200.0, 2.0, nil},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the log has\n%v, want\n%v", got, want)
	}
}
