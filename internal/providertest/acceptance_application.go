package providertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Where the settings are an application, a line of the notation for stored objects stands for the flags in it: of a
// line that is written, the change of the switch, or of the login flow with the factors that are on then. Attributes
// that are no flags stand for what others have put there.

// inApplication reports whether lines stand for flags.
func (s *AccServer) inApplication() bool { return s.at != nil && s.at.String() == "application" }

// accLine is a line of the notation, read as flags. Without flags it is about something that is not the provider's.
type accLine struct {
	organization, object string
	flags                Values
	others               bool
}

// readLine reads a line of the notation.
func readLine(line string) accLine {
	fields := strings.Fields(line)
	read := accLine{flags: Values{}}
	read.organization, read.object, _ = strings.Cut(fields[0], "/")
	for flag, at := range ClassicFlags {
		if at.Object == read.object {
			read.flags[flag] = nil // of the group, so that it becomes what nobody has chosen
		}
	}
	for _, field := range fields[1:] {
		key, value, _ := strings.Cut(field, "=")
		known := false
		for flag, at := range ClassicFlags {
			if at.Object == read.object && at.Key == key {
				read.flags[flag], known = value, true
			}
		}
		read.others = read.others || !known
	}
	return read
}

// storeFlags stores what the Console makes of lines.
func (s *AccServer) storeFlags(state *mockserver.State, lines ...string) {
	for _, line := range lines {
		read := readLine(line)
		if len(read.flags) == 0 {
			continue
		}
		flags := read.flags
		for flag, value := range flags {
			if value == nil {
				flags[flag] = fmt.Sprint(flag == "enabled")
			}
		}
		if read.others {
			flags["others"] = "kept"
		}
		s.at.Set(state.Organizations[read.organization], flags)
	}
}

// wantFlags checks that every organization has the flags of the lines, and nothing else.
func (s *AccServer) wantFlags(lines ...string) {
	s.t.Helper()
	want := map[string]Values{}
	for _, line := range lines {
		read := readLine(line)
		if want[read.organization] == nil {
			want[read.organization] = Values{}
		}
		for flag, value := range read.flags {
			if value != nil {
				want[read.organization][flag] = value
			}
		}
		others := map[bool]string{true: "kept"}[read.others]
		switch {
		case read.object == StatusObject:
			want[read.organization]["description"] = others
		case others != "" && len(read.flags) > 0:
			want[read.organization]["others"] = others
			if want[read.organization]["totp_enabled"] == nil { // so that there is a flag of the group
				want[read.organization]["totp_enabled"] = "false"
			}
		}
	}
	for name, organization := range s.State().Organizations {
		s.at.want(s.t, name, organization, want[name])
	}
}

// What a change of an application can be about.
const (
	flowMember   = "authenticationSequence"
	switchMember = "applicationEnabled"
)

// changeLines turns lines of written objects into those of changed applications. One change has the factors, and
// enrollment.
func changeLines(lines []string) []string {
	var changes []string
	var last accLine
	for _, line := range lines {
		if !strings.Contains(strings.Fields(line)[0], "/") || strings.HasPrefix(line, "POST ") ||
			strings.HasPrefix(line, "DELETE ") || strings.HasPrefix(line, "PUT ") {
			changes, last = append(changes, line), accLine{}
			continue
		}
		status := ""
		if i := strings.Index(line, " (status"); i >= 0 {
			line, status = line[:i], line[i:]
		}
		read := readLine(line)
		var on []string
		for _, known := range authenticatorFlags {
			if textOn(known.name, read.flags[known.name]) {
				on = append(on, known.name)
			}
		}
		change := fmt.Sprintf("%s %s %s", read.organization, flowMember, strings.Join(on, " "))
		together := last.organization == read.organization && last.object != read.object
		switch {
		case read.object == StatusObject:
			changes = append(changes,
				fmt.Sprintf("%s %s %t%s", read.organization, switchMember, textOn("enabled", read.flags["enabled"]), status))
			last = accLine{}
			continue
		case read.object == EnrollmentObject && together && last.object == TwoFactorObject:
			last = accLine{}
			continue
		case read.object == EnrollmentObject:
			change = fmt.Sprintf("%s %s *", read.organization, flowMember)
		case together && last.object == EnrollmentObject:
			changes = changes[:len(changes)-1]
			read = accLine{}
		}
		changes = append(changes, strings.TrimSpace(change)+status)
		last = read
	}
	return changes
}

// applicationLine is the line of a request that changes an application, or nothing.
func applicationLine(request mockserver.Request) string {
	if request.Method != http.MethodPatch {
		return ""
	}
	var body struct {
		Enabled *bool                              `json:"applicationEnabled"`
		Flow    *mockserver.AuthenticationSequence `json:"authenticationSequence"`
	}
	if json.Unmarshal([]byte(request.Body), &body) != nil || (body.Enabled == nil) == (body.Flow == nil) {
		return request.Method + " " + request.Path
	}
	if body.Enabled != nil {
		return fmt.Sprintf("%s %s %t", request.Organization, switchMember, *body.Enabled)
	}
	var on []string
	seen := ApplicationPlace{}.Read(&mockserver.Organization{Applications: []mockserver.Application{
		{Name: "My Account", AuthenticationSequence: body.Flow},
	}})
	for _, known := range authenticatorFlags {
		if seen.On(known.name) {
			on = append(on, known.name)
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", request.Organization, flowMember, strings.Join(on, " ")))
}

// anyFactors makes lines comparable: enrollment is changed with factors that the other line does not name.
func anyFactors(want, got []string) []string {
	for i := range want {
		if i < len(got) && strings.HasSuffix(want[i], " *") && strings.HasPrefix(got[i], strings.TrimSuffix(want[i], "*")) {
			got = slices.Clone(got)
			got[i] = want[i]
		}
	}
	return got
}
