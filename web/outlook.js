// SPDX-License-Identifier: Apache-2.0
// What a design promises: totals, the power curve, and what the experiment will say if the truth is this or that.
import {powerCurve, shareBar} from './charts.js';
import {drawToWidth, h} from './dom.js';
import {count, gain, money, percent, reached} from './format.js';

const KINDS = [
  ['better', 'Better', (row) => row.better],
  ['inconclusive', 'Incon\u00adclusive', (row) => row.inconclusive],
  ['not-better', 'Not by the effect', (row) => row.not_better_by_effect],
  ['worse', 'Worse', (row) => row.worse],
];
const TRUTHS = ['no gain', 'half the effect', 'the effect', '1½ × the effect', 'twice the effect'];

export function outlook(answer) {
  const {design, customers} = answer;
  const many = design.candidates > 1;
  if (design.dry_run) return dryRun(answer);
  const chart = h('div', {class: 'chart-place'});
  drawToWidth(chart, (width) => chart.replaceChildren(powerCurve(width, {
    curve: answer.curve, effect: design.effect, power: answer.achieved_power, alpha: design.alpha, margin: design.margin})));
  return h('div', {class: answer.coherent ? 'outlook-inner' : 'outlook-inner incoherent'},
    h('section', {class: 'panel totals', 'aria-label': 'Totals'},
      figure(count(inAll(design, customers)), 'customers in all', `${count(customers.base)} base + ${many ? `${design.candidates} × ` : ''}${count(customers.candidate)} candidate`, 'total'),
      answer.disagreeing ? figure(count(inAll(design, answer.disagreeing)), 'on whom they differ', 'these are compared', 'disagreeing') : null,
      figure(reached(answer.achieved_power), 'power', answer.coherent ? `for ${money(design.effect)} per customer${many ? ' of one candidate' : ''}` : `promised: ${percent(design.power)}`, 'power-achieved'),
      answer.guardrail_power ? figure(reached(Math.min(...answer.guardrail_power)), answer.guardrail_power.length > 1 ? 'power of each guardrail' : 'power of the guardrail', 'to see that nothing is lost', 'guardrail-power') : null,
      days(answer)),
    h('section', {class: 'panel'}, h('h2', {}, 'How likely is “better”?'), chart),
    h('section', {class: 'panel'}, h('h2', {}, many ? 'What this experiment will say of each' : 'What this experiment will say'),
      h('p', {class: 'hint'}, 'Of 100 such experiments, so many end with each verdict.'), willSay(answer)));
}

/** Of base and every candidate. */
export const inAll = ({candidates}, {base, candidate}) => base + candidates * candidate;

const days = ({days: needed, design}) => (needed
  ? figure(needed < 10 ? needed.toFixed(1) : count(needed), 'days', `at ${count(design.customers_per_day)} a day`, 'days') : null);

function dryRun(answer) {
  const many = answer.design.candidates > 1;
  return h('div', {class: 'outlook-inner'},
    h('section', {class: 'panel totals', 'aria-label': 'Totals'},
      figure(count(answer.design.customers), 'customers, all served by base', `${many ? 'all' : 'both'} systems decide, nothing is tested`, 'total'), days(answer)),
    h('section', {class: 'panel'}, h('h2', {}, 'What this dry run will say'),
      h('ul', {class: 'points'},
        h('li', {}, many ? 'for how many customers each candidate and base differ, and which way' : 'for how many customers the two systems differ, and which way'),
        h('li', {}, 'mean, deviation and skew of revenue, of all and of those'),
        h('li', {}, `how fast ${many ? 'all' : 'both'} systems answer, and how often they do not`),
        h('li', {}, 'how many customers and days the experiment takes, comparing everybody or only those on whom they differ'))));
}

function figure(value, label, note, name) {
  return h('div', {class: 'figure'}, h('strong', {'data-figure': name ?? null}, value), h('span', {}, label), h('small', {}, note));
}

function willSay({will_say: rows, design}) {
  const row = (chances, i) => {
    const bar = h('td', {class: 'bar-cell', 'aria-hidden': 'true'});
    drawToWidth(bar, (width) => bar.replaceChildren(shareBar(width, KINDS.map(([name, , share]) => [`kind-${name}`, share(chances)]), '')));
    return h('tr', {},
      h('th', {scope: 'row'}, gain(chances.true_effect), h('small', {}, design.margin === 0 ? TRUTHS[i] : i === 0 ? 'the margin' : '')),
      KINDS.map(([name, , share]) => h('td', {class: `cell-${name}`}, percent(share(chances), share(chances) > 0.1 ? 0 : 1))), bar);
  };
  return h('div', {class: 'table-place'},
    h('table', {class: 'will-say'},
      h('caption', {class: 'visually-hidden'}, 'Chance of each verdict by the true effect'),
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'If it truly earns'),
        KINDS.map(([name, label]) => h('th', {scope: 'col'}, h('span', {class: `swatch kind-swatch-${name}`, 'aria-hidden': 'true'}), label)), h('td', {class: 'bar-cell'}))),
      h('tbody', {}, rows.map(row))));
}
