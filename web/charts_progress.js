// SPDX-License-Identifier: Apache-2.0
// The drawings of an experiment under way: the estimate so far, and the customers against the plan.
import {s} from './dom.js';
import {decimalsOf, frame, line, path, scale, text, ticks} from './drawing.js';
import {count, gain} from './format.js';

const kDay = 86400;

/** Seconds since 1970 → "12 Nov", or "Thu 14:05" where all of it takes less than two days. */
const dateWords = (seconds, span) => new Date(seconds * 1000).toLocaleString('en-GB', span < 2 * kDay ? {weekday: 'short', hour: '2-digit', minute: '2-digit'} : {day: 'numeric', month: 'short'});

/**
 * When so many customers were in, or, at `daily` of them a day, will be; nothing where nobody knows. `known`: [[customers, seconds],
 * …] in order, the start first.
 */
export function dateOf(known, daily) {
  return (customers) => {
    const after = known.findIndex(([n]) => n >= customers);
    if (after === 0) return known[0][1];
    if (after > 0) {
      const [[n0, t0], [n1, t1]] = [known[after - 1], known[after]];
      return t0 + ((customers - n0) / (n1 - n0)) * (t1 - t0);
    }
    const last = known.at(-1);
    return last && daily ? last[1] + ((customers - last[0]) / daily) * kDay : null;
  };
}

/** The dates beneath counts of customers: `when(customers)` as dateOf() says, `seen` those that are in. */
function dates(svg, counts, {x, y, right, when, seen}) {
  const at = counts.map(when);
  const all = at.filter((seconds) => seconds !== null);
  const span = Math.max(...all) - Math.min(...all);
  counts.forEach((customers, i) => {
    if (at[i] === null) return;
    const words = dateWords(at[i], span);
    svg.append(text(x(customers), y, customers <= seen ? words : `≈\u00a0${words}`, 'axis', x(customers) > right - 24 ? 'end' : x(customers) < 24 ? 'start' : 'middle'));
  });
}

/**
 * The estimate as customers come in, in its always-valid band, against margin and effect. `looks`: how many are planned;
 * `taken`: their numbers. `arms`: whose customers are counted, in words. `when`: the dates, as dateOf() says.
 */
export function estimateOverTime(width, {series, target, margin, effect, final, looks, taken, arms, when}) {
  const height = width < 480 ? 236 : 276;
  const left = 52;
  const right = width - 12;
  const top = looks > 1 ? 36 : 20;
  const bottom = height - 54;
  const known = series.filter((point) => point.every((value) => value !== null));
  const x = scale(0, Math.max(target, known.at(-1)?.[0] ?? 0, 1), left, right);
  const label = known.length === 0 ? 'No customers yet.' :
    `After ${count(known.at(-1)[0])} customers the estimate is ${gain(known.at(-1)[1])} per customer, always-valid band ${gain(known.at(-1)[2])} to ${gain(known.at(-1)[3])}.`;
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
  const counts = ticks(0, target, width < 480 ? 3 : 6);
  for (const tick of counts) svg.append(text(x(tick), bottom + 17, count(tick), 'axis', x(tick) > right - 24 ? 'end' : 'middle'));
  dates(svg, counts, {x, y: bottom + 33, right, when, seen: known.at(-1)?.[0] ?? 0});
  svg.append(text((left + right) / 2, height - 4, `${width < 420 ? 'customers' : 'customers with a closed session'}, ${arms}`));
  for (let look = 1; looks > 1 && look <= looks; ++look) {
    const at = x((look / looks) * target);
    const done = taken.includes(look);
    svg.append(line(at, top - 8, at, bottom, done ? 'look-line look-taken' : 'look-line'));
    svg.append(text(at, top - 14, `${done ? '✓\u00a0' : ''}${look === looks ? 'end' : width < 480 ? look : `look ${look}`}`, 'axis', look === looks ? 'end' : 'middle'));
  }
  if (known.length > 1) {
    const upper = known.map((point) => [x(point[0]), clamp(point[3])]);
    const lower = known.map((point) => [x(point[0]), clamp(point[2])]).reverse();
    svg.append(s('path', {d: `${path([...upper, ...lower])}Z`, class: 'live-area'}));
    svg.append(s('path', {d: path(known.map((point) => [x(point[0]), clamp(point[1])])), class: 'live-curve'}));
  }
  svg.append(line(left, y(margin), right, y(margin), 'margin-line'), line(left, y(effect), right, y(effect), 'effect-line'));
  svg.append(text(right, y(effect) - 6, `desired ${gain(effect)}`, 'effect-text', 'end'));
  svg.append(text(right, y(margin) + 15, margin === 0 ? 'no difference' : `margin ${gain(margin)}`, 'margin-text', 'end'));
  if (known.length > 0) {
    const last = known.at(-1);
    svg.append(line(x(last[0]), clamp(last[2]), x(last[0]), clamp(last[3]), 'live-whisker'));
    svg.append(s('circle', {cx: x(last[0]), cy: clamp(last[1]), r: final ? 6 : 4.5, class: 'live-point'}));
  }
  return svg;
}

/**
 * How far each row is: [{name, title, short, done, coming, target}, …]; `coming` are there, but not yet to be counted. `when`: the
 * dates of a row's customers, as dateOf() says, where the rows share them.
 */
export function againstPlan(width, rows, when) {
  const kRow = 46;
  const height = kRow * rows.length + (when ? 42 : 26);
  const most = Math.max(...rows.map((row) => Math.max(row.target, row.coming, row.done)), 1);
  const x = scale(0, most, 0, width);
  const svg = frame(width, height, rows.map((row) => `${row.title}: ${count(row.done)} of ${count(row.target)}`).join('; '));
  rows.forEach((row, i) => {
    const at = i * kRow;
    const bar = (to, name) => s('rect', {x: 0, y: at + 22, width: Math.max(0, x(to)), height: 14, rx: 3, class: name});
    svg.append(text(0, at + 14, width < 420 ? row.short : row.title, 'bar-title', 'start'), text(width, at + 14, `${count(row.done)} of ${count(row.target)}`, 'bar-count', 'end'));
    svg.append(bar(row.target, 'bar-plan'), bar(row.coming, `bar-coming bar-${row.name}`), bar(row.done, `bar-${row.name}`));
    svg.append(line(x(row.target), at + 18, x(row.target), at + 40, 'plan-line'));
  });
  const counts = ticks(0, most, width < 480 ? 3 : 5);
  const axis = kRow * rows.length + 16;
  for (const tick of counts) svg.append(line(x(tick), axis - 16, x(tick), axis - 12, 'grid'), text(x(tick), axis, count(tick), 'axis', x(tick) > width - 24 ? 'end' : x(tick) < 24 ? 'start' : 'middle'));
  if (when) dates(svg, counts, {x, y: axis + 16, right: width, when, seen: Math.min(...rows.map((row) => row.done))});
  return svg;
}
