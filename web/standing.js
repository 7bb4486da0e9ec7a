// SPDX-License-Identifier: Apache-2.0
// Where a running experiment stands: what is missing and when it will be there. No word about who is ahead.
import {count, dateTime} from './format.js';
import {armsOf, called, candidatesOf, several} from './systems.js';

// An experiment by disagreement ends at this many times the customers planned, however few differ.
const kMostTimesPlanned = 3;
// Letters of a name beside a count on a phone.
const kShortName = 14;

const shortened = (name) => (name.length > kShortName ? `${name.slice(0, kShortName - 1)}…` : name);

const byDisagreement = ({experiment}) => Boolean(experiment.design.disagreement);

/** What the end waits for, by arm: {done, target}. */
function counted(progress, system) {
  const arm = progress.arms[system];
  return byDisagreement(progress) ? {done: arm.disagreeing, target: arm.disagreeing_target} : {done: arm.closed, target: arm.target};
}

/** Customers a day, as seen or else as planned; null where neither is known. */
const dailyCustomers = ({customers_per_day: seen, experiment}) => seen ?? experiment.design.customers_per_day ?? null;

/** Days until the last customer is in; null where nobody knows. */
function daysLeft(progress) {
  const daily = dailyCustomers(progress);
  if (!daily) return null;
  const {experiment} = progress;
  const {design} = experiment;
  if (design.dry_run) return Math.max(0, progress.arms.base.target - progress.arms.base.closed) / daily;
  const {closed, target} = progress.collected;
  const weights = 1 + candidatesOf(experiment).length * design.ratio;
  const days = armsOf(experiment).map(({system}) => {
    const {done, target: wanted} = counted(progress, system);
    const arm = progress.arms[system];
    const share = (system === 'base' ? 1 : design.ratio) / weights;
    const differing = byDisagreement(progress) ? (arm.closed > 0 ? arm.disagreeing / arm.closed : design.disagreement.share) : 1;
    return Math.max(0, wanted - done) / (daily * share * differing);
  });
  return byDisagreement(progress) ? Math.min(Math.max(...days), (kMostTimesPlanned * target - closed) / daily) : Math.max(...days);
}

const onDate = (days) => new Date(Date.now() + days * 86400e3).toLocaleDateString('en-GB', {weekday: 'short', day: 'numeric', month: 'short', ...(days > 200 ? {year: 'numeric'} : {})});

/** 2.7 → "about 2.7 days, until Wed 25 Nov". */
function duration(days) {
  if (days * 24 < 1) return 'less than an hour';
  if (days * 24 < 1.5) return 'about an hour';
  if (days < 1) return `about ${Math.round(days * 24)} hours`;
  return `about ${days < 10 ? days.toFixed(1) : count(days)} days, until ${onDate(days)}`;
}

function missing(progress) {
  const {experiment} = progress;
  const rows = armsOf(experiment).map((arm) => ({name: called(experiment, arm), ...counted(progress, arm.system)}));
  const left = rows.map(({done, target}) => Math.max(0, target - done));
  const all = left.reduce((sum, each) => sum + each, 0);
  if (all === 0) return 'All are enrolled; the last open sessions have to end.';
  const whom = byDisagreement(progress) ? 'customers on whom the systems differ' : 'customers';
  const where = rows.length > 1 ? ` (${rows.map(({name}, i) => `${count(left[i])} ${name}`).join(', ')})` : '';
  return `${count(all)} ${whom} are missing${where}.`;
}

function nextLook({experiment, looks}, share) {
  const {looks: planned} = experiment.design;
  if (planned < 2) return '';
  const next = Math.max(looks.length, Math.floor(share * planned)) + 1;
  return next < planned ? ` Look ${next} of ${planned} comes at ${Math.round((100 * next) / planned)}\u00a0%.` : '';
}

/** Who reached the stop for harm, as it is called. */
function harmful(experiment) {
  const system = candidatesOf(experiment).find((each) => each.system === experiment.harmed_by);
  return several(experiment) ? system.id : 'the candidate';
}

/** {head, detail, share} of a running, paused or stopped experiment. */
export function standing(progress) {
  const {experiment, collected, verdict} = progress;
  const head = `${count(collected.closed)} of ${count(collected.target)} customers`;
  const rows = armsOf(experiment).map(({system}) => counted(progress, system));
  const share = Math.min(...rows.map(({done, target}) => (target > 0 ? done / target : 0)), 1);
  if (experiment.state === 'aborted') return {head: `Stopped at ${head}`, detail: `Without a verdict: ${experiment.reason}`, share};
  if (experiment.state === 'paused') return {head: `Paused at ${head}`, detail: `Nobody new is enrolled since ${dateTime(experiment.paused_at)}; whoever is in stays in. ${missing(progress)}`, share};
  if (experiment.harmed_at) return {head: `Stopping for harm at ${head}`, detail: `Since ${dateTime(experiment.harmed_at)} nobody new is enrolled: ${harmful(experiment)} earns less than it may. The verdict comes when the open sessions have ended.`, share};
  if (verdict.kind === 'no_verdict') return {head: `Collecting ${head}`, detail: verdict.sentence, share};
  const days = daysLeft(progress);
  const when = share >= 1 ? '' : days === null ? ' When it ends can be said after the first hour.'
    : ` At ${count(dailyCustomers(progress))} customers a day${progress.customers_per_day ? '' : ' (as planned)'} that takes ${duration(days)}.`;
  return {head: `Collecting ${head}`, detail: `${missing(progress)}${when}${nextLook(progress, share)}`, share};
}

/** The rows of the chart of customers against the plan. */
export function planRows(progress) {
  const {experiment, arms} = progress;
  const systems = armsOf(experiment).map(({system, id}) => ({name: system, ...arms[system],
    short: shortened(called(experiment, {system, id})), title: several(experiment) || id === system ? called(experiment, {system, id}) : `${system}: ${id}`}));
  const customers = systems.map(({name, title, short, closed, enrolled, target}) => ({name, title, short, done: closed, coming: enrolled, target}));
  if (!byDisagreement(progress)) return customers;
  return [...systems.map(({name, title, short, disagreeing, disagreeing_target: target}) => ({name, title: `${title}, systems differ`, short: `${short}, systems differ`, done: disagreeing, coming: disagreeing, target})),
    ...customers.map((row) => ({...row, title: `${row.title}, all`, short: `${row.short}, all`}))];
}
