// SPDX-License-Identifier: Apache-2.0
// The verdict: one sentence with the money in it, the interval behind it, the figures behind that.
import {verdictInterval} from './charts.js';
import {drawToWidth, h} from './dom.js';
import {capital, count, dateTime, gain, money, percent} from './format.js';
import {metricsTable} from './metrics.js';
import {leadingOf, several} from './systems.js';

const SIGNS = {better_by_effect: '▲', better: '▲', worse: '▼', not_better_by_effect: '■', inconclusive: '?', no_verdict: '✕'};
const MEANINGS = {
  better_by_effect: 'The gain is proven, and so is the desired size of it.',
  better: 'The gain is proven. Ship the candidate; keep an eye on what it earns.',
  worse: 'The candidate loses money against the base. Keep the base.',
  not_better_by_effect: 'A gain of the desired size is excluded. Keep the base.',
  inconclusive: 'Neither a gain is shown nor the desired one excluded.',
  no_verdict: 'Find the cause and start anew.',
};

const NOBODY_TO_TAKE = 'No candidate is to be taken. Keep the base.';
const GUARDRAIL_OPEN = 'It earns more, but not every guardrail is shown to hold. Keep the base until each is.';

function meaning({kind, taken}) {
  if (kind.startsWith('better') && !taken) return GUARDRAIL_OPEN;
  return MEANINGS[kind] ?? '';
}

const pValue = (p) => (p < 0.0001 ? 'below 0.0001' : p.toFixed(4));

/** Whom the estimate rests on, and why it is not as planned. */
function basis({method, explained, pooled, why_not_pooled: alone, why_everybody: everybody}) {
  const by = {
    everybody: 'everybody',
    disagreement: pooled ? `the ${count(pooled.disagreeing)} of ${count(pooled.customers)} customers of all arms on whom the two systems differ` : 'only customers on whom the two systems differ',
    covariate: `everybody, adjusted by what they spent before, which explains ${percent(explained)} of the variance`,
  }[method];
  return [by, everybody ? `not as planned: ${everybody}` : '', alone ? `without the other arms: ${alone}` : ''].filter(Boolean).join('; ');
}

/** "BETTER (look 2 of 5): +0.83 $ …": the word is set large, `how` above it, the rest beneath. */
function parts({verdict: {word, sentence}, experiment, winner, candidates}) {
  if (several(experiment) && sentence.startsWith('TAKE ')) return partsOfSeveral(sentence, candidates, winner);
  if (!sentence.startsWith(word)) return {word, how: '', rest: sentence, others: []};
  const colon = sentence.indexOf(': ');
  return {word, how: sentence.slice(word.length, colon).trim().replace(/^\((.*)\)$/, '$1'), rest: sentence.slice(colon + 2), others: []};
}

/** "TAKE history-v4: BETTER: +0.83 $ …. age-sex: INCONCLUSIVE: …": each of the others has a line of its own. */
function partsOfSeveral(sentence, candidates, winner) {
  const word = winner ? `TAKE ${candidates.find(({system}) => system === winner).id}` : 'TAKE NONE';
  const said = sentence.slice(word.length + 2);
  const others = candidates.filter(({system}) => system !== winner);
  const starts = others.map(({id}) => (said.startsWith(`${id}: `) ? 0 : said.lastIndexOf(`. ${id}: `))).filter((from) => from >= 0).sort((a, b) => a - b);
  return {word, how: '', rest: said.slice(0, starts[0]), others: starts.map((from, i) => said.slice(from, starts[i + 1]).replace(/^\. /, ''))};
}

function figuresTable({verdict, experiment}, candidate) {
  const {figures} = verdict;
  const confidence = percent(1 - figures.level);
  const rows = [
    ['Compared', basis(figures)],
    ['Estimate', `${gain(figures.estimate)} per customer`],
    [figures.lower > 0 ? 'Guaranteed gain' : 'At least', `${figures.lower > 0 ? 'at least ' : ''}${gain(figures.lower)} (${confidence})`],
    ['At most', `${gain(figures.upper)} (${confidence})`],
    figures.lift ? ['Relative to the base', `${figures.lift.estimate > 0 ? '+' : ''}${percent(figures.lift.estimate)}`] : null,
    ['p against no more than the margin', pValue(figures.p_margin)],
    ['p against no more than the effect', pValue(figures.p_effect)],
    ['Standard error', money(figures.standard_error, 3)],
    ['Base', `${money(verdict.base.mean)}, deviation ${money(verdict.base.deviation)}, ${count(verdict.base.n)} customers`],
    [several(experiment) ? candidate.id : 'Candidate', `${money(verdict.candidate.mean)}, deviation ${money(verdict.candidate.deviation)}, ${count(verdict.candidate.n)} customers`],
    ['Planned power', percent(verdict.planned_power)],
    verdict.customers_to_settle ? ['To settle it', `${count(verdict.customers_to_settle)} customers per arm, in a new experiment`] : null,
    ['Plan', h('code', {title: experiment.plan_hash}, experiment.plan_hash.slice(0, 16))],
    ['Issued', dateTime(experiment.ended_at)],
  ];
  return h('table', {class: 'figures'}, h('caption', {class: 'visually-hidden'}, 'Figures'),
    h('tbody', {}, rows.filter(Boolean).map(([name, value]) => h('tr', {}, h('th', {scope: 'row'}, name), h('td', {}, value)))));
}

/** In the open where something is guarded; else to be unfolded. */
function metrics(figures, experiment, candidate) {
  const table = metricsTable(figures, experiment.base.id, candidate.id);
  if (!table) return null;
  return figures.secondary.some(({guardrail}) => guardrail !== 'none')
    ? [h('h3', {}, 'Guardrails and other metrics'), table]
    : h('details', {class: 'more'}, h('summary', {}, 'Other metrics'), table);
}

export function verdictPanel(progress) {
  const {verdict, experiment, winner} = progress;
  const {figures} = verdict;
  const {word, how, rest, others} = parts(progress);
  const candidate = leadingOf(progress);
  const nobody = several(experiment) && !winner && figures;
  const chart = h('div', {class: 'chart-place'});
  if (figures) {
    drawToWidth(chart, (width) => chart.replaceChildren(verdictInterval(width, {
      estimate: figures.estimate, lower: figures.lower, upper: figures.upper, margin: experiment.design.margin, effect: experiment.design.effect,
      confidence: percent(1 - 2 * figures.level)})));
  }
  return h('section', {class: `panel verdict verdict-${verdict.kind.replaceAll('_', '-')}`, 'aria-labelledby': 'verdict-word'},
    h('p', {class: 'verdict-kicker'}, h('span', {class: 'verdict-sign', 'aria-hidden': 'true'}, SIGNS[verdict.kind] ?? ''), how ? `Verdict, ${how}` : 'Verdict'),
    h('h2', {id: 'verdict-word', class: 'verdict-word'}, word),
    rest ? h('p', {class: 'verdict-sentence'}, capital(rest)) : null,
    others.length > 0 ? h('ul', {class: 'verdict-others'}, others.map((one) => h('li', {}, one))) : null,
    h('p', {class: 'verdict-meaning'}, nobody ? NOBODY_TO_TAKE : meaning(verdict)),
    figures && several(experiment) ? h('h3', {}, `${candidate.id} against ${experiment.base.id}`) : null,
    figures ? chart : null,
    figures ? metrics(figures, experiment, candidate) : null,
    figures ? h('details', {class: 'more'}, h('summary', {}, 'All figures'), figuresTable(progress, candidate)) : null);
}
