// One tip for the whole page: what something means, on hover and on focus.

let tip;
let owner = null;
const texts = new WeakMap();

function box() {
  if (!tip) {
    tip = document.createElement('div');
    tip.className = 'tip';
    tip.id = 'tip';
    tip.setAttribute('role', 'tooltip');
    tip.hidden = true;
    document.body.append(tip);
    addEventListener('scroll', hide, { passive: true, capture: true });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hide();
    });
  }
  return tip;
}

function hide() {
  if (!owner) return;
  owner.removeAttribute('aria-describedby');
  owner = null;
  box().hidden = true;
}

function show(element) {
  const at = box();
  const text = texts.get(element);
  hide();
  owner = element;
  at.textContent = typeof text === 'function' ? text() : text;
  at.hidden = false;
  element.setAttribute('aria-describedby', 'tip');
  const place = element.getBoundingClientRect();
  const left = Math.max(8, Math.min(place.left, innerWidth - at.offsetWidth - 8));
  const below = place.bottom + 6;
  const top = below + at.offsetHeight > innerHeight - 8 ? place.top - at.offsetHeight - 6 : below;
  at.style.left = `${left}px`;
  at.style.top = `${Math.max(8, top)}px`;
}

// explain gives an element a tip: a text, or a function that returns one. The element has
// to be one that can have the focus.
export function explain(element, text) {
  const known = texts.has(element);
  texts.set(element, text);
  if (known) return;
  element.addEventListener('pointerenter', () => show(element));
  element.addEventListener('focus', () => show(element));
  element.addEventListener('pointerleave', () => {
    if (owner === element && document.activeElement !== element) hide();
  });
  element.addEventListener('blur', hide);
}
