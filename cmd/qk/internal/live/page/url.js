// The address holds the whole state, after the #, which no browser sends to a server:
// settings by their names, changes of the rate, speed, step, what is pinned, the sentence,
// and a pasted text, compressed.

import { defaults, state } from './state.js';

// longest is how many signs of the address a text may take.
const longest = 32000;

const own = new Set(['speed', 'rates', 'at', 'row', 'column', 'sentence', 'text', 'name']);

// read makes a state of an address.
export async function read(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const found = { settings: {} };
  for (const [name, value] of fields) {
    if (!own.has(name)) found.settings[name] = value;
  }
  const number = (name) => {
    const x = Number(fields.get(name));
    return fields.has(name) && Number.isFinite(x) && x >= 0 ? x : undefined;
  };
  found.speed = number('speed') ?? defaults.speed;
  found.at = Math.floor(number('at') ?? 0);
  found.rates = (fields.get('rates') ?? '').split(',').filter(Boolean).map((pair) => pair.split(':').map(Number))
    .filter(([step, rate]) => Number.isFinite(step) && Number.isFinite(rate));
  found.row = fields.get('row') ?? '';
  found.column = fields.get('column') ?? '';
  found.sentence = fields.get('sentence');
  if (fields.has('text')) {
    found.text = await unpacked(fields.get('text'));
    found.textName = fields.get('name') ?? '';
  }
  return found;
}

// write makes an address of the state. whole is false where the text was too long for it.
export async function write() {
  const fields = new URLSearchParams();
  let whole = true;
  if (state.text !== null) {
    const text = await packed(state.text);
    whole = text.length <= longest;
    if (whole) {
      fields.set('text', text);
      if (state.textName) fields.set('name', state.textName);
    }
  }
  for (const name of Object.keys(state.settings).sort()) {
    if (name !== 'corpus' || state.text === null) fields.set(name, state.settings[name]);
  }
  if (state.speed !== defaults.speed) fields.set('speed', state.speed);
  if (state.rates.length) fields.set('rates', state.rates.map(([step, rate]) => `${step}:${rate}`).join(','));
  if (state.at > 0) fields.set('at', state.at);
  if (state.row) fields.set('row', state.row);
  if (state.row && state.column) fields.set('column', state.column);
  if (state.sentence !== null) fields.set('sentence', state.sentence);
  return { hash: fields.size ? `#${fields}` : '', whole };
}

async function through(bytes, stream) {
  const result = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(result).arrayBuffer());
}

async function packed(text) {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  let raw = '';
  for (const b of bytes) raw += String.fromCharCode(b);
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function unpacked(text) {
  try {
    const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await through(Uint8Array.from(raw, (c) => c.charCodeAt(0)), new DecompressionStream('deflate-raw'));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('The text in this address is damaged: the address was cut off, or changed. Choose a text anew.');
  }
}
