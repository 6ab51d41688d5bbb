// The stream of a session: shapes and frames as they come, and what became of it when
// they do not come any more.

import { floats, post } from './api.js';

const again = 2000; // milliseconds until a lost server is tried again
const present = 20000; // and from one sign of a page that is not seen to the next
const still = matchMedia('(prefers-reduced-motion: reduce)');

// listen opens the stream of a session. told holds {shape(s), frame(f), gone(why),
// away(), back(), speed()}. It returns a function that closes the stream.
export function listen(id, told) {
  let source = null;
  let timer = 0;
  let closed = false;
  let missing = false; // the server did not answer the last time

  const close = () => {
    closed = true;
    source?.close();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', turn);
  };
  const gone = (why) => {
    if (closed) return;
    close();
    told.gone(why);
  };
  const open = () => {
    source = new EventSource(`/api/sessions/${id}/stream?fps=${still.matches ? 2 : 15}`);
    source.addEventListener('open', () => {
      if (missing) told.back();
      missing = false;
    });
    source.addEventListener('shape', (event) => told.shape(decoded(JSON.parse(event.data))));
    source.addEventListener('frame', (event) => told.frame(decoded(JSON.parse(event.data))));
    source.addEventListener('gone', (event) => gone(JSON.parse(event.data).error));
    source.addEventListener('error', () => {
      if (closed) return;
      source.close();
      look();
    });
  };
  // look finds out whether the session is still there, and listens again if it is.
  const look = async () => {
    try {
      // An order that changes nothing shows whether the session is there.
      await post(`/api/sessions/${id}/control`, { action: 'speed', value: told.speed() });
    } catch (error) {
      if (closed) return;
      if (error.status === 404) return gone(error.message);
      if (error.status === 0) {
        if (!missing) told.away();
        missing = true;
        timer = setTimeout(look, again);
        return;
      }
    }
    if (!closed) timer = setTimeout(open, missing ? 0 : 300);
  };
  // stay tells the server that the page is there, and still wants the session.
  const stay = async () => {
    const error = await post(`/api/sessions/${id}/control`, { action: 'stay' }).catch((e) => e);
    if (closed || !document.hidden) return;
    if (error?.status === 404) gone(error.message);
    else timer = setTimeout(stay, present);
  };
  // turn gives the stream up while the page is not seen: a browser has six connections to
  // a server at most, for all its tabs.
  function turn() {
    source?.close();
    clearTimeout(timer);
    if (document.hidden) stay();
    else open();
  }
  document.addEventListener('visibilitychange', turn);
  if (document.hidden) stay();
  else open();
  return close;
}

// decoded is a value with its matrices as numbers.
function decoded(value) {
  for (const name of ['counted', 'pairs', 'scores', 'attention', 'q', 'k']) {
    if (typeof value[name] === 'string') value[name] = floats(value[name]);
  }
  return value;
}
