// Puts the page together.

import { again } from './again.js';
import { controls } from './controls.js';
import { notice } from './notice.js';
import { menu } from './pictures.js';
import { player } from './player.js';
import { element } from './repaint.js';
import { begin } from './session.js';
import { state } from './state.js';
import { store } from './store.js';
import { textDialog } from './textdialog.js';
import { view as gradient } from './views/gradient.js';
import { view as heatmaps } from './views/heatmaps.js';
import { view as ladder } from './views/ladder.js';
import { view as lookup } from './views/lookup.js';
import { view as sentence } from './views/sentence.js';
import { view as verdict } from './views/verdict.js';

// Who tests the page may read what it knows.
Object.defineProperty(window, 'qk', { value: Object.freeze({ store, state }) });

for (const view of [heatmaps, ladder, verdict, lookup, sentence, gradient]) {
  const body = element('div', { id: view.id });
  const head = element('header', {}, element('h2', { id: `${view.id}-title` }, view.title));
  if (view.draw) head.append(menu(view));
  const section = element('section', { class: 'view', id: `view-${view.id}`, 'aria-labelledby': `${view.id}-title` }, head, element('p', { class: 'about' }, view.about), body);
  document.getElementById('views').append(section);
  view.mount(body, store);
}

colours();
player();
controls();
textDialog();
again();
closeMenus();
store.on('frame', () => requestAnimationFrame(() => {
  document.documentElement.dataset.ready = 'true';
  document.documentElement.dataset.step = store.frame?.step ?? '';
}));
begin().catch((error) => notice(error.message, 'Try again', () => location.reload()));

// colours lets the user choose light or dark; the choice stays in this browser.
function colours() {
  const select = document.getElementById('theme');
  const apply = () => {
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
    store.tell('theme');
  };
  select.value = localStorage.getItem('qk-theme') ?? '';
  select.addEventListener('change', () => {
    localStorage.setItem('qk-theme', select.value);
    apply();
  });
  apply();
}

// closeMenus closes an open menu when one looks elsewhere.
function closeMenus() {
  const close = (event) => {
    for (const open of document.querySelectorAll('details.menu[open]')) {
      if (event.key === 'Escape' || !open.contains(event.target)) open.open = false;
    }
  };
  addEventListener('pointerdown', close);
  addEventListener('focusin', close);
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close(event);
  });
}
