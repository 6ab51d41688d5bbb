// The pinned row as a table of numbers, for those who would rather read it than see it.

import { names, ready } from './cells.js';
import { brief } from './numbers.js';
import { element, setText } from './repaint.js';

const often = 1000; // milliseconds between changes of the numbers

export function rowTable(store) {
  const summary = element('summary', {}, 'The pinned row as a table');
  const table = element('table', { class: 'numbers-table' });
  const body = element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'The pinned row as a table' }, table);
  const details = element('details', { class: 'row-table' }, summary, body);
  let last = { row: -2, at: 0 };

  function update() {
    if (!ready(store)) return;
    const i = store.shape.rows.indexOf(store.view.row);
    details.hidden = i < 0;
    const now = performance.now();
    const same = last.row === store.view.row && last.shape === store.shape;
    if (i < 0 || !details.open || (same && store.frame.playing && now - last.at < often)) return;
    last = { row: store.view.row, shape: store.shape, at: now };
    fill(i, same);
  }

  function fill(i, same) {
    const { shape, frame, session } = store;
    const say = names(session);
    const across = shape.columns.length;
    const heads = [say.column, 'score S', ...(say.learned === 'S' ? [] : [say.learned]), say.counted, session.table ? 'times seen' : 'times before it'];
    const rows = shape.columns.map((u, j) => {
      const at = i * across + j;
      const number = (x) => (Number.isNaN(x) ? 'not determined' : brief(x));
      return [store.word(u), brief(frame.scores[at]), ...(say.learned === 'S' ? [] : [number(frame.attention[at])]), number(shape.counted[at]), String(shape.pairs[at])];
    });
    if (same && table.tBodies[0]?.rows.length === rows.length) {
      rows.forEach((row, j) => row.forEach((text, k) => setText(table.tBodies[0].rows[j].cells[k], text)));
      return;
    }
    const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
    const lines = rows.map(([word, ...numbers]) => element('tr', {}, element('th', { scope: 'row' }, word), ...numbers.map((x) => element('td', {}, x))));
    table.replaceChildren(
      element('caption', {}, `Row of “${store.word(store.view.row)}”, which occurs at ${shape.row_counts[i]} places with a next word`),
      element('thead', {}, head), element('tbody', {}, ...lines),
    );
  }

  details.addEventListener('toggle', () => {
    last.row = -2;
    update();
  });
  return { element: details, update };
}
