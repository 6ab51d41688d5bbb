// Package data turns text into counts, and counts into the masks that attention
// can be checked against.
//
// The path is: text, words, vocabulary, counts, masks. [text.Open] names a text,
// [Load] splits it into words and keeps the sentences ([LoadAll] those of several), [Count] counts which word
// follows which, once on its own (first order) and once for every earlier word
// of the sentence (second order with skips), and [NewMasks] derives from the
// counts alone which earlier words matter for the word that comes next. Nothing
// here is learned: every figure is an integer count or follows from integer
// counts, so a learned matrix can be held against it.
//
// The construction is that of the sections "Second order sequence model with
// skips", "Masking" and "Attention as matrix multiplication" of Brandon Rohrer,
// "Transformers from Scratch", https://e2eml.school/transformers.html. The
// article posits its masks; this package counts them.
//
// # Symbols
//
//   - V is the size of the vocabulary.
//   - w is the current word, the most recent one.
//   - u is an earlier word: a distinct word among the last L words before w in
//     the same sentence.
//   - y is the next word.
//   - c1(w,y) counts transitions, c2(u,w,y) counts pair transitions, and N is
//     the number of positions, that is Σ c1.
//   - P(y|w) = c1(w,y)/c1(w) and P(y|u,w) = c2(u,w,y)/c2(u,w).
//
// Where some of the text is held out ([Part]), [Smoothing] estimates these shares
// with Dirichlet priors, P̃, and [Voters] gives them for every position.
//
// Entropies, divergences and losses are in nats.
package data
