// The life of a run: opened from the state, replaced when the state changes, opened anew
// when the server gave it up. Runs are opened one after the other; of those that wait
// only the last is.

import { leave, post } from './api.js';
import { keep, newEntry, remember, writeNow } from './address.js';
import { notice } from './notice.js';
import { asked, restore, state } from './state.js';
import { store, tame, visible } from './store.js';
import { listen } from './stream.js';

let stop = () => {};
let waiting = null; // what is to be opened next
let busy = false;
let draft = null; // a state that the server refused, to be mended
let planned = []; // changes of the rate that the address asks for, some of them to come

// open starts a run of a state and takes as many steps at once as it says. options:
// entry, for one more in the browser's history, and play. The run on the page goes on if
// the promise fails.
export function open(wanted, options = {}) {
  waiting?.resolve(false);
  return new Promise((resolve, reject) => {
    waiting = { wanted, options, resolve, reject };
    if (!busy) work();
  });
}

async function work() {
  busy = true;
  document.documentElement.dataset.busy = 'true';
  let play = false;
  while (waiting) {
    const { wanted, options, resolve, reject } = waiting;
    waiting = null;
    try {
      const request = asked(wanted, store.hello);
      if (store.session) request.replaces = store.session.id;
      await show(await post('/api/sessions', request), wanted, options);
      play = Boolean(options.play);
      resolve(true);
    } catch (error) {
      draft = wanted;
      reject(error);
    }
  }
  busy = false;
  delete document.documentElement.dataset.busy;
  if (store.session && followed !== store.session.id) attend(play);
}

// show puts a run on the page.
async function show(session, wanted, { entry }) {
  stop();
  if (entry) await writeNow(); // the step where the run before was left
  draft = null;
  planned = wanted.rates;
  restore(wanted);
  if (entry) await newEntry();
  const row = session.words.indexOf(state.row);
  const column = row < 0 ? -1 : session.words.indexOf(state.column);
  Object.assign(store, { session, shape: null, frame: null, history: [], gradients: [], fault: null, aim: state.at });
  Object.assign(store.view, { row, column, hoverRow: -1, hoverColumn: -1, sentence: state.sentence ?? session.sentence });
  notice('lost', '');
  notice('trouble', '');
  notice('warnings', session.warnings);
  store.tell('session');
  remember();
}

let followed = ''; // the run whose frames come

// attend tells the run on the page what is looked at, and shows its frames.
function attend(play) {
  const { session, view } = store;
  followed = session.id;
  follow(session.id);
  store.send('speed', { value: state.speed }).catch(fault);
  if (view.row >= 0) store.pin(view.row, view.column);
  if (state.sentence !== null) store.send('sentence', { text: state.sentence }).catch(fault);
  if (play) store.send('play').catch(fault);
}

function follow(id) {
  stop = listen(id, {
    speed: () => state.speed,
    shape(shape) {
      store.shape = shape;
      store.tell('shape');
    },
    frame(frame) {
      take(frame);
      store.tell('frame');
    },
    gone: lost,
    away: () => notice('away', 'The connection to qk serve is lost. Trying again…'),
    back: () => notice('away', ''),
  });
}

// take keeps a frame, and the state in step with it.
function take(frame) {
  showWords(frame);
  store.frame = frame;
  const points = frame.points.filter(([, loss]) => loss !== null);
  store.history = frame.first ? points : store.history.concat(points);
  keepGradient(frame);
  if (frame.step >= store.aim || frame.done || frame.failed) store.aim = 0;
  if (!frame.rates) return; // it broke
  const asPlanned = frame.rates.length < planned.length && frame.rates.every(([step, rate], k) => step === planned[k][0] && rate === planned[k][1]);
  state.rates = asPlanned ? planned : frame.rates;
  if (frame.playing || store.aim) return;
  state.at = frame.step;
  remember();
}

// showWords makes the words of a frame visible, as the store does with those of the text.
function showWords({ sentence, focus }) {
  if (sentence) {
    sentence.words = sentence.words.map(visible);
    sentence.error = tame(sentence.error);
    for (const group of sentence.groups) {
      group.note = tame(group.note);
      for (const vote of group.votes) vote.word = visible(vote.word);
    }
  }
  if (focus) for (const next of focus.next) next.word = visible(next.word);
}

// keepGradient adds to the curve of the cell in focus.
function keepGradient({ step, focus }) {
  if (!focus || focus.gradient === null || focus.row !== store.view.row || focus.column !== store.view.column) return;
  const last = store.gradients.at(-1);
  if (last && last[0] === step) last[1] = focus.gradient;
  else store.gradients.push([step, focus.gradient]);
}

// newRate changes the learning rate where the run stands. What was planned for later
// steps is given up.
export function newRate(rate) {
  planned = [];
  return store.send('rate', { value: rate });
}

// lost offers to open a run anew that the server gave up.
function lost(why) {
  if (busy) return; // another one takes its place
  stop();
  notice('away', '');
  notice('lost', `This run has ended: ${why}. It can be made again, the same to the last bit.`, 'Start again where it was', again);
}

// again opens the run anew, goes to where it stood, and goes on if it was playing.
export async function again() {
  const { frame } = store;
  await open({ ...state, at: frame?.step ?? state.at }, { play: frame?.playing }).catch(fault);
}

// reset goes back to step 0 of the same settings, with the rate that they have.
export async function reset(options = {}) {
  await open({ ...state, rates: [], at: 0 }, options).catch(fault);
}

// propose opens a run with other settings. What is undefined has its default. other is
// for the rest of the state, such as a text.
export function propose(changes, other = {}) {
  const base = draft ?? state;
  const settings = { ...base.settings, ...changes };
  for (const name of Object.keys(settings)) {
    if (settings[name] === undefined) delete settings[name];
  }
  return open({ ...base, ...other, settings, rates: [], at: 0 }, { entry: true });
}

// forget gives up a state that was refused, where it cannot be mended on the page.
export function forget() {
  draft = null;
}

// fault shows an error where it belongs: beside its setting, or at the top of the page.
export function fault(error) {
  if (error.status === 404) {
    lost(error.message);
    return;
  }
  store.fault = error;
  store.tell('fault');
  const beside = error.flag && error.flag !== 'corpus' && store.hello?.settings.some((s) => s.name === error.flag);
  if (!beside) notice('trouble', error.message);
}

// watch follows the page as it goes away and comes back.
export function watch() {
  keep();
  store.on('vanished', lost);
  addEventListener('pagehide', () => {
    stop();
    if (store.session) leave(store.session.id);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) again();
  });
}
