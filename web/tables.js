// SPDX-License-Identifier: Apache-2.0
// The tables of an experiment: arms, systems, distribution, looks, and who did what.
import {get} from './api.js';
import {binsOf} from './distribution.js';
import {h, put} from './dom.js';
import {count, dateTime, milliseconds, money, percent, shareOf} from './format.js';
import {armsOf, called, several, systemsOf} from './systems.js';

/** rows: [[title, cell, …], …]; a row of nothing is left out. */
function table(caption, columns, rows) {
  return h('table', {class: 'compare'}, h('caption', {class: 'visually-hidden'}, caption),
    h('thead', {}, h('tr', {}, columns.map((title, i) => h(i === 0 && title === '' ? 'td' : 'th', i === 0 && title === '' ? {} : {scope: 'col'}, title)))),
    h('tbody', {}, rows.filter(Boolean).map(([title, ...cells]) => h('tr', {}, h('th', {scope: 'row'}, title), cells.map((cell) => h('td', {}, cell))))));
}

const number = (value, decimals) => (Number.isFinite(value) ? value.toFixed(decimals).replace('-', '\u2212') : '–');
const heads = (experiment, systems) => systems.map((each) => h('span', {class: `key key-${each.system}`}, called(experiment, each)));

export function armsTable({arms, experiment}) {
  const present = armsOf(experiment);
  const row = (title, cell) => [title, ...present.map(({system}) => cell(arms[system]))];
  return table('The arms', ['', ...heads(experiment, present)], [
    row('Customers', (arm) => [count(arm.closed), h('small', {}, ` of ${count(arm.target)}`)]),
    row('Enrolled', (arm) => count(arm.enrolled)),
    Object.values(arms).some(({disagreeing}) => disagreeing > 0) ? row('Systems differ', (arm) => [count(arm.disagreeing), arm.disagreeing_target > 0 ? h('small', {}, ` of ${count(arm.disagreeing_target)}`) : null]) : null,
    row('Mean', (arm) => (arm.closed > 0 ? money(arm.mean) : '–')),
    row('Its interval', (arm) => (arm.low === null ? '–' : `${money(arm.low)} to ${money(arm.high)}`)),
    row('Bought', (arm) => shareOf(arm.buyers, arm.closed)),
    row('Offer shown', (arm) => shareOf(arm.shown, arm.closed)),
    row('Offer accepted', (arm) => shareOf(arm.accepted, arm.shown)),
    row('Revenue in all', (arm) => `${count(Number(arm.total))}\u00a0$`),
  ]);
}

export function systemsTable({systems, experiment}) {
  const present = systemsOf(experiment);
  const row = (title, cell) => [title, ...present.map(({system}) => cell(systems[system]))];
  return table('The systems', ['', ...heads(experiment, present)], [
    row('Decisions in time', (each) => count(each.decisions)),
    row('Late', (each) => count(each.late)),
    row('Never came', (each) => count(each.missing)),
    row('Fallback executed', (each) => count(each.timeouts)),
    row('Would show the offer', (each) => shareOf(each.shown, each.decisions)),
    row('Median latency', (each) => (each.decisions > 0 ? milliseconds(each.latency_p50_ms) : '–')),
    row('99 % within', (each) => (each.decisions > 0 ? milliseconds(each.latency_p99_ms) : '–')),
  ]);
}

/** Every bin of the drawing, for whom a drawing says nothing. */
function binsTable({arms, distribution, experiment}) {
  const present = armsOf(experiment);
  const rows = binsOf(distribution, present).map(({title, counts}) => [title, ...present.map(({system}, i) => shareOf(counts[i], arms[system].closed))]);
  if (rows.length === 0) return null;
  return h('details', {class: 'more'}, h('summary', {}, 'The bins in figures'), table('Share of customers by revenue', ['$ per customer', ...present.map((each) => called(experiment, each))], rows));
}

export function distributionTable(progress) {
  const {arms, candidates, distribution, experiment} = progress;
  const present = armsOf(experiment);
  const samples = {base: candidates[0].verdict.base, ...Object.fromEntries(candidates.map(({system, verdict}) => [system, verdict.candidate]))};
  const row = (title, cell) => [title, ...present.map(({system}) => cell(arms[system], samples[system], distribution.arms[system]))];
  const capped = experiment.cap !== null;
  return [table('Distribution of revenue', ['$ per customer', ...heads(experiment, present)], [
    row('Spent nothing', (arm, _, spent) => shareOf(spent.zeros, arm.closed)),
    row('Mean', (arm) => (arm.closed > 0 ? money(arm.mean) : '–')),
    row('Standard deviation', (arm) => (arm.closed > 1 ? money(arm.deviation) : '–')),
    row('Skew', (_, sample) => (sample?.n > 2 ? number(sample.skew, 2) : '–')),
    capped ? row(`Above the cap of ${money(experiment.cap)}`, (arm) => `${count(arm.capped)} (${shareOf(arm.capped, arm.closed)})`) : null,
  ]), h('p', {class: 'hint'}, capped ? `Revenue counts up to the cap, alike in ${several(experiment) ? 'all' : 'both'} arms.` : 'No cap: revenue counts in full.'), binsTable(progress)];
}

export function looksTable({looks, verdict, experiment}) {
  const issued = verdict.look && !looks.some(({number: taken}) => taken === verdict.look.number) ? [verdict.look] : [];
  const rows = [...looks.map((look) => [look, 'went on']), ...issued.map((look) => [look, 'ended here'])];
  if (rows.length === 0) return h('p', {class: 'hint'}, `None of the ${experiment.design.looks} has been taken yet.`);
  return table('Looks', ['Look', 'When', 'Bound z', 'Level', 'Then'], rows.map(([look, what]) =>
    [`${look.number} of ${experiment.design.looks}`, look.at ? dateTime(look.at) : dateTime(experiment.ended_at), number(look.z, 3), percent(look.level, 3), what]));
}

const auditRow = ({at, who, action, detail}) => h('li', {}, h('span', {class: 'audit-at'}, dateTime(at)), h('span', {}, h('strong', {}, action.replaceAll('_', ' ')), ` by ${who}`, detail ? h('small', {}, detail) : null));

/** Who did what; asked for when it is opened, and again when the state has changed. */
export function auditList() {
  const place = h('div', {});
  const element = h('details', {class: 'panel fold', ontoggle: load}, h('summary', {}, h('h2', {}, 'Who did what')), place);
  let experiment = null;
  let shown = '';

  async function load() {
    if (!element.open || experiment === null || shown === keyOf(experiment)) return;
    shown = keyOf(experiment);
    try {
      const {audit} = await get(`/v1/experiments/${experiment.id}/audit`);
      put(place, h('ol', {class: 'audit'}, audit.map(auditRow)));
    } catch (problem) {
      shown = '';
      put(place, h('p', {class: 'notice notice-watch'}, problem.message));
    }
  }
  const keyOf = ({id, state, sampling_share: share, harmed_at: harmed}) => [id, state, share, harmed].join();

  return {element, update(now) {
    experiment = now;
    load();
  }};
}
