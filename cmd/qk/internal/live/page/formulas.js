// The formulas of the page as data. A part is a text (an operator), s('name') for a symbol
// that explains itself, or one of sub, sup, frac and sum, which hold parts.

const s = (name) => ({ symbol: name });
const sub = (...parts) => ({ sub: parts });
const sup = (...parts) => ({ sup: parts });
const frac = (top, bottom) => ({ top, bottom });
const sum = (...below) => ({ sum: s('sum'), below });

const score = (row, column) => [s('S'), sub(s(row), ',', s(column))];
const power = (row, column) => [s('e'), sup(...score(row, column))];
const square = (name) => ['‖', s(name), s('norm')];

const product = (session) => [...(session.one_hot ? [] : [' · ', s('Q')]), ' · ', s('K'), sup(s('T'))];
const scaled = (session, parts) => (session.scaled ? [frac(parts, [s('root')])] : parts);

function penalty(session) {
  if (!(Number(session.settings?.l2) > 0)) return [];
  const sums = session.one_hot ? square('K') : [...square('Q'), ' + ', ...square('K')];
  return [' + ', s('lambda'), ' (', ...sums, ')'];
}

function attention(session) {
  if (session.table) return session.objective === 'squared' ? formulas.squared : formulas.softmax;
  return session.objective === 'logistic' ? formulas.sigma : formulas.attend;
}

// formulas maps a name to {about, parts(session)}, or to a function that chooses one.
export const formulas = {
  score: {
    about: 'The scores of the current word',
    parts: (session) => [s('S'), sub(s('w')), ' = ', ...scaled(session, [s('x'), ...product(session)])],
  },
  sizes: {
    about: 'The sizes of these matrices',
    parts: (session) => {
      const size = (...names) => ['[', ...names.flatMap((name, k) => (k ? [',', name] : [name])), ']'];
      if (session.one_hot) return [...size('1', s('V')), '·', ...size(s('V'), s('V')), ` = [1,${session.V}]·[${session.V},${session.V}] → [1,${session.V}]`];
      return [...size('1', s('V')), '·', ...size(s('V'), s('R')), '·', ...size(s('R'), s('V')),
        ` = [1,${session.V}]·[${session.V},${session.rank}]·[${session.rank},${session.V}] → [1,${session.V}]`];
    },
  },
  attention,
  attend: {
    about: 'The attention to an earlier word',
    parts: (session) => [s('a'), sub(s('u')), ' = ', frac(power('w', 'u'), [...(session.null ? [s('null'), ' + '] : []), sum(s('v'), '∈', s('U')), ...power('w', 'v')])],
  },
  sigma: {
    about: 'The logistic function of the score',
    parts: () => [s('sigma'), '(', ...score('w', 'u'), ') = ', frac([s('one')], [s('one'), ' + ', s('e'), sup('−', ...score('w', 'u'))])],
  },
  softmax: {
    about: 'Softmax: from scores to probabilities',
    parts: () => [s('p'), '(', s('y'), '|', s('w'), ') = ', frac(power('w', 'y'), [sum(s('z')), ...power('w', 'z')])],
  },
  predict: {
    about: 'The earlier words vote for the next one',
    parts: (session) => [
      s('p'), '(', s('y'), '|', s('U'), ',', s('w'), ') = ',
      frac([...(session.null ? [s('Pyw'), ' + '] : []), sum(s('u'), '∈', s('U')), ...power('w', 'u'), ' ', s('Pyuw')],
        [...(session.null ? [s('null'), ' + '] : []), sum(s('u'), '∈', s('U')), ...power('w', 'u')]),
    ],
  },
  loss: (session) => (session.task === 'predict' ? formulas['predict-loss'] : formulas[session.objective]),
  'predict-loss': {
    about: 'The loss: the mean surprise at the next word',
    parts: (session) => [s('L'), ' = ', frac(['1'], [s('N')]), ' ', sum('positions'), ' −', s('ln'), ' ', s('p'), '(', s('y'), '|', s('U'), ',', s('w'), ')', ...penalty(session)],
  },
  'cross-entropy': {
    about: 'The loss: cross-entropy of the counted table',
    parts: (session) => [
      s('L'), ' = ', sum(s('w')), frac([s('c1')], [s('N')]), ' ( ', s('ln'), ' ', sum(s('y')), ...power('w', 'y'), ' − ', sum(s('y')), s('Pyw'), ' ', ...score('w', 'y'), ' )', ...penalty(session),
    ],
  },
  squared: {
    about: 'The loss: the squared distance from the counted table',
    parts: (session) => [s('L'), ' = ', sum(s('w'), ',', s('y')), '( ', ...score('w', 'y'), ' − ', s('Pyw'), ' )²', ...penalty(session)],
  },
  logistic: {
    about: 'The loss: logistic, of the counted mask',
    parts: (session) => [
      s('L'), ' = ', frac(['1'], [s('C')]), ' ', sum(s('w'), ',', s('u')), '( ', s('ln'), '(1 + ', ...power('w', 'u'), ') − ', s('M'), sub(s('w'), ',', s('u')), ' ', ...score('w', 'u'), ' )', ...penalty(session),
    ],
  },
  gradient: (session) => (session.table ? formulas['score-gradient'] : formulas.gate),
  gate: {
    about: 'The first gradient is a counted figure',
    parts: () => [
      frac([s('d'), s('L')], [s('d'), s('g'), sub(s('w'), ',', s('u'))]), ' at ', s('g'), ' = 0  is  −', s('Puw'), ' · ', s('chi'), ' ( ', s('Ppair'), ' ‖ ', s('Pall'), ' )',
    ],
  },
  'score-gradient': {
    about: 'The first gradient is a counted figure',
    parts: () => [
      frac([s('d'), s('L')], [s('d'), ...score('w', 'y')]), ' at ', s('S'), ' = 0  is  −', frac([s('c1')], [s('N')]), ' ( ', s('Pyw'), ' − ', frac(['1'], [s('V')]), ' )',
    ],
  },
};

// formulaOf is the formula of a name for a session.
export function formulaOf(name, session) {
  let found = formulas[name];
  while (typeof found === 'function') found = found(session);
  return found;
}

// inWords is a formula as plain text, for pictures and for those who hear it.
export function inWords(parts, show) {
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    if (part.symbol) return show(part.symbol);
    if (part.sub) return `[${inWords(part.sub, show)}]`;
    if (part.sup) {
      const text = inWords(part.sup, show);
      return text === 'ᵀ' ? text : `^(${text})`;
    }
    if (part.below) return `Σ(${inWords(part.below, show)}) `;
    const [top, bottom] = [inWords(part.top, show), inWords(part.bottom, show)];
    const wrap = (text) => (/[ ]/.test(text) ? `(${text})` : text);
    return `${wrap(top)} / ${wrap(bottom)}`;
  }).join('');
}
