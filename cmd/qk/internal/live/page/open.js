// Opens what the address says: at the beginning, and when it changes under the page.

import { get } from './api.js';
import { remember, sameRun } from './address.js';
import { notice } from './notice.js';
import { fault, open, watch } from './session.js';
import { fresh, state } from './state.js';
import { store } from './store.js';
import { read } from './url.js';

// begin greets the server and opens what the address says.
export async function begin() {
  store.hello = await get('/api/hello');
  store.tell('hello');
  await openAddress();
  watch();
  addEventListener('hashchange', follow);
}

// openAddress leaves out what cannot be used, and says so.
async function openAddress() {
  let { found, problems } = await read(location.hash, store.hello);
  for (;;) {
    try {
      await open(found);
      notice('address', problems);
      return;
    } catch (error) {
      const plain = Object.keys(found.settings).length === 0 && found.text === null && !found.rates.length;
      if (plain || error.status === 0 || error.status === 503) throw error;
      if (Object.hasOwn(found.settings, error.flag)) {
        problems.push(`In this address ${error.flag}=${found.settings[error.flag].slice(0, 80)} could not be used: ${error.message}.`);
        delete found.settings[error.flag];
      } else {
        problems.push(`This address could not be used: ${error.message}.`);
        found = fresh();
      }
    }
  }
}

// follow goes to an address that was typed, or gone back to.
async function follow() {
  const { found, problems } = await read(location.hash, store.hello);
  notice('address', problems);
  if (sameRun(found)) {
    look(found);
    return;
  }
  await open(found).catch((error) => {
    fault(error);
    remember(); // what is on the page is what the address says
  });
}

// look changes what is looked at, in the same run.
function look({ speed, row, column, sentence }) {
  const { session, view } = store;
  const at = session.words.indexOf(row);
  if (speed !== state.speed) {
    state.speed = speed;
    store.send('speed', { value: speed }).catch(fault);
  }
  store.pin(at, at < 0 ? -1 : session.words.indexOf(column));
  const text = sentence ?? session.sentence;
  if (view.sentence !== text) store.send('sentence', { text }).catch(fault);
  remember();
}
