// The program demo-picture records a run of make demo, and draws README's picture from the recording:
//
//	demo-picture FILE    writes scripts/demo/transcript.txt and scripts/demo/demo.svg
//
// make demo-picture runs both. Tests compare the recording with a new run, and the picture with the recording.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: demo-picture FILE")
		os.Exit(2)
	}
	if err := record(os.Args[1], filepath.Join("scripts", "demo")); err != nil {
		fmt.Fprintln(os.Stderr, "demo-picture:", err)
		os.Exit(1)
	}
}

func record(file, directory string) error {
	output, err := os.ReadFile(file) //nolint:gosec // the file that the command line names
	if err != nil {
		return err
	}
	transcript := sameOnBothCLIs(string(output))
	picture, err := draw(transcript)
	if err != nil {
		return err
	}
	for name, content := range map[string]string{"transcript.txt": transcript, "demo.svg": picture} {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil { //nolint:gosec // part of the repository
			return err
		}
	}
	return nil
}

// sameOnBothCLIs lets a run with OpenTofu read like one with Terraform.
func sameOnBothCLIs(output string) string {
	return strings.NewReplacer("OpenTofu", "Terraform", "$ tofu ", "$ terraform ", `"tofu `, `"terraform `).Replace(output)
}
