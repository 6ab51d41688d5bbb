// Numbers as they are read: a true minus sign, as many digits as mean something.

const minus = (text) => text.replaceAll('-', '−');

// brief is a number in a few characters.
export function brief(x, digits = 3) {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size < 1e-3 || size >= 1e5) return minus(x.toExponential(Math.max(0, digits - 2)));
  return minus(String(Number(x.toPrecision(digits))));
}

// decimals is a number with a fixed number of decimals.
export function decimals(x, places) {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  const text = x.toFixed(places);
  return minus(Number(text) === 0 ? text.replace('-', '') : text);
}

// percent is a share of 1; what is small but not nothing is not shown as nothing.
export function percent(x) {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  if (x > 0 && x < 0.001) return '< 0.1 %';
  if (x < 1 && x > 0.999) return '> 99.9 %';
  return `${minus(String(Number((100 * x).toFixed(1))))} %`;
}

// digits is a number with so many significant digits.
export function digits(x, count) {
  const size = Math.abs(x);
  if (x === 0 || (size >= 1e-4 && size < 1e6)) return minus(x.toPrecision(count));
  return minus(x.toExponential(count - 1));
}

// agreeing is how many leading characters two written numbers share, and how many
// significant digits these are.
export function agreeing(a, b) {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  const shared = a.slice(0, n).split('e')[0].replace(/[^0-9]/g, '').replace(/^0+/, '');
  return { characters: n, digits: shared.length };
}

// count is a whole number with thousands set apart, and what is counted.
export function count(n, one, many = `${one}s`) {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

export function whole(n) {
  return Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
