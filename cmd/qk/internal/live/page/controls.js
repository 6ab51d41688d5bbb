// The settings of the run. Every change but that of rate and speed opens a new run.

import { element } from './repaint.js';
import { fault, open } from './session.js';
import { idle, state } from './state.js';
import { store } from './store.js';
import { explain } from './tips.js';

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
  solver: 'Solver', steps: 'Steps', seed: 'Seed', tokens: 'A word is', context: 'Context L', 'max-vocab': 'Most words', 'min-count': 'Least count',
  boundary: 'Boundary <s>', 'keep-case': 'Keep case', punctuation: 'Punctuation', schedule: 'Schedule', momentum: 'Momentum', beta1: 'β₁', beta2: 'β₂', init: 'First weights σ', scaled: 'Divide by √R',
};

const fields = new Map(); // by name: {input, error, hint, setting}

export function controls() {
  const form = document.getElementById('settings');
  form.addEventListener('submit', (event) => event.preventDefault());
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
  const input = inputOf(setting, id);
  const error = element('p', { id: `${id}-error`, class: 'error', hidden: '' });
  const hint = element('p', { id: `${id}-hint`, class: 'hint', hidden: '' });
  input.setAttribute('aria-errormessage', error.id);
  explain(input, setting.text);
  input.addEventListener('change', () => change(name, setting.kind === 'bool' ? String(input.checked) : input.value.trim()));
  fields.set(name, { input, error, hint, setting });
  const check = setting.kind === 'bool';
  const label = element('label', { for: id, class: check ? 'check' : undefined }, ...(check ? [input, labels[name]] : [labels[name], input]));
  return element('div', { class: 'field' }, label, hint, error);
}

function inputOf(setting, id) {
  if (setting.kind === 'choice') {
    const select = element('select', { id });
    for (const choice of setting.choices) select.add(new Option(choice, choice));
    return select;
  }
  if (setting.kind === 'bool') return element('input', { id, type: 'checkbox' });
  return element('input', { id, type: 'text', inputmode: setting.kind === 'whole' ? 'numeric' : 'decimal', autocomplete: 'off' });
}

// change takes over what was typed, and opens a new run. What is emptied has the default.
async function change(name, typed) {
  if (typed === '') delete state.settings[name];
  else state.settings[name] = typed;
  state.rates = [];
  await open({}).catch(fault);
}

// show puts the values of the run in place.
function show() {
  const { settings } = store.session;
  const value = (name) => settings[name];
  for (const [name, { input, hint, error, setting }] of fields) {
    if (setting.kind === 'bool') input.checked = settings[name] === 'true';
    else input.value = settings[name];
    const why = idle(name, value);
    input.disabled = why !== '';
    hint.textContent = why;
    hint.hidden = why === '';
    input.setAttribute('aria-invalid', 'false');
    error.hidden = true;
  }
}

// showFault says what is wrong with a setting, beside it.
function showFault() {
  for (const [name, { input, error }] of fields) {
    const mine = store.fault?.flag === name;
    input.setAttribute('aria-invalid', String(mine));
    error.textContent = mine ? store.fault.message : '';
    error.hidden = !mine;
    if (mine) input.closest('details')?.setAttribute('open', '');
  }
  if (store.fault?.flag && !fields.has(store.fault.flag) && store.fault.flag !== 'corpus') {
    document.getElementById('standing').textContent = store.fault.message;
  }
}
