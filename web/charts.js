// SPDX-License-Identifier: Apache-2.0
// The drawings of what a design promises and of what an experiment has shown.
import {s} from './dom.js';
import {anchorAt, decimalsOf, frame, line, path, scale, text, ticks} from './drawing.js';
import {gain, money, percent, reached} from './format.js';

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
  const crowded = Math.abs(x(effect) - x(margin)) < 230;
  svg.append(text(x(margin), 13, margin === 0 ? 'no difference' : `margin ${gain(margin)}`, 'margin-text', anchorAt(x(margin), crowded ? 'end' : 'middle', width)));
  svg.append(text(x(effect), crowded ? 28 : 13, `desired ${gain(effect)}`, 'effect-text', anchorAt(x(effect), crowded ? 'start' : 'middle', width)));
  svg.append(line(x(lower), middle, x(upper), middle, 'interval'));
  for (const end of [lower, upper]) svg.append(line(x(end), middle - 8, x(end), middle + 8, 'interval'));
  svg.append(s('circle', {cx: x(estimate), cy: middle, r: 7.5, class: 'point'}));
  svg.append(text(x(estimate), middle - 16, gain(estimate), 'mark-text'));
  svg.append(text(x(lower), middle + 25, gain(lower), 'axis', anchorAt(x(lower), 'middle', width)));
  svg.append(text(x(upper), middle + 25, gain(upper), 'axis', anchorAt(x(upper), 'middle', width)));
  return svg;
}

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

/** What the candidate brings where it adds the offer and where it removes it: [{name, estimate, low, high}, …]. */
export function kindIntervals(width, rows) {
  const height = 30 * rows.length + 34;
  const left = 16;
  const right = width - 16;
  const low = Math.min(0, ...rows.map((row) => row.low));
  const high = Math.max(0, ...rows.map((row) => row.high));
  const pad = 0.1 * (high - low || 1);
  const x = scale(low - pad, high + pad, left, right);
  const svg = frame(width, height, rows.map((row) => `${row.title}: ${gain(row.estimate)} per such customer, ${gain(row.low)} to ${gain(row.high)}`).join('; '));
  const steps = ticks(low - pad, high + pad, width < 420 ? 4 : 7);
  const decimals = Math.max(1, decimalsOf(steps));
  for (const tick of steps) svg.append(line(x(tick), 6, x(tick), height - 24, 'grid'), text(x(tick), height - 7, gain(tick, decimals).replace('\u00a0$', '')));
  svg.append(line(x(0), 6, x(0), height - 24, 'margin-line'));
  rows.forEach((row, i) => {
    const at = 22 + i * 30;
    svg.append(line(x(row.low), at, x(row.high), at, `kind-${row.name}`));
    for (const end of [row.low, row.high]) svg.append(line(x(end), at - 6, x(end), at + 6, `kind-${row.name}`));
    svg.append(s('circle', {cx: x(row.estimate), cy: at, r: 6, class: `dot-${row.name}`}));
  });
  return svg;
}
