// The program demo-console changes the application "My Account" the way an administrator does in the Console, behind
// Terraform's back, and shows what it means to users:
//
//	demo-console show                          what users meet
//	demo-console save found.json               keeps the application as it is now
//	demo-console show found.json               what users meet, beside what they met then
//	demo-console compare found.json            the same, and fails unless nothing differs
//	demo-console portal off                    the switch in the danger zone
//	demo-console second-factors totp …         the last step of the login flow; with none, there is no such step
//
// It takes base URL, organization and credentials from the variables the provider reads, but shares no code with it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

const usage = `usage: demo-console show [FILE]
       demo-console save|compare FILE
       demo-console portal on|off
       demo-console second-factors none|[totp] [email_otp] [sms_otp] [backup_codes]`

func main() {
	use, ok := parse(os.Args[1:])
	if !ok {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := run(ctx, use, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo-console:", err)
		os.Exit(1) //nolint:gocritic // the process ends, and the timer with it
	}
}

// use is what to do with the application: as it is, and as the server answered it. What it returns is written.
type use func(current application, answer []byte, stdout io.Writer) (changes any, err error)

// factors are the second factors by the names that they have in this provider.
var factors = map[string]string{
	"totp":         "totp",
	"email_otp":    "email-otp-authenticator",
	"sms_otp":      "sms-otp-authenticator",
	"backup_codes": "backup-code-authenticator",
}

func parse(arguments []string) (use, bool) {
	if len(arguments) > 0 && arguments[0] == "second-factors" {
		return parseFactors(arguments[1:])
	}
	command := strings.Join(arguments, " ")
	switch {
	case command == "portal on", command == "portal off":
		return portal(command == "portal on"), true
	case command == "show":
		return show, true
	case len(arguments) != 2:
		return nil, false
	case arguments[0] == "save":
		return save(arguments[1]), true
	case arguments[0] == "show", arguments[0] == "compare":
		return beside(arguments[1], arguments[0] == "compare"), true
	}
	return nil, false
}

func parseFactors(names []string) (use, bool) {
	if slices.Equal(names, []string{"none"}) {
		return secondFactors(nil), true
	}
	var options []option
	for _, name := range names {
		if factors[name] == "" {
			return nil, false
		}
		options = append(options, option{IDP: "LOCAL", Authenticator: factors[name]})
	}
	return secondFactors(options), len(options) > 0
}

func run(ctx context.Context, use use, stdout io.Writer) error {
	c, err := newClient(ctx)
	if err != nil {
		return err
	}
	current, answer, err := c.read(ctx)
	if err != nil {
		return err
	}
	changes, err := use(current, answer, stdout)
	if err != nil || changes == nil {
		return err
	}
	return c.write(ctx, current, changes)
}

func show(current application, _ []byte, stdout io.Writer) (any, error) {
	return nil, writeTable(stdout, column{"now", current})
}

func save(file string) use {
	return func(_ application, answer []byte, _ io.Writer) (any, error) {
		return nil, os.WriteFile(file, answer, 0o600) //nolint:gosec // the file that the command line names
	}
}

// beside shows the application beside the one that was saved, and insists on no difference if it is to.
func beside(file string, same bool) use {
	return func(current application, answer []byte, stdout io.Writer) (any, error) {
		saved, err := os.ReadFile(file) //nolint:gosec // the file that the command line names
		if err != nil {
			return nil, err
		}
		var found application
		if err := json.Unmarshal(saved, &found); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if err := writeTable(stdout, column{"as found", found}, column{"now", current}); err != nil || !same {
			return nil, err
		}
		names, err := differences(saved, answer)
		if err != nil {
			return nil, err
		}
		if len(names) > 0 {
			return nil, fmt.Errorf("the application My Account is not as it was found: %s", strings.Join(names, ", "))
		}
		fmt.Fprintln(stdout, "As it was found: nothing about the application differs.")
		return nil, nil
	}
}

func portal(enabled bool) use {
	return func(application, []byte, io.Writer) (any, error) {
		return map[string]bool{"applicationEnabled": enabled}, nil
	}
}

// secondFactors keeps the first step and replaces the rest. When that changes the number of steps, the Console writes
// its standard script anew: one that skips a step would not ask for it.
func secondFactors(options []option) use {
	return func(current application, _ []byte, _ io.Writer) (any, error) {
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
		return map[string]sequence{"authenticationSequence": flow}, nil
	}
}
