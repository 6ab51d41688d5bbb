// The loss on the ladder of counted lines.

import { decimals, whole } from '../numbers.js';
import { measure } from '../pen.js';
import { element, keepDrawn, onSVG, svgElement } from '../repaint.js';

const lines = [
  ['first_order', 'first order'], ['all_votes', 'all votes'], ['graded_mask', 'graded mask'], ['best_mask', 'best mask'], ['floor', 'floor'],
];
const about = {
  first_order: 'P(y|w): the current word alone', all_votes: 'every earlier word votes', graded_mask: 'votes weighed by how much each word tells',
  best_mask: 'the best choice of voters, by exhaustive search', floor: 'a proof: no attention over these votes is lower',
};

const margin = { top: 14, bottom: 38, left: 70 };

// levels are the counted lines that are defined; equal ones are one.
function levels(store) {
  const found = [];
  for (const [key, name] of lines) {
    const loss = store.session.ladder[key];
    if (loss === null || loss === undefined) continue;
    const same = found.find((level) => Math.abs(level.loss - loss) < 1e-9);
    if (same) same.name += ` = ${name}`;
    else found.push({ key, name, loss });
  }
  return found;
}

function height(width) {
  return Math.round(Math.max(240, Math.min(360, width * 0.55)));
}

// plan chooses the scales: from the floor to what is highest of the lines and the curve.
function plan(width, tall, store, top) {
  const known = levels(store);
  const curve = store.history.filter(([, loss]) => loss !== null);
  const losses = [...known.map((l) => l.loss), ...curve.map(([, loss]) => loss)];
  let low = Math.min(...losses);
  let high = Math.max(...losses);
  if (!(high > low)) [low, high] = [low - 0.5, high + 0.5];
  const pad = 0.06 * (high - low);
  [low, high] = [low - pad, high + pad];
  const last = Math.max(10, curve.at(-1)?.[0] ?? 0);
  const labels = Math.max(0, ...known.map((l) => measure(l.name, { size: 12 })));
  const right = width - Math.min(labels + 14, width * 0.42);
  const box = { left: margin.left, right, top: top + margin.top, bottom: top + tall - margin.bottom };
  return {
    known, curve, box, low, high, last,
    x: (step) => box.left + (step / last) * (box.right - box.left),
    y: (loss) => box.bottom - ((loss - low) / (high - low)) * (box.bottom - box.top),
  };
}

// round is a step of a scale: 1, 2 or 5 times a power of 10.
function round(span, parts) {
  const raw = span / parts;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((k) => k * power).find((size) => size >= raw);
}

// apart moves labels so that none covers another, and keeps their order.
function apart(places, gap, top, bottom) {
  const order = [...places.keys()].sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  order.forEach((k, n) => {
    moved[k] = Math.max(moved[k], n ? moved[order[n - 1]] + gap : top);
  });
  order.reverse().forEach((k, n) => {
    moved[k] = Math.min(moved[k], n ? moved[order[n - 1]] - gap : bottom);
  });
  return moved;
}

function chart(pen, palette, width, tall, store, top) {
  const p = plan(width, tall, store, top);
  const { box } = p;
  const small = { size: 11.5, fill: palette.faint };
  const size = round(p.high - p.low, 4);
  const places = Math.max(0, Math.ceil(-Math.log10(size) - 1e-9));
  for (let v = Math.ceil(p.low / size) * size; v <= p.high; v += size) {
    pen.line(box.left, p.y(v), box.right, p.y(v), { stroke: palette.grid });
    pen.text(box.left - 8, p.y(v) + 4, decimals(v, places), { ...small, anchor: 'end' });
  }
  const stride = Math.max(1, round(p.last, Math.max(2, (box.right - box.left) / 90)));
  for (let s = 0; s <= p.last; s += stride) {
    pen.line(p.x(s), box.bottom, p.x(s), box.bottom + 4, { stroke: palette.faint });
    pen.text(p.x(s), box.bottom + 17, whole(s), { ...small, anchor: 'middle' });
  }
  pen.line(box.left, box.bottom, box.right, box.bottom, { stroke: palette.faint });
  pen.text((box.left + box.right) / 2, box.bottom + 33, 'steps', { ...small, anchor: 'middle' });
  const spots = apart(p.known.map((l) => p.y(l.loss)), 15, box.top, box.bottom - 2);
  p.known.forEach((level, k) => {
    const floor = level.name.includes('floor');
    pen.line(box.left, p.y(level.loss), box.right, p.y(level.loss), { stroke: palette.counted, width: floor ? 2 : 1.25, dash: floor ? undefined : [5, 4] });
    if (Math.abs(spots[k] - p.y(level.loss)) > 1) pen.line(box.right, p.y(level.loss), box.right + 6, spots[k], { stroke: palette.counted });
    pen.text(box.right + 8, spots[k] + 4, level.name, { size: 12, fill: palette.counted });
  });
  trace(pen, palette, p);
}

// trace draws the learned curve, and where it stands.
function trace(pen, palette, p) {
  if (!p.curve.length) return;
  let d = '';
  for (const [step, loss] of p.curve) d += `${d ? 'L' : 'M'}${p.x(step).toFixed(1)} ${p.y(loss).toFixed(1)}`;
  pen.path(d, { stroke: palette.learned, width: 2.25, cap: 'round' });
  const [step, loss] = p.curve.at(-1);
  pen.circle(p.x(step), p.y(loss), 4.5, { fill: palette.learned, stroke: palette.paper, width: 1.5 });
}

function mount(host, store) {
  const svg = svgElement({ role: 'img', 'aria-label': 'The loss over the steps, among counted lines' });
  const table = element('table', { class: 'numbers-table', id: 'ladder-lines' });
  host.append(svg, element('div', { class: 'scroll' }, table));
  let shown = '';
  keepDrawn(host, store, () => {
    if (!store.session || !store.frame) return;
    const width = host.clientWidth;
    onSVG(svg, width, height(width), (pen, palette) => chart(pen, palette, width, height(width), store, 0));
    const text = rows(store).flat().join('|');
    if (text !== shown) {
      shown = text;
      fill(table, store);
    }
  });
}

// rows are the lines from the worst to the best, with the learned loss among them.
function rows(store) {
  const all = lines.map(([key, name]) => [name, store.session.ladder[key], about[key]]).filter(([, loss]) => loss !== null && loss !== undefined);
  const learned = ['learned', store.frame.loss, 'the scores Q·Kᵀ as they are now'];
  const at = all.findIndex(([name, loss]) => name === 'floor' || loss < store.frame.loss);
  all.splice(at < 0 ? all.length : at, 0, learned);
  return all.map(([name, loss, note]) => [name, decimals(loss, 6), note]);
}

function fill(table, store) {
  table.replaceChildren(element('caption', {}, `Loss in ${store.session.unit}, from the worst to the best`),
    element('tbody', {}, ...rows(store).map(([name, loss, note]) => element('tr', name === 'learned' ? { class: 'learned' } : {},
      element('th', { scope: 'row' }, name), element('td', {}, loss), element('td', { class: 'note' }, note)))));
}

function draw(pen, width, store, palette) {
  pen.title(view.title);
  pen.text(16, 26, view.title, { size: 16, weight: 600 });
  if (!store.frame) return;
  pen.text(16, 45, `${store.session.settings.corpus}: ${store.session.unit}; learned ${decimals(store.frame.loss, 6)} after step ${whole(store.frame.step)}`, { size: 11.5, fill: palette.faint });
  chart(pen, palette, width - 16, height(width), store, 52);
}

export const view = {
  id: 'ladder',
  title: 'The loss, among counted lines',
  about: 'The curve is what Q and K have learned. The dashed lines are counted, not trained: how well the next word can be told from the current word alone, when all earlier words vote, or with the best mask. The floor is a proof.',
  mount, draw, height: (width) => height(width) + 60,
};
