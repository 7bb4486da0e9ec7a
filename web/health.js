// SPDX-License-Identifier: Apache-2.0
// Whether the data can be trusted, in words first, colour second.
import {h} from './dom.js';
import {capital, count} from './format.js';

const SIGNS = {good: '✓', watch: '!', alarm: '✕', dark: '…'};
const WORDS = {good: 'good', watch: 'watch', alarm: 'alarm', dark: 'too early'};

// Where the message does not say it itself.
const pValue = (p, message) => (p === null || /\bp = /.test(message) ? '' : p < 0.001 ? `p = ${p.toExponential(1)}` : `p = ${p.toFixed(3)}`);

const lamp = ({lamp: level, title, message, p = null}) => h('li', {class: `lamp lamp-${level}`, 'data-lamp': level},
  h('span', {class: 'lamp-sign', 'aria-hidden': 'true'}, SIGNS[level] ?? '?'),
  h('div', {}, h('p', {}, h('strong', {}, title), ' ', h('span', {class: 'lamp-word'}, WORDS[level] ?? level)),
    h('small', {}, capital([message || 'too few data to say anything', message ? pValue(p, message) : ''].filter(Boolean).join('; ')))));

// Records that were taken, or that rightly changed nothing.
const HARMLESS = new Set(['sampled', 'repeat', 'not_sampled', 'enrolment_full', 'not_running', 'recorded', 'duplicate', 'outside', 'late', 'unknown_customer', 'other_experiment']);
const kAlarmingShare = 0.02;

/** What the counters of the records show. */
function recordCheck(counters) {
  const sum = (rows) => rows.reduce((total, row) => total + row.count, 0);
  const all = sum(counters);
  const rejected = counters.filter(({outcome, count: n}) => n > 0 && !HARMLESS.has(outcome));
  // Systems see every session; who is not sampled, or another experiment's, or came when the arms were full, is none of this one's.
  const strangers = sum(counters.filter(({outcome}) => outcome === 'unknown_customer' || outcome === 'other_experiment'));
  const share = sum(rejected) / Math.max(1, all);
  return {title: 'Records that can be read', lamp: all === 0 ? 'dark' : share >= kAlarmingShare ? 'alarm' : share > 0 ? 'watch' : 'good',
    message: share === 0 ? `none was rejected${strangers > 0 ? `; ${count(strangers)} of customers outside the experiment left aside` : ''}`
      : `rejected: ${rejected.map(({outcome, count: n}) => `${outcome.replaceAll('_', ' ')} ${count(n)}`).join(', ')}`};
}

const lamps = (checks) => h('ul', {class: 'lamps'}, checks.map(lamp));

/** Those of the whole first, then, of several candidates, each one's under its name. */
export function lampGroups({checks, counters, candidates}) {
  const ofAll = checks.filter(({system}) => system === null);
  const groups = candidates.map((each) => ({...each, own: checks.filter(({system}) => system === each.system)})).filter(({own}) => own.length > 0);
  return [lamps([...ofAll, recordCheck(counters)]),
    groups.map(({system, id, own}) => h('section', {class: 'lamp-group', 'data-system': system}, h('h3', {}, h('span', {class: `key key-${system}`}, id)), lamps(own)))];
}
