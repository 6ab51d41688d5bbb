// The colours of the page, in a light and a dark scheme: the same as those of the
// pictures that qk plots. Series are of Okabe and Ito, "Color Universal Design", shades
// are ColorBrewer's Blues and PuOr: people of every kind of colour vision tell them apart.
// Every colour that text is set in has a contrast of at least 4.5 to the paper.

const light = {
  name: 'light',
  ink: '#1b1f24', faint: '#57606a', line: '#d5dae0', grid: '#e4e7eb', paper: '#ffffff', tint: '#f3f5f8',
  accent: '#0072b2', second: '#d55e00', secondText: '#b34f00', learned: '#0072b2', counted: '#b34f00',
  good: '#00694d', bad: '#b3261e', missing: '#868f9a',
  shades: ['#ffffff', '#deebf7', '#c6dbef', '#9ecae1', '#6baed6', '#4292c6', '#2171b5', '#08519c', '#08306b'],
  differences: ['#7f3b08', '#b35806', '#e08214', '#fdb863', '#fee0b6', '#f7f7f7', '#d8daeb', '#b2abd2', '#8073ac', '#542788', '#2d004b'],
};

const dark = {
  name: 'dark',
  ink: '#e6edf3', faint: '#9aa4af', line: '#2d343d', grid: '#262c34', paper: '#0d1117', tint: '#161b22',
  accent: '#56b4e9', second: '#f0883e', secondText: '#f0883e', learned: '#56b4e9', counted: '#f0883e',
  good: '#3fc79a', bad: '#ff8a80', missing: '#6b7580',
  shades: ['#161b22', '#142d4c', '#15447a', '#1f5fa8', '#3a7ecb', '#62a0e0', '#8fc0ee', '#bcdcf8', '#e6f3ff'],
  differences: ['#ffd9a8', '#fdb863', '#e08214', '#a85c0c', '#5c3a16', '#161b22', '#1d3557', '#27579a', '#4a86d8', '#86b6f2', '#c6e0ff'],
};

function channels(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

// between goes along straight lines from stop to stop, with t in [0,1].
function between(stops, t) {
  const at = t * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  const a = channels(stops[i]);
  const b = channels(stops[i + 1]);
  const mixed = a.map((x, k) => Math.round(x + (at - i) * (b[k] - x)));
  return '#' + mixed.map((x) => x.toString(16).padStart(2, '0')).join('');
}

const steps = 512;

// scale is a function of [0,1] that looks its colours up.
function scale(stops) {
  const all = Array.from({ length: steps + 1 }, (_, k) => between(stops, k / steps));
  return (t) => all[Number.isNaN(t) ? steps / 2 : Math.round(Math.max(0, Math.min(1, t)) * steps)];
}

function complete(colours) {
  const shadeOfShare = scale(colours.shades);
  const differences = scale(colours.differences);
  const shadeOfDifference = (t) => differences((t + 1) / 2);
  // readable is the colour of small text on a shade.
  const readable = (shade) => {
    const [r, g, b] = channels(shade).map((x) => (x / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#101418' : '#ffffff';
  };
  // sequential takes [0,1], diverging takes [−1,1] with 0 in the middle.
  return Object.freeze({ ...colours, sequential: shadeOfShare, diverging: shadeOfDifference, readable });
}

const palettes = { light: complete(light), dark: complete(dark) };
const system = matchMedia('(prefers-color-scheme: dark)');

// scheme is what <html data-theme> asks for, else what the system prefers.
function scheme() {
  const wanted = document.documentElement.dataset.theme;
  if (wanted === 'light' || wanted === 'dark') return wanted;
  return system.matches ? 'dark' : 'light';
}

export const theme = {
  scheme,
  // palette is of a scheme by name, or of the current one.
  palette: (name) => palettes[name] ?? palettes[scheme()],
  // watch calls fn whenever the scheme changes.
  watch(fn) {
    system.addEventListener('change', fn);
    new MutationObserver(fn).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  },
};
