// The verdict at the end, and how the rows stand on the way.

import { brief, count } from '../numbers.js';
import { element, keepDrawn } from '../repaint.js';

const statuses = [
  ['exact', 'exact', 'the learned set is the counted one'],
  ['missing', 'missing', 'a counted word is not in the learned set yet'],
  ['spurious', 'spurious', 'a learned word has no reason in the text'],
  ['empty', 'empty', 'no earlier word matters here, and none is learned'],
  ['undetermined', 'not determined by the data', 'whatever these rows say, the loss is the same: they are shown as open, never as zero'],
];

function mount(host, store) {
  const head = element('p', { class: 'verdict-head', role: 'status' });
  const checks = element('ul', { class: 'checks' });
  const rows = element('ul', { class: 'statuses' });
  host.append(head, checks, element('h3', {}, 'The rows that are shown'), rows);
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
  return statuses.map(([status, name, meaning]) => {
    const words = shape.rows.filter((_, i) => frame.status[i] === status).map((w) => store.word(w));
    if (!words.length) return null;
    const list = words.length > 12 ? `${words.slice(0, 12).join(', ')} and ${words.length - 12} more` : words.join(', ');
    return element('li', { 'data-status': status }, element('b', {}, `${count(words.length, 'row')} ${name}`), ` (${list}): ${meaning}.`);
  }).filter(Boolean);
}

export const view = {
  id: 'verdict',
  title: 'The verdict',
  about: 'Each check has a figure and the bound that it is held against. A failed check is a finding, not an error.',
  mount,
};
