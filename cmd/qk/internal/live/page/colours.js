// Lets the user choose light or dark; the choice stays in this browser.

import { store } from './store.js';

const key = 'qk-theme';

export function colours() {
  const select = document.getElementById('theme');
  select.value = document.documentElement.dataset.theme ?? '';
  select.addEventListener('change', () => {
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
    try {
      localStorage.setItem(key, select.value);
    } catch {
      // Then it holds until the page is left.
    }
    store.tell('theme');
  });
}
