package lookalike

import "testing"

func TestNamesOfDifferentScriptsThatLookTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"coco", "сосо", true},   // Cyrillic
		{"COCO", "СОСО", true},   // and in capitals
		{"Bach", "ВАСН", true},   // as capitals only
		{"bach", "васн", false},  // which small letters do not
		{"scope", "ѕсоре", true}, // Cyrillic
		{"IKE", "ΙΚΕ", true},     // Greek
		{"ike", "ΙΚΕ", false},    // a small i does not look like a capital one
		{"ovo", "ονο", true},     // Greek
		{"xapa", "хара", true},   // Cyrillic
		{"о", "ο", true},         // Cyrillic and Greek
		{"yo", "уо", true},       // Cyrillic
		{"ho1", "һо1", true},     // with a digit
		{"io", "ӏо", true},       // Cyrillic
		{"oo", "օօ", true},       // Armenian
		{"Ivan", "lvan", false},  // both are Latin
		{"o0", "oo", false},      // both are Latin
		{"tom", "torn", false},   // both are Latin
		{"мама", "mama", true},   // Cyrillic, whose letters UTS 39 likens to small capitals
		{"том", "tom", true},
		{"ок", "ok", true},
		{"κατο", "kato", true}, // Greek
		{"маша", "mawa", false},
		{"小明", "小明a", false},
		{"zoë", "zoe", false},
		{"ann", "ann", false},
	} {
		if got := Alike(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: got %v, want %v (%q, %q)", c.a, c.b, got, c.want, Skeleton(c.a), Skeleton(c.b))
		}
	}
}
