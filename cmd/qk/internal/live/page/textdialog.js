// Chooses the text: one that is built in, a pasted one, or a file.

import { element } from './repaint.js';
import { open } from './session.js';
import { state } from './state.js';
import { store } from './store.js';

const $ = (id) => document.getElementById(id);

export function textDialog() {
  $('text').addEventListener('click', show);
  $('use-text').addEventListener('click', () => use({ text: $('paste').value, textName: '' }));
  $('upload').addEventListener('change', upload);
  store.on('hello', () => {
    for (const corpus of store.hello.corpora) $('built-in').append(choice(corpus));
  });
  store.on('session', () => {
    $('text-name').textContent = store.session.settings.corpus;
  });
}

function choice({ name, text, about }) {
  const radio = element('input', { type: 'radio', name: 'corpus', value: name, id: `corpus-${name}` });
  radio.addEventListener('change', () => use({ text: null, textName: '', corpus: name }));
  radio.addEventListener('click', () => { // the one that is chosen already
    if ($('text-dialog').open && state.text === null && store.session?.settings.corpus === name) $('text-dialog').close();
  });
  const lines = [...new Set(text.trim().split('\n'))].map((line) => {
    const times = text.split('\n').filter((other) => other === line).length;
    return times > 1 ? `${line}  × ${times}` : line;
  });
  return element('div', { class: 'choice' }, radio,
    element('span', {}, element('label', { for: radio.id }, element('b', {}, name), ` — ${about}`), element('pre', {}, lines.join('\n'))));
}

function show() {
  complain('');
  for (const radio of document.getElementsByName('corpus')) radio.checked = state.text === null && radio.value === store.session?.settings.corpus;
  if (state.text !== null) $('paste').value = state.text;
  $('text-dialog').showModal();
}

function complain(message) {
  $('text-error').textContent = message;
  $('text-error').hidden = message === '';
}

async function upload() {
  const [file] = $('upload').files;
  if (!file) return;
  const most = store.hello.limits.text_bytes;
  if (file.size > most) {
    complain(`${file.name} has ${file.size.toLocaleString('en')} bytes; up to ${most.toLocaleString('en')} are possible here. qk train has no such limit.`);
    return;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    await use({ text, textName: file.name });
  } catch {
    complain(`${file.name} is not a text in UTF-8.`);
  } finally {
    $('upload').value = '';
  }
}

// use opens a run on another text. If that cannot be done, all stays as it was.
async function use({ text, textName, corpus }) {
  const before = { ...state, settings: { ...state.settings } };
  Object.assign(state, { text, textName, rates: [], sentence: null, row: '', column: '' });
  delete state.settings['max-vocab'];
  if (corpus) state.settings.corpus = corpus;
  else delete state.settings.corpus;
  try {
    await open({});
    $('text-dialog').close();
  } catch (error) {
    Object.assign(state, before);
    complain(error.message);
  }
}
