package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/asgardeo/terraform-provider-asgardeo/scripts/mutation/active"
)

// trial puts the mutants of some files to their tests. A mutant's id is its place in the list, from 1.
type trial struct {
	target
	paths    []string
	mutants  []mutant
	chosen   map[int]bool
	verdicts map[int]verdict
	work     string            // the directory for what is built
	copies   map[string]string // the files with their mutants, by their originals
	tests    []test            // the quickest one first
}

// test is one of the tests, and what it does without any mutant.
type test struct {
	name    string
	took    time.Duration
	reaches map[string]bool // ids of mutants
}

// verdict is what the tests say about a mutant.
type verdict string

const (
	killed     verdict = "killed"
	survived   verdict = "all tests pass"
	unreached  verdict = "it makes no difference to any test"
	uncompiled verdict = "does not compile"
)

// newTrial lists the mutants of a target.
func newTrial(of target) (*trial, error) {
	t := &trial{target: of, chosen: map[int]bool{}, verdicts: map[int]verdict{}}
	for _, pattern := range of.Files {
		paths, _ := filepath.Glob(pattern) // none for what is no pattern
		if len(paths) == 0 {
			return nil, fmt.Errorf("%q names no file", pattern)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.go") {
				t.paths = append(t.paths, path)
			}
		}
	}
	occurred := map[string]int{}
	for _, path := range t.paths {
		_, err := instrument(path, func(line int, name string) (int, bool) {
			occurred[name]++
			if occurred[name] > 1 {
				name = fmt.Sprintf("%s (%d)", name, occurred[name])
			}
			t.mutants = append(t.mutants, mutant{path, line, name})
			return 0, false
		})
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// run builds the tests, tries them without a mutant, and then with each one that was chosen.
func (t *trial) run() (err error) {
	if len(t.chosen) == 0 {
		return nil
	}
	if t.work, err = os.MkdirTemp("", "mutation"); err != nil {
		return err
	}
	defer os.RemoveAll(t.work) //nolint:errcheck // a temporary directory
	for {
		output, err := t.build()
		if err == nil {
			break
		}
		given := len(t.verdicts)
		for id := range t.chosen {
			if m := t.mutants[id-1]; strings.Contains(output, fmt.Sprintf("%s:%d:", t.copies[m.file], m.line)) {
				t.verdicts[id] = uncompiled
				delete(t.chosen, id)
			}
		}
		if len(t.verdicts) == given {
			return fmt.Errorf("the tests of %s: %w\n%s", t.Package, err, output)
		}
	}
	if err := t.observe(); err != nil {
		return err
	}
	var mutex sync.Mutex
	return inParallel(len(t.mutants), func(i int) error {
		if t.chosen[i+1] {
			v := t.judge(i + 1)
			mutex.Lock()
			defer mutex.Unlock()
			t.verdicts[i+1] = v
		}
		return nil
	})
}

// build compiles the tests with the chosen mutants. The checkout stays as it is: -overlay replaces the files.
func (t *trial) build() (output string, err error) {
	id := 0
	t.copies = map[string]string{}
	for i, path := range t.paths {
		text, err := instrument(path, func(int, string) (int, bool) {
			id++
			return id, t.chosen[id]
		})
		if err != nil {
			return "", err
		}
		t.copies[path] = filepath.Join(t.work, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(t.copies[path], []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": t.copies})
	if err != nil {
		return "", err
	}
	file := filepath.Join(t.work, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return "", err
	}
	command := exec.CommandContext(
		context.Background(), "go", "test", "-c", "-overlay", file, "-o", t.work+"/tests.exe", "./"+t.Package)
	content, err := command.CombinedOutput()
	return string(content), err
}

// observe runs each test alone, to learn how long it takes and to which mutants it makes a difference.
func (t *trial) observe() error {
	output, err := t.execute(time.Minute, "-test.list="+t.Run)
	if err != nil {
		return fmt.Errorf("the tests of %s: %w\n%s", t.Package, err, output)
	}
	for name := range strings.FieldsSeq(output) {
		if !strings.HasPrefix(name, "Benchmark") {
			t.tests = append(t.tests, test{name: name, reaches: map[string]bool{}})
		}
	}
	err = inParallel(len(t.tests), func(i int) error {
		test, trace := &t.tests[i], filepath.Join(t.work, fmt.Sprintf("trace%d", i))
		started := time.Now()
		output, err := t.execute(10*time.Minute, "-test.run=^"+test.name+"$", active.TraceVariable+"="+trace)
		test.took = time.Since(started)
		if err != nil { // a busy machine fails some tests once
			output, err = t.execute(10*time.Minute, "-test.run=^"+test.name+"$", active.TraceVariable+"="+trace)
		}
		if err != nil {
			return fmt.Errorf("without any mutant: %w\n%s", err, output)
		}
		reached, err := os.ReadFile(trace)
		for id := range strings.FieldsSeq(string(reached)) {
			test.reaches[id] = true
		}
		if os.IsNotExist(err) {
			return nil
		}
		return err
	})
	slices.SortFunc(t.tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return err
}

// judge tries a mutant. The quick tests are asked first. A test that takes far longer than usual has noticed it, too.
func (t *trial) judge(id int) verdict {
	asked := slices.DeleteFunc(slices.Clone(t.tests), func(test test) bool { return !test.reaches[strconv.Itoa(id)] })
	if len(asked) == 0 {
		return unreached
	}
	for some := range slices.Chunk(asked, 20) {
		limit, names := 10*time.Second, ""
		for _, test := range some {
			limit += 3 * test.took
			names += "|" + test.name
		}
		run := fmt.Sprintf("-test.run=^(%s)$", names[1:])
		if _, err := t.execute(limit, run, fmt.Sprintf("%s=%d", active.Variable, id)); err != nil {
			return killed
		}
	}
	return survived
}

// execute runs the test binary as go test would.
func (t *trial) execute(limit time.Duration, tests string, environment ...string) (output string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	arguments := append([]string{tests, "-test.short", "-test.failfast"}, t.Args...)
	command := exec.CommandContext(ctx, t.work+"/tests.exe", arguments...)
	command.Dir = t.Package
	command.Env = append(os.Environ(), environment...)
	command.WaitDelay = time.Second
	content, err := command.CombinedOutput()
	return string(content), err
}

// inParallel does something for each number below n, as many at a time as there are processors.
func inParallel(n int, do func(int) error) error {
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for i := range n {
		group.Go(func() error { return do(i) })
	}
	return group.Wait()
}
