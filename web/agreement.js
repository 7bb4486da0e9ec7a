// SPDX-License-Identifier: Apache-2.0
// Where the two systems differ, and, once there is a verdict, what each kind of difference brings.
import {kindIntervals, shareBar} from './charts.js';
import {drawToWidth, h, put} from './dom.js';
import {count, gain, percent, shareOf} from './format.js';

const KINDS = [['agree', 'agree'], ['add', 'candidate adds the offer'], ['remove', 'candidate removes it']];

function intervals(kinds) {
  const rows = KINDS.slice(1).map(([name, title]) => ({name, title, ...kinds[name]})).filter((row) => Number.isFinite(row.low) && Number.isFinite(row.high));
  if (rows.length === 0) return null;
  const place = h('div', {class: 'chart-place'});
  drawToWidth(place, (width) => put(place, kindIntervals(width, rows)));
  return [h('h3', {}, 'What each brings, per such customer'), place,
    h('p', {class: 'hint'}, rows.map((row) => `${row.title}: ${gain(row.estimate)}, ${gain(row.low)} to ${gain(row.high)}`).join('; '))];
}

/** Of one candidate with base: its {agreement, verdict}. */
export function agreementPanel({agreement, verdict}) {
  const all = agreement.agree + agreement.add + agreement.remove;
  if (all === 0) return h('p', {class: 'hint'}, 'No customer’s session has ended yet.');
  const bar = h('div', {class: 'bar-place'});
  const label = KINDS.map(([name, title]) => `${title}: ${shareOf(agreement[name], all)}`).join('; ');
  drawToWidth(bar, (width) => put(bar, shareBar(width, KINDS.map(([name]) => [name, agreement[name] / all]), label)));
  return [bar,
    h('ul', {class: 'legend legend-list'}, KINDS.map(([name, title]) =>
      h('li', {}, h('span', {class: `key key-${name}`}, title), h('span', {}, h('small', {}, count(agreement[name])), ' ', h('strong', {}, percent(agreement[name] / all)))))),
    // Data that cannot be trusted carry no estimate.
    verdict.kinds && verdict.figures && verdict.kind !== 'no_verdict' ? intervals(verdict.kinds) : null];
}
