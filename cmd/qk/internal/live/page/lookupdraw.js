// Draws a lookup as it is planned: matrices, strips and what leads from one to the other.

import { brief } from './numbers.js';
import { names } from './cells.js';
import { measure, shorten } from './pen.js';
import { numberRoom } from './lookupplan.js';

const labelSize = 12;

// drawLookup draws row i with its upper left corner at (left, top).
export function drawLookup(pen, palette, left, top, p, i, store) {
  const { session, shape, frame } = store;
  const { rows, columns } = shape;
  const R = session.rank;
  const V = session.V;
  const place = ({ x, y }) => ({ x: left + x, y: top + y });
  const word = store.word(rows[i]);
  const marked = columns.indexOf(store.view.hoverColumn >= 0 ? store.view.hoverColumn : store.view.column);
  const label = ({ x, y }, text) => pen.text(x, y - 6, text, { size: labelSize, weight: 600, fill: palette.ink });

  const x = place(p.x);
  wordsAbove(pen, palette, x, rows, p, i, store, 20);
  label(x, `x  [1,${V}]`);
  const onehot = Float32Array.from(rows, (_, k) => (k === i ? 1 : 0));
  cells(pen, x, onehot, rows.length, p.cell, p.cell, palette.sequential, palette);
  pen.text(x.x + p.cell * (i + 0.5), x.y + p.cell / 2 + 4, '1', { size: Math.min(12, p.cell), weight: 700, anchor: 'middle', fill: palette.readable(palette.sequential(1)) });

  const matrix = place(p.form === 'product' ? p.Q : p.S);
  lead(pen, palette, x, matrix, p, i, word);
  if (p.form === 'product') {
    const Q = matrix;
    const most = largest(frame.q);
    label(Q, `× Q  [${V},${R}]`);
    wordsLeft(pen, palette, Q, rows, p, i, store);
    cells(pen, Q, frame.q, R, p.rank, p.cell, (t) => palette.diverging(t / most), palette);
    outline(pen, palette, Q.x, Q.y + p.cell * i, R * p.rank, p.cell);
    const q = place(p.q);
    const own = frame.q.subarray(i * R, (i + 1) * R);
    label(q, `= q  [1,${R}]`);
    cells(pen, q, own, R, p.rank, p.cell, (t) => palette.diverging(t / most), palette);
    outline(pen, palette, q.x, q.y, R * p.rank, p.cell);
    numbers(pen, palette, q, own, p.rank, p.cell);
    const K = place(p.K);
    const mostK = largest(frame.k);
    label({ x: K.x, y: K.y - p.above }, `× Kᵀ  [${R},${V}]`);
    wordsAbove(pen, palette, K, columns, p, marked, store, 0);
    cells(pen, K, transposed(frame.k, columns.length, R), columns.length, p.cell, p.wide ? p.cell : p.rank, (t) => palette.diverging(t / mostK), palette);
    if (marked >= 0) outline(pen, palette, K.x + p.cell * marked, K.y, p.cell, R * (p.wide ? p.cell : p.rank));
  } else {
    const most = largest(frame.scores);
    label({ x: matrix.x, y: matrix.y - p.above }, p.form === 'one-hot' ? `× Kᵀ  [${V},${V}]` : `× QKᵀ  [${V},${V}]`);
    wordsAbove(pen, palette, matrix, columns, p, marked, store, 0);
    wordsLeft(pen, palette, matrix, rows, p, i, store);
    cells(pen, matrix, frame.scores, columns.length, p.cell, p.cell, (t) => palette.diverging(t / most), palette);
    outline(pen, palette, matrix.x, matrix.y + p.cell * i, columns.length * p.cell, p.cell);
  }
  p.strips.forEach((strip, k) => drawStrip(pen, palette, place(p.places[k]), strip, p, i, marked, store));
}

// stripLabel names a strip, and says how it comes from the one before.
function stripLabel(kind, session) {
  const factor = (text) => (session.scaled ? `${text} / √${session.rank}` : text);
  if (kind === 'scores') return session.one_hot ? `= S  [1,${session.V}]  scores` : `= S = ${factor('q·Kᵀ')}  [1,${session.V}]  scores`;
  if (kind === 'counted') return session.table ? 'P(y|w), counted' : 'counted mask';
  return `${names(session).learned}, ${session.table ? 'learned' : 'attention'}`;
}

function drawStrip(pen, palette, at, strip, p, i, marked, store) {
  const across = store.shape.columns.length;
  const own = strip.values.subarray(i * across, (i + 1) * across);
  pen.text(at.x, at.y - 6, stripLabel(strip.kind, store.session), { size: labelSize, weight: 600, fill: { attention: palette.learned, counted: palette.counted }[strip.kind] ?? palette.ink });
  const most = strip.kind === 'scores' ? largest(strip.values) : 1;
  const shade = strip.kind === 'scores' ? (t) => palette.diverging(t / most) : (t) => palette.sequential(t);
  cells(pen, at, own, across, p.cell, p.cell, shade, palette);
  outline(pen, palette, at.x, at.y, across * p.cell, p.cell);
  numbers(pen, palette, at, own, p.cell, p.cell);
  if (marked >= 0) outline(pen, palette, at.x + p.cell * marked, at.y, p.cell, p.cell);
}

function largest(values) {
  let most = 1e-9;
  for (const v of values) if (Math.abs(v) > most) most = Math.abs(v);
  return most;
}

function transposed(values, rows, columns) {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c];
  return out;
}

// cells draws a matrix of shades with a frame; a dot is what is not determined.
function cells(pen, { x, y }, values, across, wide, high, shade, palette) {
  values.forEach((value, k) => {
    const [cx, cy] = [x + wide * (k % across), y + high * Math.floor(k / across)];
    if (Number.isNaN(value)) pen.circle(cx + wide / 2, cy + high / 2, Math.max(1.2, wide / 13), { fill: palette.missing });
    else pen.rect(cx + 0.4, cy + 0.4, wide - 0.8, high - 0.8, { fill: shade(value) });
  });
  pen.rect(x, y, wide * across, high * Math.ceil(values.length / across), { stroke: palette.faint, width: 0.75 });
}

function outline(pen, palette, x, y, w, h) {
  pen.rect(x - 0.5, y - 0.5, w + 1, h + 1, { stroke: palette.second, width: 1.8 });
}

// numbers writes a strip's numbers below it, upright where cells are wide enough.
function numbers(pen, palette, { x, y }, values, wide, high) {
  if (numberRoom(wide) < 10) return;
  const flat = wide >= 34;
  const size = Math.min(10, Math.max(8.5, wide * 0.85));
  values.forEach((value, k) => {
    const middle = x + wide * (k + 0.5);
    const options = { size, mono: true, fill: Number.isNaN(value) ? palette.faint : palette.ink };
    if (flat) pen.text(middle, y + high + 11, brief(value, 3), { ...options, anchor: 'middle' });
    else pen.text(middle + size * 0.35, y + high + 4, compact(value), { ...options, anchor: 'end', rotate: -90 });
  });
}

// compact is a number in five characters or so.
function compact(x) {
  if (Number.isNaN(x)) return '–';
  const size = Math.abs(x);
  const text = x.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  return (Number(text) === 0 ? '0' : text).replace('-', '−');
}

function wordsLeft(pen, palette, { x, y }, words, p, marked, store) {
  words.forEach((w, k) => {
    const options = { size: p.size, anchor: 'end', weight: k === marked ? 700 : 400, fill: k === marked ? palette.secondText : palette.ink };
    pen.text(x - 5, y + p.cell * (k + 0.5) + p.size * 0.35, shorten(store.word(w), p.side - 8, options), options);
  });
}

function wordsAbove(pen, palette, { x, y }, words, p, marked, store, lift) {
  words.forEach((w, k) => {
    const options = { size: p.size, rotate: -90, weight: k === marked ? 700 : 400, fill: k === marked ? palette.secondText : palette.ink };
    pen.text(x + p.cell * (k + 0.5) + p.size * 0.35, y - 4 - lift, shorten(store.word(w), (lift ? p.side : p.above) - 8, options), options);
  });
}

// lead goes from the 1 of x up to the row that it picks, and into it.
function lead(pen, palette, x, matrix, p, i, word) {
  if (!p.wide) return;
  const from = x.x + p.cell * (i + 0.5);
  const to = matrix.x - 10 - Math.min(p.side - 8, measure(word, { size: p.size, weight: 700 }));
  const y = matrix.y + p.cell * (i + 0.5);
  const clear = x.y - p.side - 22;
  if (y < clear) pen.path(`M${from} ${clear}V${y}H${to}`, { stroke: palette.second, width: 1.4, dash: [4, 3] });
  else pen.path(`M${from} ${clear}V${clear - 8}H${to - 8}V${y}H${to}`, { stroke: palette.second, width: 1.4, dash: [4, 3] });
  pen.path(`M${to - 5} ${y - 4}L${to} ${y}L${to - 5} ${y + 4}`, { stroke: palette.second, width: 1.4 });
}
