// What the page knows: of the server, of the run as it stands, and of what the user looks
// at. Views read it and are told when it changes, by kind: session, shape, frame, view,
// hover, theme, resize; for the rest of the page there are hello, fault, address and vanished. session.js
// fills it.

import { post } from './api.js';

const listeners = new Map();

export const store = {
  hello: null,
  session: null,
  shape: null,
  frame: null,
  history: [], // [step, loss]
  gradients: [], // [step, ∂loss/∂S] of the cell in focus
  aim: 0, // the step that the run goes to by itself, 0 once it is there
  view: { row: -1, column: -1, hoverRow: -1, hoverColumn: -1, sentence: '' },

  on(kind, fn) {
    if (!listeners.has(kind)) listeners.set(kind, []);
    listeners.get(kind).push(fn);
  },

  tell(kind, detail) {
    for (const fn of listeners.get(kind) ?? []) fn(detail);
  },

  // word is the text of a word, made visible.
  word(n) {
    return visible(this.session?.words[n] ?? '');
  },

  // pin takes a row, or a cell of it, into focus; −1 lets go.
  pin(row, column) {
    if (row !== this.view.row || column !== this.view.column) this.gradients = [];
    Object.assign(this.view, { row, column });
    this.tell('view');
    if (row >= 0 && !this.shape?.rows.includes(row)) this.send('show', { row }).catch(() => {});
    return this.send('focus', { row: column < 0 ? -1 : row, column }).catch(() => {});
  },

  // hover notes what is pointed at.
  hover(row, column) {
    Object.assign(this.view, { hoverRow: row, hoverColumn: column });
    this.tell('hover');
  },

  // send gives the run an order. The promise fails with a Refusal, unless another run has
  // taken the place of this one meanwhile.
  async send(action, body = {}) {
    if (!this.session) return null;
    if (action === 'sentence') {
      this.view.sentence = body.text;
      this.tell('view');
    }
    if (action === 'play' || action === 'pause' || action === 'step') this.aim = 0;
    const { id } = this.session;
    try {
      return await post(`/api/sessions/${id}/control`, { action, ...body });
    } catch (error) {
      if (this.session.id !== id) return null;
      if (error.status === 404) this.tell('vanished', error.message);
      throw error;
    }
  },
};

// visible is a word with what cannot be seen of it.
export function visible(word) {
  if (word === '') return '∅';
  return tame(word.replaceAll(' ', '␣').replaceAll('\u00a0', '␣').replaceAll('\t', '⇥'));
}

// tame shows a sign for what would turn the direction of a text, or end its line.
export function tame(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => (c === '\u200d' || c === '\u200c' ? c : '�'));
}
