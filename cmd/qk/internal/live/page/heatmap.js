// One heatmap of the three: where its parts lie, and how they are drawn.

import { measure, shorten } from './pen.js';
import { brief } from './numbers.js';
import { names } from './cells.js';

const gap = 26;
const titleRoom = 22;
const scaleRoom = 44;
const markRoom = 16; // right of the learned map, for the signs of the rows
const leastCell = 10;
const mostCell = 28;
const goodCell = { 3: 10, 2: 13 }; // from which so many maps stand side by side
const ringCell = 14; // from which there is room for a ring
const leastWidth = 150;

export const kinds = ['counted', 'learned', 'difference'];

// layoutOf says how large cells and labels are, and how many maps stand side by side.
export function layoutOf(width, store) {
  const { rows, columns } = store.shape;
  const most = width < 520 || columns.length > 24 ? 84 : 116;
  const size = 11.5;
  const longest = (words) => Math.max(24, ...words.map((w) => measure(store.word(w), { size, weight: 700 })));
  const rowRoom = Math.ceil(Math.min(most, longest(rows))) + 10;
  const columnRoom = Math.ceil(Math.min(most, longest(columns))) + 8;
  const cellFor = (side) => Math.floor((width - rowRoom - (side - 1) * gap - markRoom - 8) / (side * Math.max(columns.length, 1)));
  const side = [3, 2].find((n) => cellFor(n) >= goodCell[n] && n * (leastWidth + gap) + rowRoom <= width) ?? 1;
  const cell = Math.max(leastCell, Math.min(mostCell, cellFor(side)));
  const wide = cell * columns.length;
  return {
    side, cell, wide, high: cell * rows.length, rowRoom, columnRoom, size: Math.min(size, Math.max(10, cell * 0.9)),
    top: titleRoom + columnRoom, height: titleRoom + columnRoom + cell * rows.length + scaleRoom,
    // left and width are of a map by its place among the three.
    left: (k) => (k % side === 0 ? rowRoom : 8),
    width: (k) => (k % side === 0 ? rowRoom : 8) + Math.max(wide, leastWidth) + (kinds[k] === 'learned' ? markRoom : 4),
  };
}

const leastMinus = 0.05; // of the scale: what is nearer to zero bears no minus
const signs = { exact: '✓', missing: '−', spurious: '+', estimate: '≈', undetermined: '?' };

// drawMap draws map k with its upper left corner at (x, y). look holds {matrices,
// members, pinned: {i, j}, cursor: {i, j}, hover: {i, j}}.
export function drawMap(pen, palette, x, y, k, layout, store, look) {
  const kind = kinds[k];
  const left = x + layout.left(k);
  const top = y + layout.top;
  drawTitle(pen, palette, x + (layout.left(k) > 8 ? layout.rowRoom : 8), y, kind, store);
  drawWords(pen, palette, left, top, k, layout, store, look);
  drawCells(pen, palette, left, top, kind, layout, store, look);
  pen.rect(left, top, layout.wide, layout.high, { stroke: palette.faint, width: 1 });
  if (kind === 'learned') drawSigns(pen, palette, left + layout.wide + 4, top, layout, store);
  drawOutlines(pen, palette, left, top, layout, look);
  drawScale(pen, palette, left, top + layout.high + 12, kind, look.matrices.top, store);
}

function drawTitle(pen, palette, x, y, kind, store) {
  const say = names(store.session);
  const title = { counted: say.countedTitle, learned: say.learnedTitle, difference: 'difference' }[kind];
  pen.text(x, y + 14, title, { size: 13, weight: 600, fill: palette.ink });
}

function drawWords(pen, palette, left, top, k, layout, store, look) {
  const { rows, columns } = store.shape;
  const { cell, size } = layout;
  const shown = look.hover.i >= 0 ? look.hover : look.cursor.i >= 0 ? look.cursor : look.pinned;
  const style = (on, faint) => ({ size, weight: on ? 700 : 400, fill: on ? palette.accent : faint ? palette.faint : palette.ink });
  if (k % layout.side === 0) {
    rows.forEach((w, i) => {
      const undetermined = store.frame.status[i] === 'undetermined';
      const options = { ...style(i === shown.i, undetermined), anchor: 'end', italic: undetermined };
      pen.text(left - 6, top + cell * (i + 0.5) + size * 0.35, shorten(store.word(w), layout.rowRoom - 10, options), options);
    });
  }
  columns.forEach((u, j) => {
    const options = { ...style(j === shown.j), rotate: -90 };
    pen.text(left + cell * (j + 0.5) + size * 0.35, top - 5, shorten(store.word(u), layout.columnRoom - 6, options), options);
  });
}

function drawCells(pen, palette, left, top, kind, layout, store, look) {
  const { cell } = layout;
  const { rows, columns } = store.shape;
  const values = look.matrices[kind];
  const most = look.matrices.top;
  rows.forEach((_, i) => {
    const open = store.frame.status[i] === 'undetermined';
    columns.forEach((u, j) => {
      const [x, y] = [left + cell * j, top + cell * i];
      const value = values[i * columns.length + j];
      if (Number.isNaN(value)) {
        pen.circle(x + cell / 2, y + cell / 2, Math.max(0.9, cell / 13), { fill: palette.missing });
      } else {
        const shade = kind === 'difference' ? palette.diverging(value / most) : palette.sequential(value / most);
        pen.rect(x + 0.5, y + 0.5, cell - 1, cell - 1, { fill: shade });
        if (kind === 'difference' && value < -leastMinus * most) drawMinus(pen, palette.readable(shade), x, y, cell);
      }
      if (look.members[kind]?.[i]?.has(u)) drawRing(pen, palette, x + cell / 2, y + cell / 2, cell);
    });
    if (open) hatch(pen, palette, left, top + cell * i, layout.wide, cell);
  });
}

// drawMinus tells what is below zero from what is above, where shades alone are all one grey.
function drawMinus(pen, colour, x, y, cell) {
  pen.line(x + 0.3 * cell, y + cell / 2, x + 0.7 * cell, y + cell / 2, { stroke: colour, width: Math.max(1.2, cell / 10) });
}

// drawRing marks a member of a set, visible on any shade; in small cells it is a spot.
function drawRing(pen, palette, x, y, cell) {
  if (cell < ringCell) {
    pen.circle(x, y, cell * 0.22, { fill: palette.second, stroke: palette.paper, width: 1 });
    return;
  }
  const r = cell * 0.24;
  pen.circle(x, y, r, { stroke: palette.paper, width: Math.max(3, cell / 5) });
  pen.circle(x, y, r, { stroke: palette.second, width: Math.max(1.6, cell / 10) });
}

// hatch strikes out a row of which the text says nothing.
function hatch(pen, palette, left, top, wide, cell) {
  let d = '';
  for (let x = 0; x + cell <= wide + 0.5; x += cell) d += `M${left + x + 2} ${top + cell - 2}L${left + x + cell - 2} ${top + 2}`;
  pen.path(d, { stroke: palette.missing, width: 0.8, opacity: 0.7 });
}

function drawSigns(pen, palette, x, top, layout, store) {
  store.frame.status.forEach((status, i) => {
    if (!signs[status]) return;
    const fill = { exact: palette.good, estimate: palette.faint, undetermined: palette.faint }[status] ?? palette.bad;
    pen.text(x, top + layout.cell * (i + 0.5) + layout.size * 0.35, signs[status], { size: layout.size + 1, weight: 700, fill });
  });
}

function drawOutlines(pen, palette, left, top, layout, look) {
  const { cell } = layout;
  const around = ({ i, j }, stroke, width, dash) => {
    if (i < 0 || j < 0) return;
    pen.rect(left + cell * j, top + cell * i, cell, cell, { stroke: palette.paper, width: width + 2 });
    pen.rect(left + cell * j, top + cell * i, cell, cell, { stroke, width, dash });
  };
  if (look.pinned.i >= 0) {
    pen.rect(left - 1, top + cell * look.pinned.i - 1, layout.wide + 2, cell + 2, { stroke: palette.ink, width: 2 });
    around(look.pinned, palette.ink, 2.5);
  }
  around(look.hover, palette.accent, 1.5);
  around(look.cursor, palette.accent, 2.5, [3, 2]);
}

function drawScale(pen, palette, x, y, kind, most, store) {
  const width = 120;
  const parts = 48;
  const differs = kind === 'difference';
  for (let p = 0; p < parts; p++) {
    const t = (p + 0.5) / parts;
    pen.rect(x + (width * p) / parts, y, width / parts + 0.4, 8, { fill: differs ? palette.diverging(2 * t - 1) : palette.sequential(t) });
  }
  pen.rect(x, y, width, 8, { stroke: palette.faint, width: 0.75 });
  const ends = differs ? [[0, `−${brief(most)}`], [0.5, '0'], [1, `+${brief(most)}`]] : [[0, '0'], [0.5, brief(most / 2)], [1, brief(most)]];
  for (const [t, label] of ends) {
    pen.text(x + width * t, y + 19, label, { size: 10.5, fill: palette.faint, anchor: t === 0 ? 'start' : t === 1 ? 'end' : 'middle' });
  }
  const note = { counted: names(store.session).scale, learned: store.session.table ? 'probability' : 'attention', difference: 'learned less counted' }[kind];
  pen.text(x, y + 31, note, { size: 10.5, fill: palette.faint });
}
