// Play, pause, single steps, reset and speed, and how the run stands.

import { brief, decimals, whole } from './numbers.js';
import { remember } from './address.js';
import { setText } from './repaint.js';
import { fault, reset } from './session.js';
import { state } from './state.js';
import { store } from './store.js';
import { explain } from './tips.js';

const speeds = [[1, '1 step a second'], [3, '3 steps a second'], [10, '10 steps a second'], [30, '30 steps a second'], [100, '100 steps a second'], [1000, '1,000 steps a second'], [0, 'as fast as it goes']];
const often = 5000; // milliseconds between the steps that are read out

const $ = (id) => document.getElementById(id);

export function player() {
  fillSpeeds();
  $('play').addEventListener('click', play);
  $('step').addEventListener('click', step);
  $('reset').addEventListener('click', () => reset());
  explain($('step'), 'One step of gradient descent. Key: .');
  explain($('reset'), 'Back to step 0, with the first weights of the same seed. Changes of the learning rate on the way are forgotten. Key: r');
  explain($('loss'), 'How wrong the predictions are on average. Learning makes it small.');
  explain($('above'), 'How far the loss is above the floor, which no attention can get below.');
  explain($('norm'), 'How steep the loss is where the run stands: 0 at a lowest point.');
  addEventListener('keydown', keys);
  store.on('session', () => {
    for (const id of ['play', 'step', 'reset']) $(id).disabled = false;
    $('steps-all').textContent = whole(store.session.steps);
    $('unit').textContent = store.session.unit;
  });
  store.on('frame', stand);
}

function fillSpeeds() {
  const select = $('speed');
  for (const [value, text] of speeds) select.add(new Option(text, value));
  select.addEventListener('change', () => {
    state.speed = Number(select.value);
    store.send('speed', { value: state.speed }).catch(fault);
    remember();
  });
  store.on('session', () => {
    if (![...select.options].some((o) => o.value === String(state.speed))) select.add(new Option(`${state.speed} steps a second`, state.speed));
    select.value = String(state.speed);
  });
}

const over = () => Boolean(store.frame && (store.frame.done || store.frame.failed));

// play plays or pauses; a run that is over starts again from its first weights.
function play() {
  if (over()) reset({ play: true });
  else store.send(store.frame?.playing ? 'pause' : 'play').catch(fault);
}

function step() {
  if (!over()) store.send('step', { steps: 1 }).catch(fault);
}

// keys are those that work wherever no text is typed. Space is left to any control that
// has the focus.
function keys(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !store.session || document.querySelector('dialog[open]')) return;
  const { target } = event;
  if (target.closest?.('input:not([type="checkbox"]), textarea, select')) return;
  const act = { ' ': play, '.': step, r: () => reset() }[event.key];
  if (!act || (event.key === ' ' && target.closest?.('button, a, summary, input, canvas, [tabindex]:not([tabindex="-1"])'))) return;
  event.preventDefault();
  if (!event.repeat || act === step) act();
}

// stand shows how the run stands.
function stand() {
  const { frame, session } = store;
  if (!frame.status) { // it broke
    setText($('standing'), standing());
    return;
  }
  const ended = over();
  setText($('play'), frame.playing ? 'Pause' : ended ? 'Play again' : 'Play');
  if (ended && $('step') === document.activeElement) $('play').focus();
  $('step').disabled = ended;
  setText($('steps'), whole(frame.step));
  setText($('loss'), decimals(frame.loss, 6));
  $('loss').dataset.value = frame.loss;
  const { floor } = session.ladder;
  setText($('above'), floor === null ? 'floor not known' : brief(Math.max(0, frame.loss - floor)));
  setText($('norm'), brief(frame.grad_norm));
  setText($('standing'), standing());
  report();
}

// standing says what the run is doing; it is read out when it changes.
function standing() {
  const { frame, aim } = store;
  if (frame.failed) return `The run broke: ${frame.failed}.`;
  if (aim) return `Going to step ${whole(aim)}…`;
  if (frame.done) return `The run is over: ${frame.done}.`;
  if (frame.playing) return 'Training.';
  if (frame.step === 0) return 'Nothing is learned yet: these are the first weights. Press Play.';
  return `Paused after step ${whole(frame.step)}.`;
}

let reported = 0;

// report reads out how far a playing run is, now and then.
function report() {
  const now = performance.now();
  if (!store.frame.playing || now - reported < often) return;
  reported = now;
  setText($('report'), `Step ${whole(store.frame.step)}, loss ${decimals(store.frame.loss, 4)}.`);
}
