package text

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLexiconProperties compares a lexicon with a map, on words of every length, of
// which many begin or end alike.
func TestLexiconProperties(t *testing.T) {
	word := rapid.Custom(func(t *rapid.T) string {
		length := rapid.SampledFrom([]int{1, 2, 7, 8, 9, 12, 15, 16, 17, 24, 25, 30, 31, 32, 33, 300}).Draw(t, "length")
		w := bytes.Repeat([]byte{'a'}, length)
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			w[rapid.IntRange(0, length-1).Draw(t, "place")] = rapid.SampledFrom([]byte{'b', 0, 255}).Draw(t, "byte")
		}
		return string(w)
	})
	rapid.Check(t, func(t *rapid.T) {
		checkLexicon(t, rapid.SliceOf(word).Draw(t, "words"))
	})
}

func checkLexicon(t interface {
	Helper()
	Fatalf(string, ...any)
}, words []string) {
	t.Helper()
	l := newLexicon()
	numbers, n := map[string]uint32{}, map[string]uint64{}
	for _, w := range words {
		if _, ok := numbers[w]; !ok {
			if _, found := l.find(w); found {
				t.Fatalf("%q is found before it was there", w)
			}
			numbers[w] = uint32(len(numbers))
		}
		n[w]++
		if id := l.number([]byte(w)); id != numbers[w] {
			t.Fatalf("%q is number %d; want %d", w, id, numbers[w])
		}
	}
	if l.Len() != len(numbers) {
		t.Fatalf("%d words; want %d", l.Len(), len(numbers))
	}
	for w, id := range numbers {
		found, ok := l.find(w)
		if string(l.Text(id)) != w || l.N(id) != n[w] || !ok || found != id {
			t.Fatalf("word %d is %q, %d times, found %v as %d; want %q, %d times", id, l.Text(id), l.N(id), ok, found, w, n[w])
		}
	}
}

// TestLexiconGrows has many more words than there are slots at first.
func TestLexiconGrows(t *testing.T) {
	var words []string
	for i := range 20_000 {
		words = append(words, fmt.Sprint(i), fmt.Sprint("ninebytes", i), strings.Repeat("long", 5)+fmt.Sprint(i%7000))
	}
	checkLexicon(t, words)
}

// TestLexiconCollisions has words whose slots and tags are all the same but whose
// text differs: they are told apart by the text.
func TestLexiconCollisions(t *testing.T) {
	l := newLexicon()
	one, two := bytes.Repeat([]byte("x"), 40), append(bytes.Repeat([]byte("x"), 39), 'y')
	id := l.number(one)
	// As if the hash of the second were that of the first.
	for i, s := range l.slots {
		if s.tag != 0 {
			l.slots[i] = slot{}
			at := hashLong(two)
			s.tag = tagOf(at, len(two))
			l.slots[at&l.mask] = s
		}
	}
	if other := l.number(two); other == id || string(l.Text(other)) != string(two) || l.N(id) != 1 {
		t.Errorf("%d and %d, %q, %d", id, other, l.Text(other), l.N(id))
	}
}

// TestDigest adds numbers of 256 bits, with all their carries, as math/big does.
func TestDigest(t *testing.T) {
	modulus := new(big.Int).Lsh(big.NewInt(1), 256)
	rapid.Check(t, func(t *rapid.T) {
		var d, parts digest
		want := new(big.Int)
		for i := range rapid.IntRange(0, 6).Draw(t, "numbers") {
			var sum [32]byte
			for j := range sum {
				sum[j] = rapid.SampledFrom([]byte{0, 0xff, 0xff, 0x7f, 0x80}).Draw(t, "byte")
			}
			d.addSum(sum)
			if i%2 == 0 {
				var part digest
				part.addSum(sum)
				parts.add(part)
			} else {
				parts.addSum(sum)
			}
			want.Add(want, new(big.Int).SetBytes(sum[:]))
		}
		want.Mod(want, modulus)
		if got := d.bytes(); new(big.Int).SetBytes(got[:]).Cmp(want) != 0 || parts != d {
			t.Fatalf("%x and %v; want %x", got, parts, want)
		}
	})
}
