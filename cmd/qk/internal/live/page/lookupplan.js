// Where the parts of a lookup lie: x times Q gives q, q times Kᵀ gives the scores. Each
// product stands under its matrix and beside its vector, so that rows and columns line up;
// on a narrow page the parts follow each other from top to bottom.

import { measure } from './pen.js';
import { ready } from './cells.js';

const labelRoom = 20; // above a matrix or a strip
const most = 28;
const least = 9;

// formOf says which matrices there are: Q and K, K alone (one-hot form), or only their
// product, where Q and K are too wide to be shown.
export function formOf(store) {
  if (store.session.one_hot) return 'one-hot';
  return store.frame.q && store.frame.k ? 'product' : 'wide';
}

// rowShown is the row that is looked up: the pinned one, else the first with a counted
// set, else the first.
export function rowShown(store) {
  if (!ready(store) || store.shape.rows.length === 0) return -1;
  const pinned = store.shape.rows.indexOf(store.view.row);
  if (pinned >= 0) return pinned;
  return Math.max(0, store.shape.counted_sets.findIndex((set) => set.length > 0));
}

// plan places the parts within a width, from y = 0 on.
export function plan(width, store) {
  const { rows, columns } = store.shape;
  const form = formOf(store);
  const R = form === 'product' ? store.session.rank : 0;
  const size = 11;
  const room = (words, limit) => Math.ceil(Math.min(limit, Math.max(20, ...words.map((w) => measure(store.word(w), { size, weight: 700 }))))) + 8;
  const limit = width < 520 ? 72 : 100;
  const side = room(rows, limit);
  const above = room(columns, limit);
  const aboveX = room(rows, limit);
  const strips = stripsOf(store);
  const middle = form === 'product' ? side + 12 + R : side + 12;

  const across = Math.floor((width - 2 * side - 60) / (rows.length + columns.length + (form === 'product' ? R : 0)));
  if (across >= 11) return sideBySide(Math.min(most, across));
  return stacked();

  function sideBySide(cell) {
    const p = { form, cell, rank: cell, size: Math.min(size, cell * 0.9), side, above, strips, wide: true };
    const high = Math.max(rows.length * cell, form === 'product' ? R * cell + above : 0, aboveX + labelRoom);
    const top = labelRoom + (form === 'product' ? 0 : above);
    p.base = top + high + labelRoom; // where x, q and the scores lie
    p.x = { x: 4, y: p.base };
    const matrixX = 4 + rows.length * cell + side + 16;
    if (form === 'product') {
      p.Q = { x: matrixX, y: top + high - rows.length * cell };
      p.q = { x: matrixX, y: p.base };
      p.K = { x: matrixX + R * cell + 44, y: top + high - R * cell };
    } else {
      p.S = { x: matrixX, y: top + high - rows.length * cell };
    }
    p.scores = { x: (p.K ?? p.S).x, y: p.base };
    return withStrips(p);
  }

  function stacked() {
    const low = Math.max(14, Math.floor(420 / rows.length)); // so that Q is not taller than a screen
    const cell = Math.max(least, Math.min(most, low, Math.floor((width - side - 8) / Math.max(rows.length, columns.length))));
    const p = { form, cell, rank: R ? Math.max(4, Math.min(cell, Math.floor((width - side - 8) / R))) : cell, size: Math.min(size, Math.max(9, cell * 0.9)), side, above, strips, wide: false };
    let y = aboveX + labelRoom;
    p.x = { x: side, y };
    y += cell + 14 + labelRoom;
    if (form === 'product') {
      p.Q = { x: side, y };
      y += rows.length * cell + labelRoom;
      p.q = { x: side, y };
      y += cell + numberRoom(p.rank) + 14 + labelRoom + above;
      p.K = { x: side, y };
      y += R * p.rank + labelRoom;
    } else {
      y += above;
      p.S = { x: side, y };
      y += rows.length * cell + labelRoom;
    }
    p.scores = { x: side, y };
    return withStrips(p);
  }

  // withStrips puts attention and counts below the scores.
  function withStrips(p) {
    let { y } = p.scores;
    p.places = strips.map(() => {
      const at = { x: p.scores.x, y };
      y += p.cell + numberRoom(p.cell) + labelRoom;
      return at;
    });
    p.height = y - labelRoom + 8;
    p.width = Math.max(p.scores.x + columns.length * p.cell, middle) + 4;
    return p;
  }
}

// numberRoom is the room below a strip for the numbers of its cells.
export function numberRoom(cell) {
  if (cell >= 34) return 15;
  return cell >= least ? 36 : 4;
}

// stripsOf lists what there is of the row in each of the shown columns: the scores, what
// becomes of them, and what was counted.
function stripsOf(store) {
  const { session, shape, frame } = store;
  const squared = session.table && session.objective === 'squared';
  const list = [{ kind: 'scores', values: frame.scores }];
  if (!squared) list.push({ kind: 'attention', values: frame.attention });
  list.push({ kind: 'counted', values: shape.counted });
  return list;
}
