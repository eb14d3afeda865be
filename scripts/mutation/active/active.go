// Package active decides which mutant acts in a test binary that holds many, and notes which ones the tests reach. Only
// files that scripts/mutation has rewritten use it.
package active

import (
	"cmp"
	"os"
	"strconv"
	"sync"
)

// The environment variables that the binary is run with: the number of the mutant that acts, and the file to note in.
const (
	Variable      = "MUTATION_ACTIVE"
	TraceVariable = "MUTATION_TRACE"
)

var (
	acting = os.Getenv(Variable)
	trace  = os.Getenv(TraceVariable)
	noted  sync.Map
)

// Mutant reports whether a mutant acts. It is asked only where that makes a difference.
func Mutant(id int) bool {
	number := strconv.Itoa(id)
	if trace != "" {
		if _, before := noted.LoadOrStore(id, true); !before {
			note(number)
		}
	}
	return number == acting
}

func note(number string) {
	file, err := os.OpenFile(trace, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.WriteString(number + "\n")
		_ = file.Close()
	}
	if err != nil {
		panic(err) // mutants would count as out of reach
	}
}

// Less is a < b, or with its mutant a <= b.
func Less[T cmp.Ordered](id int, a, b T) bool {
	return a < b || a == b && Mutant(id)
}

// More is a > b, or with its mutant a >= b.
func More[T cmp.Ordered](id int, a, b T) bool {
	return Less(id, b, a)
}
