// SPDX-License-Identifier: Apache-2.0
// What all drawings are made of. Each takes the width it has in pixels, so that its letters are as large on a phone as on
// a desk.
import {s} from './dom.js';

export const scale = (from, to, start, end) => (value) => start + ((value - from) / (to - from || 1)) * (end - start);

/** Round steps (1, 2, 5 · 10^k), about as many as asked for. */
export function ticks(from, to, wanted) {
  const rough = (to - from) / Math.max(1, wanted);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((candidate) => candidate >= rough);
  const result = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; ++i) result.push(Number((i * step).toPrecision(12)));
  return result;
}

export const decimalsOf = (values) => Math.max(...values.map((value) => (String(value).split('.')[1] || '').length), 0);

export const line = (x1, y1, x2, y2, name) => s('line', {x1, y1, x2, y2, class: name});
export const text = (x, y, content, name = 'axis', anchor = 'middle') => s('text', {x, y, class: name, 'text-anchor': anchor}, content);

export function frame(width, height, label) {
  return s('svg', {viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label, class: 'chart'});
}

export const path = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** Keeps a label inside the drawing: it is centred on its point unless it would be cut off there. */
export const anchorAt = (at, wish, width) => (at < 60 ? 'start' : at > width - 60 ? 'end' : wish);
