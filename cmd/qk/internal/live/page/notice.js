// What the user has to know, at the top of the page. Each matter has a place of its own,
// so that one message does not drive out another. The place is a status: what comes into
// it is read out.

import { element } from './repaint.js';

const matters = new Map(); // by key: the element

// notice shows what there is to say about a matter, with something to do about it; nothing
// to say takes it away. What has no action can be put away.
export function notice(key, messages, action = '', act = null) {
  matters.get(key)?.remove();
  matters.delete(key);
  const list = [messages].flat().filter(Boolean);
  if (!list.length) return;
  const box = element('div', { class: 'notice', 'data-notice': key }, element('div', {}, ...list.map((text) => element('p', {}, sentence(text)))));
  const button = element('button', { type: 'button' }, action || 'Close');
  button.addEventListener('click', act ?? (() => notice(key, '')));
  if (act) button.classList.add('primary');
  box.append(button);
  matters.set(key, box);
  document.getElementById('notice').append(box);
}

// sentence begins with a capital and ends with a full stop.
export function sentence(text) {
  const whole = /[.!?…]$/.test(text) ? text : `${text}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}
