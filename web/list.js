// SPDX-License-Identifier: Apache-2.0
// All experiments, newest first, with a search where there are many.
import {experiments} from './api.js';
import {h, put, setText} from './dom.js';
import {freeShare} from './checklist.js';
import {count, dateTime, gain, listed, percent} from './format.js';
import {alive, stateTag} from './state.js';
import {candidatesOf, systemsOf} from './systems.js';

const kMany = 6;

const matches = (experiment, words) => {
  const text = [experiment.name, experiment.hypothesis, ...systemsOf(experiment).map(({id}) => id), experiment.state, `#${experiment.id}`].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
};

/** How the customers are shared, where several experiments run; else nothing. */
function shares(all) {
  const live = all.filter(({state}) => alive(state));
  if (live.length < 2) return '';
  const held = live.map(({name, sampling_share: share}) => `${percent(share)} in “${name}”`);
  return `Of the customers: ${[...held, `${percent(freeShare(live))} free`].join(', ')}.`;
}

const promise = ({design, customers}) => (design.dry_run
  ? `dry run, ${count(customers.base)} customers`
  : `${gain(design.effect)}, ${count(customers.total)} customers`);

const row = (experiment) => h('tr', {},
  h('th', {scope: 'row'}, h('a', {href: `#/experiments/${experiment.id}`}, experiment.name || `Experiment ${experiment.id}`),
    h('small', {}, `${listed(candidatesOf(experiment).map(({id}) => id))} against ${experiment.base.id}`)),
  h('td', {}, stateTag(experiment.state)),
  h('td', {class: 'wide'}, promise(experiment)),
  h('td', {class: 'wide'}, dateTime(experiment.started_at)),
  h('td', {class: 'wide'}, dateTime(experiment.ended_at)));

export function listView() {
  const body = h('tbody', {});
  const found = h('p', {class: 'hint', role: 'status'});
  const search = h('input', {id: 'search', type: 'search', autocomplete: 'off', oninput: () => show()});
  const searchField = h('div', {class: 'field search', hidden: true}, h('label', {for: 'search'}, 'Search by name, system or state'), h('span', {class: 'box'}, search));
  const table = h('div', {class: 'table-place'}, h('table', {class: 'list'},
    h('caption', {class: 'visually-hidden'}, 'Experiments, newest first'),
    h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'Experiment'), h('th', {scope: 'col'}, 'State'),
      ['Promise', 'Started', 'Ended'].map((title) => h('th', {scope: 'col', class: 'wide'}, title)))), body));
  const shared = h('p', {class: 'lead'});
  const place = h('section', {class: 'panel', 'aria-label': 'Experiments'}, searchField, found, table);
  let all = [];

  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = all.filter((experiment) => matches(experiment, words));
    put(body, shown.map(row));
    setText(found, words.length > 0 ? `${count(shown.length)} of ${count(all.length)}` : '');
    table.hidden = shown.length === 0;
  }

  experiments().then((answer) => {
    setText(shared, shares(answer));
    all = answer.reverse();
    searchField.hidden = all.length < kMany;
    if (all.length === 0) put(place, h('p', {}, 'There is no experiment yet. ', h('a', {href: '#/new'}, 'Set the first one up.')));
    else show();
  }, (problem) => put(place, h('p', {class: 'notice notice-watch'}, problem.message)));

  return {element: h('div', {class: 'view'}, h('div', {class: 'title'}, h('h1', {}, 'Experiments'), shared), place), title: 'Experiments', leave() {}};
}
