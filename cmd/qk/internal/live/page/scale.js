// Scales with round numbers.

// stepOf is the step of a scale in about so many parts: 1, 2 or 5 times a power of 10.
export function stepOf(span, parts) {
  const raw = span / parts;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 5, 10].find((f) => f * power >= raw * 0.999);
}
