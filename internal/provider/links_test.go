package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

var (
	pageLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pageHeading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	pageAnchor  = regexp.MustCompile(`<a id="([^"]+)">`)
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

// TestLinksLeadSomewhere follows the links of all pages to other pages of this repository, and to their headings.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	var pages []string
	for _, pattern := range []string{
		"*.md", "docs/*.md", "docs/*/*.md", "examples/*.md", "examples/*/*.md", "examples/*/*/*.md",
	} {
		pages = append(pages, glob(t, root, filepath.FromSlash(pattern))...)
	}
	followed := 0
	for _, page := range pages {
		content, err := os.ReadFile(page)
		providertest.Must(t, err)
		for _, link := range pageLink.FindAllStringSubmatch(string(content), -1) {
			file, anchor, _ := strings.Cut(link[1], "#")
			if own, ok := strings.CutPrefix(file, "https://github.com/asgardeo/terraform-provider-asgardeo/"); ok {
				if file, ok = strings.CutPrefix(strings.Replace(own, "tree/", "blob/", 1), "blob/main/"); !ok {
					continue // the issue tracker
				}
				file = filepath.Join(root, file)
			} else if strings.Contains(file, "://") {
				continue
			} else {
				file = filepath.Join(filepath.Dir(page), file)
			}
			followed++
			if anchor == "" {
				if _, err := os.Stat(file); err != nil {
					t.Errorf("%s: %s leads nowhere", page, link[1])
				}
				continue
			}
			if info, err := os.Stat(file); link[1][0] == '#' || err == nil && info.IsDir() {
				file = page
			}
			target, err := os.ReadFile(file)
			if err != nil || !hasAnchor(string(target), anchor) {
				t.Errorf("%s: %s leads to no heading", page, link[1])
			}
		}
	}
	if followed < 100 || !hasAnchor("## A `b`: c", "a-b-c") || hasAnchor("## A", "b") { // control
		t.Errorf("%d links were followed, or anchors are not told apart", followed)
	}
}

// hasAnchor reports whether a page has a heading, or a mark, of that name.
func hasAnchor(page, anchor string) bool {
	for _, mark := range pageAnchor.FindAllStringSubmatch(page, -1) {
		if mark[1] == anchor {
			return true
		}
	}
	for _, heading := range pageHeading.FindAllStringSubmatch(page, -1) {
		name := strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading[1]), ""), " ", "-")
		if name == anchor {
			return true
		}
	}
	return false
}
