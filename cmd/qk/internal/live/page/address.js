// Keeps the address of the page up to date, and reads it at the beginning.

import { fresh, state } from './state.js';
import { store } from './store.js';
import { write } from './url.js';

let due = 0;

// remember writes the state into the address, soon.
export function remember() {
  due ||= setTimeout(writeNow, 250);
}

// writeNow writes it at once.
export async function writeNow() {
  clearTimeout(due);
  due = 0;
  const { hash, whole } = await write(state);
  if (store.whole !== whole) {
    store.whole = whole;
    store.tell('address');
  }
  if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname);
}

// newEntry puts the state into a new entry of the browser's history, so that the back
// button leads to the address before.
export async function newEntry() {
  const { hash } = await write(state);
  history.pushState(null, '', hash || location.pathname);
}

// keep notes what is looked at.
export function keep() {
  store.on('view', () => {
    const { view, session } = store;
    if (!session) return;
    const seen = {
      row: view.row >= 0 ? session.words[view.row] : '',
      column: view.column >= 0 ? session.words[view.column] : '',
      sentence: view.sentence === session.sentence ? null : view.sentence,
    };
    if (Object.entries(seen).every(([name, value]) => state[name] === value)) return;
    Object.assign(state, seen);
    remember();
  });
}

// sameRun tells whether a state is of the run that is on the page, at the same step.
export function sameRun(other) {
  const run = ({ settings, text, textName, rates, at }) => JSON.stringify([Object.entries(settings).sort(), text, textName, rates, at]);
  return run({ ...fresh(), ...other }) === run(state);
}
