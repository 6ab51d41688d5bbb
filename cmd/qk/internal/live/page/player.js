// Play, pause, single steps, reset, speed and learning rate, and how the run stands.

import { brief, decimals, whole } from './numbers.js';
import { fault, open, remember } from './session.js';
import { state } from './state.js';
import { store } from './store.js';

const speeds = [[1, '1 step a second'], [3, '3 steps a second'], [10, '10 steps a second'], [30, '30 steps a second'], [100, '100 steps a second'], [1000, '1,000 steps a second'], [0, 'as fast as it goes']];

const $ = (id) => document.getElementById(id);

export function player() {
  fillSpeeds();
  $('play').addEventListener('click', play);
  $('step').addEventListener('click', step);
  $('reset').addEventListener('click', reset);
  $('lr-slider').addEventListener('input', () => changeRate(Number((10 ** Number($('lr-slider').value)).toPrecision(2))));
  $('lr').addEventListener('change', () => changeRate(Number($('lr').value)));
  addEventListener('keydown', keys);
  store.on('session', () => {
    for (const id of ['play', 'step', 'reset']) $(id).disabled = false;
    $('speed').value = String(state.speed);
    $('steps-all').textContent = whole(store.session.steps);
    $('unit').textContent = store.session.unit;
    rateFault('');
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
    if (!speeds.some(([value]) => value === state.speed)) select.add(new Option(`${state.speed} steps a second`, state.speed));
  });
}

function over() {
  return Boolean(store.frame && (store.frame.done || store.frame.failed));
}

function play() {
  if (over()) return;
  store.send(store.frame?.playing ? 'pause' : 'play').catch(fault);
}

function step() {
  if (!over()) store.send('step', { steps: 1 }).catch(fault);
}

// reset opens the same run anew: the same seed gives the same start.
async function reset() {
  state.rates = [];
  await open({}).catch(fault);
}

function keys(event) {
  const busy = event.target.closest?.('input, textarea, select, button, a, summary, canvas, svg, dialog, [tabindex]');
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !store.session) return;
  const act = { ' ': play, '.': step, r: reset }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function rateFault(text) {
  $('lr-error').textContent = text;
  $('lr-error').hidden = text === '';
  $('lr').setAttribute('aria-invalid', String(text !== ''));
}

// changeRate changes the rate of the run where it stands. Before the first step it is
// just a setting.
async function changeRate(rate) {
  if (!(rate > 0) || !Number.isFinite(rate)) {
    rateFault('The rate has to be a number above 0.');
    return;
  }
  rateFault('');
  try {
    if (store.frame?.step === 0 && !store.frame.playing) {
      state.settings.lr = String(rate);
      state.rates = [];
      await open({});
    } else {
      await store.send('rate', { value: rate });
    }
  } catch (error) {
    rateFault(error.message);
  }
}

let told = '';

// stand shows how the run stands.
function stand() {
  const { frame, session } = store;
  const play = $('play');
  play.textContent = frame.playing ? 'Pause' : 'Play';
  play.setAttribute('aria-pressed', String(frame.playing));
  play.disabled = over();
  $('step').disabled = over();
  $('steps').textContent = whole(frame.step);
  $('loss').textContent = decimals(frame.loss, 6);
  const { floor } = session.ladder;
  $('above').textContent = floor === null ? 'floor not known' : brief(Math.max(0, frame.loss - floor));
  $('norm').textContent = brief(frame.grad_norm);
  const now = frame.rate === frame.base_rate ? '' : `now ${brief(frame.rate)}, by the ${session.settings.schedule} schedule`;
  if ($('rate-now').textContent !== now) $('rate-now').textContent = now;
  if (document.activeElement !== $('lr')) $('lr').value = String(frame.base_rate);
  if (document.activeElement !== $('lr-slider')) $('lr-slider').value = String(Math.log10(frame.base_rate));
  const standing = frame.failed ? `The run broke: ${frame.failed}` : frame.done ? `After ${whole(frame.step)} steps: ${frame.done}.` : frame.playing ? 'Training.' : frame.step === 0 ? 'Nothing is learned yet: these are the first weights. Press Play.' : `Paused after step ${whole(frame.step)}.`;
  if (standing !== told) {
    told = standing;
    $('standing').textContent = standing;
  }
}
