// The loss on the ladder of counted lines.

import { byline } from '../cells.js';
import { apart, lines, planOf } from '../ladderplan.js';
import { brief, decimals, whole } from '../numbers.js';
import { element, keepDrawn, onSVG, setText, svgElement } from '../repaint.js';
import { stepOf } from '../scale.js';

const titleRoom = 54;

let powers = false; // whether the scale is of powers of ten

// aboutLine says what a line is.
function aboutLine(key, session) {
  if (key === 'floor' && session.table) {
    return session.objective === 'squared' ? 'no scores of this rank come nearer to the counted table' : 'the counted table itself: no other is as good';
  }
  if (key === 'floor' && session.objective === 'logistic') return 'the counted mask itself, at scores without end';
  return {
    first_order: 'the current word alone, P(y|w)', all_votes: 'every earlier word votes', graded_mask: 'votes weighed by how much each word tells',
    best_mask: 'the best choice of voters, found by trying all', floor: 'proved: no attention over these votes is lower',
  }[key];
}

const height = (width) => Math.round(Math.max(250, Math.min(360, width * 0.55)));

function chart(pen, palette, width, tall, store, top) {
  const p = planOf(width, tall, store, top, powers);
  drawScales(pen, palette, p);
  drawLines(pen, palette, p);
  drawCurve(pen, palette, p);
}

function drawScales(pen, palette, { box, ticks, title, last, x, y }) {
  const small = { size: 11.5, fill: palette.faint };
  pen.text(box.left, box.top - 12, title, small);
  for (const [loss, text] of ticks) {
    pen.line(box.left, y(loss), box.right, y(loss), { stroke: palette.grid });
    pen.text(box.left - 8, y(loss) + 4, text, { ...small, anchor: 'end' });
  }
  const stride = Math.max(1, stepOf(last, Math.max(2, (box.right - box.left) / 90)));
  for (let s = 0; s <= last; s += stride) {
    pen.line(x(s), box.bottom, x(s), box.bottom + 4, { stroke: palette.faint });
    pen.text(x(s), box.bottom + 17, whole(s), { ...small, anchor: 'middle' });
  }
  pen.line(box.left, box.bottom, box.right, box.bottom, { stroke: palette.faint });
  pen.text((box.left + box.right) / 2, box.bottom + 33, 'steps', { ...small, anchor: 'middle' });
}

function drawLines(pen, palette, { box, known, y }) {
  const spots = apart(known.map((l) => y(l.loss)), 15, box.top, box.bottom - 2);
  known.forEach((level, k) => {
    const floor = level.key === 'floor';
    pen.line(box.left, y(level.loss), box.right, y(level.loss), { stroke: palette.counted, width: floor ? 2 : 1.25, dash: floor ? undefined : [5, 4] });
    if (Math.abs(spots[k] - y(level.loss)) > 1) pen.line(box.right, y(level.loss), box.right + 6, spots[k], { stroke: palette.counted });
    pen.text(box.right + 8, spots[k] + 4, level.name, { size: 12, fill: palette.counted });
  });
}

// drawCurve draws the learned curve, and where it stands.
function drawCurve(pen, palette, { curve, x, y }) {
  if (!curve.length) return;
  const d = curve.map(([step, loss], k) => `${k ? 'L' : 'M'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`).join('');
  pen.path(d, { stroke: palette.learned, width: 2.25, cap: 'round' });
  const [step, loss] = curve.at(-1);
  pen.circle(x(step), y(loss), 4.5, { fill: palette.learned, stroke: palette.paper, width: 1.5 });
}

function mount(host, store) {
  const svg = svgElement({ role: 'img', 'aria-label': 'The loss over the steps, among the counted lines of the table below' });
  const box = element('input', { type: 'checkbox', id: 'ladder-powers' });
  const choice = element('label', { class: 'check-line' }, box, 'Show what is above the floor, in powers of ten');
  const table = element('table', { class: 'numbers-table', id: 'ladder-lines' });
  host.append(svg, choice, element('div', { class: 'scroll' }, table));
  const ask = keepDrawn(host, store, () => {
    if (!store.session || !store.frame) return;
    const width = host.clientWidth;
    choice.hidden = store.session.ladder.floor === null;
    onSVG(svg, width, height(width), (pen, palette) => chart(pen, palette, width, height(width), store, 0));
    fill(table, store);
  });
  box.addEventListener('change', () => {
    powers = box.checked;
    ask();
  });
}

// rows are the lines from the worst to the best, with the learned loss among them.
function rows({ session, frame }) {
  const { ladder } = session;
  const all = lines.filter(([key]) => ladder[key] !== null && ladder[key] !== undefined)
    .map(([key, name]) => ({ name, loss: ladder[key], note: aboutLine(key, session) }));
  const at = all.findIndex(({ name, loss }) => name === 'floor' || loss < frame.loss);
  all.splice(at < 0 ? all.length : at, 0, { name: 'learned', loss: frame.loss, note: `after step ${whole(frame.step)}` });
  return all.map(({ name, loss, note }) => [name, note, decimals(loss, 6), ladder.floor === null || name === 'floor' ? '' : `+${brief(Math.max(0, loss - ladder.floor))}`]);
}

// fill writes the table; numbers that change do not make it anew.
function fill(table, store) {
  const texts = rows(store);
  if (table.tBodies[0]?.rows.length !== texts.length) {
    table.replaceChildren(element('caption', {}, ''), element('thead', {}, element('tr', {},
      element('th', { scope: 'col' }, 'from the worst to the best'), element('th', { scope: 'col' }, 'loss'), element('th', { scope: 'col' }, 'above the floor'))),
    element('tbody', {}, ...texts.map(() => element('tr', {}, element('th', { scope: 'row' }, element('span'), element('span', { class: 'note' })), element('td'), element('td')))));
  }
  setText(table.caption, `Losses in ${store.session.unit}`);
  texts.forEach(([name, note, loss, above], i) => {
    const { cells } = table.tBodies[0].rows[i];
    table.tBodies[0].rows[i].classList.toggle('learned', name === 'learned');
    setText(cells[0].firstChild, name);
    setText(cells[0].lastChild, note);
    setText(cells[1], loss);
    setText(cells[2], above);
  });
}

function draw(pen, width, store, palette) {
  pen.title(view.title);
  pen.rect(0, 0, width, view.height(width), { fill: palette.paper });
  pen.text(16, 24, view.title, { size: 16, weight: 600 });
  if (!store.session || !store.frame) return;
  pen.text(16, 42, byline(store), { size: 11.5, fill: palette.faint });
  chart(pen, palette, width - 16, height(width), store, titleRoom);
}

export const view = {
  id: 'ladder',
  title: 'The loss',
  about: 'The curve is learned. The lines are counted: how well one can tell the next word by each way of looking back. Below the floor nothing can go.',
  mount, draw, height: (width) => titleRoom + height(width) + 8,
};
