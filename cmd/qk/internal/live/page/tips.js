// Explanations on hover and on focus: one box for the whole page. Those who hear the page
// get the same text as the description of the element.

const gap = 8;
const wait = 120; // milliseconds until a tip goes, so that the pointer can go to it

const tip = document.createElement('div');
tip.className = 'tip';
tip.id = 'tip';
tip.popover = 'manual';
tip.setAttribute('aria-hidden', 'true');
document.body.append(tip);

const texts = document.createElement('div');
texts.hidden = true;
document.body.append(texts);

const told = new WeakMap(); // element to {text, id, beside}
const known = new Map(); // text to the id of its description
let owner = null;
let timer = 0;

// explain gives an element a text; another one replaces it. With beside, the text stands
// to the right where there is room, so that it does not cover what is below.
export function explain(element, text, { beside = false } = {}) {
  const before = told.get(element);
  if (before?.text === text) return;
  const id = descriptionOf(text);
  describe(element, id, before?.id);
  told.set(element, { text, id, beside });
  if (owner === element) show(element);
  if (before) return;
  element.addEventListener('pointerenter', () => show(element));
  element.addEventListener('pointerleave', hideSoon);
  element.addEventListener('focus', () => {
    if (element.matches(':focus-visible')) show(element);
  });
  element.addEventListener('blur', hide);
}

function descriptionOf(text) {
  if (!known.has(text)) {
    const p = document.createElement('p');
    p.id = `about-${known.size}`;
    p.textContent = text;
    texts.append(p);
    known.set(text, p.id);
  }
  return known.get(text);
}

// describe adds an element, by its id, to the descriptions of another, in place of one
// that was there before; no id just takes that away.
export function describe(element, id, instead) {
  const ids = (element.getAttribute('aria-describedby') ?? '').split(' ').filter((x) => x && x !== id && x !== instead);
  if (id) ids.push(id);
  if (ids.length) element.setAttribute('aria-describedby', ids.join(' '));
  else element.removeAttribute('aria-describedby');
}

function show(element) {
  clearTimeout(timer);
  owner = element;
  tip.textContent = told.get(element).text;
  if (!tip.matches(':popover-open')) tip.showPopover();
  place(element.getBoundingClientRect(), told.get(element).beside);
}

// place puts the box to the right, or below, or above where there is no room.
function place(box, beside) {
  const [wide, high] = [tip.offsetWidth, tip.offsetHeight];
  const most = document.documentElement.clientWidth - wide - gap;
  const right = box.right + 2 * gap;
  const below = box.bottom + gap;
  let left = Math.max(gap, Math.min(box.left + box.width / 2 - wide / 2, most));
  let top = below + high <= innerHeight ? below : Math.max(gap, box.top - high - gap);
  if (beside && right <= most) [left, top] = [right, Math.max(gap, Math.min(box.top + (box.height - high) / 2, innerHeight - high - gap))];
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

function hide() {
  clearTimeout(timer);
  owner = null;
  if (tip.matches(':popover-open')) tip.hidePopover();
}

function hideSoon() {
  clearTimeout(timer);
  timer = setTimeout(hide, wait);
}

tip.addEventListener('pointerenter', () => clearTimeout(timer));
tip.addEventListener('pointerleave', hideSoon);
addEventListener('scroll', hide, { passive: true, capture: true });
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hide();
}, { capture: true });
// An element may be taken away while its explanation is shown.
new MutationObserver(() => {
  if (owner && !owner.isConnected) hide();
}).observe(document.body, { childList: true, subtree: true });
