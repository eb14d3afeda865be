package provider

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	usedAction   = regexp.MustCompile(`uses:\s*(\S+)`)
	startOfJob   = regexp.MustCompile(`(?m)^ {2}(\w+):\n`)
	pinnedAction = regexp.MustCompile(`^(\./.*|[^@]+@[0-9a-f]{40})$`)
)

// TestActionsArePinned: a tag or a branch of somebody else's repository can be moved.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	found := 0
	for _, root := range []string{"../../.github", "../../examples"} {
		must(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if extension := filepath.Ext(path); err != nil || entry.IsDir() || extension != ".yml" && extension != ".yaml" {
				return err
			}
			content, err := os.ReadFile(path) //nolint:gosec // files of this repository
			for _, match := range usedAction.FindAllStringSubmatch(string(content), -1) {
				found++
				if !pinnedAction.MatchString(match[1]) {
					t.Errorf("%s uses %s", path, match[1])
				}
			}
			return err
		}))
	}
	if found < 10 {
		t.Errorf("only %d actions found", found)
	}
	for action, want := range map[string]bool{"actions/checkout@v4": false, "./.github/workflows/test.yml": true, "a/b@main": false} { // control
		if pinnedAction.MatchString(action) != want {
			t.Errorf("%s: %t", action, !want)
		}
	}
}

// TestReleaseJobsHaveOneRightEach: the job that has the key cannot publish, and the one that publishes has no key;
// nothing is built where either is.
func TestReleaseJobsHaveOneRightEach(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../.github/workflows/release.yml")
	must(t, err)
	_, text, _ := strings.Cut(string(content), "\njobs:")
	jobs, names := startOfJob.Split(text, -1), startOfJob.FindAllStringSubmatch(text, -1)
	seen := map[string]bool{}
	for i, job := range jobs[1:] {
		name := names[i][1]
		seen[name] = true
		key, writes, builds := strings.Contains(job, "secrets.GPG"), strings.Contains(job, ": write"), strings.Contains(job, "make ") || strings.Contains(job, "actions/checkout")
		if want := name == "sign"; key != want || want != strings.Contains(job, "environment: release") {
			t.Errorf("the job %s: key %t", name, key)
		}
		if want := name == "publish"; writes != want {
			t.Errorf("the job %s: writes %t", name, writes)
		}
		if want := name == "build"; builds != want {
			t.Errorf("the job %s: builds %t", name, builds)
		}
		if name == "build" && !strings.Contains(job, "needs: [test, scan]") {
			t.Error("the build waits for no test")
		}
	}
	for _, name := range []string{"test", "scan", "build", "sign", "publish"} {
		if !seen[name] {
			t.Errorf("there is no job %s", name)
		}
	}
}
