// A curve over the steps, with its axes.

import { brief, whole } from './numbers.js';
import { stepOf } from './scale.js';

const fewPoints = 60; // of which each is marked, so that what lies between them is seen to be a guess

// ticks are round numbers from low to high, about as many as wanted.
function ticks(low, high, wanted) {
  if (!(high > low)) return [low];
  const step = stepOf(high - low, Math.max(1, wanted));
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) out.push(k * step);
  return out;
}

// thinned keeps about as many points as there is room for, the last among them.
function thinned(points, most) {
  const every = Math.ceil(points.length / most);
  return every <= 1 ? points : points.filter((_, k) => k % every === 0 || k === points.length - 1);
}

// drawCurve draws [[step, value], …] in a box of the given size; the line of zero is part
// of it.
export function drawCurve(pen, palette, left, top, width, height, points, label) {
  const values = points.map(([, v]) => v);
  let low = Math.min(0, ...range(values));
  let high = Math.max(0, ...range(values));
  if (low === high) [low, high] = [-1e-3, 1e-3];
  const space = (high - low) * 0.06;
  [low, high] = [low < 0 ? low - space : low, high > 0 ? high + space : high];
  const first = points.length ? points[0][0] : 0;
  const last = Math.max(first + 1, points.length ? points[points.length - 1][0] : 1);
  const room = 62;
  const [x0, x1, y0, y1] = [left + room, left + width - 12, top + 18, top + height - 34];
  const x = (step) => x0 + ((step - first) / (last - first)) * (x1 - x0);
  const y = (v) => y1 - ((v - low) / (high - low)) * (y1 - y0);
  const size = 11;
  for (const v of ticks(low, high, 4)) {
    pen.line(x0, y(v), x1, y(v), { stroke: palette.grid, width: 1 });
    pen.text(x0 - 6, y(v) + 4, brief(Math.abs(v) < 1e-15 ? 0 : v, 3), { size, anchor: 'end', fill: palette.faint });
  }
  for (const step of ticks(first, last, width < 480 ? 3 : 6)) {
    if (step !== Math.round(step)) continue;
    pen.text(x(step), y1 + 16, whole(step), { size, anchor: 'middle', fill: palette.faint });
  }
  pen.text(x1, y1 + 30, 'step', { size, anchor: 'end', fill: palette.faint });
  pen.text(left, top + 10, label, { size: 12, fill: palette.ink });
  pen.line(x0, y(0), x1, y(0), { stroke: palette.ink, width: 1.2, dash: [5, 3] });
  if (!points.length) return;
  const line = thinned(points, 600).map(([step, v], k) => `${k ? 'L' : 'M'}${fixed(x(step))} ${fixed(y(v))}`).join('');
  pen.path(line, { stroke: palette.learned, width: 2 });
  if (points.length <= fewPoints) for (const [step, v] of points) pen.circle(x(step), y(v), 2, { fill: palette.learned });
  const [step, value] = points[points.length - 1];
  pen.circle(x(step), y(value), 3.5, { fill: palette.learned });
}

const fixed = (n) => n.toFixed(1);

// range is the least and the largest of some numbers, however many.
function range(values) {
  let [low, high] = [0, 0];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
}
