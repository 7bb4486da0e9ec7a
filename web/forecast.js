// SPDX-License-Identifier: Apache-2.0
// What a dry run has shown, and the experiment it suggests.
import {h} from './dom.js';
import {capital, count, money, percent} from './format.js';
import {mayPlan} from './session.js';

const days = (value) => (value === null ? '–' : value < 10 ? value.toFixed(1) : count(value));

function ways({everybody, disagreement}) {
  const rows = [
    everybody ? ['Everybody is compared', everybody, ''] : null,
    disagreement ? ['Only customers on whom they differ', disagreement, `${percent(disagreement.ratio_to_everybody)} of the customers`] : null,
  ].filter(Boolean);
  if (rows.length === 0) return null;
  return h('div', {class: 'table-place'}, h('table', {class: 'compare'}, h('caption', {class: 'visually-hidden'}, 'What the experiment takes'),
    h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'The experiment'), h('th', {scope: 'col'}, 'Customers'), h('th', {scope: 'col'}, 'Days'))),
    h('tbody', {}, rows.map(([title, way, note]) => h('tr', {}, h('th', {scope: 'row'}, title, note ? h('small', {}, note) : null), h('td', {}, count(way.customers)), h('td', {}, days(way.days)))))));
}

export function forecastPanel({forecast, verdict, experiment}) {
  const figure = (value, label, note) => h('div', {class: 'figure'}, h('strong', {}, value), h('span', {}, label), note ? h('small', {}, note) : null);
  return h('section', {class: 'panel verdict verdict-dry-run', 'aria-labelledby': 'verdict-word'},
    h('p', {class: 'verdict-kicker'}, 'Nobody has met the candidate'),
    h('h2', {id: 'verdict-word', class: 'verdict-word'}, 'Dry run complete'),
    h('p', {class: 'verdict-sentence'}, capital(forecast ? forecast.sentence : verdict.sentence)),
    forecast ? [
      h('div', {class: 'totals'},
        figure(percent(forecast.share), 'of the customers: the systems differ', `${percent(forecast.adds)} the offer is added, ${percent(forecast.removes)} removed`),
        figure(money(forecast.mean), 'mean revenue', `deviation ${money(forecast.deviation)}, skew ${forecast.skew.toFixed(2)}`),
        forecast.deviation_disagreeing === null ? null : figure(money(forecast.deviation_disagreeing), 'deviation where they differ')),
      ways(forecast),
      forecast.disagreement?.implausible ? h('p', {class: 'notice notice-watch'}, forecast.disagreement.implausible) : null,
      mayPlan() ? h('div', {class: 'actions'}, h('a', {class: 'primary', href: `#/new/from/${experiment.id}`}, 'Set up the experiment with these numbers')) : null,
    ] : null);
}
