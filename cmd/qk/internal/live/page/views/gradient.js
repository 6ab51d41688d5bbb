// The gradient of one cell: at the start held against its counted figure, then over the
// steps, as it falls to zero; and the counts behind it.

import { byline } from '../cells.js';
import { drawCurve } from '../curve.js';
import { formula, formulaText } from '../formula.js';
import { cellName, compared, figures, meaning, reason } from '../gradienttext.js';
import { brief, percent } from '../numbers.js';
import { element, keepDrawn, onSVG, setText, svgElement } from '../repaint.js';

const curveHeight = 190;
const howTo = 'No cell is pinned. Click a cell of the maps above, or go to it with the arrow keys and press Enter, to see its gradient.';

const focusOf = (store) => store.frame?.focus ?? null;
const curveLabel = (store) => (store.session.table ? '∂L/∂S[w,y] now' : '∂L/∂S[w,u] now');
const pointsOf = (store) => store.gradients.filter(([, g]) => Number.isFinite(g));
const hasCurve = (store) => Number.isFinite(focusOf(store)?.gradient) || pointsOf(store).length > 0;

function columnOf(label) {
  const value = element('span', { class: 'digits' });
  return { element: element('div', { class: 'figure-column' }, element('span', { class: 'figure-name' }, label), value), value };
}

// showDigits marks the leading digits that agree.
function showDigits(e, text, same) {
  if (e.textContent === text && e.dataset.same === String(same)) return;
  e.dataset.same = same;
  e.replaceChildren(element('mark', {}, text.slice(0, same)), text.slice(same));
}

function mount(host, store) {
  const hint = element('p', { class: 'hint' }, howTo);
  const name = element('p', { class: 'cell-name' });
  const formulas = element('div', { class: 'formulas' });
  const auto = columnOf('by automatic differentiation');
  const counted = columnOf('counted');
  const pair = element('div', { class: 'figure-columns' }, auto.element, counted.element);
  const made = element('p', { class: 'numbers' });
  const verdict = element('p', { class: 'numbers' });
  const sense = element('p', { class: 'hint' });
  const why = element('p', { class: 'hint' });
  const start = element('div', {}, element('h3', {}, 'At the start'), formulas, pair, verdict, made, sense);
  const svg = svgElement({ role: 'img' });
  const later = element('div', {}, element('h3', {}, 'While learning'), svg, element('p', { class: 'hint' }, 'Where the gradient is zero, this score stays as it is: learning has ended here. The curve begins where the cell was pinned; at a high speed not every step is on it.'));
  const table = element('table', { class: 'numbers-table nowrap' });
  const behind = element('div', {}, element('h3', {}, 'The counts behind it'), element('div', { class: 'scroll' }, table));
  const body = element('div', {}, name, start, element('div', { class: 'two' }, later, behind), why);
  host.append(hint, body);

  let told = null;
  keepDrawn(host, store, () => {
    const focus = focusOf(store);
    hint.hidden = Boolean(focus);
    body.hidden = !focus;
    if (!focus) return;
    if (told !== store.session) {
      told = store.session;
      formulas.replaceChildren();
      formula(formulas, 'gradient', store);
    }
    setText(name, `The pinned cell: ${cellName(store)}.`);
    setText(why, reason(store));
    why.hidden = !why.textContent;
    start.hidden = !focus.start;
    if (focus.start) {
      const said = compared(focus.start);
      showDigits(auto.value, said.auto, said.same);
      showDigits(counted.value, said.counted, said.same);
      setText(verdict, said.verdict);
      setText(made, figures(store));
      setText(sense, meaning(store));
    }
    later.hidden = !hasCurve(store);
    if (!later.hidden) {
      const width = Math.max(240, Math.min(later.clientWidth || host.clientWidth, 640));
      onSVG(svg, width, curveHeight, (pen, palette) => drawCurve(pen, palette, 0, 0, width, curveHeight, pointsOf(store), curveLabel(store)));
      svg.setAttribute('aria-label', `${curveLabel(store)} over the steps; at step ${store.frame.step} it is ${brief(focus.gradient)}`);
    }
    fillTable(table, store);
  });
}

// rowsOf are the next words with their shares, after w and after u and w.
function rowsOf(store) {
  const focus = focusOf(store);
  const share = (n, all) => (all ? `${percent(n / all)} (${n} of ${all})` : '–');
  if (store.session.table) {
    return focus.next.map((next) => [next.word, share(next.row, focus.row_count)]);
  }
  return focus.next.map((next) => [next.word, share(next.row, focus.row_count), share(next.pair, focus.pair_count)]);
}

function headsOf(store) {
  const heads = ['next word y', 'P(y|w)'];
  return store.session.table ? heads : [...heads, 'P(y|u,w)'];
}

function captionOf(store) {
  const focus = focusOf(store);
  const w = store.word(focus.row);
  if (store.session.table) return `What comes after “${w}”`;
  return `What comes after “${w}”, and what comes after it when “${store.word(focus.column)}” came before`;
}

function fillTable(table, store) {
  const rows = rowsOf(store);
  const key = JSON.stringify([captionOf(store), rows]);
  if (table.dataset.key === key) return;
  table.dataset.key = key;
  const head = element('tr', {}, ...headsOf(store).map((text) => element('th', { scope: 'col' }, text)));
  const lines = rows.map(([word, ...shares]) => element('tr', {}, element('th', { scope: 'row' }, word), ...shares.map((text) => element('td', {}, text))));
  table.replaceChildren(element('caption', {}, captionOf(store)), element('thead', {}, head), element('tbody', {}, ...lines));
}

// parts are what a picture holds, each with its height.
function parts(store) {
  const focus = focusOf(store);
  const list = [{ height: 56 }];
  if (!focus) return [...list, { height: 30, kind: 'hint' }];
  list.push({ height: 22, kind: 'name' }, { height: focus.start ? 112 : 0, kind: 'start' });
  list.push({ height: hasCurve(store) ? curveHeight + 12 : 0, kind: 'curve' }, { height: 48 + 20 * rowsOf(store).length, kind: 'table' });
  return list;
}

function height(width, store) {
  return parts(store).reduce((sum, part) => sum + part.height, 12);
}

function draw(pen, width, store, palette) {
  pen.title(view.title);
  pen.rect(0, 0, width, height(width, store), { fill: palette.paper });
  pen.text(16, 24, view.title, { size: 16, weight: 600 });
  if (store.session && store.frame) pen.text(16, 42, byline(store), { size: 11.5, fill: palette.faint });
  let y = 0;
  for (const part of parts(store)) {
    if (part.height > 0 && part.kind) drawers[part.kind](pen, palette, y, width, store);
    y += part.height;
  }
}

const drawers = {
  hint: (pen, palette, y) => pen.text(16, y + 16, 'No cell is pinned.', { fill: palette.faint }),
  name: (pen, palette, y, width, store) => pen.text(16, y + 12, `The cell: ${cellName(store)}`, { size: 13 }),
  start(pen, palette, y, width, store) {
    const said = compared(focusOf(store).start);
    pen.text(16, y + 16, formulaText('gradient', store.session), { size: 12, fill: palette.faint });
    pen.text(16, y + 40, 'by automatic differentiation', { size: 11.5, fill: palette.faint });
    pen.text(216, y + 40, said.auto, { mono: true, fill: palette.learned });
    pen.text(16, y + 60, 'counted', { size: 11.5, fill: palette.faint });
    pen.text(216, y + 60, said.counted, { mono: true, fill: palette.counted });
    pen.text(16, y + 82, said.verdict, { size: 12 });
    pen.text(16, y + 100, figures(store), { size: 12, fill: palette.faint });
  },
  curve(pen, palette, y, width, store) {
    drawCurve(pen, palette, 16, y, Math.min(width - 32, 720), curveHeight, pointsOf(store), curveLabel(store));
  },
  table(pen, palette, y, width, store) {
    const at = [16, Math.min(170, width * 0.36), Math.min(330, width * 0.68)];
    pen.text(16, y + 14, captionOf(store), { size: 12, fill: palette.faint });
    headsOf(store).forEach((text, k) => pen.text(at[k], y + 36, text, { size: 12, fill: palette.faint }));
    rowsOf(store).forEach((row, r) => row.forEach((text, k) => pen.text(at[k], y + 56 + 20 * r, text, { size: 12, weight: k ? 400 : 600 })));
  },
};

export const view = {
  id: 'gradient',
  title: 'The gradient, counted',
  about: 'The gradient says which way a number has to move for the loss to fall. The first one, before anything is learned, can be counted from the text, and automatic differentiation finds the same digits.',
  mount, height, draw,
};
