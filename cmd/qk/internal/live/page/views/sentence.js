// A sentence of the user's own: which earlier words each word looks back at, and how they
// vote for the word that comes next, before and after masking.

import { byline } from '../cells.js';
import { formula } from '../formula.js';
import { percent } from '../numbers.js';
import { element, keepDrawn, onSVG, setText, svgElement } from '../repaint.js';
import { drawWords, wordAt, wordsPlan } from '../sentencedraw.js';
import { drawVotes, votesHeight } from '../votesdraw.js';

const patience = 250; // milliseconds after the last key, before a sentence is sent
const titleRoom = 30;

const sentenceOf = (store) => store.frame?.sentence ?? null;

// withNullOf tells whether there are bars for the null slot.
const withNullOf = (store) => Boolean(store.session?.null && sentenceOf(store)?.null?.some((share) => share !== null));

function bodyHeight(width, store) {
  const x = sentenceOf(store);
  if (!x?.words.length) return 0;
  const votes = votesHeight(width, x.groups);
  return wordsPlan(width, x, withNullOf(store)).height + (votes ? titleRoom + votes : 0);
}

function votesTitle(store) {
  const { words } = sentenceOf(store);
  return `${store.session.table ? 'What comes after' : 'Votes for the word after'} “${words[words.length - 1]}”`;
}

function drawBody(pen, palette, left, top, width, store, chosen) {
  const x = sentenceOf(store);
  const p = wordsPlan(width, x, withNullOf(store));
  drawWords(pen, palette, left, top, p, x, chosen, withNullOf(store));
  if (!x.groups.length) return p;
  pen.text(left, top + p.height + 18, votesTitle(store), { size: 14, weight: 600 });
  drawVotes(pen, palette, left, top + p.height + titleRoom, width, x.groups, !store.session.table);
  return p;
}

// lookBack says what a word of the sentence looks back at.
function lookBack(store, k) {
  const x = sentenceOf(store);
  if (!x.words[k]) return '';
  const arcs = x.arcs.filter((arc) => arc.to === k).sort((a, b) => b.share - a.share).slice(0, 4);
  const list = arcs.map((arc) => `${x.words[arc.from]} ${percent(arc.share)}`);
  if (withNullOf(store) && x.null[k] !== null) list.push(`nothing ${percent(x.null[k])}`);
  if (!list.length) return `“${x.words[k]}” looks back at no word: nothing that stands before it here came before it in the text.`;
  return `“${x.words[k]}” looks back at: ${list.join(', ')}.`;
}

function votesText(store) {
  return sentenceOf(store).groups.map((group) => `${group.name}: ${group.votes.map((vote) => `${vote.word} ${percent(vote.share)}`).join(', ') || 'no votes'}.`).join(' ');
}

function unknownText(x) {
  if (!x.unknown.length || x.error) return '';
  return `Underlined with dots: not in the text, so counted as the unknown word (${x.unknown.map((k) => x.words[k]).join(', ')}).`;
}

function mount(host, store) {
  const input = element('input', { id: 'sentence-input', type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'sentence-error' });
  const example = element('button', { type: 'button' }, 'Example');
  const label = element('label', { for: 'sentence-input' }, 'The beginning of a sentence');
  const error = element('p', { class: 'problem', id: 'sentence-error', role: 'status' });
  const svg = svgElement({ 'aria-hidden': 'true' });
  const stage = element('div', { class: 'stage', tabindex: '0', role: 'application', 'aria-roledescription': 'sentence', 'aria-describedby': 'sentence-votes' }, svg);
  const line = element('p', { class: 'numbers' });
  const said = element('p', { class: 'visually-hidden', role: 'status' });
  const votes = element('p', { class: 'visually-hidden', id: 'sentence-votes' });
  const help = element('p', { class: 'hint' }, 'Point at a word, or use the arrow keys, to see what it looks back at. An arc is as thick as the attention; in brackets beside the bars is the sum of the votes.');
  const formulas = element('div', { class: 'formulas' });
  host.append(element('div', { class: 'sentence-field' }, label, input, example), error, stage, line, said, votes, help, formulas);

  let chosen = -1; // −1 for the last word
  let p = null;
  let timer = 0;
  const say = (text) => {
    store.view.sentence = text;
    chosen = -1;
    Promise.resolve(store.send('sentence', { text })).catch(() => {}); // the store reports it
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => say(input.value), patience);
  });
  example.addEventListener('click', () => {
    clearTimeout(timer);
    input.value = store.session?.sentence ?? '';
    say(input.value);
  });

  let told = null;
  const begin = () => {
    if (told === store.session || !store.session) return;
    told = store.session;
    formulas.replaceChildren();
    formula(formulas, told.table ? 'attention' : told.task === 'predict' ? 'predict' : 'sigma', store);
    if (document.activeElement !== input) input.value = store.view.sentence || told.sentence || '';
  };
  const ask = keepDrawn(host, store, () => {
    begin();
    const x = sentenceOf(store);
    const words = x?.words.length ?? 0;
    const problem = x?.error || (x && unknownText(x)) || '';
    setText(error, problem);
    input.setAttribute('aria-invalid', x?.error ? 'true' : 'false');
    stage.hidden = words === 0;
    help.hidden = words === 0 || store.session.table;
    if (words === 0) {
      for (const e of [line, votes]) setText(e, '');
      return;
    }
    if (chosen >= words) chosen = -1;
    const width = Math.max(200, host.clientWidth - 2);
    const k = chosen < 0 ? words - 1 : chosen;
    onSVG(svg, width, bodyHeight(width, store), (pen, palette) => { p = drawBody(pen, palette, 0, 0, width, store, k); });
    stage.setAttribute('aria-label', `${x.words.join(' ')}. Arrow keys go from word to word.`);
    setText(line, x.error || store.session.table ? '' : lookBack(store, k));
    setText(votes, votesText(store));
  });
  // The sentence of another session may be the user's own: the input shows it.
  store.on('session', () => { chosen = -1; });
  store.on('view', () => {
    if (document.activeElement !== input && input.value !== store.view.sentence && store.view.sentence) input.value = store.view.sentence;
  });

  const choose = (k) => {
    if (k === chosen) return;
    chosen = k;
    ask();
  };
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return p ? wordAt(p, event.clientX - box.left, event.clientY - box.top) : -1;
  };
  stage.addEventListener('pointermove', (event) => {
    const k = at(event);
    if (k >= 0) choose(k);
  });
  stage.addEventListener('click', (event) => {
    const k = at(event);
    if (k >= 0) choose(k);
  });
  stage.addEventListener('pointerleave', () => choose(-1));
  stage.addEventListener('keydown', (event) => {
    const words = sentenceOf(store)?.words.length ?? 0;
    if (!words || event.ctrlKey || event.metaKey || event.altKey) return;
    const now = chosen < 0 ? words - 1 : chosen;
    const to = { ArrowLeft: now - 1, ArrowUp: now - 1, ArrowRight: now + 1, ArrowDown: now + 1, Home: 0, End: words - 1, Escape: words - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.max(0, Math.min(words - 1, to)));
    setText(said, lookBack(store, chosen));
  });
}

function height(width, store) {
  return 62 + bodyHeight(width - 32, store) + 12;
}

function draw(pen, width, store, palette) {
  pen.title(view.title);
  pen.rect(0, 0, width, height(width, store), { fill: palette.paper });
  pen.text(16, 24, view.title, { size: 16, weight: 600 });
  if (store.session && store.frame) pen.text(16, 42, byline(store), { size: 11.5, fill: palette.faint });
  const x = sentenceOf(store);
  if (x?.words.length) drawBody(pen, palette, 16, 56, width - 32, store, x.words.length - 1);
}

export const view = {
  id: 'sentence',
  title: 'A sentence, looking back',
  about: 'Type the beginning of a sentence with words of the text. Each word looks back at the earlier words that its row lights up, and they vote for the word that comes next.',
  mount, height, draw,
};
