// SPDX-License-Identifier: Apache-2.0
// Whether the data can be trusted, in words first, colour second.
import {h} from './dom.js';
import {count, percent} from './format.js';

const SIGNS = {fine: '✓', watch: '!', alarm: '✕', waiting: '…'};
const WORDS = {fine: 'fine', watch: 'watch', alarm: 'alarm', waiting: 'not yet'};

const lamp = (level, name, detail) => h('li', {class: `lamp lamp-${level}`},
  h('span', {class: 'lamp-sign', 'aria-hidden': 'true'}, SIGNS[level]),
  h('div', {}, h('p', {}, h('strong', {}, name), ' ', h('span', {class: 'lamp-word'}, WORDS[level])), h('small', {}, detail)));

const total = (counters, wanted) => counters.filter(({outcome}) => wanted(outcome)).reduce((sum, row) => sum + row.count, 0);

// Records that were taken, or that rightly changed nothing.
const HARMLESS = new Set(['sampled', 'repeat', 'not_sampled', 'enrolment_full', 'not_running', 'recorded', 'duplicate', 'outside', 'late']);

/** By how much of the whole something has to happen to be worth a look, and to be alarming. */
const graded = (part, whole, watch, alarm) =>
  part === 0 ? 'fine' : part / Math.max(1, whole) >= alarm ? 'alarm' : part / Math.max(1, whole) >= watch ? 'watch' : 'fine';

function timeouts(progress, system) {
  const {timeouts: fallbacks} = progress.systems[system];
  const {closed} = progress.arms[system];
  if (closed === 0) return lamp('waiting', `Time-outs, ${system}`, 'no customer yet');
  return lamp(graded(fallbacks, closed, 0.002, 0.02), `Time-outs, ${system}`,
    fallbacks === 0 ? 'every decision came in time' : `${count(fallbacks)} customers got the fallback (${percent(fallbacks / closed, 2)})`);
}

export function lamps(progress) {
  const {arms, counters, sample_ratio: ratio, sessions, verdict} = progress;
  const enrolled = arms.base.enrolled + arms.candidate.enrolled;
  const records = total(counters, () => true);
  const duplicates = total(counters, (outcome) => outcome === 'duplicate');
  const rejected = total(counters, (outcome) => !HARMLESS.has(outcome));
  const reasons = new Map();
  for (const {outcome, count: n} of counters) if (n > 0 && !HARMLESS.has(outcome)) reasons.set(outcome, (reasons.get(outcome) ?? 0) + n);
  const why = [...reasons].map(([outcome, n]) => `${outcome.replaceAll('_', ' ')} ${count(n)}`).join(', ');
  return [
    lamp(enrolled === 0 ? 'waiting' : ratio.alarm ? 'alarm' : 'fine', 'Split of the customers',
      enrolled === 0 ? 'no customer yet' : `${count(arms.base.enrolled)} to ${count(arms.candidate.enrolled)}, p = ${ratio.p < 0.001 ? ratio.p.toExponential(1) : ratio.p.toFixed(3)}`),
    timeouts(progress, 'base'),
    timeouts(progress, 'candidate'),
    lamp(sessions.total === 0 ? 'waiting' : graded(sessions.timed_out, enrolled, 0.002, 0.02), 'Sessions that never ended',
      sessions.timed_out === 0 ? `none; ${count(sessions.open)} open now` : `${count(sessions.timed_out)} closed with 0 $; ${count(sessions.open)} open now`),
    lamp(records === 0 ? 'waiting' : 'fine', 'Duplicates', duplicates === 0 ? 'none' : `${count(duplicates)}, counted once each`),
    lamp(records === 0 ? 'waiting' : graded(rejected, records, 1e-9, 0.02), 'Rejected records', rejected === 0 ? 'none' : why),
    ...verdict.alarms.map((alarm) => lamp('alarm', alarm.code.replaceAll('_', ' '), alarm.message)),
  ];
}
