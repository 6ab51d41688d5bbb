// Opens runs, follows them, and keeps the address up to date.

import { get, leave, listen, post, Refusal } from './api.js';
import { notice } from './notice.js';
import { asked, restore, state } from './state.js';
import { store } from './store.js';
import { read, write } from './url.js';

let stop = () => {};
let opening = 0; // the number of the last opening; what an earlier one brings is too late

const still = matchMedia('(prefers-reduced-motion: reduce)');

// begin greets the server and opens what the address says.
export async function begin() {
  store.hello = await get('/api/hello');
  try {
    restore(await read(location.hash));
  } catch (error) {
    restore({});
    notice(error.message);
  }
  store.tell('hello');
  await open({ until: state.at }).catch(async (error) => {
    fault(error);
    if (!store.session && error.status !== 0) { // an address that cannot be used: begin with the defaults
      restore({});
      await open({}).catch(fault);
      notice(`This address could not be used: ${error.message}`);
    }
  });
  addEventListener('hashchange', follow);
  addEventListener('pagehide', () => {
    stop();
    if (store.session) leave(store.session.id);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) again();
  });
}

// follow opens the address that was typed, or gone back to.
async function follow() {
  try {
    restore(await read(location.hash));
    await open({ until: state.at });
  } catch (error) {
    fault(error);
  }
}

// fault shows an error where it belongs.
export function fault(error) {
  store.fault = error;
  store.tell('fault');
  if (!(error instanceof Refusal) || !error.flag) notice(error.message);
}

// again opens the run anew that was lost, and goes to where it stood.
export async function again() {
  notice('');
  const { frame } = store;
  try {
    await open({ until: frame?.step ?? state.at });
    if (frame?.playing) store.send('play').catch(() => {});
  } catch (error) {
    fault(error);
  }
}

// open starts a run of the state; until is the step to go to at once. The run on the page
// goes on if that cannot be done.
export async function open({ until = 0 }) {
  const number = ++opening;
  const request = { ...asked(store.hello), until };
  if (store.session) request.replaces = store.session.id;
  const session = await post('/api/sessions', request);
  if (number !== opening) {
    leave(session.id);
    return;
  }
  stop();
  Object.assign(store, { session, shape: null, frame: null, history: [], gradients: [], fault: null });
  Object.assign(store.view, { row: session.words.indexOf(state.row), column: session.words.indexOf(state.column), hoverRow: -1, hoverColumn: -1, sentence: state.sentence ?? session.sentence });
  if (store.view.row < 0) store.view.column = -1;
  state.at = until;
  notice(session.warnings);
  store.tell('session');
  hear(session.id);
  const orders = [store.send('speed', { value: state.speed })];
  if (store.view.row >= 0) orders.push(store.pin(store.view.row, store.view.column));
  if (state.sentence !== null) orders.push(store.send('sentence', { text: state.sentence }));
  await Promise.all(orders);
  remember();
}

function hear(id) {
  stop = listen(id, still.matches ? 2 : 15, {
    shape(shape) {
      store.shape = shape;
      store.tell('shape');
    },
    frame(frame) {
      store.frame = frame;
      store.history = frame.first ? frame.points : store.history.concat(frame.points);
      keepGradient(frame);
      state.rates = frame.rates;
      if (!frame.playing && state.at !== frame.step) {
        state.at = frame.step;
        remember();
      }
      store.tell('frame');
    },
    gone({ error }) {
      notice(`This run has ended: ${error}.`, 'Start again where it was', again);
    },
    lost() {
      notice('The run cannot be reached any more.', 'Start again where it was', again);
    },
  });
}

// keepGradient adds to the curve of the cell in focus.
function keepGradient({ step, focus }) {
  if (!focus || focus.gradient === null || focus.row !== store.view.row || focus.column !== store.view.column) return;
  const last = store.gradients.at(-1);
  if (last && last[0] === step) last[1] = focus.gradient;
  else store.gradients.push([step, focus.gradient]);
}

let due = 0;

// remember writes the state into the address, soon.
export function remember() {
  if (due) return;
  due = setTimeout(async () => {
    due = 0;
    const { hash, whole } = await write();
    store.whole = whole;
    store.tell('address');
    if (hash === location.hash) return;
    history.replaceState(null, '', hash || location.pathname);
  }, 250);
}

store.on('view', () => {
  const { view, session } = store;
  if (!session) return;
  state.row = view.row >= 0 ? session.words[view.row] : '';
  state.column = view.column >= 0 ? session.words[view.column] : '';
  state.sentence = view.sentence === session.sentence ? null : view.sentence;
  remember();
});
