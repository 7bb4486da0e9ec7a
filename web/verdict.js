// SPDX-License-Identifier: Apache-2.0
// The verdict: one sentence with the money in it, the interval behind it, the figures behind that.
import {verdictInterval} from './charts.js';
import {drawToWidth, h} from './dom.js';
import {capital, count, dateTime, gain, money, percent} from './format.js';

const SIGNS = {better_by_effect: '▲', better: '▲', worse: '▼', not_better_by_effect: '■', inconclusive: '?', no_verdict: '✕'};
const MEANINGS = {
  better_by_effect: 'The gain is proven, and so is the desired size of it.',
  better: 'The gain is proven. Ship the candidate; keep an eye on what it earns.',
  worse: 'The candidate loses money against the base. Keep the base.',
  not_better_by_effect: 'A gain of the desired size is excluded. Keep the base.',
  inconclusive: 'Neither a gain is shown nor the desired one excluded.',
  no_verdict: 'Find the cause and start anew.',
};

const pValue = (p) => (p < 0.0001 ? 'below 0.0001' : p.toFixed(4));

function figuresTable({verdict, experiment}) {
  const {figures} = verdict;
  const confidence = percent(1 - figures.level);
  const rows = [
    ['Estimate', `${gain(figures.estimate)} per customer`],
    [figures.lower > 0 ? 'Guaranteed gain' : 'At least', `${figures.lower > 0 ? 'at least ' : ''}${gain(figures.lower)} (${confidence})`],
    ['At most', `${gain(figures.upper)} (${confidence})`],
    figures.lift ? ['Relative to the base', `${figures.lift.estimate > 0 ? '+' : ''}${percent(figures.lift.estimate)}`] : null,
    ['p against no more than the margin', pValue(figures.p_margin)],
    ['p against no more than the effect', pValue(figures.p_effect)],
    ['Standard error', money(figures.standard_error, 3)],
    ['Base', `${money(verdict.base.mean)}, deviation ${money(verdict.base.deviation)}, ${count(verdict.base.n)} customers`],
    ['Candidate', `${money(verdict.candidate.mean)}, deviation ${money(verdict.candidate.deviation)}, ${count(verdict.candidate.n)} customers`],
    ['Planned power', percent(verdict.planned_power)],
    verdict.customers_to_settle ? ['To settle it', `${count(verdict.customers_to_settle)} customers per arm, in a new experiment`] : null,
    ['Plan', h('code', {title: experiment.plan_hash}, experiment.plan_hash.slice(0, 16))],
    ['Issued', dateTime(experiment.ended_at)],
  ];
  return h('table', {class: 'figures'}, h('caption', {class: 'visually-hidden'}, 'Figures'),
    h('tbody', {}, rows.filter(Boolean).map(([name, value]) => h('tr', {}, h('th', {scope: 'row'}, name), h('td', {}, value)))));
}

export function verdictPanel(progress) {
  const {verdict, experiment} = progress;
  const {figures} = verdict;
  // "BETTER: +0.83 $ …": the word is set large, the rest is the sentence.
  const rest = verdict.sentence.slice(verdict.sentence.indexOf(': ') + 2);
  const how = verdict.sentence.slice(verdict.word.length, verdict.sentence.indexOf(': ')).trim().replace(/^\((.*)\)$/, '$1');
  const chart = h('div', {class: 'chart-place'});
  if (figures) {
    drawToWidth(chart, (width) => chart.replaceChildren(verdictInterval(width, {
      estimate: figures.estimate, lower: figures.lower, upper: figures.upper, margin: experiment.design.margin, effect: experiment.design.effect,
      confidence: percent(1 - 2 * figures.level)})));
  }
  return h('section', {class: `panel verdict verdict-${verdict.kind.replaceAll('_', '-')}`, 'aria-labelledby': 'verdict-word'},
    h('p', {class: 'verdict-kicker'}, h('span', {class: 'verdict-sign', 'aria-hidden': 'true'}, SIGNS[verdict.kind] ?? ''), how ? `Verdict, ${how}` : 'Verdict'),
    h('h2', {id: 'verdict-word', class: 'verdict-word'}, verdict.word),
    h('p', {class: 'verdict-sentence'}, capital(rest)),
    h('p', {class: 'verdict-meaning'}, MEANINGS[verdict.kind] ?? ''),
    figures ? chart : null,
    figures ? h('details', {class: 'more'}, h('summary', {}, 'All figures'), figuresTable(progress)) : null);
}
