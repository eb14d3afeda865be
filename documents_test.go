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

// TestDocumentsNameFilesThatExist: DESIGN.md and CONTRIBUTING.md lead through the source by names of files. A name
// without a directory stands for a file anywhere.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		files = append(files, "/"+filepath.ToSlash(path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for document, least := range map[string]int{"DESIGN.md": 10, "CONTRIBUTING.md": 10} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		found := fileName.FindAllSubmatch(text, -1)
		if len(found) < least { // control
			t.Errorf("%s names only %d files", document, len(found))
		}
		for _, match := range found {
			name := "/" + string(match[1])
			if !slices.ContainsFunc(files, func(file string) bool { return strings.HasSuffix(file, name) }) {
				t.Errorf("%s names %s, which does not exist", document, match[1])
			}
		}
	}
}
