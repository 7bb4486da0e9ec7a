// SPDX-License-Identifier: Apache-2.0
// The metrics beside revenue: their names, how they are said, and what a candidate did to them.
import {h} from './dom.js';
import {gain, money, percent} from './format.js';

export const METRICS = {
  buyers: {title: 'Customers who buy', share: true, worse: 'fewer'},
  revenue_per_buyer: {title: 'Revenue per buyer', money: true, worse: 'less'},
  offers: {title: 'Customers shown the offer', share: true, worse: 'more'},
  acceptance: {title: 'Offers accepted', worse: 'fewer'},
};

const STANDINGS = {holds: ['✓', 'holds'], open: ['?', 'open'], broken: ['✕', 'broken']};

/** 0.013 → "1.3 points". */
function points(value) {
  const text = String(Number((value * 100).toFixed(2))).replace('-', '\u2212');
  return `${text}\u00a0${text === '1' ? 'point' : 'points'}`;
}

const said = (metric, value) => (value === null ? '–' : METRICS[metric].money ? money(value) : percent(value));
const change = (metric, value) => (METRICS[metric].money ? gain(value) : `${value > 0 ? '+' : ''}${points(value)}`);

/** "1 point fewer", "2.00 $ less". */
export const allowed = ({metric, worst}) => `${METRICS[metric].money ? money(worst) : points(worst)} ${METRICS[metric].worse}`;

function standing({metric, guardrail, worst}) {
  if (guardrail === 'none') return '–';
  const [sign, word] = STANDINGS[guardrail];
  return h('span', {class: `guardrail guardrail-${guardrail}`}, h('span', {'aria-hidden': 'true'}, `${sign} `), word, h('small', {}, ` ${allowed({metric, worst})} allowed`));
}

/** What is known of the other metrics once the verdict is given; null where nothing is. */
export function metricsTable({secondary, level}, base, candidate) {
  if (!secondary?.length) return null;
  const guarded = secondary.some(({guardrail}) => guardrail !== 'none');
  const heads = ['', base, candidate, `Change, each bound ${percent(1 - level)}`, ...(guarded ? ['Guardrail'] : [])];
  const row = (one) => h('tr', {}, h('th', {scope: 'row'}, METRICS[one.metric].title),
    [said(one.metric, one.base), said(one.metric, one.candidate),
      one.change === null ? '–' : [change(one.metric, one.change), h('small', {}, ` ${change(one.metric, one.lower)} to ${change(one.metric, one.upper)}`)],
      ...(guarded ? [standing(one)] : [])].map((cell) => h('td', {}, cell)));
  return h('div', {class: 'table-place', tabindex: 0, role: 'region', 'aria-label': 'The other metrics'},
    h('table', {class: 'compare metrics'}, h('caption', {class: 'visually-hidden'}, 'The metrics beside revenue'),
      h('thead', {}, h('tr', {}, heads.map((title, i) => h(i === 0 ? 'td' : 'th', i === 0 ? {} : {scope: 'col'}, title)))),
      h('tbody', {}, secondary.map(row))));
}
