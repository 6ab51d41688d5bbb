// Draws a sentence with an arc from each word to the earlier ones that it looks back at,
// as thick as the attention, and a bar for what it gives to nothing. Where the words do
// not fit on one line they stand below each other.

import { measure, shorten } from './pen.js';
import { percent } from './numbers.js';

const size = 15;
const leastGap = 11;
const mostGap = 34;
const thickest = 7;
const lineHeight = 26;
const barHigh = 30;

// wordsPlan places the words: {lines: bool, boxes: [{x, y, w, h}], base, height, …}.
export function wordsPlan(width, sentence, withNull) {
  const room = Math.min(170, width - 24);
  const texts = sentence.words.map((word) => shorten(word, room, { size, weight: 700 }));
  const wide = texts.map((text) => Math.ceil(measure(text, { size, weight: 700 })));
  const span = Math.max(1, ...sentence.arcs.map((arc) => arc.to - arc.from));
  const total = wide.reduce((sum, w) => sum + w, 0);
  const gap = Math.min(mostGap, (width - 16 - total) / Math.max(1, wide.length - 1));
  if (wide.length === 1 || gap >= leastGap) {
    const base = sentence.arcs.length ? 24 + Math.min(170, 26 + 15 * span) : 12;
    let x = 8;
    const boxes = wide.map((w) => {
      const box = { x, y: base, w, h: 24 };
      x += w + gap;
      return box;
    });
    return { lines: false, texts, boxes, base, span, slack: gap / 2, height: base + 28 + (withNull ? barHigh + 34 : 6) };
  }
  const nullRoom = withNull ? 104 : 8;
  const most = Math.max(...wide);
  const arcs = Math.max(40, Math.min(150, width - most - nullRoom - 16));
  const top = withNull ? 18 : 4;
  const boxes = wide.map((w, k) => ({ x: arcs, y: top + k * lineHeight, w, h: lineHeight }));
  return { lines: true, texts, boxes, base: arcs - 6, span, nullX: Math.min(arcs + most + 14, width - nullRoom + 8), top, height: top + lineHeight * wide.length + 6 };
}

// wordAt is the place of the word at a point, or −1.
export function wordAt(p, x, y) {
  return p.boxes.findIndex((box) => (p.lines
    ? y >= box.y && y < box.y + box.h
    : x >= box.x - p.slack && x < box.x + box.w + p.slack && y >= box.y - 6 && y < box.y + box.h + barHigh + 20));
}

// drawWords draws the sentence at (left, top) with the arcs of the chosen word in colour.
export function drawWords(pen, palette, left, top, p, sentence, chosen, withNull) {
  for (const own of [false, true]) {
    for (const arc of sentence.arcs) {
      if ((arc.to === chosen) !== own || !(arc.share > 0)) continue;
      const options = own
        ? { stroke: palette.learned, width: Math.max(1, thickest * arc.share), opacity: 0.35 + 0.65 * arc.share, cap: 'round' }
        : { stroke: palette.missing, width: Math.max(0.7, thickest * 0.7 * arc.share), opacity: 0.2 + 0.5 * arc.share, cap: 'round' };
      pen.path(arcPath(left, top, p, arc), options);
    }
  }
  const unknown = new Set(sentence.unknown);
  p.boxes.forEach((box, k) => {
    const attended = sentence.arcs.some((arc) => arc.to === chosen && arc.from === k && arc.share >= 0.1);
    const x = left + box.x;
    const y = top + box.y + 17;
    const fill = unknown.has(k) ? palette.bad : k === chosen || attended ? palette.learned : palette.ink;
    pen.text(x, y, p.texts[k], { size, weight: k === chosen ? 700 : attended ? 600 : 400, fill });
    if (unknown.has(k)) pen.line(x, y + 4, x + box.w, y + 4, { stroke: palette.bad, width: 1.5, dash: [2, 2] });
    if (k === chosen) pen.line(x, y + 5, x + box.w, y + 5, { stroke: palette.learned, width: 2 });
    if (withNull) drawNull(pen, palette, left, top, p, box, sentence.null[k], k === chosen);
  });
  drawNote(pen, palette, left, top, p, withNull);
  drawShares(pen, palette, left, top, p, sentence, chosen);
}

function arcPath(left, top, p, arc) {
  const from = p.boxes[arc.from];
  const to = p.boxes[arc.to];
  const part = Math.sqrt((arc.to - arc.from) / p.span);
  if (p.lines) {
    const x = left + p.base;
    const out = (p.base - 6) * part * (4 / 3);
    const [y1, y2] = [top + from.y + 13, top + to.y + 13];
    return `M${round(x)} ${round(y1)}C${round(x - out)} ${round(y1)} ${round(x - out)} ${round(y2)} ${round(x)} ${round(y2)}`;
  }
  const y = top + p.base - 2;
  const up = (p.base - 26) * part * (4 / 3);
  const [x1, x2] = [left + from.x + from.w / 2, left + to.x + to.w / 2];
  return `M${round(x1)} ${round(y)}C${round(x1)} ${round(y - up)} ${round(x2)} ${round(y - up)} ${round(x2)} ${round(y)}`;
}

const round = (x) => Math.round(x * 10) / 10;

function drawNull(pen, palette, left, top, p, box, share, strong) {
  if (share === null || share === undefined) return;
  const fill = strong ? palette.ink : palette.faint;
  const text = percent(share);
  if (p.lines) {
    const [x, y] = [left + p.nullX, top + box.y + 8];
    pen.rect(x, y, 44, 9, { fill: palette.grid });
    pen.rect(x, y, 44 * share, 9, { fill });
    pen.text(x + 49, y + 9, text, { size: 10.5, fill });
    return;
  }
  const [x, y] = [left + box.x + box.w / 2, top + box.y + 30];
  pen.rect(x - 4, y, 8, barHigh, { fill: palette.grid });
  pen.rect(x - 4, y + barHigh * (1 - share), 8, barHigh * share, { fill });
  pen.text(x, y + barHigh + 13, text.replace(' %', ''), { size: 10.5, anchor: 'middle', fill });
}

function drawNote(pen, palette, left, top, p, withNull) {
  if (!withNull) return;
  const text = 'to nothing (null slot)';
  if (p.lines) pen.text(left + Math.min(p.nullX, p.nullX + 100 - measure(text, { size: 10.5 })), top + 10, text, { size: 10.5, fill: palette.faint });
  else pen.text(left + 8, top + p.height - 6, `bars: attention ${text}, in %`, { size: 10.5, fill: palette.faint });
}

// drawShares writes the shares of the chosen word next to the words that it looks at.
function drawShares(pen, palette, left, top, p, sentence, chosen) {
  for (const arc of sentence.arcs) {
    if (arc.to !== chosen || arc.share < 0.05) continue;
    const box = p.boxes[arc.from];
    const text = percent(arc.share);
    const options = { size: 10.5, weight: 600, fill: palette.learned };
    if (p.lines) pen.text(left + p.base - 6, top + box.y + 9, text, { ...options, anchor: 'end' });
    else {
      const middle = box.x + box.w / 2;
      const before = middle - 5 - measure(text, options) >= 0; // else there is room behind only
      pen.text(left + middle + (before ? -5 : 5), top + box.y - 10, text, { ...options, anchor: before ? 'end' : 'start' });
    }
  }
}
