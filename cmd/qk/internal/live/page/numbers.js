// Numbers as they are read: a true minus sign, as many digits as mean something.

const minus = (text) => text.replaceAll('-', '−');

const raised = { '-': '⁻', '+': '', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

// power is a number as a product with a power of ten.
function power(x, places) {
  const [mantissa, exponent] = x.toExponential(places).split('e');
  return `${minus(String(Number(mantissa)))}·10${[...exponent].map((sign) => raised[sign]).join('')}`;
}

// brief is a number in a few characters.
export function brief(x, digits = 3) {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size < 1e-3 || size >= 1e5) return power(x, Math.max(0, digits - 2));
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

// agreeing is how many leading characters two written numbers share. Those of different
// powers of ten share none.
export function agreeing(a, b) {
  const [mantissaA, powerA] = a.split('e');
  const [mantissaB, powerB] = b.split('e');
  if (powerA !== powerB) return 0;
  let n = 0;
  while (n < mantissaA.length && mantissaA[n] === mantissaB[n]) n++;
  return n === mantissaA.length ? a.length : n;
}

// count is a whole number with thousands set apart, and what is counted.
export function count(n, one, many = `${one}s`) {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

export function whole(n) {
  return Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
