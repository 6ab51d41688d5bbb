// How to have the run once more: the command, the address, files, and a folder under runs/.

import { post } from './api.js';
import { element } from './repaint.js';
import { fault } from './session.js';
import { store } from './store.js';
import { theme } from './theme.js';

const $ = (id) => document.getElementById(id);

const files = [
  ['run.zip', 'The run folder (.zip), for every command of qk'],
  ['report.html', 'The report (one HTML file)'],
  ['export.npz', 'All matrices for numpy (.npz)'],
  ['export.safetensors', 'Q and K (.safetensors)'],
  ['masks.csv', 'Counted and learned masks (.csv)'],
  ['scores.csv', 'The scores S = QKᵀ (.csv)'],
  ['loss.svg', 'The picture of qk plot loss (.svg)'],
  ['masks.svg', 'The picture of qk plot masks (.svg)'],
  ['corpus.txt', 'The text'],
];

export function again() {
  const list = $('save').querySelector('ul');
  list.append(...files.map(([name, text]) => element('li', {}, element('button', { type: 'button', 'data-file': name }, text))));
  list.addEventListener('click', (event) => {
    const name = event.target.dataset?.file;
    if (name) fetchFile(name);
  });
  $('copy').addEventListener('click', () => copy($('copy'), $('command').textContent));
  $('share').addEventListener('click', () => copy($('share'), location.href));
  $('keep').addEventListener('click', keep);
  store.on('hello', () => {
    $('keep').hidden = !store.hello.keep;
    $('version').textContent = `qk ${store.hello.version}.`;
  });
  store.on('session', () => {
    $('command').textContent = store.session.command;
    $('kept').replaceChildren();
    noteCommand();
  });
  store.on('frame', noteCommand);
  store.on('address', () => {
    $('address-note').hidden = store.whole;
    $('address-note').textContent = 'The text is too long to be part of the address: it leads to the same settings, but not to your text.';
  });
}

// noteCommand says where the command does not do quite the same.
function noteCommand() {
  const { session, frame } = store;
  const notes = [];
  const corpus = session.settings.corpus;
  if (!store.hello.corpora.some((c) => c.name === corpus)) notes.push(`Save the text as ${corpus} for that (Save, The text).`);
  if (frame?.rates.length) notes.push('The learning rate was changed on the way: the command keeps the first one throughout. The address of this page has the changes.');
  const text = notes.join(' ');
  if ($('command-note').textContent !== text) $('command-note').textContent = text;
  $('command-note').hidden = text === '';
}

async function copy(button, text) {
  const before = button.dataset.text ?? button.textContent;
  button.dataset.text = before;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Copying is not allowed here';
  }
  setTimeout(() => { button.textContent = before; }, 1500);
}

// fetchFile saves a file that the server makes; what goes wrong is said on the page.
async function fetchFile(name) {
  $('save').open = false;
  try {
    const answer = await fetch(`/api/sessions/${store.session.id}/save/${name}?theme=${theme.scheme()}`);
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? `The server answered with ${answer.status}.`);
    const called = /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? name;
    offer(called, await answer.blob());
  } catch (error) {
    fault(error);
  }
}

// offer has the browser save something under a name.
export function offer(name, blob) {
  const link = element('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function keep() {
  try {
    const { path, commands } = await post(`/api/sessions/${store.session.id}/keep`);
    $('kept').replaceChildren(element('p', {}, `The run is kept in ${path}, as it stands. Look into it with`), element('pre', {}, element('code', {}, commands.join('\n'))));
  } catch (error) {
    fault(error);
  }
}
