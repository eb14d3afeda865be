package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const sums = "scripts/mutation/testdata/sums"

// TestReport makes every mistake in testdata/sums. Its tests notice most, one cannot be noticed, three do not compile.
func TestReport(t *testing.T) {
	t.Chdir("../..")
	settings := settingsFor(t, sums+"/*.go", sums, `{
		"sums.count: n == 0 -> false": "equivalent: the loop does nothing either",
		"sums.forgotten: a != 1 -> true": "harmless: nobody calls it",
		"sums.both: a && b -> false": "equivalent: wrong, a test notices it",
		"sums.list.fits: len(l.values) < most -> len(l.values) <= most": "because",
		"sums.gone: true -> false": "equivalent: it is not there anymore"
	}`)
	var out strings.Builder
	score, err := run(&out, settings, options{only: regexp.MustCompile("")})
	if err != nil {
		t.Fatal(err)
	}
	unnoticed := ": survived: it makes no difference to any test"
	stale := "no such survivor, or its reason is neither equivalent nor harmless"
	want := strings.Join([]string{
		sums + ": 22 of 22 mutants",
		sums + "/sums.go:45: sums.large: a > 3 -> a >= 3: left out, it does not compile",
		sums + "/sums.go:45: sums.large: a > 3 -> false: left out, it does not compile",
		sums + "/sums.go:45: sums.large: a > 3 -> true: left out, it does not compile",
		"survivors.json: sums.both: a && b -> false: " + stale,
		"survivors.json: sums.gone: true -> false: " + stale,
		"survivors.json: sums.list.fits: len(l.values) < most -> len(l.values) <= most: " + stale,
		sums + "/sums.go:12: sums.list.fits: len(l.values) < most -> len(l.values) <= most" + unnoticed,
		sums + "/sums.go:49: sums.forgotten: a != 1 -> false" + unnoticed,
		"19 mutants: 15 killed; survived: 1 equivalent, 1 harmless, 2 without a reason. Score: 84.2 %",
		"",
	}, "\n")
	if out.String() != want {
		t.Errorf("the report is\n%s\nand not\n%s", out.String(), want)
	}
	if got := fmt.Sprintf("%.1f", score); got != "84.2" {
		t.Errorf("the score is %s", got)
	}
}

// TestMutants lists what can be wrong with each kind of condition.
func TestMutants(t *testing.T) {
	t.Chdir("../..")
	want := []string{
		"sums.list.fits: len(l.values) < most -> true",
		"sums.list.fits: len(l.values) < most -> false",
		"sums.list.fits: len(l.values) < most -> len(l.values) <= most",
		"sums.both: a && b -> false",
		"sums.both: a -> true",
		"sums.both: b -> true",
		"sums.both: true -> false",
		"sums.both: false -> true",
		"sums.either: a || !b -> true",
		"sums.either: a -> false",
		"sums.either: b -> true",
		"sums.either: c -> true",
		"sums.either: c -> false",
		"sums.count: n == 0 -> true",
		"sums.count: n == 0 -> false",
		"sums.count: i < n -> false",
		"sums.count: i < n -> i <= n",
		"sums.large: a > 3 -> true",
		"sums.large: a > 3 -> false",
		"sums.large: a > 3 -> a >= 3",
		"sums.forgotten: a != 1 -> true",
		"sums.forgotten: a != 1 -> false",
	}
	var got []string
	for _, m := range trialOfSums(t).mutants {
		got = append(got, m.name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the mutants are\n%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestChoice draws the same mutants with the same seed, and leaves those alone that are not asked for.
func TestChoice(t *testing.T) {
	t.Chdir("../..")
	chosen := func(only string, sample int, seed uint64) string {
		drawn := trialOfSums(t)
		choose([]*trial{drawn}, options{regexp.MustCompile(only), sample, seed})
		return fmt.Sprint(drawn.chosen)
	}
	if got := chosen(`sums\.go:\d+: sums\.both: a`, 0, 0); got != "map[4:true 5:true]" {
		t.Errorf("of the two that were asked for, it chooses %s", got)
	}
	if got := chosen("", 100, 0); strings.Count(got, "true") != 22 {
		t.Errorf("of all, it chooses %s", got)
	}
	first, again, other := chosen("", 5, 1), chosen("", 5, 1), chosen("", 5, 2)
	if strings.Count(first, "true") != 5 || first != again || first == other {
		t.Errorf("with one seed %s, again %s, and with another one %s", first, again, other)
	}
}

// TestErrors shows what cannot be tried at all: a file that moved, and tests that fail without any mistake.
func TestErrors(t *testing.T) {
	t.Chdir("../..")
	for _, test := range []struct{ files, of, want string }{
		{sums + "/moved.go", sums, `"scripts/mutation/testdata/sums/moved.go" names no file`},
		{sums + "/sums.go", "scripts/mutation/testdata/moved", "directory not found"},
		{sums + "/sums.go", "scripts/mutation/testdata/fails", "without any mutant: exit status 1"},
	} {
		_, err := run(&strings.Builder{}, settingsFor(t, test.files, test.of, "{}"), options{only: regexp.MustCompile("")})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s in %s: %v", test.files, test.of, err)
		}
	}
}

// TestSettings reads the project's own: every file is there, and every survivor exists and has a reason.
func TestSettings(t *testing.T) {
	t.Chdir("../..")
	var out strings.Builder
	if _, err := run(&out, "scripts/mutation", options{only: regexp.MustCompile("^none$")}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "survivors.json") {
		t.Error(out.String())
	}
}

func trialOfSums(t *testing.T) *trial {
	t.Helper()
	of, err := newTrial(target{Files: []string{sums + "/*.go"}})
	if err != nil {
		t.Fatal(err)
	}
	return of
}

func settingsFor(t *testing.T, files, of, survivors string) (directory string) {
	t.Helper()
	directory = t.TempDir()
	for name, content := range map[string]string{
		"targets.json":   fmt.Sprintf(`[{"Files": [%q], "Package": %q, "Run": "."}]`, files, of),
		"survivors.json": survivors,
	} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}
