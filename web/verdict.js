// SPDX-License-Identifier: Apache-2.0
// The verdict: one sentence with the money in it, the interval behind it, the figures behind that.
import {shareBar, verdictInterval} from './charts.js';
import {drawToWidth, h} from './dom.js';
import {count, dateTime, gain, money, percent, shareOf} from './format.js';

const SIGNS = {better_by_effect: '▲', better: '▲', worse: '▼', not_better_by_effect: '■', inconclusive: '?', no_verdict: '✕'};
const MEANINGS = {
  better_by_effect: 'The gain is proven, and so is the desired size of it.',
  better: 'The gain is proven. Ship the candidate; keep an eye on what it earns.',
  worse: 'The candidate loses money against the base. Keep the base.',
  not_better_by_effect: 'A gain of the desired size is excluded. Keep the base.',
  inconclusive: 'Neither a gain is shown nor the desired one excluded.',
  no_verdict: 'The data cannot be trusted. Find the cause and start anew.',
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

function agreement({agreement: {agree, add, remove}}) {
  const all = agree + add + remove;
  if (all === 0) return null;
  const bar = h('div', {class: 'bar-place'});
  const label = `Both agree for ${shareOf(agree, all)}, the candidate adds the offer for ${shareOf(add, all)}, removes it for ${shareOf(remove, all)}`;
  drawToWidth(bar, (width) => bar.replaceChildren(shareBar(width, [['agree', agree / all], ['add', add / all], ['remove', remove / all]], label)));
  return h('section', {class: 'agreement'}, h('h3', {}, 'Where the two systems differ'), bar,
    h('ul', {class: 'legend legend-list'},
      h('li', {}, h('span', {class: 'key key-agree'}, 'agree'), h('strong', {}, shareOf(agree, all))),
      h('li', {}, h('span', {class: 'key key-add'}, 'candidate adds the offer'), h('strong', {}, shareOf(add, all))),
      h('li', {}, h('span', {class: 'key key-remove'}, 'candidate removes it'), h('strong', {}, shareOf(remove, all)))));
}

export function verdictPanel(progress) {
  const {verdict, experiment} = progress;
  const {figures} = verdict;
  // "BETTER: +0.83 $ …": the word is set large, the rest is the sentence.
  const rest = verdict.sentence.startsWith(verdict.word) ? verdict.sentence.slice(verdict.word.length).replace(/^[\s:,–-]+/, '') : verdict.sentence;
  const chart = h('div', {class: 'chart-place'});
  if (figures) {
    drawToWidth(chart, (width) => chart.replaceChildren(verdictInterval(width, {
      estimate: figures.estimate, lower: figures.lower, upper: figures.upper, margin: experiment.design.margin, effect: experiment.design.effect,
      confidence: percent(1 - 2 * figures.level)})));
  }
  return h('section', {class: `panel verdict verdict-${verdict.kind.replaceAll('_', '-')}`, 'aria-labelledby': 'verdict-word'},
    h('p', {class: 'verdict-kicker'}, h('span', {class: 'verdict-sign', 'aria-hidden': 'true'}, SIGNS[verdict.kind] ?? ''), 'Verdict'),
    h('h2', {id: 'verdict-word', class: 'verdict-word'}, verdict.word),
    h('p', {class: 'verdict-sentence'}, rest),
    h('p', {class: 'verdict-meaning'}, MEANINGS[verdict.kind] ?? ''),
    figures ? chart : null,
    h('div', {class: 'verdict-detail'}, figures ? figuresTable(progress) : null, agreement(progress)));
}
