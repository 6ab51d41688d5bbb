// How to have the run once more: the command, the address, files, and a folder under runs/.

import { writeNow } from './address.js';
import { post, Refusal } from './api.js';
import { element, setText } from './repaint.js';
import { fault } from './session.js';
import { state } from './state.js';
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
  ['attention.svg', 'The picture of qk plot attention (.svg)'],
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
  $('share').addEventListener('click', async () => {
    await writeNow();
    await copy($('share'), location.href);
  });
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
    $('address-note').textContent = 'This text is too long to be part of the address: the address leads to the same settings, but not to your text.';
  });
}

// noteCommand says where the command does not do quite the same.
function noteCommand() {
  const { session, frame } = store;
  const notes = [];
  if (state.text !== null) notes.push(`Save the text as ${session.settings.corpus} for that (Save, The text).`);
  if (frame?.rates?.length) notes.push(`The learning rate was changed on the way. The command starts with the first rate, ${session.settings.lr}, and keeps it; the address of this page has the changes.`);
  setText($('command-note'), notes.join(' '));
  $('command-note').hidden = notes.length === 0;
}

// copy puts a text on the clipboard. Where that is not allowed, as over plain HTTP from
// another machine, the text is selected, to be copied by hand.
async function copy(button, text) {
  let said = 'Copied';
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = 'Press Ctrl+C to copy';
    if (button === $('copy')) getSelection().selectAllChildren($('command'));
    else said = 'Copy it from the address bar';
  }
  button.dataset.text ??= button.textContent;
  button.textContent = said;
  $('said').textContent = `${said}.`;
  setTimeout(() => { button.textContent = button.dataset.text; }, 2500);
}

// fetchFile saves a file that the server makes; what goes wrong is said on the page.
async function fetchFile(name) {
  $('save').open = false;
  $('save').querySelector('summary').focus();
  $('said').textContent = `Making ${name}…`;
  try {
    const answer = await fetch(`/api/sessions/${store.session.id}/save/${name}?theme=${theme.scheme()}`);
    if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({})));
    const called = /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? name;
    offer(called, await answer.blob());
    $('said').textContent = `Saved ${called}.`;
  } catch (error) {
    $('said').textContent = '';
    fault(error instanceof Refusal ? error : new Refusal(0, { error: `${name} could not be fetched: is qk serve still running?` }));
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
