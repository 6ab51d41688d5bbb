// Package text reads text, splits it into words and numbers the words.
//
// [OpenAll] names texts: files, plain or compressed, directories, standard input.
// [Number] reads them, on all cores, and hands out their words as numbers, sentence
// by sentence, a line being a sentence.
//
// What it finds is defined by two that are slower and simpler: [Lines] checks a text
// and hands it out line by line, and a [Tokenizer] splits a line into tokens: the
// words of Unicode Standard Annex #29, characters, or what stands between white
// space. Nothing is counted here but how often each word occurs.
package text
