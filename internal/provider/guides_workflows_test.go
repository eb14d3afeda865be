package provider_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// GitHub's part of what guides show: its command line, and its runners.

// guideGitHub plays GitHub's CLI. It keeps variables and secrets for the runners.
const guideGitHub = `#!/bin/sh
set -e
case "$1 $2" in
"variable set") [ "$4" = --body ] && printf '%s' "$5" >"$GUIDE/vars.$3" ;;
"secret set") cat >"$GUIDE/secrets.$3" ;;
"issue list") ;;
"issue create") echo "https://github.com/example/my-account/issues/1" ;;
*) exit 1 ;;
esac
`

// workflowStep is what a runner does in one step.
type workflowStep struct {
	commands string
	env      map[string]string
}

var (
	workflowVariable   = regexp.MustCompile(`^([A-Z][A-Z0-9_]*): (.+)$`)
	workflowExpression = regexp.MustCompile(`\$\{\{ (.+?) \}\}`)
	// notCommitted is what stays on the machine of whoever works there.
	notCommitted = regexp.MustCompile(`^(\.terraform|.*\.tfstate.*|.*\.tfplan)$`)
)

// parseWorkflow reads the steps of a workflow with one job.
func parseWorkflow(text string) []workflowStep {
	shared := map[string]string{}
	env, block, inBlock := shared, 0, false
	var steps []workflowStep
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if inBlock && (indent > block || trimmed == "") {
			steps[len(steps)-1].commands += trimmed + "\n"
			continue
		}
		inBlock = false
		if rest, ok := strings.CutPrefix(trimmed, "- "); ok && (strings.HasPrefix(rest,
			"uses: ") || strings.HasPrefix(rest, "name: ") || strings.HasPrefix(rest, "run: ")) {
			env = maps.Clone(shared)
			steps = append(steps, workflowStep{env: env})
			trimmed, indent = rest, indent+2
		}
		if command, ok := strings.CutPrefix(trimmed, "run: "); ok {
			block, inBlock = indent, command == "|"
			if !inBlock {
				steps[len(steps)-1].commands = command + "\n"
			}
		} else if variable := workflowVariable.FindStringSubmatch(trimmed); variable != nil {
			env[variable[1]], _, _ = strings.Cut(variable[2], " #")
		}
	}
	return slices.DeleteFunc(steps, func(step workflowStep) bool { return step.commands == "" })
}

// runWorkflow runs the commands of a workflow in a copy of the reader's directory, as it is after a commit and a
// checkout: with the variables and secrets that the workflow names, and no others.
func (r *guideReader) runWorkflow(line int, name, exit string) {
	r.t.Helper()
	checkout := r.t.TempDir()
	providertest.Must(r.t, copyCommitted(r.cli.Dir, checkout))
	steps := parseWorkflow(string(r.cli.Read(name)))
	if len(steps) == 0 {
		r.t.Fatalf("line %d: %s has no commands", line, name)
	}
	printed := ""
	for i, step := range steps {
		program := r.start(checkout, "sh", "-e", "-c", step.commands)
		program.Env = append(program.Env, "GITHUB_WORKSPACE="+checkout)
		for variable, value := range step.env {
			program.Env = append(program.Env, variable+"="+workflowExpression.ReplaceAllStringFunc(value, r.expression))
		}
		want := ""
		if i == len(steps)-1 {
			want = exit
		}
		r.finished(line, program, want)
		printed += r.output
	}
	r.output = printed
	r.look()
	r.workflows = slices.DeleteFunc(r.workflows, func(file string) bool { return file == name })
}

// expression is the value of an expression in a workflow.
func (r *guideReader) expression(text string) string {
	r.t.Helper()
	expression := workflowExpression.FindStringSubmatch(text)[1]
	if expression == "github.token" {
		return "token"
	}
	value, err := os.ReadFile(filepath.Join(r.shell, filepath.Base(expression)))
	if err != nil {
		r.t.Fatalf("nobody has set %s with gh", expression)
	}
	return string(value)
}

// copyCommitted copies what is committed.
func copyCommitted(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == from {
			return err
		}
		name, err := filepath.Rel(from, path)
		switch {
		case err != nil:
			return err
		case notCommitted.MatchString(entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case notCommitted.MatchString(entry.Name()):
			return nil
		case entry.IsDir():
			return os.Mkdir(filepath.Join(to, name), 0o750)
		}
		content, err := os.ReadFile(path) //nolint:gosec // G304: a file that the test has written
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, info.Mode()) // with the right to run it, or without
	})
}

func TestParseWorkflow(t *testing.T) {
	t.Parallel()
	steps := parseWorkflow(strings.Join([]string{
		"jobs:", "  one:", "    env:", "      A: shared # note", "    steps:",
		"      - uses: actions/checkout@v4", "        with:", "          B: not-a-command",
		"      - run: first", "      - name: several", "        run: |", "          second", "          third",
		"        env:", "          C: own",
	}, "\n"))
	if len(steps) != 2 || steps[0].commands != "first\n" || steps[1].commands != "second\nthird\n" {
		t.Fatalf("the steps are %v", steps)
	}
	if steps[1].env["C"] != "own" || steps[0].env["C"] != "" || steps[0].env["A"] != "shared" || steps[0].env["B"] != "" {
		t.Errorf("the variables are %v and %v", steps[0].env, steps[1].env)
	}
}
