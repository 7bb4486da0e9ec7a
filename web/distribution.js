// SPDX-License-Identifier: Apache-2.0
// How revenue is distributed among those who spent something: the share of each arm's customers in bins that were fixed before
// the start.
import {s} from './dom.js';
import {anchorAt, frame, line, scale, text, ticks} from './drawing.js';
import {percent, shareOf} from './format.js';
import {called} from './systems.js';

const bound = (edge) => (edge < 1 ? edge.toFixed(2) : edge.toLocaleString('en-US', {maximumFractionDigits: 2}));

/** The bins from the first to the last that one of these systems' customers are in: [{low, high, title, counts}, …]. */
export function binsOf({edges, arms}, systems) {
  const counts = systems.map(({system}) => arms[system].counts);
  const used = edges.slice(1).map((_, i) => counts.some((each) => each[i] > 0));
  const first = used.indexOf(true);
  if (first < 0) return [];
  return edges.slice(first, used.lastIndexOf(true) + 1).map((low, k) => {
    const high = edges[first + k + 1];
    return {low, high, title: `${bound(low)} to ${bound(high)}`, counts: counts.map((each) => each[first + k])};
  });
}

/** Base's and one candidate's bins side by side; in a dry run base's alone. */
export function distributionChart(width, {distribution, arms, experiment}, {system, id}) {
  const base = {system: 'base', id: experiment.base.id};
  const systems = experiment.design.dry_run ? [base] : [base, {system, id}];
  const bins = binsOf(distribution, systems);
  const height = 190;
  const left = 48;
  const right = width - 12;
  const top = 26;
  const bottom = height - 38;
  const whole = systems.map((each) => Math.max(1, arms[each.system].closed));
  const label = bins.length === 0 ? 'Nobody has spent anything yet.' : systems.map((each, arm) =>
    `${called(experiment, each)}: ${shareOf(distribution.arms[each.system].zeros, whole[arm])} spent nothing; ${bins.map(({title, counts}) => `${title}\u00a0$ ${shareOf(counts[arm], whole[arm])}`).join(', ')}`).join('. ');
  const svg = frame(width, height, label);
  if (bins.length === 0) return svg;

  const most = Math.max(...bins.flatMap(({counts}) => counts.map((n, arm) => n / whole[arm])));
  const x = scale(0, bins.length, left, right);
  const y = scale(0, most, bottom, top);
  for (const tick of ticks(0, most, 4)) svg.append(line(left, y(tick), right, y(tick), 'grid'), text(left - 7, y(tick) + 4, percent(tick), 'axis', 'end'));
  const bar = (0.84 * (x(1) - x(0))) / systems.length;
  bins.forEach(({counts}, i) => counts.forEach((n, arm) => {
    const at = y(n / whole[arm]);
    svg.append(s('rect', {x: x(i + 0.08) + arm * bar, y: at, width: Math.max(0.5, bar), height: bottom - at, class: `bar-${systems[arm].system}`}));
  }));
  // As many edges as there is room for.
  const apart = Math.ceil(52 / (x(1) - x(0)));
  [...bins.map(({low}) => low), bins.at(-1).high].forEach((edge, i) => {
    if (i % apart === 0) svg.append(text(x(i), bottom + 17, bound(edge), 'axis', x(i) > right - 18 ? 'end' : 'middle'));
  });
  svg.append(text((left + right) / 2, height - 4, '$ per customer'));
  drawCap(svg, {cap: experiment.cap, bins, x, top, bottom, width});
  return svg;
}

function drawCap(svg, {cap, bins, x, top, bottom, width}) {
  const i = cap === null ? -1 : bins.findIndex(({low, high}) => low <= cap && cap <= high);
  if (i < 0) return;
  const {low, high} = bins[i];
  const at = x(i + Math.log(cap / low) / Math.log(high / low));
  svg.append(line(at, top - 8, at, bottom, 'effect-line'), text(at, top - 12, `cap ${bound(cap)}\u00a0$`, 'effect-text', anchorAt(at, 'middle', width)));
}
