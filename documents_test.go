package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fileName is what looks like the name of a file of this repository: of code, not of what users write.
var fileName = regexp.MustCompile("`([\\w./-]+\\.(?:go|json|tmpl))`")

// goName is what looks like the name of something in the source, perhaps with its room in front: `handover.Run`. An
// ellipsis stands for the rest of several names.
var goName = regexp.MustCompile("`([A-Za-z]+(?:\\.[A-Za-z]+)*)(…?)`")

var word = regexp.MustCompile(`\w+`)

// notInTheSource are names of other things: of files without an extension, of programs and of branches.
var notInTheSource = []string{"go.mod", "tofu", "import.sh"}

// TestDocumentsNameWhatExists: DESIGN.md and CONTRIBUTING.md lead through the source by the names of files and of what
// is in them. A file's name without a directory stands for a file anywhere.
func TestDocumentsNameWhatExists(t *testing.T) {
	t.Parallel()
	var files []string
	source := map[string]map[string]bool{"": {}} // the words of each directory; "" has them all
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		files = append(files, "/"+filepath.ToSlash(path))
		if filepath.Ext(path) == ".go" {
			text, err := os.ReadFile(path) //nolint:gosec // of this repository
			if err != nil {
				return err
			}
			room := filepath.Base(filepath.Dir(path))
			if source[room] == nil {
				source[room] = map[string]bool{}
			}
			for _, name := range word.FindAllString(string(text), -1) {
				source[room][name], source[""][name] = true, true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{"DESIGN.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		named, words := fileName.FindAllSubmatch(text, -1), goName.FindAllSubmatch(text, -1)
		if len(named) < 10 || len(words) < 10 { // control
			t.Errorf("%s names only %d files and %d words", document, len(named), len(words))
		}
		for _, match := range named {
			name := "/" + string(match[1])
			if !slices.ContainsFunc(files, func(file string) bool { return strings.HasSuffix(file, name) }) {
				t.Errorf("%s names %s, which does not exist", document, match[1])
			}
		}
		for _, match := range words {
			name, several := string(match[1]), len(match[2]) > 0
			room, _, _ := strings.Cut(name, ".")
			where, qualified := source[room]
			if !qualified {
				where = source[""]
			}
			last := name[strings.LastIndex(name, ".")+1:]
			isThere := where[last]
			for other := range where {
				isThere = isThere || several && strings.HasPrefix(other, last)
			}
			if !isThere && !fileName.Match(match[0]) && !slices.Contains(notInTheSource, name) {
				t.Errorf("%s names %s, which is not in the source", document, name)
			}
		}
	}
}
