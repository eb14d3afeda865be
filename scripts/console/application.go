package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
)

// option is one way to pass a step of the login flow.
type option struct {
	IDP           string `json:"idp"`
	Authenticator string `json:"authenticator"`
}

type step struct {
	ID      int      `json:"id"`
	Options []option `json:"options"`
}

type sequence struct {
	Type   string `json:"type"`
	Steps  []step `json:"steps"`
	Script string `json:"script,omitempty"` // left out, the server keeps the one it has
}

type application struct {
	ID       string   `json:"id"`
	Enabled  bool     `json:"applicationEnabled"`
	Sequence sequence `json:"authenticationSequence"`
}

// shown are the names that users know authenticators by.
var shown = map[string]string{
	"BasicAuthenticator":        "password",
	"FIDOAuthenticator":         "passkey",
	"totp":                      "TOTP",
	"email-otp-authenticator":   "email OTP",
	"sms-otp-authenticator":     "SMS OTP",
	"backup-code-authenticator": "backup code",
}

// rows says what the application means to a user: whether the portal is on, and what each step of its login
// flow asks for.
func (a application) rows() []string {
	rows := []string{map[bool]string{true: "on", false: "off"}[a.Enabled]}
	for _, step := range a.Sequence.Steps {
		var options []string
		for _, option := range step.Options {
			name := shown[option.Authenticator]
			if name == "" {
				name = option.Authenticator
			}
			options = append(options, name)
		}
		rows = append(rows, strings.Join(options, " or "))
	}
	return rows
}

// column is an application as one column of a table shows it.
type column struct {
	title string
	application
}

// writeTable shows applications side by side.
func writeTable(out io.Writer, columns ...column) error {
	height := 3
	for _, c := range columns {
		height = max(height, len(c.rows()))
	}
	table := make([]string, height+1)
	for i := range table {
		switch i {
		case 0:
		case 1:
			table[i] = "My Account portal"
		case 2:
			table[i] = "Users sign in with"
		default:
			table[i] = "and then with"
		}
	}
	for _, c := range columns {
		cells := append([]string{c.title}, c.rows()...)
		for i := range table {
			cell := "-"
			if i < len(cells) {
				cell = cells[i]
			}
			table[i] += "\t" + cell
		}
	}
	writer := tabwriter.NewWriter(out, 0, 0, 4, ' ', 0)
	fmt.Fprintln(writer, strings.Join(table, "\n"))
	return writer.Flush()
}

// differences names what the server answered differently, of everything that it said about the application.
func differences(before, after []byte) ([]string, error) {
	var members [2]map[string]any
	for i, answer := range [][]byte{before, after} {
		if err := json.Unmarshal(answer, &members[i]); err != nil {
			return nil, err
		}
	}
	var names []string
	for name := range members[0] {
		if reflect.DeepEqual(members[0][name], members[1][name]) {
			delete(members[1], name)
		} else {
			members[1][name] = nil
		}
	}
	names = slices.Sorted(maps.Keys(members[1]))
	return names, nil
}
