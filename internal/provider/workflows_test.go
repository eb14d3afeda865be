package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
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
		providertest.Must(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
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
	// control
	for action, want := range map[string]bool{
		"actions/checkout@v4": false, "./.github/workflows/test.yml": true, "a/b@main": false,
	} {
		if pinnedAction.MatchString(action) != want {
			t.Errorf("%s: %t", action, !want)
		}
	}
}

// TestVersionsInPages: the pages name the versions that are used here.
func TestVersionsInPages(t *testing.T) {
	t.Parallel()
	read := func(elements ...string) string {
		content, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, elements...)...))
		providertest.Must(t, err)
		return string(content)
	}
	opa := regexp.MustCompile(`open-policy-agent/opa v(\S+)`).FindStringSubmatch(read("tools", "opa", "go.mod"))
	if want := "version: " + opa[1] + "\n"; !strings.Contains(read("examples", "ci", "plan.yml"), want) {
		t.Errorf("examples/ci/plan.yml does not have the OPA that tests the policy, %s", want)
	}
	matrix := regexp.MustCompile(`version: \[(.+), latest\]`).FindAllStringSubmatch(read(".github", "workflows",
		"test.yml"),
		-1)
	if len(matrix) != 2 {
		t.Fatalf("the versions under test are %v", matrix)
	}
	for i, product := range []string{"Terraform", "OpenTofu"} {
		tested := strings.ReplaceAll(matrix[i][1], `"`, "")
		if want := product + " " + tested + " and the latest release"; !strings.Contains(read("docs", "guides",
			"versions.md"),
			want) {
			t.Errorf("the guide does not say %q", want)
		}
	}
}

// TestPagesRenderEverywhere: registries know callouts such as "~>", code hosts show them as they are.
func TestPagesRenderEverywhere(t *testing.T) {
	t.Parallel()
	callout := regexp.MustCompile(`(?m)^(~>|->|!>) `)
	if !callout.MatchString("text\n~> a callout") { // control
		t.Error("callouts are not found")
	}
	pages := filepath.Join("..", "..", "docs")
	providertest.Must(t, filepath.WalkDir(pages, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // files of this repository
		if found := callout.Find(content); found != nil {
			t.Errorf("%s has a callout %q: write > **Note:**", path, found)
		}
		return err
	}))
}

// TestReleaseJobsHaveOneRightEach: the job that has the key cannot publish, and the one that publishes has no key;
// nothing is built where either is.
func TestReleaseJobsHaveOneRightEach(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../.github/workflows/release.yml")
	providertest.Must(t, err)
	_, text, _ := strings.Cut(string(content), "\njobs:")
	jobs, names := startOfJob.Split(text, -1), startOfJob.FindAllStringSubmatch(text, -1)
	seen := map[string]bool{}
	for i, job := range jobs[1:] {
		name := names[i][1]
		seen[name] = true
		key, writes, builds := strings.Contains(job, "secrets.GPG"), strings.Contains(job, ": write"), strings.Contains(job,
			"make ") || strings.Contains(job, "actions/checkout")
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
