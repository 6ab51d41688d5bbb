package train

import "strconv"

// tuneHeldOut sets the defaults of a run that holds sentences out. They were chosen
// by the loss of the tuning sentences of five texts, at --max-vocab 2000 --holdout
// 0.1; the sentences held out had no part in it. The figure is the learned loss
// less that of the graded mask, in thousandths of a nat a word: S is Shakespeare
// (0.15 million positions; mean of 3 seeds), S′ the same with punctuation, T Tom
// Sawyer (0.06; 3 seeds), M manual pages (0.49), G and G′ comments of a program
// (0.13 and 1.24); and most is the largest number of steps until the best.
//
//	                         S      S′     T      M      G      G′     most
//	the defaults            −23.6  −46.9  −18.7  −98.4  −60.4  −66.3   101
//	start −2                −23.5  −46.6  −12.6  −99.5  −60.9  −66.3    67
//	start −4                −23.6  −46.0  −19.3  −97.4  −61.9  −66.6   127
//	first weights 0.05      −23.4  −47.0  −18.9  −98.9  −60.4  −66.3   113
//	first weights 0.2       −23.1  −46.1  −17.7  −98.7  −60.4  −65.9    77
//	penalty 1/N             −20.8  −44.1  −19.4  −96.6  −59.5  −64.4    70
//	penalty 4/N             −24.1  −46.1  −15.7  −96.7  −59.4  −66.9   142
//	rank 16                 −23.1  −44.2  −18.0  −92.4  −60.9  −63.8   162
//	rank 64                 −23.4  −45.4  −18.1 −100.2  −61.2  −66.3    70
//	rate 0.01               −24.6  −46.7  −19.0  −98.3  −60.0  −66.3   192
//	rate 0.05               −21.3  −46.2  −17.9  −98.1  −59.4  −65.5    46
//	32768 rows, rate 0.01   −23.9  −45.4  −18.8  −99.2  −61.0  −65.8   333
//	8192 rows, rate 0.005   −23.4  −46.3  −18.3  −95.9  −62.8  −61.0   390
//
// and around another middle (start −2, first weights 0.2, penalty 3·10⁻⁶):
//
//	that middle             −20.5  −43.3  −13.5  −98.2  −55.4           62
//	start 0, as all votes   −12.6  −40.0  +37.1  −99.3  −55.6           54
//	no penalty              −18.6  −39.5  −12.4  −82.9  −47.1           43
//	rank 4                  −15.2  −35.5  −14.2  −80.0  −55.9          267
//	momentum, 8000 rows     −20.1  −44.3  −21.3  −88.9  −53.4          360
//	Adagrad, 8000 rows      −21.8  −46.4  −13.5  −97.0  −62.2          390
//	the same over 60 steps
//	on a cosine             −20.9  −43.4  −13.7  −26.2  −55.2           60
//
// So what matters is a start near the null slot, which a short text cannot unlearn
// its way to from all votes, and a penalty; the rest is within the noise of a
// seed, some 1.5. All rows at every step need no rate of their own for every
// size of text, and no schedule, as the tuning sentences say when to stop. A
// context of 4 words, not 16, lowers the loss on S by a further 9, of which the graded
// mask gains 7.
func (c *Config) tuneHeldOut() {
	c.Patience, c.Schedule = 20, Constant
	c.Init, c.Start, c.L2 = 0.1, -3, UnsetL2
}

// heldOutSteps is the most steps of a run that holds sentences out.
const heldOutSteps = 400

// heldOutRate is the rate of such a run when none is given.
func heldOutRate(solver string) float64 {
	switch solver {
	case "sgd":
		return 300
	case "momentum":
		return 30
	}
	return 0.02
}

// heldOutPenalty returns λ = 2/N, rounded to two digits. Over the N positions the
// penalty then adds up to 2(‖Q‖² + ‖K‖²), which is the prior of independent normal
// numbers of standard deviation ½: the more text, the less it weighs.
func heldOutPenalty(positions uint64) float64 {
	l2, err := strconv.ParseFloat(strconv.FormatFloat(2/float64(positions), 'e', 1, 64), 64)
	if err != nil {
		return 0 // it was written a moment ago
	}
	return l2
}
