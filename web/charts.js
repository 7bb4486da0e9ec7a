// SPDX-License-Identifier: Apache-2.0
// The drawings. Each takes the width it has in pixels, so that its letters are as large on a phone as on a desk.
import {s} from './dom.js';
import {count, gain, money, percent, reached} from './format.js';

const scale = (from, to, start, end) => (value) => start + ((value - from) / (to - from || 1)) * (end - start);

/** Round steps (1, 2, 5 · 10^k), about as many as asked for. */
function ticks(from, to, wanted) {
  const rough = (to - from) / Math.max(1, wanted);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((candidate) => candidate >= rough);
  const result = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; ++i) result.push(Number((i * step).toPrecision(12)));
  return result;
}

const decimalsOf = (values) => Math.max(...values.map((value) => (String(value).split('.')[1] || '').length), 0);

const line = (x1, y1, x2, y2, name) => s('line', {x1, y1, x2, y2, class: name});
const text = (x, y, content, name = 'axis', anchor = 'middle') => s('text', {x, y, class: name, 'text-anchor': anchor}, content);

function frame(width, height, label) {
  return s('svg', {viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label, class: 'chart'});
}

const path = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** The chance of saying "better" over the true effect; the design's own point marked. */
export function powerCurve(width, {curve, effect, power, alpha, margin}) {
  const height = 210;
  const left = 44;
  const right = width - 14;
  const bottom = height - 40;
  const top = 16;
  const x = scale(curve[0][0], curve.at(-1)[0], left, right);
  const y = scale(0, 1, bottom, top);
  const svg = frame(width, height,
    `Chance of the verdict “better” by the true effect: ${percent(alpha)} at ${money(margin)}, ${reached(power)} at ${money(effect)}.`);
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(line(left, y(tick), right, y(tick), 'grid'), text(left - 7, y(tick) + 4, `${tick * 100} %`, 'axis', 'end'));
  }
  const steps = ticks(curve[0][0], curve.at(-1)[0], width < 420 ? 4 : 7);
  const decimals = Math.max(1, decimalsOf(steps));
  for (const tick of steps) svg.append(text(x(tick), bottom + 17, tick.toFixed(decimals)));
  svg.append(text((left + right) / 2, height - 5, width < 420 ? 'true gain, $ per customer' : 'what the candidate truly earns more, $ per customer'));
  const points = curve.map(([effectAt, chance]) => [x(effectAt), y(chance)]);
  svg.append(s('path', {d: `${path(points)}L${right} ${bottom}L${left} ${bottom}Z`, class: 'area'}), s('path', {d: path(points), class: 'curve'}));
  svg.append(line(x(effect), bottom, x(effect), y(power), 'guide'), line(left, y(power), x(effect), y(power), 'guide'));
  svg.append(s('circle', {cx: x(effect), cy: y(power), r: 5, class: 'point'}));
  svg.append(text(x(effect) + 10, y(power) + 18, `${reached(power)} at ${money(effect)}`, 'mark-text', 'start'));
  return svg;
}

/** One bar of shares that add up to one: [[class, share], …]. */
export function shareBar(width, shares, label) {
  const height = 12;
  const svg = s('svg', {viewBox: `0 0 ${width} ${height}`, width, height, class: 'share-bar', role: 'img', 'aria-label': label, preserveAspectRatio: 'none'});
  let from = 0;
  for (const [name, share] of shares) {
    svg.append(s('rect', {x: from * width, y: 0, width: Math.max(0, share * width), height, class: name}));
    from += share;
  }
  return svg;
}

/** The estimate as customers come in, with its interval, against margin and effect. */
export function estimateOverTime(width, {series, target, margin, effect, final}) {
  const height = width < 480 ? 220 : 260;
  const left = 52;
  const right = width - 12;
  const top = 20;
  const bottom = height - 38;
  const known = series.filter((point) => point.every((value) => value !== null));
  const x = scale(0, Math.max(target, known.at(-1)?.[0] ?? 0, 1), left, right);
  const label = known.length === 0 ? 'No customers yet.' :
    `After ${count(known.at(-1)[0])} customers the estimate is ${gain(known.at(-1)[1])} per customer, interval ${gain(known.at(-1)[2])} to ${gain(known.at(-1)[3])}.`;
  const svg = frame(width, height, label);

  // The first few customers' intervals are huge; what is shown is what a third of the way and later needs.
  const settled = known.filter((point) => point[0] >= 0.12 * target);
  const shown = settled.length > 0 ? settled : known.slice(-3);
  const low = Math.min(margin, ...shown.map((point) => point[2]));
  const high = Math.max(effect, ...shown.map((point) => point[3]));
  const pad = 0.08 * (high - low || 1);
  const y = scale(low - pad, high + pad, bottom, top);
  const clamp = (value) => Math.max(top, Math.min(bottom, y(value)));

  const steps = ticks(low, high, 5);
  const decimals = Math.max(1, decimalsOf(steps));
  for (const tick of steps) svg.append(line(left, y(tick), right, y(tick), 'grid'), text(left - 7, y(tick) + 4, gain(tick, decimals).replace('\u00a0$', ''), 'axis', 'end'));
  for (const tick of ticks(0, target, width < 480 ? 3 : 6)) svg.append(text(x(tick), bottom + 17, count(tick)));
  svg.append(text((left + right) / 2, height - 4, width < 420 ? 'customers, both arms' : 'customers with a closed session, both arms'));
  if (known.length > 1) {
    const upper = known.map((point) => [x(point[0]), clamp(point[3])]);
    const lower = known.map((point) => [x(point[0]), clamp(point[2])]).reverse();
    svg.append(s('path', {d: `${path([...upper, ...lower])}Z`, class: 'area'}));
    svg.append(s('path', {d: path(known.map((point) => [x(point[0]), clamp(point[1])])), class: 'curve'}));
  }
  svg.append(line(left, y(margin), right, y(margin), 'margin-line'), line(left, y(effect), right, y(effect), 'effect-line'));
  svg.append(text(right, y(effect) - 6, `desired ${gain(effect)}`, 'effect-text', 'end'));
  svg.append(text(right, y(margin) + 15, margin === 0 ? 'no difference' : `margin ${gain(margin)}`, 'margin-text', 'end'));
  if (known.length > 0) {
    const last = known.at(-1);
    svg.append(line(x(last[0]), clamp(last[2]), x(last[0]), clamp(last[3]), 'whisker'));
    svg.append(s('circle', {cx: x(last[0]), cy: clamp(last[1]), r: final ? 6 : 4.5, class: 'point'}));
  }
  return svg;
}

/** The verdict's interval against what had to be beaten and what was hoped for. */
export function verdictInterval(width, {estimate, lower, upper, margin, effect, confidence}) {
  const height = 128;
  const left = 16;
  const right = width - 16;
  const low = Math.min(lower, margin);
  const high = Math.max(upper, effect);
  const pad = 0.12 * (high - low || 1);
  const x = scale(low - pad, high + pad, left, right);
  const middle = 62;
  const svg = frame(width, height,
    `Estimate ${gain(estimate)}, ${confidence} interval from ${gain(lower)} to ${gain(upper)}; to beat ${gain(margin)}, desired ${gain(effect)}.`);
  const steps = ticks(low - pad, high + pad, width < 420 ? 4 : 8);
  const decimals = Math.max(1, decimalsOf(steps));
  svg.append(line(left, height - 26, right, height - 26, 'grid'));
  for (const tick of steps) svg.append(line(x(tick), height - 26, x(tick), height - 21, 'grid'), text(x(tick), height - 8, gain(tick, decimals).replace('\u00a0$', '')));
  svg.append(line(x(margin), 20, x(margin), height - 26, 'margin-line'), line(x(effect), 20, x(effect), height - 26, 'effect-line'));
  const crowded = Math.abs(x(effect) - x(margin)) < 150;
  svg.append(text(x(margin), 13, margin === 0 ? 'no difference' : `margin ${gain(margin)}`, 'margin-text', anchorAt(x(margin), crowded ? 'end' : 'middle', width)));
  svg.append(text(x(effect), 13, `desired ${gain(effect)}`, 'effect-text', anchorAt(x(effect), crowded ? 'start' : 'middle', width)));
  svg.append(line(x(lower), middle, x(upper), middle, 'interval'));
  for (const end of [lower, upper]) svg.append(line(x(end), middle - 8, x(end), middle + 8, 'interval'));
  svg.append(s('circle', {cx: x(estimate), cy: middle, r: 7.5, class: 'point'}));
  svg.append(text(x(estimate), middle - 16, gain(estimate), 'mark-text'));
  svg.append(text(x(lower), middle + 25, gain(lower), 'axis', anchorAt(x(lower), 'middle', width)));
  svg.append(text(x(upper), middle + 25, gain(upper), 'axis', anchorAt(x(upper), 'middle', width)));
  return svg;
}

const anchorAt = (at, wish, width) => (at < 60 ? 'start' : at > width - 60 ? 'end' : wish);

/** Both arms' means with their intervals on one axis. */
export function armIntervals(width, arms) {
  const height = 96;
  const left = 16;
  const right = width - 16;
  const known = arms.filter((arm) => arm.low !== null);
  const svg = frame(width, height, known.length === 0 ? 'No intervals yet.' :
    arms.map((arm) => `${arm.name}: ${money(arm.mean)}, ${money(arm.low)} to ${money(arm.high)}`).join('; '));
  if (known.length === 0) return svg;
  const low = Math.min(...known.map((arm) => arm.low));
  const high = Math.max(...known.map((arm) => arm.high));
  const pad = 0.1 * (high - low || 1);
  const x = scale(low - pad, high + pad, left, right);
  const steps = ticks(low - pad, high + pad, width < 420 ? 4 : 7);
  const decimals = Math.max(1, decimalsOf(steps));
  for (const tick of steps) svg.append(line(x(tick), 6, x(tick), height - 24, 'grid'), text(x(tick), height - 7, tick.toFixed(decimals)));
  known.forEach((arm, i) => {
    const at = 22 + i * 30;
    svg.append(line(x(arm.low), at, x(arm.high), at, `arm-${arm.system}`));
    for (const end of [arm.low, arm.high]) svg.append(line(x(end), at - 6, x(end), at + 6, `arm-${arm.system}`));
    svg.append(s('circle', {cx: x(arm.mean), cy: at, r: 6, class: `dot-${arm.system}`}));
  });
  return svg;
}
