// What all views need in order to stay drawn: elements, sizes and at most one drawing for
// each frame of the screen.

import { canvasPen, svgPen } from './pen.js';
import { theme } from './theme.js';

// element makes an element: attributes, then children or texts.
export function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) e.setAttribute(key, value);
  }
  e.append(...children);
  return e;
}

export function svgElement(attributes = {}) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}

// setText changes a text only when it differs, so that it is not read out again.
export function setText(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

// atMostOncePerFrame returns a function that asks for fn to run before the next frame.
function atMostOncePerFrame(fn) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      fn();
    });
  };
}

// keepDrawn calls redraw whenever the store, the colours or the width of the host change.
export function keepDrawn(host, store, redraw) {
  const ask = atMostOncePerFrame(redraw);
  for (const kind of ['session', 'shape', 'frame', 'view', 'theme', 'resize']) store.on(kind, ask);
  theme.watch(ask);
  let width = -1;
  new ResizeObserver(() => {
    if (host.clientWidth === width) return;
    width = host.clientWidth;
    ask();
  }).observe(host);
  watchPixels(ask);
  ask();
  return ask;
}

// watchPixels calls fn when the page moves to a screen of another resolution.
function watchPixels(fn) {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  query.addEventListener('change', () => {
    fn();
    watchPixels(fn);
  }, { once: true });
}

// onCanvas draws on a canvas of a size in CSS pixels, sharp on any screen.
export function onCanvas(canvas, width, height, draw) {
  const ratio = devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext('2d');
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  draw(canvasPen(ctx, theme.palette()), theme.palette());
}

// onSVG draws in an SVG element in place of what was there.
export function onSVG(svg, width, height, draw) {
  svg.setAttribute('width', width);
  svg.setAttribute('height', height);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.replaceChildren();
  draw(svgPen(svg, theme.palette()), theme.palette());
}
