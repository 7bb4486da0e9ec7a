// SPDX-License-Identifier: Apache-2.0
// What the shop knows already: the base's customers of an earlier experiment or dry run give mean, deviation and skew.
import {get} from './api.js';
import {h, setText} from './dom.js';
import {count, dateTime} from './format.js';
import {ended} from './state.js';

/** A list to choose from; null where nothing has ended yet. `use` takes {mean, deviation, skew, customers_per_day}. */
export function historyPicker(experiments, use) {
  const known = experiments.filter(({state, started_at: started}) => started && ended(state)).reverse();
  if (known.length === 0) return null;
  const note = h('span', {class: 'hint', role: 'status'});
  const select = h('select', {id: 'history', onchange: () => take(Number(select.value))},
    h('option', {value: ''}, 'type them in'), known.map(({id, name}) => h('option', {value: String(id)}, name)));

  async function take(id) {
    setText(note, '');
    if (!id) return;
    try {
      const {arms, verdict, experiment, customers_per_day: daily} = await get(`/v1/experiments/${id}/results`);
      if (arms.base.closed < 2) return setText(note, 'It has fewer than two customers.');
      use({mean: arms.base.mean, deviation: arms.base.deviation, skew: verdict.base?.n > 2 ? verdict.base.skew : null, customers_per_day: daily});
      setText(note, `From ${count(arms.base.closed)} customers of ${experiment.base.id}, ${dateTime(experiment.started_at)} to ${dateTime(experiment.ended_at)}.`);
    } catch (problem) {
      setText(note, problem.message);
    }
  }

  return h('div', {class: 'field'}, h('label', {for: 'history'}, 'Take these from'), h('span', {class: 'box'}, select), note);
}
