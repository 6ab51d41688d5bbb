// The first gradient of a cell by automatic differentiation and by counting, in words and
// digits.

import { agreeing, brief, digits } from './numbers.js';
import { quoted } from './cells.js';

const shownDigits = 12;

// compared writes both figures to as many digits, with the leading part that agrees.
export function compared(start) {
  const [auto, counted] = [digits(start.auto, shownDigits), digits(start.counted, shownDigits)];
  if (start.auto === 0 && start.counted === 0) return { auto: '0', counted: '0', same: 1, verdict: 'Both are exactly 0.' };
  const apart = Math.abs(start.auto - start.counted);
  const near = apart / Math.max(Math.abs(start.auto), Math.abs(start.counted));
  const shared = Math.min(shownDigits, Math.floor(-Math.log10(near)));
  const far = apart === 0 ? 'They are the same number, bit for bit.' : `They differ by ${brief(apart, 3)}.`;
  const agree = shared >= shownDigits ? `All ${shownDigits} digits agree.` : `They agree to ${Math.max(0, shared)} of ${shownDigits} digits.`;
  return { auto, counted, same: agreeing(auto, counted), verdict: `${agree} ${far}` };
}

// cellName says which cell is pinned.
export function cellName(store) {
  const { row, column } = store.frame.focus;
  const [w, u] = [quoted(store.word(row)), quoted(store.word(column))];
  return store.session.table ? `next word ${u} after ${w}` : `earlier word ${u} for the current word ${w}`;
}

// reason says why a figure or the curve is not there, or is empty.
export function reason(store) {
  const { session, frame } = store;
  if (!frame.focus.start && session.task === 'recall' && session.objective !== 'cross-entropy') return `For the objective ${session.objective} there is no counted figure to compare the first gradient with.`;
  const missing = [...(frame.focus.start ? [] : ['the comparison']), ...(frame.focus.gradient === null ? ['the curve'] : [])];
  if (!missing.length) return '';
  return `The vocabulary is too large for ${missing.join(' and ')}: this takes a matrix of all words by all words. A smaller max-vocab brings ${missing.length > 1 ? 'them' : 'it'} back.`;
}

// figures says what the counted figure is made of.
export function figures(store) {
  const { start, column } = store.frame.focus;
  const { session } = store;
  if (start.kind === 'gate') {
    if (!start.share) return `${quoted(store.word(column))} never came before, so P(u,w) = 0 and the gradient is 0.`;
    return `−P(u,w) · χ² = −${brief(start.share, 4)} · ${brief(start.chi2, 4)} = ${brief(start.counted, 4)}`;
  }
  const share = store.frame.focus.row_count ? store.frame.focus.pair_count / store.frame.focus.row_count : 0;
  return `−c1(w)/N · (P(y|w) − 1/V) = −${brief(start.share, 4)} · (${brief(share, 4)} − 1/${session.V}) = ${brief(start.counted, 4)}`;
}

// meaning says what follows from the sign.
export function meaning(store) {
  const { start } = store.frame.focus;
  const x = start.auto;
  if (start.kind === 'gate') {
    return Math.abs(x) < 1e-15 ? 'It is zero: this earlier word tells nothing, so learning leaves its gate shut.' : 'It is below zero: opening this gate makes the loss smaller. The more the word tells, the steeper.';
  }
  return x < 0 ? 'It is below zero: the first step raises this score.' : 'It is above zero: the first step lowers this score.';
}
