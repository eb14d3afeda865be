package provider_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Servers that mean harm, against the provider's own program under a CLI: whatever they do, the run ends, takes little
// memory, says little, and shows neither a secret nor anything that a terminal would act on. TestHostileTexts and
// TestSecretsThatTheServerRepeats try each disguise of a secret alone; TestBackoff has the bounds on what a server may
// make the provider wait for.

const (
	escape = "\x1b[2J\x1b]0;owned\x07\u009b31m\r"
)

// endless sends a piece again and again.
func endless(header http.Header, piece string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		maps.Copy(w.Header(), header)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			if pause > 0 {
				time.Sleep(pause)
			}
		}
	}
}

// raw speaks for itself, below what package http allows a server.
func raw(speak func(connection io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = connection.Close() }()
		_ = connection.SetDeadline(time.Now().Add(time.Minute))
		for speak(connection) == nil {
		}
	}
}

// errorWith puts a text into every field that an error has.
func errorWith(status int, text string) http.HandlerFunc {
	t := providertest.QuotedText(text)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Activityid", strings.Map(func(r rune) rune {
			if r < ' ' {
				return -1
			}
			return r
		}, text[:min(len(text), 1000)]))
		w.WriteHeader(status)
		//nolint:gosec // it is meant to be hostile
		_, _ = fmt.Fprintf(w, `{"code":%s,"message":%s,"description":%s,"traceId":%s,"error":%s,"error_description":%s}`, t,
			t, t, t, t, t)
	}
}

// everyForm is a text in each of the encodings.
func everyForm(secret string) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(providertest.Encodings)) {
		text += providertest.Encodings[name](secret) + " "
	}
	for _, form := range providertest.SecretForms(secret) {
		text += form + " "
	}
	return text
}

func attributeList(count int, key func(i int) string) string {
	var list strings.Builder
	for i := range count {
		fmt.Fprintf(&list, `,{"key":%q,"value":"x"}`, key(i))
	}
	return list.String()[1:]
}

func storeWith(attributes string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if r.Method == http.MethodPut {
			name = providertest.TwoFactorObject
		}
		//nolint:gosec // it is meant to be hostile
		_, _ = fmt.Fprintf(w, `{"resourceId":"1","resourceName":%q,"resourceType":"myaccount","attributes":[%s],"files":[]}`,
			name, attributes)
	}
}

// sendersWith is a good server, except for its senders.
func sendersWith(list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "notification-senders") {
			providertest.Answering(200, "application/json", list)(w, r)
			return
		}
		storeWith("")(w, r)
	}
}

func bomb(size int) []byte {
	var packed bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed) // the level is one
	zeros := bytes.Repeat([]byte(" "), 1<<20)
	for range size >> 20 {
		_, _ = writer.Write(zeros)
	}
	_ = writer.Close()
	return packed.Bytes()
}

func attacks() map[string]providertest.Attack {
	const tooLarge = "larger than any answer of the API"
	packed := bomb(256 << 20)
	floodOfHeaders := "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Flood: "+strings.Repeat("f", 1000)+"\r\n", 20)
	sender := func(field string) string {
		f := providertest.QuotedText(field)
		return fmt.Sprintf(`[{"name":"SMSPublisher","provider":%s,"providerURL":%s,"sender":%s,"contentType":"JSON",`+
			`"properties":[{"key":"body","value":%s}]}]`,
			f, f, f, f)
	}
	nested := strings.Repeat("[", 2<<20)
	return map[string]providertest.Attack{
		"a body without end": {Answer: endless(nil, strings.Repeat(" ", 64<<10), 0), Has: tooLarge},
		"a body that drips":  {Answer: endless(nil, " ", 50*time.Millisecond), Has: "no answer within 3s", Slow: true},
		"no answer at all": {
			Answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, Has: "no answer within 3s",
			Slow: true,
		},
		"a bomb in gzip": {Answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
		}, Has: tooLarge},
		"a flood of headers": {Answer: raw(func(c io.Writer) error {
			_, err := io.WriteString(c, floodOfHeaders)
			return err
		}), Has: "could not be reached"},
		"a flood of interim answers": {Answer: raw(func(c io.Writer) error {
			_, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
			return err
		}), Has: "could not be reached"},
		"brackets without end": {Answer: providertest.Answering(200, "application/json", nested), Has: "JSON expected"},
		"numbers without end": {
			Answer: providertest.Answering(200, "application/json",
				`{"resourceName":"status","attributes":[{"key":"enable","value":`+strings.Repeat("9", 3<<20)+`}]}`),
		},
		"100,000 attributes": {
			Answer: storeWith(attributeList(100_000, func(i int) string { return fmt.Sprint("a", i) })), Has: "Apply complete",
		},
		"100,000 times the same key": {
			Answer: storeWith(attributeList(100_000, func(int) string { return "totp_enabled" })), Has: "Apply complete",
		},
		"attributes with escapes": {
			Answer: storeWith(`{"key":` + providertest.QuotedText(escape) + `,"value":` + providertest.QuotedText(escape) +
				`},{"key":"totp_enabled","value":` + providertest.QuotedText(escape) + `}`),
			Has: "Apply complete",
		},
		"100,000 senders": {
			Answer: sendersWith("[" + strings.Repeat(`{"name":"x","provider":"y"},`, 100_000) + `{"name":"x"}]`),
			Has:    "No SMS sender",
		},
		"a sender with escapes":  {Answer: sendersWith(sender("Custom" + escape)), Has: `sender = "Custom`},
		"a sender of megabytes":  {Answer: sendersWith(sender(strings.Repeat("long ", 150_000))), Has: "JSON expected"},
		"a sender with a secret": {Answer: providertest.Answering(200, "application/json", sender("Custom"))},
		"an error with escapes": {
			Answer: errorWith(400, escape+"forged\nError: forged"), Lacks: []string{"\nError: forged", "│ Error: forged"},
			Has: "forged",
		},
		"an error of megabytes": {Answer: errorWith(400, strings.Repeat("long ", 100_000)), Has: "left out"},
		"an error that tells all": {Answer: func(w http.ResponseWriter, r *http.Request) {
			errorWith(500, everyForm(r.Header.Get("Authorization"))+everyForm(providertest.PlantedClientSecret))(w, r)
		}, Has: "HTTP status: 500"},
		"a page with escapes": {
			Answer: providertest.Answering(404, "text/html", "<html>"+escape+"</html>"),
			Has:    "HTML page",
		},
		"a retry after ages": {Answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", strings.Repeat("9", 18))
			w.WriteHeader(http.StatusTooManyRequests)
		}, Has: "too many requests"},
		"a token without end": {
			Token: endless(nil, `{"access_token":"`+strings.Repeat("t", 64<<10), 0), Has: tooLarge,
		},
		"a token with a line break": {
			Token: providertest.Answering(
				200,
				"application/json",
				`{"access_token":"a\r\nX-Injected: 1","token_type":"Bearer"}`,
			),
			Has: "Error",
		},
		"a token of megabytes": {
			Token: providertest.Answering(
				200,
				"application/json",
				`{"access_token":"`+strings.Repeat("t", 3<<20)+`","token_type":"Bearer"}`,
			),
		},
		"scopes with escapes": {
			Answer: errorWith(403, "no"), Token: providertest.TokenWith(escape + "forged internal_login"), Has: "granted only",
		},
		"scopes with the secret": {
			Answer: errorWith(
				403,
				"no",
			), Token: providertest.TokenWith(everyForm(providertest.PlantedClientSecret)), Has: "granted only",
		},
		"scopes of megabytes": {
			Answer: errorWith(
				403,
				"no",
			), Token: providertest.TokenWith(strings.Repeat("flood another-flood ", 45_000)), Has: "granted only",
		},
		"a token error that tells all": {
			Token: errorWith(401, everyForm(providertest.PlantedClientSecret)),
			Has:   "refused the client",
		},
		"a token error with escapes": {Token: errorWith(400, escape+"forged"), Has: "forged"},
		"a type of content with escapes": {
			Answer: providertest.Answering(200, "application/x"+escape[:4]+"; charset=\x1b[2J", "x"), Has: "Error",
		},
	}
}

// attackedConfig has each way in which answers reach an output.
const attackedConfig = `
	data "asgardeo_my_account_portal" "this" {}
	data "asgardeo_sms_sender" "this" {}
	resource "asgardeo_my_account_two_factor" "this" {
		totp_enabled = true
	}
	output "sender" {
		value = data.asgardeo_sms_sender.this.sender
	}
	output "gateway" {
		value = data.asgardeo_sms_sender.this.provider_name
	}
`

// factorsConfig is for a server whose answers are good enough for an apply.
const factorsConfig = `
	data "asgardeo_my_account_portal" "this" {}
	resource "asgardeo_my_account_two_factor" "this" {
		totp_enabled = true
	}
`

func TestAccCLI_attacks(t *testing.T) {
	t.Parallel()
	mock := providertest.StartAccServer(t) // only for what every run needs
	for name, attack := range attacks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := attackedConfig
			if attack.Has == "Apply complete" {
				config = factorsConfig
			}
			result := mock.ApplyUnderAttack(t, attack, config)
			if attack.Has != "" && !strings.Contains(result.Plain(), attack.Has) {
				t.Errorf("the output does not show %q:\n%.3000s", attack.Has, result)
			}
			for _, text := range attack.Lacks {
				if strings.Contains(string(result), text) {
					t.Errorf("the output has %q:\n%.3000s", text, result)
				}
			}
		})
	}
}

// TestAccCLI_attackByRedirect: what sends the provider elsewhere sends nothing there.
func TestAccCLI_attackByRedirect(t *testing.T) {
	t.Parallel()
	mock := providertest.StartAccServer(t) // only for what every run needs
	var arrived atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	t.Cleanup(func() {
		elsewhere.Close()
		if arrived.Load() > 0 {
			t.Errorf("%d requests went elsewhere", arrived.Load())
		}
	})
	trap := elsewhere.URL + "/" + url.PathEscape(escape) + "?secret=" + url.QueryEscape(providertest.PlantedClientSecret)
	away := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, trap, http.StatusTemporaryRedirect) }
	//nolint:gosec // it is meant to be hostile
	around := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }
	for name, attack := range map[string]providertest.Attack{
		"the API": {Answer: away, Has: "a redirect"}, "the token endpoint": {Token: away, Has: "a redirect"},
		"in a circle": {Answer: around, Has: "a redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mock.ApplyUnderAttack(t, attack, attackedConfig); !strings.Contains(got.Plain(), attack.Has) {
				t.Errorf("the output does not show %q:\n%.3000s", attack.Has, got)
			}
		})
	}
}
