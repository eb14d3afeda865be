package main

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// panel is one window of the picture: the lines that it shows of the demo's output, each by its step and its beginning.
// Without these, it is an empty line.
type panel struct {
	title string
	lines []line
}

type line struct {
	step  int
	start string
}

const tableHead = "                      as found"

// The story in four windows. A line that the demo no longer prints is an error, so the picture shows nothing else.
var panels = []panel{
	{"1. Take over: the plan tells each value that will change", []line{
		{4, "$ terraform plan"},
		{4, "Warning: Taking over"},
		{4, "  email_otp_enabled:"},
		{4, "  totp_enabled:"},
		{4, "  backup_codes_enabled:"},
		{},
		{5, "$ terraform apply"},
		{5, "Apply complete!"},
		{},
		{5, "$ demo-console show"},
		{5, tableHead},
		{5, "My Account portal"},
		{5, "Users sign in with"},
		{5, "and then with"},
	}},
	{"2. Drift: changes in the Console, found with exit code 2", []line{
		{7, "$ demo-console portal off"},
		{7, "$ demo-console second-factors none"},
		{},
		{8, "$ terraform plan -refresh-only -detailed-exitcode"},
		{8, "Note: Objects have changed"},
		{},
		{8, `  ~ resource "asgardeo_my_account_portal"`},
		{8, "      ~ enabled"},
		{8, `  ~ resource "asgardeo_my_account_two_factor"`},
		{8, "      ~ backup_codes_enabled"},
		{8, "      ~ totp_enabled"},
		{},
		{8, "$ echo"},
		{8, "2"},
	}},
	{"3. Repair: apply brings back what is declared", []line{
		{9, "$ terraform apply"},
		{9, `  ~ resource "asgardeo_my_account_portal"`},
		{9, "      ~ enabled"},
		{9, `  ~ resource "asgardeo_my_account_two_factor"`},
		{9, "      ~ backup_codes_enabled"},
		{9, "      ~ totp_enabled"},
		{},
		{9, "Apply complete!"},
		{},
		{9, "$ demo-console show"},
		{9, tableHead},
		{9, "My Account portal"},
		{9, "Users sign in with"},
		{9, "and then with"},
	}},
	{"4. Hand back: destroy restores what was found", []line{
		{10, "$ terraform plan -destroy"},
		{10, "Warning: Destroying"},
		{10, "  email_otp_enabled:"},
		{10, "  totp_enabled:"},
		{10, "  backup_codes_enabled:"},
		{},
		{11, "$ terraform apply"},
		{11, "Apply complete!"},
		{},
		{11, "$ demo-console compare"},
		{11, tableHead},
		{11, "My Account portal"},
		{11, "Users sign in with"},
		{11, "and then with"},
		{11, "As it was found:"},
	}},
}

// Sizes in pixels. The columns of a fixed-width font are about 0.6 of its size.
const (
	fontSize   = 13
	column     = 7.83
	lineHeight = 19
	padding    = 16
	titleBar   = 36
	gap        = 16
	columns    = 60
	width      = 500
)

//nolint:lll // as it is drawn
const (
	head = `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d"
  role="img" aria-labelledby="title description">
<title id="title">Terraform takes over, repairs and hands back the settings of an organization's My Account portal</title>
<desc id="description">Four terminal windows from a run of make demo. %[3]s</desc>
<style>
text { font: %[4]dpx ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; white-space: pre }
text { fill: #e6edf3 }
.title { font: 600 14px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif }
.command { fill: #79c0ff; font-weight: 600 }
.warning { fill: #f0b84a; font-weight: 600 }
.change { fill: #f0b84a }
.done { fill: #7ee787 }
</style>
`
	window = `<g transform="translate(%[1]d %[2]d)">
<rect x=".5" y=".5" width="%[3]d" height="%[4]d" rx="9" fill="#0d1117" stroke="#444c56"/>
<path d="M1 30 H%[3]d" stroke="#444c56"/>
<text class="title" x="%[5]d" y="21">%[6]s</text>
`
)

// draw makes the picture of a transcript. The windows are dark everywhere, so that a page may be light or dark.
func draw(transcript string) (string, error) {
	steps := splitSteps(transcript)
	height, shown := 0, make([][]string, len(panels))
	for i, p := range panels {
		for _, wanted := range p.lines {
			text, err := wanted.in(steps)
			if err != nil {
				return "", err
			}
			shown[i] = append(shown[i], text)
		}
		height = max(height, titleBar+len(p.lines)*lineHeight+padding)
	}

	var words []string
	for i, p := range panels {
		words = append(words, p.title+".")
		words = append(words, strings.Fields(strings.Join(shown[i], " "))...)
	}
	var svg strings.Builder
	fmt.Fprintf(&svg, head, 2*width+gap, 2*height+gap, escaped(strings.Join(words, " ")), fontSize)
	for i, p := range panels {
		fmt.Fprintf(&svg, window, i%2*(width+gap), i/2*(height+gap), width-1, height-1, padding, escaped(p.title))
		for j, text := range shown[i] {
			if text == "" {
				continue
			}
			bare := strings.TrimLeft(text, " ")
			fmt.Fprintf(&svg, `<text%s x="%.1f" y="%d" xml:space="preserve">%s</text>`+"\n", class(bare),
				padding+float64(len(text)-len(bare))*column, titleBar+(j+1)*lineHeight-3, escaped(bare))
		}
		svg.WriteString("</g>\n")
	}
	svg.WriteString("</svg>\n")
	return svg.String(), nil
}

// splitSteps returns the lines of each step by its number; number 0 is what comes before the first.
func splitSteps(transcript string) [][]string {
	steps := [][]string{nil}
	for text := range strings.Lines(transcript) {
		text = strings.TrimRight(text, "\n")
		if strings.HasPrefix(text, "=== ") {
			steps = append(steps, nil)
		}
		steps[len(steps)-1] = append(steps[len(steps)-1], text)
	}
	return steps
}

// in finds the line in the output.
func (l line) in(steps [][]string) (string, error) {
	if l.start == "" {
		return "", nil
	}
	if l.step < len(steps) {
		for _, text := range steps[l.step] {
			if !strings.HasPrefix(text, l.start) {
				continue
			}
			if len(text) > columns {
				return "", fmt.Errorf("step %d: %q is too long for the picture", l.step, text)
			}
			return text, nil
		}
	}
	return "", fmt.Errorf("step %d of the demo prints no line that begins with %q", l.step, l.start)
}

// class colours a line by what it says.
func class(text string) string {
	for _, c := range []struct{ start, name string }{
		{"$ ", "command"}, {"Warning: ", "warning"}, {"Note: ", "warning"}, {"~ ", "change"},
		{"Apply complete!", "done"}, {"As it was found", "done"},
	} {
		if strings.HasPrefix(text, c.start) {
			return ` class="` + c.name + `"`
		}
	}
	if strings.Contains(text, " -> ") {
		return ` class="change"`
	}
	return ""
}

func escaped(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a strings.Builder takes everything
	return out.String()
}
