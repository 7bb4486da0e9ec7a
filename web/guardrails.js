// SPDX-License-Identifier: Apache-2.0
// Guardrails in the form: what each metric may lose at the most; empty where it is none.
import {numberField} from './fields.js';
import {h} from './dom.js';
import {METRICS} from './metrics.js';

const HINTS = {
  buyers: 'so many fewer at the most; empty: no guardrail',
  revenue_per_buyer: 'so much less at the most',
  offers: 'so many more at the most',
  acceptance: 'so many fewer of those shown at the most',
};

/** Fields by path, as the form's others; read() gives the guardrails, null where one is of no use. */
export function guardrailFields(onInput) {
  const metrics = Object.keys(METRICS);
  const worst = (metric) => numberField({path: `guardrail.${metric}`, label: METRICS[metric].title, optional: true, hint: HINTS[metric],
    ...(METRICS[metric].money ? {unit: '$'} : {unit: 'points', scale: 100})}, onInput);
  // A share's deviation is at most 0.5; a ratio has none that is known beforehand.
  const deviation = (metric) => numberField({path: `guardrail_deviation.${metric}`, label: `${METRICS[metric].title}: deviation`, optional: true,
    hint: 'of one customer; a dry run measures it', ...(METRICS[metric].money ? {unit: '$'} : {})}, onInput);
  const worsts = Object.fromEntries(metrics.map((metric) => [metric, worst(metric)]));
  const deviations = Object.fromEntries(metrics.filter((metric) => !METRICS[metric].share).map((metric) => [metric, deviation(metric)]));
  const measured = new Map();  // Deviations of shares that came with a design.
  const element = h('details', {class: 'more'}, h('summary', {}, 'Guardrails: what must not get worse'),
    h('p', {class: 'hint'}, 'A candidate is to be taken only if it earns more and each of these is shown to hold. The power is shared out between all tests, so more customers are needed.'),
    metrics.map((metric) => h('div', {class: 'pair'}, worsts[metric].element, deviations[metric]?.element)));
  for (const [metric, field] of Object.entries(deviations)) field.element.hidden = worsts[metric].input.value === '';

  const given = () => metrics.filter((metric) => worsts[metric].read() !== null);
  function adapt() {
    for (const [metric, field] of Object.entries(deviations)) field.element.hidden = worsts[metric].input.value.trim() === '';
  }
  function read() {
    const list = given().map((metric) => ({metric, worst: worsts[metric].read(), deviation: (deviations[metric]?.read() ?? measured.get(metric)) ?? null}));
    return list.some((each) => each.worst === undefined || each.deviation === undefined) ? null : list;
  }
  function set(guardrails) {
    for (const metric of metrics) {
      const one = guardrails.find((each) => each.metric === metric);
      worsts[metric].set(one?.worst);
      deviations[metric]?.set(one?.deviation);
      if (one?.deviation) measured.set(metric, one.deviation);
    }
    if (guardrails.length > 0) element.open = true;
    adapt();
  }
  /** "guardrails[0].worst" → the path of the field it stands in. */
  function pathOf(field) {
    const [, index, member] = field.match(/^guardrails\[(\d+)\]\.(\w+)$/) ?? [];
    const metric = given()[index];
    if (metric === undefined) return field;
    return member === 'deviation' && deviations[metric] ? `guardrail_deviation.${metric}` : `guardrail.${metric}`;
  }
  return {element, fields: [...Object.values(worsts), ...Object.values(deviations)], adapt, read, set, pathOf};
}
