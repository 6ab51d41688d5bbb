// What each symbol of a formula means, with the numbers of the session where there are any.

import { brief, count, whole } from './numbers.js';

// penalty is λ, which the settings hold as text.
const penalty = (session) => {
  const value = Number(session.settings?.l2);
  return session.settings?.l2 && Number.isFinite(value) ? `, here ${brief(value)}` : '';
};
const positions = (session) => (session.data?.positions ? `, here ${whole(session.data.positions)}` : '');

// symbols maps a name to {show, about(session)}.
export const symbols = {
  w: { show: 'w', about: () => 'w, the current word: the most recent one, which looks back' },
  u: { show: 'u', about: () => 'u, an earlier word of the same sentence' },
  v: { show: 'u′', about: () => 'u′, each of the earlier words in turn' },
  y: { show: 'y', about: () => 'y, the next word: the one to be predicted' },
  z: { show: 'y′', about: (s) => `y′, each of the ${s.V} words in turn` },
  U: { show: 'U', about: () => 'U, the earlier words of the sentence that ever came before w in the text, each once' },
  x: { show: 'x', about: (s) => `x, the one-hot row of the current word: ${count(s.V, 'number')}, a 1 at w and 0 elsewhere` },
  V: { show: 'V', about: (s) => `V, how many different words there are: ${s.V}` },
  R: { show: 'R', about: (s) => `R, the rank: how many numbers Q and K hold for each word: ${s.rank}` },
  Q: { show: 'Q', about: (s) => (s.one_hot ? `Q, in the one-hot form the identity, [${s.V},${s.V}]: it does nothing` : `Q, the queries, learned: for each of ${s.V} current words a row of ${count(s.rank, 'number')}`) },
  K: { show: 'K', about: (s) => `K, the keys, learned: for each of ${s.V} ${s.table ? 'next' : 'earlier'} words a row of ${count(s.rank, 'number')}` },
  T: { show: 'ᵀ', about: () => 'ᵀ, transposed: rows and columns of K change places' },
  S: { show: 'S', about: (s) => `S, the scores, [${s.V},${s.V}]: how much row w wants column ${s.table ? 'y' : 'u'}. Any number, negative too` },
  root: { show: '√R', about: (s) => `√R, by which scores are divided so that they do not grow with the rank: √${s.rank} = ${brief(Math.sqrt(s.rank))}` },
  e: { show: 'e', about: () => 'e to the power of the score: always positive, and a score that is higher by 1 counts 2.718 times as much' },
  sum: { show: 'Σ', about: () => 'Σ, the sum over what stands below it' },
  a: { show: 'a', about: () => 'a, the attention: the share that an earlier word gets' },
  sigma: { show: 'σ', about: () => 'σ, the logistic function 1/(1 + e^−S): the attention of a word that is the only earlier one' },
  null: { show: '1', about: () => '1, the null slot: attention to nothing. Its score is always 0, and e to the power of 0 is 1' },
  one: { show: '1', about: () => '1, from the logistic function' },
  p: { show: 'p', about: () => 'p, the predicted probability of the next word' },
  P: { show: 'P', about: () => 'P, a share that is counted from the text' },
  Pyw: { show: 'P(y|w)', about: () => 'P(y|w), counted: of all the times that w occurs, how often y comes next, c1(w,y) divided by c1(w)' },
  Pyuw: { show: 'P(y|u,w)', about: () => 'P(y|u,w), counted: of all the times that w occurs with u before it, how often y comes next, c2(u,w,y) divided by c2(u,w)' },
  Puw: { show: 'P(u,w)', about: (s) => `P(u,w), counted: at which share of the N positions${positions(s)}, the current word is w with u before it` },
  Pall: { show: 'P(·|w)', about: () => 'P(·|w), counted: what comes after w, all next words together' },
  Ppair: { show: 'P(·|u,w)', about: () => 'P(·|u,w), counted: what comes after w when u came before it' },
  chi: { show: 'χ²', about: () => 'χ², Pearson’s chi-squared: how far two distributions lie apart, the sum of (p − q)²/q. 0 where they are the same' },
  c1: { show: 'c1(w)', about: () => 'c1(w), how often w occurs with a next word' },
  N: { show: 'N', about: (s) => `N, the number of positions: words of the text that have a next word${positions(s)}` },
  L: { show: 'L', about: (s) => `L, the loss: how wrong the predictions are on average, in ${s.unit ?? 'nats'}. Learning makes it small` },
  ln: { show: 'ln', about: () => 'ln, the natural logarithm: −ln p is the surprise in nats at something of probability p' },
  lambda: { show: 'λ', about: (s) => `λ, the weight of the penalty (l2)${penalty(s)}: it draws to zero what the text does not ask for` },
  norm: { show: '‖²', about: () => '‖ ‖², the sum of the squares of all numbers of the matrix' },
  d: { show: '∂', about: () => '∂, the gradient: how the loss changes when this one number grows a little' },
  g: { show: 'g', about: () => 'g, the gate of a pair of words: it stands in the place of e^S. At g = 0 nobody is attended to' },
  M: { show: 'M', about: () => 'M, the counted mask: 1 where u tells something about what follows w, else 0' },
  C: { show: 'C', about: () => 'C, the number of pairs (w, u) that were ever seen' },
};
