// The address holds the whole state, after the #, which no browser sends to a server:
// settings by their names, changes of the rate, speed, step, what is pinned, the sentence,
// and a pasted text, compressed.

import { fresh } from './state.js';

// longest is how many signs of the address a text may take.
const longest = 32 * 1024;
// largest is how many bytes it may unfold to.
const largest = 8 << 20;
const maxSpeed = 100000;
const maxStep = 1e6;

// read makes a state of an address. It returns {found, problems}: what could not be read,
// in words.
export async function read(hash, hello) {
  const found = fresh();
  const problems = [];
  const known = new Set(hello.settings.map((s) => s.name));
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  for (const [name, value] of fields) {
    if (known.has(name)) found.settings[name] = value;
    else if (name === 'rates') found.rates = changesOf(value, problems);
    else if (name === 'speed') found.speed = numberOf(value, maxSpeed, found.speed);
    else if (name === 'at') found.at = Math.floor(numberOf(value, maxStep, 0));
    else if (name === 'row' || name === 'column' || name === 'sentence') found[name] = value;
    else if (name === 'name') found.textName = value;
    else if (name === 'text') found.text = await textOf(value, problems);
    else if (name === 'without') problems.push(`The text of this address, ${value.slice(0, 80)}, is too long to be part of it. Choose the text again; until then the diary stands in its place.`);
    else problems.push(`“${name.slice(0, 40)}” in this address is no setting of this page, and was left out.`);
  }
  if (found.text === null) found.textName = '';
  return { found, problems };
}

// write makes an address of a state. whole is false where the text was too long for it.
export async function write(state) {
  const fields = new URLSearchParams();
  let whole = true;
  if (state.text !== null) {
    const text = await packed(state.text);
    whole = text.length <= longest;
    if (whole) fields.set('text', text);
    else fields.set('without', state.textName || 'a pasted text');
    if (whole && state.textName) fields.set('name', state.textName);
  }
  for (const name of Object.keys(state.settings).sort()) {
    if (name !== 'corpus' || state.text === null) fields.set(name, state.settings[name]);
  }
  if (state.speed !== fresh().speed) fields.set('speed', state.speed);
  if (state.rates.length) fields.set('rates', state.rates.map(([step, rate]) => `${step}:${rate}`).join(','));
  if (state.at > 0) fields.set('at', state.at);
  if (state.row) fields.set('row', state.row);
  if (state.row && state.column) fields.set('column', state.column);
  if (state.sentence !== null) fields.set('sentence', state.sentence);
  return { hash: fields.size ? `#${fields}` : '', whole };
}

function numberOf(text, most, otherwise) {
  const x = Number(text);
  return text !== '' && x >= 0 && x <= most ? x : otherwise;
}

function changesOf(text, problems) {
  const changes = text.split(',').filter(Boolean).map((pair) => pair.split(':').map(Number));
  if (changes.every((change) => change.length === 2 && change.every(Number.isFinite))) return changes;
  problems.push('The changes of the learning rate in this address cannot be read, and were left out.');
  return [];
}

async function textOf(value, problems) {
  try {
    return await unpacked(value);
  } catch {
    problems.push('The text in this address is damaged: the address was cut off, or changed. Choose the text again.');
    return null;
  }
}

let last = { text: null, packed: '' }; // so that a text is packed once

async function packed(text) {
  if (last.text === text) return last.packed;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let raw = '';
  for (const b of bytes) raw += String.fromCharCode(b);
  last = { text, packed: btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') };
  return last.packed;
}

async function unpacked(value) {
  const raw = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let [text, size] = ['', 0];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > largest) throw new RangeError('a text that unfolds to more than is allowed');
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
