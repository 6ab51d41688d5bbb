// Puts the page together.

import { again } from './again.js';
import { colours } from './colours.js';
import { controls } from './controls.js';
import { notice } from './notice.js';
import { begin } from './open.js';
import { closeMenus, menu } from './pictures.js';
import { player } from './player.js';
import { rate } from './rate.js';
import { element } from './repaint.js';
import { state } from './state.js';
import { store } from './store.js';
import { text } from './text.js';
import { view as gradient } from './views/gradient.js';
import { view as heatmaps } from './views/heatmaps.js';
import { view as ladder } from './views/ladder.js';
import { view as lookup } from './views/lookup.js';
import { view as sentence } from './views/sentence.js';
import { view as verdict } from './views/verdict.js';

// Who tests the page may read what it knows.
Object.defineProperty(window, 'qk', { value: Object.freeze({ store, state }) });

for (const view of [heatmaps, ladder, lookup, verdict, sentence, gradient]) {
  const body = element('div', { id: view.id });
  const head = element('header', {}, element('h2', { id: `${view.id}-title` }, view.title));
  if (view.draw) head.append(menu(view));
  const section = element('section', { class: 'view', id: `view-${view.id}`, 'aria-labelledby': `${view.id}-title` }, head, element('p', { class: 'about' }, view.about), body);
  document.getElementById('views').append(section);
  view.mount(body, store);
}

colours();
player();
rate();
controls();
text();
again();
closeMenus();
addEventListener('resize', () => store.tell('resize'));

// How much room the maps need decides how the views are laid out.
store.on('shape', () => {
  document.getElementById('views').dataset.columns = store.shape.columns.length > 16 ? 'many' : 'few';
});

// The views draw before the next frame of the screen; after that the page is as it says.
store.on('frame', () => requestAnimationFrame(() => {
  if (!store.frame || store.aim) return;
  document.documentElement.dataset.ready = 'true';
  document.documentElement.dataset.step = store.frame.step;
}));

begin().catch((error) => notice('trouble', error.message, 'Try again', () => location.reload()));
