package session

import (
	"fmt"
	"os"
	"strings"
)

// VariableName names the environment variable that stands in for an argument of the provider block.
func VariableName(argument string) string {
	return "ASGARDEO_" + strings.ToUpper(argument)
}

// Variable reads the variable of an argument. An empty one counts as not set.
func Variable(argument string) string {
	return os.Getenv(VariableName(argument))
}

// EmptyVariables names those variables that are set but empty, as CI leaves them where a secret is missing. They count
// as not set, which puzzles who has just set them.
func EmptyVariables(arguments ...string) string {
	var text strings.Builder
	for _, argument := range arguments {
		if value, set := os.LookupEnv(VariableName(argument)); set && value == "" {
			fmt.Fprintf(&text, " %s is set but empty.", VariableName(argument))
		}
	}
	return text.String()
}

// FromVariable ends the description of an argument.
func FromVariable(argument string) string {
	return fmt.Sprintf("Environment variable: `%s`.", VariableName(argument))
}
