// The settings of the run. Every change but that of rate and speed opens a new run.

import { sentence } from './notice.js';
import { element } from './repaint.js';
import { fault, propose } from './session.js';
import { idle, plain } from './state.js';
import { store } from './store.js';
import { describe, explain } from './tips.js';

const groups = [
  ['What is learned', ['task', 'objective', 'null']],
  ['The matrices', ['one-hot', 'rank', 'l2']],
  ['The descent', ['solver', 'steps', 'seed']],
];
const more = [
  ['The text', ['tokens', 'context', 'max-vocab', 'min-count', 'boundary', 'keep-case', 'punctuation']],
  ['The descent in detail', ['schedule', 'momentum', 'beta1', 'beta2', 'init', 'scaled']],
];
const labels = {
  task: 'Task', objective: 'Objective', null: 'Null slot', 'one-hot': 'One-hot form', rank: 'Rank R', l2: 'L2 penalty λ',
  solver: 'Solver', steps: 'Steps', seed: 'Seed', tokens: 'A word is', context: 'Context', 'max-vocab': 'Most words', 'min-count': 'Least count',
  boundary: 'Boundary <s>', 'keep-case': 'Keep case', punctuation: 'Punctuation', schedule: 'Schedule', momentum: 'Momentum', beta1: 'β₁', beta2: 'β₂', init: 'First weights', scaled: 'Divide by √R',
};
// What a setting is in this run, where the value alone does not say it.
const choices = { tokens: { words: 'a word', chars: 'a character', fields: 'a field' } };

const fields = new Map(); // by name: {input, error, hint, setting}

export function controls() {
  const form = document.getElementById('settings');
  form.addEventListener('submit', (event) => event.preventDefault());
  // Where there is room for them the settings stand beside the views, always open.
  const wide = matchMedia('(min-width: 64rem)');
  const unfold = () => { document.getElementById('settings-box').open = wide.matches; };
  wide.addEventListener('change', unfold);
  unfold();
  store.on('hello', () => {
    form.replaceChildren(...groups.map(fieldset), element('details', {}, element('summary', {}, 'More settings'), ...more.map(fieldset)));
  });
  store.on('session', show);
  store.on('fault', showFault);
}

function fieldset([title, names]) {
  return element('fieldset', {}, element('legend', {}, title), ...names.map(field));
}

function field(name) {
  const setting = store.hello.settings.find((s) => s.name === name);
  const id = `set-${name}`;
  const check = setting.kind === 'bool';
  const input = inputOf(setting, id);
  const error = element('p', { id: `${id}-error`, class: 'error', role: 'alert', hidden: '' });
  const hint = element('p', { id: `${id}-hint`, class: 'hint', hidden: '' });
  const label = element('label', { for: id }, labels[name]);
  explain(input, setting.text, { beside: true });
  explain(label, setting.text, { beside: true });
  describe(input, hint.id);
  input.addEventListener('change', () => {
    const typed = check ? String(input.checked) : input.value.trim();
    propose({ [name]: plain(setting, typed) }).catch(fault);
  });
  fields.set(name, { input, error, hint, setting });
  return element('div', { class: check ? 'setting check' : 'setting' }, ...(check ? [input, label] : [label, input]), hint, error);
}

function inputOf(setting, id) {
  if (setting.kind === 'choice') {
    const select = element('select', { id });
    for (const choice of setting.choices) select.add(new Option(choices[setting.name]?.[choice] ?? choice, choice));
    return select;
  }
  if (setting.kind === 'bool') return element('input', { id, type: 'checkbox' });
  return element('input', { id, type: 'text', inputmode: setting.kind === 'whole' ? 'numeric' : 'decimal', autocomplete: 'off', spellcheck: 'false' });
}

// show puts the values of the run in place.
function show() {
  const { settings } = store.session;
  for (const [name, { input, hint, setting }] of fields) {
    if (setting.kind === 'bool') input.checked = settings[name] === 'true';
    else input.value = settings[name];
    const why = idle(name, (other) => settings[other]);
    input.disabled = why !== '';
    hint.textContent = why;
    hint.hidden = why === '';
  }
  showFault();
}

// showFault says what is wrong with a setting, beside it, or that nothing is.
function showFault() {
  for (const [name, { input, error }] of fields) {
    const mine = store.fault?.flag === name;
    input.setAttribute('aria-invalid', String(mine));
    error.textContent = mine ? sentence(store.fault.message) : '';
    error.hidden = !mine;
    describe(input, mine ? error.id : '', error.id);
    if (!mine) continue;
    for (let box = input.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
  }
}
