// SPDX-License-Identifier: Apache-2.0
// What a dry run has shown, and the experiment it suggests.
import {h} from './dom.js';
import {capital, count, money, percent} from './format.js';
import {mayPlan} from './session.js';
import {several} from './systems.js';

const days = (value) => (value === null ? '–' : value < 10 ? value.toFixed(1) : count(value));

function ways({everybody, disagreement}) {
  const rows = [
    everybody ? ['Everybody is compared', everybody, ''] : null,
    disagreement ? ['Only customers on whom they differ', disagreement, disagreement.ratio_to_everybody === null ? '' : `${percent(disagreement.ratio_to_everybody)} of the customers`] : null,
  ].filter(Boolean);
  if (rows.length === 0) return null;
  return h('div', {class: 'table-place'}, h('table', {class: 'compare'}, h('caption', {class: 'visually-hidden'}, 'What the experiment takes'),
    h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'The experiment'), h('th', {scope: 'col'}, 'Customers'), h('th', {scope: 'col'}, 'Days'))),
    h('tbody', {}, rows.map(([title, way, note]) => h('tr', {}, h('th', {scope: 'row'}, title, note ? h('small', {}, note) : null), h('td', {}, count(way.customers)), h('td', {}, days(way.days)))))));
}

const figure = (value, label, note) => h('div', {class: 'figure'}, h('strong', {}, value), h('span', {}, label), note ? h('small', {}, note) : null);

const perDisagreement = ({effect_per_disagreeing: effect}) => (effect === null ? '–' : money(effect));

/** How each of several candidates differs from base, and what every such customer would have to bring. */
function differences({candidates}) {
  const heads = ['Candidate', 'Differs for', 'Each has to bring'];
  return h('div', {class: 'table-place'}, h('table', {class: 'compare'}, h('caption', {class: 'visually-hidden'}, 'How each candidate differs from base'),
    h('thead', {}, h('tr', {}, heads.map((title) => h('th', {scope: 'col'}, title)))),
    h('tbody', {}, candidates.map((each) => h('tr', {'data-system': each.system}, h('th', {scope: 'row'}, h('span', {class: `key key-${each.system}`}, each.id)),
      h('td', {}, percent(each.share), h('small', {}, `${percent(each.adds)} added, ${percent(each.removes)} removed`)),
      h('td', {}, perDisagreement(each), each.share > 0 ? h('small', {}, `deviation ${money(each.deviation_disagreeing)}`) : null))))));
}

/** Who would have to bring more by each disagreement than can be believed. */
const doubts = ({candidates}) => candidates.filter(({implausible}) => implausible)
  .map(({id, implausible}) => h('p', {class: 'notice notice-watch'}, candidates.length > 1 ? `${id}: ${implausible}` : implausible));

export function forecastPanel({forecast, verdict, experiment}) {
  const many = several(experiment);
  return h('section', {class: 'panel verdict verdict-dry-run', 'aria-labelledby': 'verdict-word'},
    h('p', {class: 'verdict-kicker'}, many ? 'Nobody has met a candidate' : 'Nobody has met the candidate'),
    h('h2', {id: 'verdict-word', class: 'verdict-word'}, 'Dry run complete'),
    h('p', {class: 'verdict-sentence'}, capital(forecast ? forecast.sentence : verdict.sentence)),
    forecast ? [
      h('div', {class: 'totals'},
        many ? null : figure(percent(forecast.share), 'of the customers: the systems differ', `${percent(forecast.adds)} the offer is added, ${percent(forecast.removes)} removed`),
        figure(money(forecast.mean), 'mean revenue', `deviation ${money(forecast.deviation)}, skew ${forecast.skew.toFixed(2)}`),
        many || forecast.deviation_disagreeing === null ? null : figure(money(forecast.deviation_disagreeing), 'deviation where they differ')),
      many ? differences(forecast) : null,
      ways(forecast),
      doubts(forecast),
      mayPlan() ? h('div', {class: 'actions'}, h('a', {class: 'primary', href: `#/new/from/${experiment.id}`}, 'Set up the experiment with these numbers')) : null,
    ] : null);
}
