// Talking to the server: requests in JSON, and matrices as base64.

// Refusal is an error with its reason, and the setting at fault if there is one.
export class Refusal extends Error {
  constructor(status, { error, flag }) {
    super(error || `The server answered with ${status}.`);
    this.status = status;
    this.flag = flag || '';
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refusal(0, { error: 'The server cannot be reached: is qk serve still running?' });
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

export const get = (path) => ask(path, {});

export const post = (path, body = {}) => ask(path, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

// leave tells the server that a session is not needed any more, while the page goes away.
export function leave(id) {
  navigator.sendBeacon(`/api/sessions/${id}/close`, new Blob(['{}'], { type: 'application/json' }));
}

// floats decodes a matrix.
export function floats(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  const out = new Float32Array(raw.length / 4);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(4 * i, true);
  return out;
}
