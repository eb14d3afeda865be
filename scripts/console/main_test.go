package main

import (
	"strings"
	"testing"
)

// make demo shows that it works.
func TestNamesTheVariableThatIsNotSet(t *testing.T) {
	variables := []string{"ASGARDEO_BASE_URL", "ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET"}
	for _, missing := range append(variables, "none") {
		t.Run(missing, func(t *testing.T) {
			for _, name := range variables {
				t.Setenv(name, "http://127.0.0.1:1") // nobody answers there
			}
			if missing != "none" {
				t.Setenv(missing, "")
			}
			err := set("status", "enable", "false")
			if err == nil || strings.Contains(err.Error(), missing+" is not set") != (missing != "none") {
				t.Errorf("error %v", err)
			}
		})
	}
}
