// Package text reads text and splits it into words.
//
// [Open] names a text, [Lines] checks it and hands it out line by line, a line
// being a sentence, and a [Tokenizer] splits a line into tokens: the words of
// Unicode Standard Annex #29, characters, or what stands between white space.
// Nothing is counted here.
package text
