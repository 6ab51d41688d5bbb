// What the cells of the matrices say: counted beside learned, in numbers and in words.

import { brief, count } from './numbers.js';

// ready tells whether there is a frame of the shape that is shown.
export function ready(store) {
  const { shape, frame, session } = store;
  return Boolean(session && shape && frame?.attention && frame.attention.length === shape.rows.length * shape.columns.length);
}

// names are the words for the parts of the matrices, which depend on the task.
export function names(session) {
  const soft = session.objective === 'cross-entropy' && (session.table || !session.null);
  const learned = session.table && session.objective === 'squared' ? 'S' : soft ? 'softmax(S)' : 'σ(S)';
  if (session.table) {
    return {
      row: 'current word', column: 'next word', counted: 'P(y|w)', countedTitle: 'counted: P(y|w)',
      learned, learnedTitle: `learned: ${learned}`, scale: 'probability',
    };
  }
  const logistic = session.objective === 'logistic';
  return {
    row: 'current word', column: 'earlier word', counted: logistic ? 'counted' : 'counted share', countedTitle: 'counted mask',
    learned, learnedTitle: `learned mask: ${learned}`, scale: logistic ? '1 = it tells something' : 'share of the row’s most',
  };
}

// matrices are the numbers behind the three maps. The difference holds learned less
// counted; attention that adds up to 1 over a row is first put as a share of the row's
// most, as the counted mask is.
export function matrices(store) {
  const { session, shape, frame } = store;
  const across = shape.columns.length;
  const shares = !session.table && !session.null && session.task === 'predict';
  const difference = new Float32Array(frame.attention.length);
  for (let i = 0; i < shape.rows.length; i++) {
    const row = frame.attention.subarray(i * across, (i + 1) * across);
    const most = shares ? highest(row) : 1;
    for (let j = 0; j < across; j++) difference[i * across + j] = row[j] / (most || 1) - shape.counted[i * across + j];
  }
  const top = session.table ? Math.max(highest(shape.counted), 0.01) : 1;
  return { counted: shape.counted, learned: frame.attention, difference, top, shares };
}

function highest(numbers) {
  let most = 0;
  for (const x of numbers) if (x > most) most = x;
  return most;
}

// memberships are the sets of the rows as sets of word numbers.
export function memberships(store) {
  const sets = (lists) => (lists ?? []).map((list) => new Set(list));
  return { counted: sets(store.shape.counted_sets), learned: sets(store.frame.learned_sets) };
}

// places are the row and the column of a cell of word numbers, −1 for what is not shown.
export function places(store, row, column) {
  return { i: store.shape.rows.indexOf(row), j: store.shape.columns.indexOf(column) };
}

export const quoted = (word) => `“${word}”`;

// seen says how often the two words of a cell were seen together.
export function seen(store, i, j) {
  const { shape, session } = store;
  const w = quoted(store.word(shape.rows[i]));
  const u = quoted(store.word(shape.columns[j]));
  const together = shape.pairs[i * shape.columns.length + j];
  const all = shape.row_counts[i];
  const of = `${together} of ${count(all, 'place')}`;
  if (session.table) return together ? `${u} came right after ${w} at ${of}.` : `${u} never came right after ${w}, in ${count(all, 'place')}.`;
  return together ? `${u} came before ${w} at ${of}.` : `${u} never came before ${w}, in ${count(all, 'place')}.`;
}

// facts are the numbers of a cell, each with its name.
export function facts(store, i, j) {
  const { shape, frame, session } = store;
  const at = i * shape.columns.length + j;
  const say = names(session);
  const open = 'not determined by the data';
  const number = (x) => (Number.isNaN(x) ? open : brief(x));
  const list = [
    [session.one_hot ? 'score S' : 'score S = Q·K', brief(frame.scores[at])],
    [say.learned === 'S' ? 'learned' : `attention ${say.learned}`, number(frame.attention[at])],
    [say.counted, Number.isNaN(shape.counted[at]) ? open : brief(shape.counted[at])],
  ];
  return say.learned === 'S' ? list.slice(0, 1).concat(list.slice(2)) : list;
}

// statusText says in words how the learned set of a row compares with the counted one.
export function statusText(status) {
  return {
    exact: 'the learned set is the counted set',
    missing: 'a word of the counted set is missing from the learned set',
    spurious: 'the learned set has a word that the counted set has not',
    empty: 'both sets are empty: no earlier word matters here',
    estimate: 'the row is too large for an exact mask, and its counted set is an estimate: only a learned word that tells nothing would be a fault',
    undetermined: 'the text says nothing about this row',
  }[status] ?? '';
}

// inSets says in which of the sets of its row a cell is.
export function inSets(store, i, j) {
  const member = memberships(store);
  const u = store.shape.columns[j];
  const [counted, learned] = [member.counted[i]?.has(u), member.learned[i]?.has(u)];
  if (counted && learned) return 'In the counted and in the learned set.';
  if (counted) return 'In the counted set, not in the learned one.';
  if (learned) return 'In the learned set, not in the counted one.';
  return '';
}

// spoken is everything about a cell in one sentence or two.
export function spoken(store, i, j) {
  const { shape } = store;
  const numbers = facts(store, i, j).map(([name, value]) => `${name} ${value}`).join(', ');
  return `${store.word(shape.rows[i])}, ${store.word(shape.columns[j])}: ${numbers}. ${seen(store, i, j)} ${inSets(store, i, j)}`.trim();
}

// byline says what run and which step a picture shows.
export function byline(store) {
  const { session, frame } = store;
  const form = session.one_hot ? 'one-hot form' : `rank ${session.rank}`;
  const parts = [session.settings?.corpus ?? '', `${session.task}, ${form}`, `step ${frame.step}`, `loss ${brief(frame.loss, 4)} ${session.unit}`];
  return parts.filter(Boolean).join(' · ');
}
