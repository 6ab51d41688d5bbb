// The learning rate: a slider over its powers of ten, and a field for the number. It may
// change while the run goes on. Before the first step it is just a setting.

import { brief } from './numbers.js';
import { sentence } from './notice.js';
import { fault, newRate, propose } from './session.js';
import { store } from './store.js';
import { describe } from './tips.js';

const $ = (id) => document.getElementById(id);
const often = 150; // milliseconds between orders while the slider is drawn

let shown = NaN; // the rate that the fields show

export function rate() {
  const [slider, field] = [$('lr-slider'), $('lr')];
  describe(field, 'lr-error');
  describe(field, 'rate-now');
  slider.addEventListener('input', () => {
    field.value = String(ofSlider());
    slider.setAttribute('aria-valuetext', field.value);
    soon(ofSlider());
  });
  slider.addEventListener('change', () => settle(ofSlider()));
  field.addEventListener('change', () => settle(field.value.trim()));
  store.on('session', () => {
    complain('');
    shown = NaN;
    clearTimeout(timer);
    timer = 0;
  });
  store.on('frame', follow);
  store.on('fault', () => {
    if (store.fault.flag === 'lr') complain(store.fault.message);
  });
}

const ofSlider = () => Number((10 ** Number($('lr-slider').value)).toPrecision(2));

const atStart = () => store.frame?.step === 0 && !store.frame.playing && !store.aim;

let timer = 0;
let next = 0;

// soon changes the rate while the slider is drawn, but not too often.
function soon(value) {
  next = value;
  timer ||= setTimeout(() => {
    timer = 0;
    if (!atStart()) change(next);
  }, often);
}

// settle takes over what was typed or chosen. Nothing typed is the default, which only a
// new run can have.
async function settle(typed) {
  clearTimeout(timer);
  timer = 0;
  const value = Number(typed);
  if (typed !== '' && !(value > 0 && Number.isFinite(value))) {
    complain('The rate has to be a number above 0, such as 0.1 or 1e-3.');
    return;
  }
  complain('');
  if (typed !== '' && !atStart()) await change(value);
  else await propose({ lr: typed === '' ? undefined : String(typed) }).catch(fault);
}

async function change(value) {
  try {
    await newRate(value);
  } catch (error) {
    complain(error.message);
  }
}

function complain(message) {
  $('lr-error').textContent = message && sentence(message);
  $('lr-error').hidden = message === '';
  $('lr').setAttribute('aria-invalid', String(message !== ''));
}

// follow shows the rate of the run, unless a new one is being typed.
function follow() {
  const { frame, session } = store;
  if (!(frame.base_rate > 0)) return;
  const falls = session.settings.schedule !== 'constant';
  const now = falls ? `next step ${brief(frame.rate)} (${session.settings.schedule} schedule)` : '';
  if ($('rate-now').textContent !== now) $('rate-now').textContent = now;
  if (frame.base_rate === shown || timer) return;
  shown = frame.base_rate;
  if (document.activeElement !== $('lr') || $('lr').getAttribute('aria-invalid') !== 'true') $('lr').value = String(shown);
  $('lr-slider').value = String(Math.log10(shown));
  $('lr-slider').setAttribute('aria-valuetext', String(shown));
}
