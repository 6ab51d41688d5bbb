// What the user has chosen: all that leads to this page again. The address holds it.

const defaults = { speed: 10 };

export const state = fresh();

// fresh is the state of an address without anything.
export function fresh() {
  return {
    settings: {}, // as typed, by name; what is missing has the default
    text: null, // instead of a built-in one
    textName: '',
    rates: [], // [step, rate] changes of the rate while it ran
    speed: defaults.speed,
    at: 0, // the step reached
    row: '', column: '', // pinned words
    sentence: null,
  };
}

// restore puts a state in place that was read from an address.
export function restore(from) {
  Object.assign(state, fresh(), from);
}

// idle tells of a setting why it changes nothing beside the others, or ''.
export function idle(name, value) {
  const on = (x) => value(x) === 'true';
  const table = value('task') === 'recall';
  if (name === 'objective' && !table) return 'Only for recall: to predict, the loss is that of the next word.';
  if (name === 'null' && table) return 'Only to predict: a table has nothing to attend to.';
  if (name === 'rank' && on('one-hot')) return 'In the one-hot form R is V.';
  if (name === 'momentum' && value('solver') !== 'momentum') return 'Only for the solver momentum.';
  if ((name === 'beta1' || name === 'beta2') && value('solver') !== 'adam') return 'Only for the solver adam.';
  if (name === 'init' && on('one-hot')) return 'The one-hot form starts at S = 0.';
  return '';
}

// asked is what is asked of the server. Settings that change nothing are left out, so
// that they are there again when they do.
export function asked(from, hello) {
  const value = (name) => from.settings[name] ?? hello.settings.find((s) => s.name === name)?.default ?? '';
  const settings = {};
  for (const [name, typed] of Object.entries(from.settings)) {
    if (!idle(name, value)) settings[name] = typed;
  }
  const request = { settings, rates: from.rates, until: from.at };
  if (from.text !== null) {
    request.text = from.text;
    request.text_name = from.textName;
    delete settings.corpus;
  }
  return request;
}

// plain is a typed value, or undefined if it is the default anyway. Defaults of numbers
// may depend on other settings, so a number that was typed stays.
export function plain(setting, typed) {
  if (typed === '') return undefined;
  return (setting.kind === 'choice' || setting.kind === 'bool') && typed === setting.default ? undefined : typed;
}
