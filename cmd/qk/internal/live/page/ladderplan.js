// Where the parts of the picture of the loss lie: its lines, its curve and its scales.

import { decimals } from './numbers.js';
import { measure } from './pen.js';
import { stepOf } from './scale.js';

// lines are the counted losses, from the worst to the best, with their names.
export const lines = [
  ['first_order', 'first order'], ['all_votes', 'all votes'], ['graded_mask', 'graded mask'], ['best_mask', 'best mask'], ['floor', 'floor'],
];

const margin = { top: 26, bottom: 38, left: 62 };
const least = 1e-15; // what is above the floor by less is on it

// levels are the counted lines that are defined.
function levels(store) {
  return lines.map(([key, name]) => ({ key, name, loss: store.session.ladder[key] }))
    .filter(({ loss }) => loss !== null && loss !== undefined);
}

// planOf lays the picture out in a box of a width and a height. With powers the scale is
// of powers of ten of what is above the floor.
export function planOf(width, tall, store, top, powers) {
  const known = levels(store);
  const curve = store.history;
  const { floor } = store.session.ladder;
  const scale = powers && floor !== null ? scaleOfPowers(known, curve, floor) : scaleOfLosses(known, curve);
  const last = Math.max(10, curve.at(-1)?.[0] ?? 0);
  const labels = Math.max(0, ...known.map((l) => measure(l.name, { size: 12 })));
  const right = width - Math.min(labels + 14, width * 0.4);
  const box = { left: margin.left, right, top: top + margin.top, bottom: top + tall - margin.bottom };
  return {
    known, curve, box, last, ticks: scale.ticks,
    title: scale.powers ? `${store.session.unit} above the floor` : store.session.unit,
    x: (step) => box.left + (step / last) * (box.right - box.left),
    y: (loss) => box.bottom - scale.share(loss) * (box.bottom - box.top),
  };
}

// scaleOfLosses goes from the lowest of the lines and the curve to the highest.
function scaleOfLosses(known, curve) {
  const losses = [...known.map((l) => l.loss), ...curve.map(([, loss]) => loss)];
  let low = Math.min(...losses);
  let high = Math.max(...losses);
  if (!(high > low)) [low, high] = [low - 0.5, high + 0.5];
  const pad = 0.06 * (high - low);
  [low, high] = [low - pad, high + pad];
  const size = stepOf(high - low, 4);
  const places = Math.max(0, Math.ceil(-Math.log10(size) - 1e-9));
  const ticks = [];
  for (let k = Math.ceil(low / size); k * size <= high; k++) ticks.push([k * size, decimals(k * size, places)]);
  return { ticks, share: (loss) => (loss - low) / (high - low) };
}

// scaleOfPowers leaves the floor at the bottom, below all powers.
function scaleOfPowers(known, curve, floor) {
  const over = [...known.map((l) => l.loss), ...curve.map(([, loss]) => loss)].map((loss) => loss - floor).filter((x) => x > least);
  const low = Math.floor(Math.log10(Math.min(1, ...over)) - 0.3);
  const high = Math.max(low + 1, Math.log10(Math.max(least, ...over)) + 0.2);
  const stride = Math.max(1, Math.ceil((high - low) / 6));
  const ticks = [];
  for (let n = low + 1; n <= high; n += stride) ticks.push([floor + 10 ** n, power(n)]);
  const share = (loss) => Math.max(0, (Math.log10(Math.max(least, loss - floor)) - low) / (high - low));
  return { ticks, share, powers: true };
}

const raised = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

function power(n) {
  if (n === 0) return '1';
  return n === 1 ? '10' : `10${[...String(n)].map((c) => raised[c]).join('')}`;
}

// apart moves labels so that none covers another, and keeps their order.
export function apart(places, gap, top, bottom) {
  const order = [...places.keys()].sort((a, b) => places[a] - places[b] || a - b);
  const moved = [...places];
  order.forEach((k, n) => {
    moved[k] = Math.max(moved[k], n ? moved[order[n - 1]] + gap : top);
  });
  order.reverse().forEach((k, n) => {
    moved[k] = Math.min(moved[k], n ? moved[order[n - 1]] - gap : bottom);
  });
  return moved;
}
