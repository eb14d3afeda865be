// Package sums is what the tests of scripts/mutation make mistakes in. Its own tests notice most of them.
package sums

type flag bool

type list[T any] struct{ values []T }

const small = 1 < 2 // the compiler needs to know

// fits is not tested with a list that is just full.
func (l *list[T]) fits(most int) bool {
	return len(l.values) < most
}

func both(a, b bool) bool {
	if a && b {
		return true
	}
	return false
}

func either(a, b, c bool) string {
	switch {
	case a || !b:
		return "first"
	case c:
		return "second"
	}
	return "third"
}

// count has a guard that nobody would miss.
func count(n int) (steps int) {
	if n == 0 {
		return 0
	}
	for i := 0; i < n; i++ {
		steps++
	}
	return steps
}

// large does not compile with its mutants: what they make is a bool.
func large(a int) flag {
	var f flag = a > 3
	return f
}

func forgotten(a int) bool { return a != 1 }
