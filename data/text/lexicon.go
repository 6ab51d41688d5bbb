package text

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// Lexicon numbers distinct words from 0 on in the order in which it first meets
// them, and counts how often it met each.
//
// It is a hash table with open addressing whose slots hold the first eight bytes
// of a word, so that the common words, which are short, are found without
// following a pointer.
type Lexicon struct {
	slots []slot
	mask  uint64
	text  []byte   // all words, one after another
	start []uint64 // of word id in text; one more at the end
	n     []uint64 // how often, by id
	full  bool     // the numbers have run out
}

// slot is a place of the table. The tag is 0 in an empty one; else its low bits
// are the length of the word, up to longLength, which stands for all longer ones,
// and its high bits come from the hash.
type slot struct {
	key uint64 // first eight bytes of the word, little-endian, padded with zeros
	id  uint32
	tag uint32
}

const (
	lengthBits = 5
	longLength = 1<<lengthBits - 1
	firstSlots = 1 << 8
)

func newLexicon() *Lexicon {
	return &Lexicon{slots: make([]slot, firstSlots), mask: firstSlots - 1, start: []uint64{0}}
}

// Len returns the number of distinct words.
func (l *Lexicon) Len() int { return len(l.n) }

// Text returns word id, which must be below Len. It is not to be changed.
func (l *Lexicon) Text(id uint32) []byte { return l.text[l.start[id]:l.start[id+1]:l.start[id+1]] }

// N returns how often word id was met.
func (l *Lexicon) N(id uint32) uint64 { return l.n[id] }

// number returns the number of a word and counts it. The word must not be empty.
func (l *Lexicon) number(word []byte) uint32 {
	switch n := len(word); {
	case n < 8:
		return l.short(loadShort(word), n)
	case n == 8:
		return l.short(binary.LittleEndian.Uint64(word), n)
	case n <= 16:
		return l.medium(binary.LittleEndian.Uint64(word), binary.LittleEndian.Uint64(word[n-8:]), n)
	}
	return l.long(word)
}

// short is number of a word of 1 to 8 bytes, given as they stand in a slot.
func (l *Lexicon) short(key uint64, n int) uint32 {
	h := hashShort(key, n)
	tag := tagOf(h, n)
	i := h & l.mask
	for {
		s := &l.slots[i]
		if s.key == key && s.tag == tag {
			l.n[s.id]++
			return s.id
		}
		if s.tag == 0 {
			break
		}
		i = (i + 1) & l.mask
	}
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], key)
	return l.insert(i, slot{key: key, tag: tag}, word[:n])
}

// medium is number of a word of 9 to 16 bytes, given by its first and its last
// eight.
func (l *Lexicon) medium(key, last uint64, n int) uint32 {
	h := hashMedium(key, last, n)
	tag := tagOf(h, n)
	i := h & l.mask
	for {
		s := &l.slots[i]
		if s.key == key && s.tag == tag && binary.LittleEndian.Uint64(l.text[l.start[s.id+1]-8:]) == last {
			l.n[s.id]++
			return s.id
		}
		if s.tag == 0 {
			break
		}
		i = (i + 1) & l.mask
	}
	var word [16]byte
	binary.LittleEndian.PutUint64(word[:], key)
	binary.LittleEndian.PutUint64(word[n-8:], last)
	return l.insert(i, slot{key: key, tag: tag}, word[:n])
}

// long is number of a word of more than 16 bytes.
func (l *Lexicon) long(word []byte) uint32 {
	key, h := binary.LittleEndian.Uint64(word), hashLong(word)
	tag := tagOf(h, len(word))
	i := h & l.mask
	for {
		s := &l.slots[i]
		if s.key == key && s.tag == tag && string(l.Text(s.id)) == string(word) {
			l.n[s.id]++
			return s.id
		}
		if s.tag == 0 {
			break
		}
		i = (i + 1) & l.mask
	}
	return l.insert(i, slot{key: key, tag: tag}, word)
}

// insert gives a new word the next number and the empty slot i.
func (l *Lexicon) insert(i uint64, s slot, word []byte) uint32 {
	if uint64(len(l.n)) == EndOfSentence {
		l.full = true // which the caller looks at after every chunk
		return 0
	}
	s.id = uint32(len(l.n))
	l.text = append(l.text, word...)
	l.start = append(l.start, uint64(len(l.text)))
	l.n = append(l.n, 1)
	l.slots[i] = s
	if 4*uint64(len(l.n)) > 3*l.mask {
		l.grow()
	}
	return s.id
}

// grow doubles the table. The first words, which are the most frequent ones by and
// large, come first, and so into the slots where they are found at once.
func (l *Lexicon) grow() {
	l.slots = make([]slot, 2*len(l.slots))
	l.mask = uint64(len(l.slots) - 1)
	for id := range l.n {
		word := l.Text(uint32(id))
		key := loadShort(word[:min(len(word), 8)])
		h := hashOf(word)
		i := h & l.mask
		for l.slots[i].tag != 0 {
			i = (i + 1) & l.mask
		}
		l.slots[i] = slot{key: key, id: uint32(id), tag: tagOf(h, len(word))}
	}
}

// find returns the number of a word, and whether the lexicon has it.
func (l *Lexicon) find(word string) (uint32, bool) {
	if word == "" {
		return 0, false
	}
	b := []byte(word)
	h := hashOf(b)
	tag := tagOf(h, len(b))
	for i := h & l.mask; l.slots[i].tag != 0; i = (i + 1) & l.mask {
		if s := l.slots[i]; s.tag == tag && string(l.Text(s.id)) == word {
			return s.id, true
		}
	}
	return 0, false
}

// tagOf takes the high bits of the hash, whose low bits choose the slot.
func tagOf(h uint64, n int) uint32 {
	return uint32(h>>32)&^longLength | uint32(min(n, longLength))
}

// hashOf is the hash of a word of any length.
func hashOf(word []byte) uint64 {
	switch n := len(word); {
	case n < 8:
		return hashShort(loadShort(word), n)
	case n == 8:
		return hashShort(binary.LittleEndian.Uint64(word), n)
	case n <= 16:
		return hashMedium(binary.LittleEndian.Uint64(word), binary.LittleEndian.Uint64(word[n-8:]), n)
	}
	return hashLong(word)
}

// The hashes multiply into 128 bits and fold, as in wyhash.
func hashShort(key uint64, n int) uint64 {
	return fold(key^0x9e3779b97f4a7c15, 0xe7037ed1a0b428db+uint64(n)<<1)
}

func hashMedium(key, last uint64, n int) uint64 {
	return fold(last^hashShort(key, n), 0x8ebc6af09c88c6e3)
}

func hashLong(word []byte) uint64 {
	n := len(word)
	h := hashShort(binary.LittleEndian.Uint64(word), n)
	for p := 8; p < n; p += 8 {
		h = fold(binary.LittleEndian.Uint64(word[min(p, n-8):])^h, 0x8ebc6af09c88c6e3)
	}
	return h
}

func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

// loadShort loads up to eight bytes.
func loadShort(b []byte) uint64 {
	var x uint64
	for i := len(b) - 1; i >= 0; i-- {
		x = x<<8 | uint64(b[i])
	}
	return x
}

// EndOfSentence stands after the last word of every sentence in [Chunk.Words]; it
// is the number of no word.
const EndOfSentence = math.MaxUint32
