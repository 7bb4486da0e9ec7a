// SPDX-License-Identifier: Apache-2.0
// What stands between a plan and its start, and what is only worth knowing.
import {h} from './dom.js';
import {capital, percent} from './format.js';
import {alive} from './state.js';
import {systemsOf} from './systems.js';

const SIGNS = {done: '✓', blocks: '✕', warning: '!'};
const WORDS = {done: 'done', blocks: 'blocks the start', warning: 'warning'};

const kRounding = 1e-9;

/** The share of customers that no running experiment holds. */
export const freeShare = (experiments) => Math.max(0, experiments.filter(({state}) => alive(state))
  .reduce((free, {sampling_share: share}) => free - share, 1));

const item = (level, what, why) => ({level, what, why});

/** `context`: {plan, design (typed numbers), answer or problem of the solver, experiments, editing, platform}. */
export function checklist({plan, design, answer, problem, experiments, platform}) {
  const items = [
    plan ? item('done', 'Names and numbers are complete') : item('blocks', 'Names and numbers', 'something is missing or is no number'),
    answer ? item('done', 'The numbers can all be true') : item('blocks', 'The numbers', problem ? 'cannot all be true: see the repairs' : 'are being checked'),
  ];
  const names = plan ? systemsOf(plan).map(({id}) => id) : [];
  const same = names.find((name, i) => names.indexOf(name) < i);
  if (same !== undefined) items.push(item('blocks', 'The systems', `two are called “${same}”: each needs a name of its own`));
  const others = experiments.filter(({state}) => alive(state));
  if (plan && others.length > 0) {
    const held = others.map((other) => `“${other.name}” holds ${percent(other.sampling_share)}`).join(', ');
    const free = freeShare(experiments);
    items.push(plan.sampling_share > free + kRounding
      ? item('blocks', `${percent(free)} of the customers are free`, `${held}; no customer is in two experiments`)
      : item('done', `Customers of its own: ${percent(plan.sampling_share)} of ${percent(free)} that are free`, held));
  }
  if (plan && !plan.hypothesis) items.push(item('warning', 'Hypothesis', 'none is written down'));
  if (design && design.customers_per_day === undefined) items.push(item('warning', 'Customers a day', 'without them nobody can say how long it takes'));
  if (design?.covariate) items.push(item('warning', 'What they spent before', 'the shop has to send it with each session: where it is missing it counts as 0'));
  if (design && !design.dry_run && design.skew === undefined) items.push(item('warning', 'Skew', 'without it nothing is said about whether the test’s level holds'));
  if (platform && !platform.durable_transport) items.push(item('warning', 'Transport', 'for trying out: records do not survive a restart'));
  const calibration = platform?.calibration;
  if (calibration?.passed) items.push(item('done', `A/A: ${calibration.better} false wins in ${calibration.runs} runs, ${calibration.accepted.low} to ${calibration.accepted.high} expected`));
  else if (platform) {
    items.push(item('warning', 'A/A', calibration ? 'the calibration failed: a verdict of this way should not be believed'
      : 'not calibrated on these customers yet: provecho aa'));
  }
  for (const remark of answer?.remarks ?? []) items.push(item('warning', 'Remark', remark.detail));
  return items;
}

export const blocked = (items) => items.some(({level}) => level === 'blocks');

export const showChecklist = (items) => h('ul', {class: 'checklist'}, items.map(({level, what, why}) =>
  h('li', {class: `check check-${level}`, 'data-level': level},
    h('span', {class: 'check-sign', 'aria-hidden': 'true'}, SIGNS[level]),
    h('span', {}, h('strong', {}, what), ' ', h('span', {class: 'check-word'}, WORDS[level]), why ? h('small', {}, capital(why)) : null))));
