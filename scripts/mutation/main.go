// Command mutation finds out which mistakes the tests would not notice. It makes one small mistake after the other in
// the files that targets.json lists, and reports those with which all tests still pass. survivors.json says why some
// may. It runs in the root of the module.
//
// It is our own because gremlins, the maintained tool, compiles, links and runs all tests of a package once for each
// mutant, and cannot be told why a survivor is no gap.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// target says which tests have to notice mistakes in which files.
type target struct {
	Files   []string // patterns, from the root
	Package string   // the directory of the tests
	Run     string   // their names, as for go test -run
	Args    []string // more arguments for the test binary
}

// options choose some of the mutants.
type options struct {
	only   *regexp.Regexp // matches a mutant's line in the report
	sample int            // how many to draw; 0 for all
	seed   uint64         // the same seed draws the same
}

func main() {
	only := flag.String("only", "", "only mutants whose file, line or name this regular expression matches")
	sample := flag.Int("sample", 0, "how many mutants to draw; 0 for all")
	seed := flag.Uint64("seed", 0, "what they are drawn with: the same seed draws the same")
	least := flag.Float64("least", 95, "fail below this score, in percent")
	flag.Parse()
	score, err := run(os.Stdout, "scripts/mutation", options{regexp.MustCompile(*only), *sample, *seed})
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
	}
	if err != nil || score < *least {
		os.Exit(1)
	}
}

// run reports to out and returns the score, in percent.
func run(out io.Writer, settings string, o options) (score float64, err error) {
	var targets []target
	reasons := map[string]string{}
	for file, content := range map[string]any{"targets.json": &targets, "survivors.json": &reasons} {
		text, err := os.ReadFile(filepath.Join(settings, file))
		if err == nil {
			err = json.Unmarshal(text, content)
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
	}
	var trials []*trial
	for _, target := range targets {
		t, err := newTrial(target)
		if err != nil {
			return 0, err
		}
		trials = append(trials, t)
	}
	choose(trials, o)
	for _, t := range trials {
		fmt.Fprintf(out, "%s: %d of %d mutants\n", t.Package, len(t.chosen), len(t.mutants))
		if err := t.run(); err != nil {
			return 0, err
		}
	}
	return report(out, trials, reasons), nil
}

// choose draws the mutants that are tried.
func choose(trials []*trial, o options) {
	var choices []func()
	for _, t := range trials {
		for i, m := range t.mutants {
			if o.only.MatchString(m.String()) {
				choices = append(choices, func() { t.chosen[i+1] = true })
			}
		}
	}
	if o.sample > 0 {
		random := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // the same seed is to draw the same
		random.Shuffle(len(choices), func(i, j int) { choices[i], choices[j] = choices[j], choices[i] })
		choices = choices[:min(o.sample, len(choices))]
	}
	for _, chosen := range choices {
		chosen()
	}
}

// report tells what no test noticed, what survivors.json says wrongly, and the score: the share of the mutants that
// were noticed, or that nobody can notice. What only does no harm does not count as noticed.
func report(out io.Writer, trials []*trial, reasons map[string]string) (score float64) {
	count, stale := map[string]int{}, maps.Clone(reasons)
	var gaps, notes []string
	for _, t := range trials {
		for i, m := range t.mutants {
			verdict, tried := t.verdicts[i+1]
			kind, _, _ := strings.Cut(reasons[m.name], ": ")
			known := kind == "equivalent" || kind == "harmless"
			if known && verdict != killed {
				delete(stale, m.name)
			}
			switch {
			case !tried:
			case verdict == uncompiled:
				notes = append(notes, fmt.Sprintf("%s: left out, it %s", m, verdict))
			case verdict == killed:
				count["killed"]++
			case known:
				count[kind]++
			default:
				gaps = append(gaps, fmt.Sprintf("%s: survived: %s", m, verdict))
			}
		}
	}
	for name := range stale {
		notes = append(notes, "survivors.json: "+name+": no such survivor, or its reason is neither equivalent nor harmless")
	}
	slices.Sort(notes)
	for _, line := range slices.Concat(notes, gaps) {
		fmt.Fprintln(out, line)
	}
	good, all := count["killed"]+count["equivalent"], count["killed"]+count["equivalent"]+count["harmless"]+len(gaps)
	score = 100 * float64(good) / float64(max(all, 1))
	fmt.Fprintf(out, "%d mutants: %d killed; survived: %d equivalent, %d harmless, %d without a reason. Score: %.1f %%\n",
		all, count["killed"], count["equivalent"], count["harmless"], len(gaps), score)
	return score
}
