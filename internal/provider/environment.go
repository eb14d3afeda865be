package provider

import (
	"fmt"
	"os"
	"strings"
)

// variable names the environment variable that stands in for an argument of the provider block.
func variable(argument string) string {
	return "ASGARDEO_" + strings.ToUpper(argument)
}

// environment reads the variable of an argument. An empty one counts as not set.
func environment(argument string) string {
	return os.Getenv(variable(argument))
}

// emptyVariables names those variables that are set but empty, as CI leaves them where a secret is missing. They count
// as not set, which puzzles who has just set them.
func emptyVariables(arguments ...string) string {
	var text strings.Builder
	for _, argument := range arguments {
		if value, set := os.LookupEnv(variable(argument)); set && value == "" {
			fmt.Fprintf(&text, " %s is set but empty.", variable(argument))
		}
	}
	return text.String()
}

// fromVariable ends the description of an argument.
func fromVariable(argument string) string {
	return fmt.Sprintf("Environment variable: `%s`.", variable(argument))
}
