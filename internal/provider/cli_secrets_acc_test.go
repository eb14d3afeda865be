package provider_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Secrets whose every special character is one that some encoding changes.
const (
	cliClientSecret = "s3cr:et+/%&=<Zq9>"
	cliSMSKey       = "AC:k3y+/%&=<Wd4>"
	cliSMSSecret    = "t0k:en+/%&=<Xv7>"
)

// TestAccCLI_secrets looks for secrets in everything that a run leaves behind, the most talkative log included.
func TestAccCLI_secrets(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	server := providertest.StartAccServer(t, mockserver.WithClient("secretive", cliClientSecret))
	proxy := recordTokens(t, server.URL())
	c := providertest.NewCLI(t, server, "").With(map[string]string{
		"ASGARDEO_BASE_URL":      proxy.url,
		"ASGARDEO_CLIENT_ID":     "secretive",
		"ASGARDEO_CLIENT_SECRET": cliClientSecret,
		"TF_VAR_key":             cliSMSKey,
		"TF_VAR_secret":          cliSMSSecret,
		"TF_LOG":                 "TRACE",
		"TF_LOG_PATH":            "trace.log",
	})
	config := func(sender string) string {
		return `
			variable "key" {
				ephemeral = true
			}
			variable "secret" {
				ephemeral = true
			}
			resource "asgardeo_sms_sender" "this" {
				provider_name     = "Twilio"
				key_wo            = var.key
				key_wo_version    = 1
				secret_wo         = var.secret
				secret_wo_version = 1
				sender            = "` + sender + `"
			}
			resource "asgardeo_my_account_portal" "this" {
				enabled = false
			}
			resource "asgardeo_my_account_two_factor" "this" {
				sms_otp_enabled = true
				depends_on      = [asgardeo_sms_sender.this]
			}
			ephemeral "asgardeo_access_token" "this" {
				scopes = ["internal_config_mgt_view"]
			}`
	}
	var outputs []providertest.CLIOutput
	see := func(output providertest.CLIOutput) { outputs = append(outputs, output) }
	c.Configure(config("+15550100"))
	see(c.Plan(2, "-out", "create.tfplan"))
	see(c.Run(0, "show", "-json", "create.tfplan"))
	see(c.ApplySaved("create.tfplan"))
	c.Configure(config("+15550199")) // the update sends back what the server has told
	see(c.Plan(2, "-out", "update.tfplan"))
	see(c.ApplySaved("update.tfplan"))
	see(c.Run(0, "show", "-json"))
	see(c.Plan(0))
	sender := server.State().Organizations["bifrost"].SMSSenders["SMSPublisher"]
	if sender == nil || *sender.Key != cliSMSKey || *sender.Secret != cliSMSSecret || *sender.Sender != "+15550199" {
		t.Error("the server has not got the secrets, so there was nothing to leak")
	}

	// Failures talk, too: a server that repeats the secret, a refused token, an address with a password.
	server.AddFault(mockserver.Fault{
		Match: mockserver.Match{PathPrefix: "/t/bifrost/oauth2/token"}, Action: mockserver.ActionStatus, Status: 401,
		Body: `{"error":"invalid_client","error_description":"wrong secret ` + cliClientSecret + ` or ` +
			url.QueryEscape(cliClientSecret) + `"}`,
	})
	see(c.Run(1, "plan", "-no-color"))
	const staticToken = "st4tic:t0k+/%&=<Yu8>"
	see(c.With(map[string]string{
		"ASGARDEO_CLIENT_ID": "", "ASGARDEO_CLIENT_SECRET": "", "ASGARDEO_ACCESS_TOKEN": staticToken,
	}).Run(1, "plan", "-no-color"))
	const password = "p4ssw0rd+/%&=<Tr6>"
	see(c.With(map[string]string{
		"ASGARDEO_BASE_URL": "https://bifrost:" + url.QueryEscape(password) + "@localhost",
	}).Run(1, "plan", "-no-color"))
	see(c.Destroy())

	secrets := map[string]string{
		"client secret": cliClientSecret, "SMS key": cliSMSKey, "SMS secret": cliSMSSecret, "static token": staticToken,
		"password": password,
	}
	tokens := proxy.tokens()
	if len(tokens) < 6 { // plans and applies, each with one for the provider and one for the configuration
		t.Errorf("only %d access tokens were issued", len(tokens))
	}
	for _, token := range tokens {
		secrets["access token "+token[:4]] = token
	}
	left := c.LeftBehind()
	for i, output := range outputs {
		left[fmt.Sprintf("output of command %d", i+1)] = []byte(output)
	}
	for name, content := range left {
		for _, found := range providertest.Leaks(content, secrets) {
			t.Errorf("%s holds the %s", name, found)
		}
	}
	// What is there to be found is found.
	for _, name := range []string{
		"trace.log", "create.tfplan/tfplan", "update.tfplan/tfstate", "terraform.tfstate.backup", "output of command 1",
	} {
		if len(providertest.Leaks(left[name], map[string]string{"organization": "bifrost"})) == 0 {
			t.Errorf("%s does not even hold the organization, in %d bytes", name, len(left[name]))
		}
	}
	if log := string(left["trace.log"]); !strings.Contains(log, "Called the management API") ||
		!strings.Contains(log, "/t/bifrost/oauth2/token") {
		t.Error("the log has no line of the client")
	}
}

// TestSecretForms proves that the search finds what it is to find.
func TestSecretForms(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{"secret": cliClientSecret}
	escaped, err := json.Marshal(cliClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"plain":            "a " + cliClientSecret + " b",
		"in a query":       "x=" + url.QueryEscape(cliClientSecret) + "&y=1",
		"in a path":        "/" + url.PathEscape(cliClientSecret) + "/x",
		"in a form":        url.Values{"client_secret": {cliClientSecret}}.Encode(),
		"in JSON":          `{"x":` + string(escaped) + `}`,
		"hexadecimal":      hex.EncodeToString([]byte("x" + cliClientSecret)),
		"base64":           base64.StdEncoding.EncodeToString([]byte(cliClientSecret)),
		"Basic":            base64.StdEncoding.EncodeToString([]byte("client:" + cliClientSecret)),
		"base64 at 1 of 3": base64.URLEncoding.EncodeToString([]byte("a" + cliClientSecret + "b")),
		"base64 at 2 of 3": base64.RawStdEncoding.EncodeToString([]byte("ab" + cliClientSecret + "c")),
	} {
		if len(providertest.Leaks([]byte(content), secrets)) == 0 {
			t.Errorf("the secret is not found %s", name)
		}
	}
	if found := providertest.Leaks([]byte("s3cr:et is another one"), secrets); len(found) > 0 {
		t.Errorf("a secret is found where there is none: %q", found)
	}
}

// tokenRecorder stands between the provider and the server, to learn the access tokens that are issued.
type tokenRecorder struct {
	url string

	mutex  sync.Mutex
	issued []string
}

func recordTokens(t *testing.T, target string) *tokenRecorder {
	t.Helper()
	address, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	recorder := &tokenRecorder{}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(request *httputil.ProxyRequest) { request.SetURL(address) },
		ModifyResponse: func(response *http.Response) error {
			if !strings.HasSuffix(response.Request.URL.Path, "/oauth2/token") {
				return nil
			}
			body, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			response.Body = io.NopCloser(bytes.NewReader(body))
			var issued struct {
				AccessToken string `json:"access_token"`
			}
			if json.Unmarshal(body, &issued) == nil && issued.AccessToken != "" {
				recorder.mutex.Lock()
				defer recorder.mutex.Unlock()
				recorder.issued = append(recorder.issued, issued.AccessToken)
			}
			return nil
		},
	})
	t.Cleanup(func() {
		proxy.Close()
		transport.CloseIdleConnections()
	})
	recorder.url = proxy.URL
	return recorder
}

func (r *tokenRecorder) tokens() []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.issued)
}
