// Sets a formula on the page. Every symbol is a button that says what it stands for, on
// hover and on focus; the arrow keys go from one symbol of a formula to the next.

import { formulaOf, inWords } from './formulas.js';
import { element } from './repaint.js';
import { symbols } from './symbols.js';
import { explain } from './tips.js';

// formula appends the formula of a name to a host, for the session of the store, and
// returns its element.
export function formula(host, name, store) {
  const { session } = store;
  const { about, parts } = formulaOf(name, session);
  const line = element('span', { class: 'formula-line' }, ...set(parts(session), session));
  const text = inWords(parts(session), shown);
  const box = element('div', { class: 'formula', role: 'group', 'aria-label': `${about}: ${text}. The arrow keys go through its symbols.`, 'data-formula': name },
    element('span', { class: 'formula-about' }, about), line);
  rove(line);
  host.append(box);
  return box;
}

// formulaText is a formula in one line of plain text.
export function formulaText(name, session) {
  return inWords(formulaOf(name, session).parts(session), shown);
}

const shown = (name) => symbols[name].show;

function set(parts, session) {
  return parts.map((part) => {
    if (typeof part === 'string') return element('span', { class: 'operator' }, part);
    if (part.symbol) return symbol(part.symbol, session);
    if (part.sub) return element('sub', {}, ...set(part.sub, session));
    if (part.sup) return element('sup', {}, ...set(part.sup, session));
    if (part.below) return element('span', { class: 'sum' }, symbol(part.sum.symbol, session), element('span', { class: 'below' }, ...set(part.below, session)));
    return element('span', { class: 'fraction' },
      element('span', { class: 'top' }, ...set(part.top, session)), element('span', { class: 'bottom' }, ...set(part.bottom, session)));
  });
}

const upright = new Set(['sum', 'ln', 'null', 'one', 'T', 'd', 'root', 'chi', 'sigma', 'lambda', 'norm']);

function symbol(name, session) {
  const { show, about } = symbols[name];
  const e = element('button', { type: 'button', class: upright.has(name) ? 'symbol upright' : 'symbol', 'data-symbol': name }, show);
  explain(e, about(session));
  return e;
}

// rove makes one stop of the Tab key out of all symbols of a formula.
function rove(line) {
  const all = [...line.querySelectorAll('.symbol')];
  const stop = (e) => all.forEach((other) => { other.tabIndex = other === e ? 0 : -1; });
  stop(all[0]);
  line.addEventListener('focusin', (event) => {
    if (all.includes(event.target)) stop(event.target);
  });
  line.addEventListener('keydown', (event) => {
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))].focus();
  });
}
