package sums

import "testing"

func TestFits(t *testing.T) {
	if l := (&list[int]{[]int{1}}); !l.fits(2) || l.fits(0) {
		t.Error("fits")
	}
}

func TestBoth(t *testing.T) {
	if !both(true, true) || both(true, false) || both(false, true) {
		t.Error("both")
	}
}

func TestEither(t *testing.T) {
	if either(true, true, false) != "first" || either(false, false, true) != "first" ||
		either(false, true, true) != "second" || either(false, true, false) != "third" {
		t.Error("either")
	}
}

func TestCount(t *testing.T) {
	if count(3) != 3 || count(0) != 0 {
		t.Error("count")
	}
}

func TestLarge(t *testing.T) {
	if !large(4) || large(3) {
		t.Error("large")
	}
}

func BenchmarkNothing(*testing.B) {}
