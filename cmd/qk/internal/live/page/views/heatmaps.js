// The counted mask, the learned mask and their difference as heatmaps, with a cursor, a
// pinned row and a line that says what a cell means.

import { facts, inSets, byline, matrices, memberships, names, places, quoted, ready, seen, spoken, statusText } from '../cells.js';
import { drawMap, kinds, layoutOf } from '../heatmap.js';
import { moved } from '../keys.js';
import { brief, whole } from '../numbers.js';
import { shorten } from '../pen.js';
import { element, keepDrawn, onCanvas, setText } from '../repaint.js';
import { rowTable } from '../rowtable.js';

const none = { i: -1, j: -1 };
const headRoom = 54;
const footRoom = 26;

function lookOf(store, cursor = none, hover = none) {
  const pinned = places(store, store.view.row, store.view.column);
  return { matrices: matrices(store), members: memberships(store), pinned, cursor, hover };
}

// leftOut says how much of the matrix is shown, if not all of it.
function leftOut(store) {
  const { shape } = store;
  if (shape.rows.length >= shape.row_total && shape.columns.length >= shape.column_total) return '';
  return `Shown are the ${shape.rows.length} of ${whole(shape.row_total)} rows and ${shape.columns.length} of ${whole(shape.column_total)} columns that tell most. `;
}

function legend(store) {
  const says = (status) => store.frame.status.includes(status);
  let open = store.frame.attention.some(Number.isNaN) ? ' Dot: not determined by the data.' : '';
  if (says('undetermined')) open += ' Hatched row (?): the text says nothing about it.';
  if (says('estimate')) open += ' ≈: the counted set is an estimate.';
  return `${leftOut(store)}Orange mark: in the row’s set.${open} ✓ the learned set is the counted one, − a word is missing, + one too many. In the difference, a line marks what is learned less than counted.`;
}

function mount(host, store) {
  const canvases = kinds.map((kind, k) => element('canvas', {
    'data-map': kind, tabindex: k === 0 ? '0' : '-1', role: 'application', 'aria-roledescription': 'heatmap', 'aria-describedby': 'heatmaps-help',
  }));
  const readout = element('div', { id: 'readout', class: 'readout' });
  const said = element('p', { class: 'visually-hidden', role: 'status' });
  const help = element('p', { id: 'heatmaps-help', class: 'hint' }, 'Click a cell or a word of a row to pin it. By keyboard: arrow keys move, Home and End go to the ends of a row, Enter pins, Escape lets go.');
  const key = element('p', { class: 'hint' });
  const table = rowTable(store);
  const maps = element('div', { class: 'maps' }, ...canvases);
  host.append(maps, readout, said, key, help, table.element);

  let layout = null;
  let cursor = { ...none };
  let hover = { ...none };
  const redraw = () => {
    if (!ready(store)) return;
    layout = layoutOf(host.clientWidth, store);
    cursor = within(cursor);
    hover = within(hover);
    const look = lookOf(store, cursor, hover);
    canvases.forEach((canvas, k) => drawOn(canvas, k, layout, store, look));
    fillReadout(readout, store, hover.i >= 0 ? hover : cursor.i >= 0 ? cursor : look.pinned);
    setText(key, legend(store));
    table.update();
  };
  const within = ({ i, j }) => (i < store.shape.rows.length && j < store.shape.columns.length ? { i, j } : { ...none });
  const ask = keepDrawn(host, store, redraw);
  store.on('session', () => { cursor = { ...none }; hover = { ...none }; });

  const pin = ({ i, j }) => {
    const row = store.shape.rows[i];
    const column = j >= 0 ? store.shape.columns[j] : -1;
    const again = store.view.row === row && store.view.column === column;
    store.pin(again ? -1 : row, again ? -1 : column);
    const what = j >= 0 ? `${store.word(row)}, ${store.word(column)}` : `Row of ${store.word(row)}`;
    setText(said, again ? `${what}: let go.` : `${what}: pinned.`);
  };
  canvases.forEach((canvas, k) => {
    const at = (event) => cellAt(canvas, k, layout, store, event);
    canvas.addEventListener('pointermove', (event) => {
      const cell = layout ? at(event) : none;
      if (cell.i === hover.i && cell.j === hover.j) return;
      hover = cell;
      canvas.style.cursor = cell.i >= 0 ? 'pointer' : 'default';
      tellHover(store, cell);
      ask();
    });
    canvas.addEventListener('pointerleave', () => {
      hover = { ...none };
      tellHover(store, hover);
      ask();
    });
    canvas.addEventListener('click', (event) => {
      if (!layout) return;
      const cell = at(event);
      if (cell.i >= 0) pin(cell);
    });
    canvas.addEventListener('focus', () => {
      canvases.forEach((other) => other.setAttribute('tabindex', other === canvas ? '0' : '-1'));
    });
    canvas.addEventListener('blur', () => {
      cursor = { ...none };
      ask();
    });
    canvas.addEventListener('keydown', (event) => {
      if (!ready(store) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') {
        if (store.view.row >= 0) store.pin(-1, -1);
        cursor = { ...none };
        setText(said, 'Nothing is pinned.');
      } else if (event.key === 'Enter' || event.key === ' ') {
        if (cursor.i < 0) cursor = start(store);
        pin(cursor);
      } else {
        const next = moved(event.key, cursor.i < 0 ? null : cursor, start(store), store.shape);
        if (!next) return;
        cursor = next;
        setText(said, spoken(store, cursor.i, cursor.j));
      }
      event.preventDefault();
      ask();
    });
  });
}

// start is where the cursor begins: at what is pinned, else at the first cell of a set.
function start(store) {
  const pinned = places(store, store.view.row, store.view.column);
  if (pinned.i >= 0) return { i: pinned.i, j: Math.max(0, pinned.j) };
  const i = store.shape.counted_sets.findIndex((set) => set.length > 0);
  if (i < 0) return { i: 0, j: 0 };
  return { i, j: Math.max(0, store.shape.columns.indexOf(store.shape.counted_sets[i][0])) };
}

function tellHover(store, { i, j }) {
  store.hover(i >= 0 ? store.shape.rows[i] : -1, j >= 0 ? store.shape.columns[j] : -1);
}

// cellAt is the cell under the pointer; j is −1 over the word of a row.
function cellAt(canvas, k, layout, store, event) {
  const box = canvas.getBoundingClientRect();
  const j = Math.floor((event.clientX - box.left - layout.left(k)) / layout.cell);
  const i = Math.floor((event.clientY - box.top - layout.top) / layout.cell);
  if (i < 0 || i >= store.shape.rows.length || j >= store.shape.columns.length) return { ...none };
  return { i, j: Math.max(-1, j) };
}

function drawOn(canvas, k, layout, store, look) {
  Object.assign(canvas.dataset, { left: layout.left(k), top: layout.top, cell: layout.cell, rows: store.shape.rows.length, columns: store.shape.columns.length });
  const { row, column } = names(store.session);
  const label = `${kinds[k]}: ${store.shape.rows.length} rows (${row}) by ${store.shape.columns.length} columns (${column})`;
  if (canvas.getAttribute('aria-label') !== label) canvas.setAttribute('aria-label', label);
  onCanvas(canvas, layout.width(k), layout.height, (pen, palette) => drawMap(pen, palette, 0, 0, k, layout, store, look));
}

function fillReadout(readout, store, { i, j }) {
  const lines = [];
  if (i < 0) {
    lines.push(['hint', 'Point at a cell to read what it says.']);
  } else {
    const { shape, frame } = store;
    const w = quoted(store.word(shape.rows[i]));
    const status = statusText(frame.status[i]);
    const estimate = shape.estimates?.[i] && frame.status[i] !== 'estimate' ? ' (the counted set is an estimate)' : '';
    if (j < 0) {
      lines.push(['strong', `Row of ${w}`], ['', `It occurs at ${whole(shape.row_counts[i])} places with a next word; ${status}${estimate}.`]);
    } else {
      const difference = matrices(store).difference[i * shape.columns.length + j];
      const numbers = facts(store, i, j).map(([name, value]) => `${name}: ${value}`);
      if (!Number.isNaN(difference)) numbers.push(`difference: ${brief(difference)}`);
      lines.push(['strong', `${names(store.session).row} ${w}, ${names(store.session).column} ${quoted(store.word(shape.columns[j]))}`]);
      lines.push(['numbers', numbers.join(' · ')], ['', `${seen(store, i, j)} ${inSets(store, i, j)}`.trim()], ['hint', `Row of ${w}: ${status}${estimate}.`]);
    }
  }
  const text = lines.map(([, line]) => line).join('\n');
  if (readout.dataset.text === text) return;
  readout.dataset.text = text;
  readout.replaceChildren(...lines.map(([kind, line]) => element('p', { class: kind || undefined }, line)));
}

function height(width, store) {
  if (!ready(store)) return headRoom;
  const layout = layoutOf(width - 32, store);
  return headRoom + Math.ceil(kinds.length / layout.side) * layout.height + footRoom;
}

function draw(pen, width, store, palette) {
  pen.title(view.title);
  pen.rect(0, 0, width, height(width, store), { fill: palette.paper });
  pen.text(16, 24, view.title, { size: 16, weight: 600, fill: palette.ink });
  if (!ready(store)) return;
  pen.text(16, 42, byline(store), { size: 11.5, fill: palette.faint });
  const layout = layoutOf(width - 32, store);
  const look = lookOf(store);
  let x = 16;
  kinds.forEach((_, k) => {
    if (k % layout.side === 0) x = 16;
    drawMap(pen, palette, x, headRoom + Math.floor(k / layout.side) * layout.height, k, layout, store, look);
    x += layout.width(k) + 18;
  });
  const note = { size: 10.5, fill: palette.faint };
  pen.text(16, height(width, store) - 10, shorten(legend(store), width - 32, note), note);
}

export const view = {
  id: 'heatmaps',
  title: 'Counted, learned, and the difference',
  about: 'Each row is a current word; a bright or dark cell is an earlier word worth looking back for. The first map is counted from the text. The second is what Q and K say now, and it should come to look like the first.',
  mount, height, draw,
};
