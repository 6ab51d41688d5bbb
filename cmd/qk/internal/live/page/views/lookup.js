// The current lookup as products of matrices: a one-hot row pulls its row out of the table.

import { byline, names, ready } from '../cells.js';
import { formula } from '../formula.js';
import { drawLookup } from '../lookupdraw.js';
import { formOf, plan, rowShown } from '../lookupplan.js';
import { brief, whole } from '../numbers.js';
import { element, keepDrawn, onCanvas, setText } from '../repaint.js';

const headRoom = 58;
const mostListed = 5000; // words that are suggested while typing

// describe says what the picture shows, for those who do not see it.
function describe(store, i) {
  const { shape, frame } = store;
  const across = shape.columns.length;
  const scores = [...frame.scores.subarray(i * across, (i + 1) * across)];
  const best = scores.map((s, j) => [s, j]).sort((a, b) => b[0] - a[0]).slice(0, 3);
  const list = best.map(([s, j]) => `${store.word(shape.columns[j])} ${brief(s)}`).join(', ');
  return `The one-hot row of ${store.word(shape.rows[i])} times ${formOf(store) === 'product' ? 'Q times K transposed' : 'the matrix of scores'}. Highest scores: ${list}.`;
}

function note(store, i) {
  const { shape, session } = store;
  const word = `“${store.word(shape.rows[i])}”`;
  const why = store.shape.rows.includes(store.view.row) ? `The pinned row, ${word}.` : `Nothing is pinned, so this is the row of ${word}.`;
  const parts = [why];
  if (formOf(store) === 'wide') parts.push(`Q and K have ${whole(session.rank)} columns, too many to draw: their product is shown.`);
  if (shape.rows.length < session.V) parts.push(`Of Q and x: ${shape.rows.length} of ${whole(session.V)} words.`);
  if (shape.columns.length < session.V) parts.push(`Of K and the scores: ${shape.columns.length} of ${whole(session.V)} words.`);
  parts.push('Blue or purple is above 0, orange below; a dot is not determined by the data.');
  return parts.join(' ');
}

function mount(host, store) {
  const formulas = element('div', { class: 'formulas' });
  const canvas = element('canvas', { role: 'img' });
  const line = element('p', { class: 'hint' });
  const scroll = element('div', { class: 'scroll' }, canvas);
  const choice = element('select', { id: 'lookup-word' });
  const choose = element('label', { class: 'pick' }, 'Current word ', choice);
  const words = element('datalist', { id: 'lookup-words' });
  const other = element('input', { id: 'lookup-other', type: 'text', list: 'lookup-words', autocomplete: 'off', size: '14' });
  const another = element('label', { class: 'pick' }, 'or any other ', other, words);
  host.append(formulas, element('div', { class: 'picks' }, choose, another), scroll, line);

  choice.addEventListener('change', () => store.pin(Number(choice.value), -1));
  other.addEventListener('change', () => {
    const w = store.session.words.findIndex((_, n) => store.word(n) === other.value.trim());
    other.setAttribute('aria-invalid', String(w < 0 && other.value !== ''));
    if (w < 0) return;
    other.value = '';
    store.pin(w, -1); // the store asks for its row if it is not among those shown
  });
  let offered = null;
  let listed = null;
  const offer = (i) => {
    if (offered !== store.shape) {
      offered = store.shape;
      choice.replaceChildren(...store.shape.rows.map((w) => element('option', { value: w }, store.word(w))));
    }
    another.hidden = store.shape.rows.length >= store.session.V;
    if (!another.hidden && listed !== store.session) {
      listed = store.session;
      words.replaceChildren(...listed.words.slice(0, mostListed).map((_, n) => element('option', { value: store.word(n) })));
    }
    const value = String(store.shape.rows[i]);
    if (choice.value !== value) choice.value = value;
  };

  let told = null;
  const ask = keepDrawn(host, store, () => {
    const i = rowShown(store);
    if (i < 0) {
      setText(line, 'The text says nothing about any row.');
      return;
    }
    if (told !== store.session) {
      told = store.session;
      formulas.replaceChildren();
      formula(formulas, 'score', store);
      formula(formulas, 'attention', store);
    }
    offer(i);
    const p = plan(host.clientWidth, store);
    onCanvas(canvas, Math.max(p.width, 1), p.height, (pen, palette) => drawLookup(pen, palette, 0, 0, p, i, store));
    canvas.setAttribute('aria-label', describe(store, i));
    setText(line, note(store, i));
  });
  store.on('hover', ask); // a column pointed at in the maps is outlined here
}

function height(width, store) {
  if (!ready(store) || rowShown(store) < 0) return headRoom;
  return headRoom + plan(width - 32, store).height + 28;
}

function draw(pen, width, store, palette) {
  pen.title(view.title);
  pen.rect(0, 0, width, height(width, store), { fill: palette.paper });
  const i = rowShown(store);
  const title = i < 0 ? view.title : `The lookup of “${store.word(store.shape.rows[i])}”`;
  pen.text(16, 24, title, { size: 16, weight: 600, fill: palette.ink });
  if (i < 0) return;
  pen.text(16, 42, byline(store), { size: 11.5, fill: palette.faint });
  drawLookup(pen, palette, 16, headRoom, plan(width - 32, store), i, store);
  pen.text(16, height(width, store) - 12, `Rows: ${names(store.session).row}; columns: ${names(store.session).column}. Above 0 blue or purple, below 0 orange.`, { size: 10.5, fill: palette.faint });
}

export const view = {
  id: 'lookup',
  title: 'The lookup, as a product of matrices',
  about: 'A row of zeros with a single 1 at the current word, times a matrix, pulls out one row of that matrix. That is a table lookup, and it is all that QKᵀ does.',
  mount, height, draw,
};
