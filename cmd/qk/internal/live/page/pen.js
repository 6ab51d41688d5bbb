// One way to draw, two places to draw on: a canvas, and an SVG element that stands alone
// when it is saved. Lengths are in CSS pixels, colours are explicit, text has its base
// line at y.
//
//   rect(x, y, w, h, {fill, stroke, width, radius, opacity, dash})
//   line(x1, y1, x2, y2, {stroke, width, dash, opacity, cap})
//   path(d, {fill, stroke, width, dash, opacity, cap})
//   circle(x, y, r, {fill, stroke, width, opacity})
//   text(x, y, string, {fill, size, anchor: start|middle|end, weight, rotate, mono, italic})
//   title(string)              names the whole picture
//   clip(x, y, w, h, draw)     what draw() draws is kept within the rectangle

const sans = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif';
const fixed = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

function font({ size = 13, weight = 400, mono = false, italic = false }) {
  return `${italic ? 'italic ' : ''}${weight} ${size}px ${mono ? fixed : sans}`;
}

let ruler;

// measure is how wide a text is when it is set.
export function measure(string, options = {}) {
  ruler ??= document.createElement('canvas').getContext('2d');
  ruler.font = font(options);
  return ruler.measureText(string).width;
}

// shorten cuts a text so that it fits, with … for what is left out. It never cuts a
// character in two.
export function shorten(string, room, options = {}) {
  if (measure(string, options) <= room) return string;
  const signs = [...string];
  let low = 0;
  let high = signs.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(signs.slice(0, middle).join('') + '…', options) <= room) low = middle;
    else high = middle - 1;
  }
  return signs.slice(0, low).join('').trimEnd() + '…';
}

export function canvasPen(ctx, palette) {
  const paint = (trace, { fill, stroke, width = 1, dash, opacity = 1, cap = 'butt' }) => {
    ctx.globalAlpha = opacity;
    if (fill) {
      ctx.fillStyle = fill;
      trace('fill');
    }
    if (stroke) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = width;
      ctx.lineCap = cap;
      ctx.setLineDash(dash ?? []);
      trace('stroke');
    }
    ctx.globalAlpha = 1;
  };
  const shape = (path, options) => paint((how) => ctx[how](path), options);
  const pen = {
    palette,
    rect(x, y, w, h, options) {
      if (!options.radius) {
        paint((how) => ctx[`${how}Rect`](x, y, w, h), options);
        return;
      }
      const path = new Path2D();
      path.roundRect(x, y, w, h, options.radius);
      shape(path, options);
    },
    line(x1, y1, x2, y2, options) {
      const path = new Path2D();
      path.moveTo(x1, y1);
      path.lineTo(x2, y2);
      shape(path, { stroke: palette.ink, ...options, fill: undefined });
    },
    path(d, options) {
      shape(new Path2D(d), options);
    },
    circle(x, y, r, options) {
      const path = new Path2D();
      path.arc(x, y, r, 0, 2 * Math.PI);
      shape(path, options);
    },
    text(x, y, string, options = {}) {
      ctx.save();
      ctx.font = font(options);
      ctx.fillStyle = options.fill ?? palette.ink;
      ctx.textAlign = { middle: 'center', end: 'right' }[options.anchor] ?? 'left';
      ctx.textBaseline = 'alphabetic';
      ctx.translate(x, y);
      if (options.rotate) ctx.rotate((options.rotate * Math.PI) / 180);
      ctx.fillText(string, 0, 0);
      ctx.restore();
    },
    title() {}, // a canvas has no place for it
    clip(x, y, w, h, draw) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(x, y, w, h);
      ctx.clip();
      draw();
      ctx.restore();
    },
  };
  return pen;
}

const namespace = 'http://www.w3.org/2000/svg';
let clips = 0;

const short = (x) => String(Math.round(x * 100) / 100);

export function svgPen(svg, palette) {
  let parent = svg;
  const add = (name, attributes, text) => {
    const e = document.createElementNS(namespace, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) e.setAttribute(key, typeof value === 'number' ? short(value) : value);
    }
    if (text !== undefined) e.textContent = text;
    parent.append(e);
    return e;
  };
  const look = ({ fill, stroke, width, dash, opacity, cap }) => ({
    fill: fill ?? 'none', stroke, 'stroke-width': stroke ? width ?? 1 : undefined,
    'stroke-dasharray': dash?.join(' '), opacity, 'stroke-linecap': cap,
  });
  return {
    palette,
    rect(x, y, w, h, options) {
      add('rect', { x, y, width: Math.max(0, w), height: Math.max(0, h), rx: options.radius, ...look(options) });
    },
    line(x1, y1, x2, y2, options) {
      add('line', { x1, y1, x2, y2, ...look({ stroke: palette.ink, ...options }) });
    },
    path(d, options) {
      add('path', { d, ...look(options) });
    },
    circle(cx, cy, r, options) {
      add('circle', { cx, cy, r, ...look(options) });
    },
    text(x, y, string, options = {}) {
      const { fill = palette.ink, size = 13, anchor, weight, rotate, mono, italic } = options;
      add('text', {
        x, y, fill, 'font-size': size, 'font-family': mono ? fixed : sans, 'font-weight': weight,
        'font-style': italic ? 'italic' : undefined, 'text-anchor': anchor, 'xml:space': 'preserve',
        transform: rotate ? `rotate(${rotate} ${short(x)} ${short(y)})` : undefined,
      }, string);
    },
    title(string) {
      svg.querySelector(':scope > title')?.remove();
      const e = document.createElementNS(namespace, 'title');
      e.textContent = string;
      svg.prepend(e);
    },
    clip(x, y, w, h, draw) {
      clips++;
      const id = `qk-clip-${clips}`;
      const outer = parent;
      parent = add('clipPath', { id });
      add('rect', { x, y, width: w, height: h });
      parent = outer;
      parent = add('g', { 'clip-path': `url(#${id})` });
      draw();
      parent = outer;
    },
  };
}
