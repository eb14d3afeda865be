// The program demo-console changes the application "My Account" the way an administrator does in the Console, behind
// Terraform's back:
//
//	demo-console show                          what an administrator sees there
//	demo-console portal off                    the switch in the danger zone
//	demo-console second-factors totp …         the last step of the login flow; without any, there is no such step
//
// It takes base URL, organization and credentials from the variables the provider reads, but shares no code with it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const usage = `usage: demo-console show
       demo-console portal on|off
       demo-console second-factors [totp] [email_otp] [sms_otp] [backup_codes]`

func main() {
	change, ok := parse(os.Args[1:])
	if !ok {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	if err := use(change, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo-console:", err)
		os.Exit(1)
	}
}

// option is one way to pass a step of the login flow.
type option struct {
	IDP           string `json:"idp"`
	Authenticator string `json:"authenticator"`
}

type step struct {
	ID      int      `json:"id"`
	Options []option `json:"options"`
}

type application struct {
	ID       string   `json:"id"`
	Enabled  bool     `json:"applicationEnabled"`
	Sequence sequence `json:"authenticationSequence"`
}

func (a application) String() string {
	var text strings.Builder
	switches := map[bool]string{true: "on", false: "off"}
	fmt.Fprintf(&text, "The application My Account is %s. Its login flow (%s):\n", switches[a.Enabled], a.Sequence.Type)
	for _, step := range a.Sequence.Steps {
		var options []string
		for _, option := range step.Options {
			options = append(options, option.Authenticator)
		}
		fmt.Fprintf(&text, "  step %d: %s\n", step.ID, strings.Join(options, ", "))
	}
	return text.String()
}

type sequence struct {
	Type   string `json:"type"`
	Steps  []step `json:"steps"`
	Script string `json:"script,omitempty"` // left out, the server keeps the one it has
}

// change turns the application as it is into the body of the request that changes it. Nil only shows it.
type change func(current application) any

// factors are the second factors by the names that they have in this provider.
var factors = map[string]string{
	"totp":         "totp",
	"email_otp":    "email-otp-authenticator",
	"sms_otp":      "sms-otp-authenticator",
	"backup_codes": "backup-code-authenticator",
}

func parse(arguments []string) (change, bool) {
	switch {
	case slices.Equal(arguments, []string{"show"}):
		return nil, true
	case slices.Equal(arguments, []string{"portal", "on"}):
		return portal(true), true
	case slices.Equal(arguments, []string{"portal", "off"}):
		return portal(false), true
	case len(arguments) == 0 || arguments[0] != "second-factors":
		return nil, false
	}
	var options []option
	for _, name := range arguments[1:] {
		if factors[name] == "" {
			return nil, false
		}
		options = append(options, option{IDP: "LOCAL", Authenticator: factors[name]})
	}
	return secondFactors(options), true
}

func portal(enabled bool) change {
	return func(application) any { return map[string]bool{"applicationEnabled": enabled} }
}

// secondFactors keeps the first step and replaces the rest. When that changes the number of steps, the Console writes
// its standard script anew: one that skips a step would not ask for it.
func secondFactors(options []option) change {
	return func(current application) any {
		flow := sequence{Type: "USER_DEFINED", Steps: current.Sequence.Steps[:1]}
		if len(options) > 0 {
			flow.Steps = append(slices.Clip(flow.Steps), step{ID: 2, Options: options})
		}
		if len(flow.Steps) != len(current.Sequence.Steps) {
			var script strings.Builder
			script.WriteString("var onLoginRequest = function(context) {\n")
			for _, s := range flow.Steps {
				fmt.Fprintf(&script, "    executeStep(%d);\n", s.ID)
			}
			script.WriteString("};\n")
			flow.Script = script.String()
		}
		return map[string]sequence{"authenticationSequence": flow}
	}
}

func use(change change, stdout io.Writer) error {
	for _, name := range []string{
		"ASGARDEO_BASE_URL", "ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET",
	} {
		if os.Getenv(name) == "" {
			return fmt.Errorf("%s is not set: run the export line that make mock prints", name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	organization := os.Getenv("ASGARDEO_BASE_URL") + "/t/" + url.PathEscape(os.Getenv("ASGARDEO_ORGANIZATION"))
	credentials := clientcredentials.Config{
		ClientID:     os.Getenv("ASGARDEO_CLIENT_ID"),
		ClientSecret: os.Getenv("ASGARDEO_CLIENT_SECRET"),
		TokenURL:     organization + "/oauth2/token",
		Scopes: []string{
			"internal_application_mgt_view", "internal_application_mgt_update", "internal_application_script_update",
		},
		AuthStyle: oauth2.AuthStyleInParams,
	}
	c := client{credentials.Client(ctx), organization + "/api/server/v1/applications"}

	var found struct{ Applications []application }
	query := url.Values{"filter": {"name eq My Account"}, "limit": {"1"}}
	if err := c.call(ctx, http.MethodGet, "?"+query.Encode(), nil, &found); err != nil {
		return err
	}
	if len(found.Applications) == 0 {
		return errors.New("there is no application My Account")
	}
	path := "/" + url.PathEscape(found.Applications[0].ID)
	var current application
	if err := c.call(ctx, http.MethodGet, path, nil, &current); err != nil {
		return err
	}
	if len(current.Sequence.Steps) == 0 {
		return errors.New("the application has no login flow")
	}
	if change == nil {
		_, err := fmt.Fprint(stdout, current)
		return err
	}
	return c.call(ctx, http.MethodPatch, path, change(current), nil)
}

type client struct {
	*http.Client
	applications string
}

// call sends a body, if there is one, and reads the answer into another value, if there is one.
func (c client) call(ctx context.Context, method, path string, body, into any) (err error) {
	var content []byte
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.applications+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %s", method, request.URL, response.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}
