package train

import (
	"math"
	"slices"

	"qk/data"
	"qk/graph"
	"qk/graph/kernel"
)

// FlatRange is the least range of scores in a row that counts as a preference
// at all, in nats: at a smaller one the attention of the row's words is within
// 7 % of the middle, which first weights and rounding can bring about.
const FlatRange = 0.25

// LearnedRow is what Q and K say of one current word.
type LearnedRow struct {
	Word data.Word
	// Attention is the row of the learned mask [V], NaN where the data do not
	// determine it. See [LearnRow] for what it means in each task.
	Attention []float64
	// Set is the learned set of the row, in ascending order.
	Set []data.Word
	// Range is the greatest score less the least, over the words of the row and,
	// with a null slot, its 0.
	Range float64
	// Determined lists the words whose scores the data determine, in ascending
	// order. It is nil in a table of next words, which determines all of a row or
	// none.
	Determined []data.Word
}

// LearnRow reads off the scores S[w,·] [V] what is learned of one current word.
//
// In predict, a row is about the words that were ever seen before w. With the
// null slot, Attention is σ(S[w,u]), exactly the attention that u has when it is
// the only earlier word; without it, the softmax over the row's words.
//
// The set of a row that stays within [FlatRange] is empty. Else the scores give
// the order, and the counts say where to cut it: of all sets that hold the
// highest scores, the one that as a binary mask has the least counted loss; of
// several, the one cut at the middle of the range, else the smallest. (A cut at
// the middle of the range alone misses words of weak evidence: it found a best
// mask in 64 of 100 random texts with several unreliable marks a sentence, this
// rule in 96.) A word that tells nothing and is above the middle of the range is
// in the set all the same, so that it shows. A row of which the text says nothing has no such loss: its set
// names the words whose scores stand out by more than half of the most.
//
// Where sentences are held out the set is cut at the middle of the range, see
// [learnSmoothed].
//
// In recall with cross-entropy Attention is softmax(S_w), with squared S itself;
// the set holds the words of at least [Worth]. With logistic it is σ(S) and the
// set holds the words of a score above 0.
func LearnRow(e *Experiment, w data.Word, s []float64) LearnedRow {
	return learnRow(e, w, s, make([]float64, len(s)))
}

// learnRow is [LearnRow] with a place for the attention [V].
func learnRow(e *Experiment, w data.Word, s, attention []float64) LearnedRow {
	for u := range attention {
		attention[u] = math.NaN()
	}
	switch {
	case e.Config.Task == graph.Predict:
		return learnPredict(e, w, s, attention)
	case e.Config.Objective == graph.Logistic:
		return learnLogistic(e, w, s, attention)
	}
	return learnTable(e, w, s, attention)
}

func learnPredict(e *Experiment, w data.Word, s, attention []float64) LearnedRow {
	null := e.Config.Null
	if e.Smoothing != nil {
		return learnSmoothed(e, w, s, attention)
	}
	row := LearnedRow{Word: w, Attention: attention, Determined: e.Counts.Determined(w, null)}
	candidates := candidatesOf(e.Masks.Rows[w])
	if len(candidates) == 0 {
		return row
	}
	about := row.Determined // the words that the row is about
	if len(about) == 0 {
		about = candidates
	}
	low, high := math.Inf(1), math.Inf(-1)
	if null {
		low, high = 0, 0
	}
	for _, u := range about {
		low, high = min(low, s[u]), max(high, s[u])
	}
	row.Range = high - low
	switch {
	case row.Range < FlatRange:
	case len(row.Determined) > 0:
		row.Set = bestCut(e.Counts, w, about, s, (low+high)/2)
		row.Set = append(row.Set, untold(e.Masks.Rows[w], row.Set, s, (low+high)/2)...)
		slices.Sort(row.Set)
	default:
		row.Set = standingOut(about, s, low, high, null)
	}
	if len(row.Determined) > 0 || row.Range >= FlatRange {
		fillAttention(row.Attention, about, candidates, s, null)
	}
	return row
}

// learnSmoothed reads off a row where sentences are held out. Smoothed votes are
// never quite equal, so the data determine every word that was seen before w, and
// the set is cut at the middle of the range: the counts by themselves are no
// measure there.
func learnSmoothed(e *Experiment, w data.Word, s, attention []float64) LearnedRow {
	null := e.Config.Null
	row := LearnedRow{Word: w, Attention: attention, Determined: candidatesOf(e.Masks.Rows[w])}
	if len(row.Determined) == 0 {
		return row
	}
	low, high := math.Inf(1), math.Inf(-1)
	if null {
		low, high = 0, 0
	}
	for _, u := range row.Determined {
		low, high = min(low, s[u]), max(high, s[u])
	}
	if row.Range = high - low; row.Range >= FlatRange {
		for _, u := range row.Determined {
			if s[u] > (low+high)/2 {
				row.Set = append(row.Set, u)
			}
		}
	}
	fillAttention(row.Attention, row.Determined, row.Determined, s, null)
	return row
}

// untold returns the words outside a set that tell nothing about what follows and
// have a score above the middle of the row all the same. The counted loss, by
// which the set was cut, may hardly feel them where the row is rare.
func untold(mask data.MaskRow, set []data.Word, s []float64, middle float64) []data.Word {
	var words []data.Word
	for _, c := range mask.Candidates {
		if !c.Informs && s[c.Word] > middle && !slices.Contains(set, c.Word) {
			words = append(words, c.Word)
		}
	}
	return words
}

// standingOut names the words of a row that ought to be flat: those further
// from the null slot's 0 than half of the furthest, or without a null slot those
// above the middle.
func standingOut(about []data.Word, s []float64, low, high float64, null bool) []data.Word {
	var set []data.Word
	for _, u := range about {
		if null && 2*math.Abs(s[u]) > max(high, -low) || !null && s[u] > (low+high)/2 {
			set = append(set, u)
		}
	}
	return set
}

// fillAttention puts the attention of the row's words in place.
func fillAttention(attention []float64, about, candidates []data.Word, s []float64, null bool) {
	if null {
		for _, u := range about {
			attention[u] = sigmoid(s[u])
		}
		return
	}
	row := make([]float64, len(candidates))
	for i, u := range candidates {
		row[i] = s[u]
	}
	softmax(row)
	for i, u := range candidates {
		if _, ok := slices.BinarySearch(about, u); ok { // both in ascending order
			attention[u] = row[i]
		}
	}
}

func learnLogistic(e *Experiment, w data.Word, s, attention []float64) LearnedRow {
	row := LearnedRow{Word: w, Attention: attention, Determined: candidatesOf(e.Masks.Rows[w])}
	for _, u := range row.Determined {
		row.Attention[u] = sigmoid(s[u])
		if s[u] > 0 {
			row.Set = append(row.Set, u)
		}
	}
	return row
}

func learnTable(e *Experiment, w data.Word, s, attention []float64) LearnedRow {
	row := LearnedRow{Word: w, Attention: attention}
	if e.Counts.Transitions[w].Total == 0 && e.Config.Objective == graph.CrossEntropy {
		return row
	}
	copy(row.Attention, s)
	if e.Config.Objective == graph.CrossEntropy {
		softmax(row.Attention)
	}
	for y, p := range row.Attention {
		if p >= Worth {
			row.Set = append(row.Set, data.Word(y))
		}
	}
	return row
}

// softmax replaces scores by their softmax.
func softmax(s []float64) {
	top := s[0]
	for _, x := range s {
		if x > top {
			top = x
		}
	}
	isa, err := kernel.Default()
	if err != nil {
		isa = kernel.Go // the run has ended with this error before
	}
	kernel.New[float64](isa).Exp(s, top)
	sum := 0.0
	for _, x := range s {
		sum += x
	}
	for i := range s {
		s[i] /= sum
	}
}

// sigmoid is 1/(1+e^−x), without overflow.
func sigmoid(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / (1 + math.Exp(x))
	}
	return 1 / (1 + math.Exp(-x))
}

func candidatesOf(r data.MaskRow) []data.Word {
	words := make([]data.Word, len(r.Candidates))
	for i, c := range r.Candidates {
		words[i] = c.Word
	}
	return words
}
