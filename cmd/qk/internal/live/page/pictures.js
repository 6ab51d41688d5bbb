// Saves any view as a picture that stands alone, in the colours of the page.

import { offer } from './again.js';
import { canvasPen, svgPen } from './pen.js';
import { element, svgElement } from './repaint.js';
import { store } from './store.js';
import { theme } from './theme.js';

const width = 960;

// menu is the menu of a view.
export function menu(view) {
  const entry = (kind, text) => {
    const button = element('button', { type: 'button', 'data-picture': kind }, text);
    button.addEventListener('click', () => {
      details.open = false;
      save(view, kind);
    });
    return element('li', {}, button);
  };
  const details = element('details', { class: 'menu' }, element('summary', { 'aria-label': `Save a picture: ${view.title}` }, 'Save picture'),
    element('ul', {}, entry('svg', 'as SVG'), entry('png', 'as PNG')));
  return details;
}

function save(view, kind) {
  if (!store.frame) return;
  const name = `qk-${store.session.settings.corpus}-${view.id}-${store.frame.step}.${kind}`;
  if (kind === 'svg') offer(name, new Blob([drawnSVG(view)], { type: 'image/svg+xml' }));
  else drawnPNG(view).toBlob((blob) => offer(name, blob), 'image/png');
}

export function drawnSVG(view) {
  const height = Math.ceil(view.height(width, store));
  const svg = svgElement({ xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  const palette = theme.palette();
  const pen = svgPen(svg, palette);
  pen.rect(0, 0, width, height, { fill: palette.paper });
  view.draw(pen, width, store, palette);
  return new XMLSerializer().serializeToString(svg);
}

export function drawnPNG(view) {
  const height = Math.ceil(view.height(width, store));
  const canvas = element('canvas', { width: 2 * width, height: 2 * height });
  const ctx = canvas.getContext('2d');
  ctx.scale(2, 2);
  const palette = theme.palette();
  const pen = canvasPen(ctx, palette);
  pen.rect(0, 0, width, height, { fill: palette.paper });
  view.draw(pen, width, store, palette);
  return canvas;
}

// closeMenus closes an open menu when one looks elsewhere, or presses Escape.
export function closeMenus() {
  const elsewhere = (event) => {
    for (const open of document.querySelectorAll('details.menu[open]')) {
      if (!open.contains(event.target)) open.open = false;
    }
  };
  addEventListener('pointerdown', elsewhere);
  addEventListener('focusin', elsewhere);
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const open of document.querySelectorAll('details.menu[open]')) {
      const inside = open.contains(document.activeElement);
      open.open = false;
      if (inside) open.querySelector('summary').focus();
    }
  });
}
