// Chooses the text: a built-in one, a pasted one, or a file.

import { count } from './numbers.js';
import { sentence } from './notice.js';
import { element } from './repaint.js';
import { fault, forget, propose } from './session.js';
import { state } from './state.js';
import { store } from './store.js';
import { describe, explain } from './tips.js';

const $ = (id) => document.getElementById(id);
const ownText = ''; // the value of the choice for a text of one's own

export function text() {
  const select = $('set-corpus');
  select.addEventListener('change', () => {
    if (select.value !== ownText) propose(...builtIn(select.value)).catch(fault);
  });
  $('text').addEventListener('click', show);
  $('use-text').addEventListener('click', () => use($('paste').value, ''));
  $('upload').addEventListener('change', upload);
  describe($('paste'), 'text-error');
  describe($('upload'), 'text-error');
  store.on('hello', () => {
    for (const corpus of store.hello.corpora) {
      $('built-in').append(choice(corpus));
      select.add(new Option(corpus.name, corpus.name));
    }
    $('text-limits').textContent = `Up to ${count(store.hello.limits.text_bytes, 'byte')}. Of a text with more than ${count(store.hello.limits.words, 'different word')} the most frequent are kept.`;
  });
  store.on('session', () => {
    const { corpus } = store.session.settings;
    const own = [...select.options].find((o) => o.value === ownText);
    if (state.text === null) own?.remove();
    else if (own) own.text = corpus;
    else select.add(new Option(corpus, ownText));
    select.value = state.text === null ? corpus : ownText;
    explain(select, about(store.session));
  });
}

function about({ data }) {
  return `The text that is counted and learned from: ${count(data.sentences, 'sentence')}, ${count(data.vocabulary, 'different word')}, ${count(data.positions, 'place')} with a next word.`;
}

const others = { rates: [], sentence: null, row: '', column: '' };

// builtIn are the changes that lead to a built-in text.
function builtIn(name) {
  const standard = store.hello.settings.find((s) => s.name === 'corpus').default;
  return [{ corpus: name === standard ? undefined : name, 'max-vocab': undefined }, { ...others, text: null, textName: '' }];
}

function choice({ name, text: content, about: what }) {
  const button = element('button', { type: 'button', id: `corpus-${name}`, 'data-corpus': name }, 'Use ', element('b', {}, name));
  button.addEventListener('click', () => take(...builtIn(name)));
  const lines = content.trim().split('\n');
  const different = [...new Set(lines)].map((line) => {
    const times = lines.filter((other) => other === line).length;
    return times > 1 ? `${line}  × ${times}` : line;
  });
  return element('div', { class: 'choice' }, button, element('div', {}, element('p', {}, what), element('pre', {}, different.join('\n'))));
}

function show() {
  complain('');
  for (const button of document.querySelectorAll('[data-corpus]')) {
    const now = state.text === null && button.dataset.corpus === store.session?.settings.corpus;
    if (now) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
  if (state.text !== null) $('paste').value = state.text;
  $('text-dialog').showModal();
}

function complain(message) {
  $('text-error').textContent = message && sentence(message);
  $('text-error').hidden = message === '';
}

function tooLarge(name, bytes) {
  const most = store.hello.limits.text_bytes;
  return bytes > most ? `${name} has ${count(bytes, 'byte')}; up to ${count(most, 'byte')} are possible here. qk train has no such limit.` : '';
}

async function upload() {
  const [file] = $('upload').files;
  $('upload').value = '';
  if (!file) return;
  const why = tooLarge(file.name, file.size);
  if (why) {
    complain(why);
    return;
  }
  let content;
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    complain(`${file.name} is not a text in UTF-8.`);
    return;
  }
  await use(content, file.name);
}

async function use(content, name) {
  const why = tooLarge('This text', new Blob([content]).size);
  if (why) complain(why);
  else await take({ corpus: undefined, 'max-vocab': undefined }, { ...others, text: content, textName: name });
}

// take opens a run on another text. If that cannot be done, all stays as it was.
async function take(changes, other) {
  complain('');
  $('text-dialog').setAttribute('aria-busy', 'true');
  try {
    await propose(changes, other);
    $('text-dialog').close();
  } catch (error) {
    forget();
    complain(error.message);
  }
  $('text-dialog').removeAttribute('aria-busy');
}
