// Talking to the server: requests in JSON, matrices as base64, and the stream of frames.

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
  if (!text) return undefined;
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  const out = new Float32Array(raw.length / 4);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(4 * i, true);
  return out;
}

// listen follows a session. on has a function for each of shape, frame, gone and lost;
// the function that is returned ends it.
export function listen(id, fps, on) {
  const source = new EventSource(`/api/sessions/${id}/stream?fps=${fps}`);
  for (const kind of ['shape', 'frame', 'gone']) {
    source.addEventListener(kind, (event) => {
      const value = JSON.parse(event.data);
      for (const name of ['counted', 'pairs', 'scores', 'attention', 'q', 'k']) {
        if (typeof value[name] === 'string') value[name] = floats(value[name]);
      }
      if (kind === 'gone') source.close();
      on[kind](value);
    });
  }
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) on.lost(); // else it tries again by itself
  });
  return () => source.close();
}
