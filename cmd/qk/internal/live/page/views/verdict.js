// The verdict at the end, and how the rows stand on the way.

import { brief, count } from '../numbers.js';
import { element, keepDrawn } from '../repaint.js';

const statuses = [
  ['exact', 'exact', 'the learned set is the counted one'],
  ['missing', 'missing', 'a counted word is not in the learned set yet'],
  ['spurious', 'spurious', 'a learned word has no reason in the text'],
  ['empty', 'empty', 'no earlier word matters here, and none is learned'],
  ['estimate', 'with an estimate', 'too large for an exact mask: the counted set is an estimate, and only a learned word that tells nothing would be a fault'],
  ['undetermined', 'not determined by the data', 'whatever these rows say, the loss is the same: they are shown as open, never as zero'],
];

const most = 12; // words that are named

function mount(host, store) {
  const head = element('p', { class: 'verdict-head', role: 'status' });
  const checks = element('ul', { class: 'checks' });
  const rows = element('ul', { class: 'statuses' });
  host.append(head, checks, element('h3', {}, 'Row by row'), rows);
  let shown = '';
  keepDrawn(host, store, () => {
    if (!store.frame || !store.shape || store.frame.shape !== store.shape.version) return;
    const told = JSON.stringify([store.session.id, store.frame.verdict, store.frame.status, store.frame.failed, store.shape.rows]);
    if (told === shown) return;
    shown = told;
    tell(host, head, checks, store);
    rows.replaceChildren(...standing(store));
  });
}

function tell(host, head, checks, store) {
  const { verdict, failed } = store.frame;
  head.className = 'verdict-head';
  checks.replaceChildren();
  delete host.dataset.pass;
  if (failed) {
    head.textContent = 'The run broke before its end.';
    return;
  }
  if (!verdict) {
    head.textContent = 'At its end, what was learned is held against what was counted.';
    return;
  }
  host.dataset.pass = String(verdict.pass);
  head.classList.add(verdict.pass ? 'pass' : 'fail');
  const wrong = verdict.checks.filter((c) => !c.pass).length;
  head.textContent = verdict.pass ? `Passed: all ${verdict.checks.length} checks hold.` : `Failed: ${wrong} of ${verdict.checks.length} checks.`;
  checks.append(...verdict.checks.map((c) => element('li', { class: c.pass ? 'pass' : 'fail' },
    element('span', { class: 'visually-hidden' }, c.pass ? 'holds: ' : 'does not hold: '),
    element('b', {}, c.name), ' ', element('span', { class: 'figure' }, `${brief(c.figure, 6)} ${c.at_least ? '≥' : '≤'} ${brief(c.bound, 6)}`),
    element('div', { class: 'hint' }, c.note))));
}

function standing(store) {
  const { shape, frame } = store;
  const items = statuses.map(([status, name, meaning]) => {
    const words = shape.rows.filter((_, i) => frame.status[i] === status);
    return words.length ? item(store, status, `${count(words.length, 'row')} ${name}`, words, `${meaning}.`) : null;
  });
  return [...items, without(store), hidden(store)].filter(Boolean);
}

function item(store, status, title, words, meaning) {
  const shown = words.slice(0, most).map((w) => store.word(w)).join(', ');
  const rest = words.length > most ? ` and ${words.length - most} more` : '';
  return element('li', { 'data-status': status }, element('b', {}, title), `${shown && ` (${shown}${rest})`}: ${meaning}`);
}

// without is about the words that have no row because the text says nothing about it.
function without(store) {
  const { shape, session } = store;
  const number = session.V - shape.row_total;
  if (!number) return null;
  const all = shape.rows.length >= shape.row_total;
  const words = all ? session.words.map((_, w) => w).filter((w) => !shape.rows.includes(w)) : [];
  const why = session.table ? 'no word ever comes after them, so the text has no row to learn.'
    : 'the text never shows them with an earlier word before and a next word after. Nothing is learned there, and nothing is judged.';
  return item(store, 'none', `${count(number, 'word')} without a row`, words, why);
}

// hidden is about the rows for which there is no room.
function hidden(store) {
  const { shape } = store;
  const left = shape.row_total - shape.rows.length;
  return left > 0 ? item(store, 'hidden', `${count(left, 'more row')} not shown`, [], 'these tell least. The verdict is about all rows.') : null;
}

export const view = {
  id: 'verdict',
  title: 'The verdict',
  about: 'Each check has a figure and the bound that it is held against. A failed check is a finding, not an error.',
  mount,
};
