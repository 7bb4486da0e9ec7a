// SPDX-License-Identifier: Apache-2.0
// A plan in plain words: what is promised, who sees what, when it ends.
import {count, listed, money, percent} from './format.js';
import {METRICS, allowed} from './metrics.js';
import {candidatesOf, several, systemsOf} from './systems.js';

function question(experiment) {
  const {design, base} = experiment;
  const names = listed(candidatesOf(experiment).map(({id}) => id));
  if (design.dry_run) return `${base.id} serves every customer and ${names} ${several(experiment) ? 'decide' : 'decides'} along, unseen. Nothing is tested.`;
  const by = design.margin === 0 ? '' : ` by more than ${money(design.margin)} per customer`;
  return `${several(experiment) ? `Each of ${names}` : names} has to earn more than ${base.id}${by}. Worth having is ${money(design.effect)} per customer.`;
}

function promise(experiment) {
  const {design} = experiment;
  if (design.dry_run) return null;
  const [none, gain] = several(experiment) ? ['If none of them brings such a gain any is', 'if the gain of one'] : ['If there is no such gain it is', 'if the gain'];
  return `${none} called better with a chance of at most ${percent(design.alpha, 2)} (${design.sides === 2 ? 'two-sided, half of it on this side' : 'one-sided'}); ${gain} is ${money(design.effect)} it is found with a chance of at least ${percent(design.power, 2)}.`;
}

/** What is expected of the covariate: ρ² of the variance goes. */
const adjusted = ({correlation}) => `Everybody is compared, adjusted by what they spent before the experiment (expected correlation ${correlation}: ${percent(correlation ** 2)} of the variance goes); the shop sends it with each session`;

function sample(experiment) {
  const {design, customers} = experiment;
  if (design.dry_run) return `It ends with ${count(customers.base)} customers.`;
  const counts = customers.base === customers.candidate ? `${count(customers.base)} in each arm` : several(experiment) ? `${count(customers.base)} base, ${count(customers.candidate)} each candidate` : `${count(customers.base)} base, ${count(customers.candidate)} candidate`;
  const all = `${count(customers.total)} customers, ${counts}`;
  if (!design.disagreement) return `${design.covariate ? adjusted(design) : 'Everybody is compared'}: ${all}. A customer counts once, by the first session.`;
  return `Only customers on whom ${several(experiment) ? 'a candidate and base' : 'the two systems'} differ are compared, as planned ${percent(design.disagreement.share)} of ${all}; their revenue deviates by ${money(design.disagreement.deviation)}. If they differ less often it goes on, up to three times as many customers.`;
}

function looks(experiment) {
  const {design} = experiment;
  if (design.dry_run) return null;
  const many = several(experiment);
  const whom = many ? 'All are judged together' : 'It is judged';
  const when = design.looks === 1 ? `${whom}${many ? ',' : ''} once, at the end.`
    : `${whom} at ${design.looks} looks, evenly spaced, by O’Brien–Fleming bounds; it may end at any of them${many ? ', for all, where one is to be taken' : ''}.`;
  return [when, many ? 'Of those that are better the one that earns most is to be taken.' : '', harm(experiment)].filter(Boolean).join(' ');
}

function harm(experiment) {
  const {harm_alpha: alpha} = experiment.design;
  if (!(alpha > 0)) return 'Nothing stops it for harm but you.';
  return several(experiment) ? `It stops, for all, when one candidate does harm; if none does, with a chance of at most ${percent(alpha, 2)}.`
    : `It stops for harm; a candidate that does none is stopped with a chance of at most ${percent(alpha, 2)}.`;
}

function guardrails({design}) {
  if (design.guardrails.length === 0) return null;
  const each = design.guardrails.map((guardrail) => `${METRICS[guardrail.metric].title.toLowerCase()} (${allowed(guardrail)} at the most)`);
  return `A candidate is to be taken only if these hold too: ${listed(each)}.`;
}

function serving({decision_deadline_ms: deadline, fallback_show: show, sampling_share: share, session_timeout_ms: timeout}) {
  return `${share === 1 ? 'Every customer takes part' : `${percent(share)} of the customers take part; the others get the fallback`}. A decision has ${count(deadline)}\u00a0ms; then the offer is ${show ? 'shown' : 'hidden'}. A session without an end closes after ${count(timeout / 60000)} minutes with 0\u00a0$.`;
}

function caps(experiment) {
  const {cap, revenue_cap: refused} = experiment;
  return `${cap === null ? 'Revenue counts in full' : `A customer’s revenue counts up to ${money(cap)}, in ${several(experiment) ? 'all' : 'both'} arms`}; above ${count(refused)}\u00a0$ a session is refused as absurd.`;
}

/** [[title, sentence], …] */
export const planWords = (experiment) => [
  ['Hypothesis', experiment.hypothesis || null],
  ['Question', question(experiment)],
  ['Promise', promise(experiment)],
  ['Customers', sample(experiment)],
  ['Judged', looks(experiment)],
  ['Guardrails', guardrails(experiment)],
  ['Served', serving(experiment)],
  ['Counted', caps(experiment)],
  ['Models', systemsOf(experiment).filter((system) => system.model_digest).map((system) => `${system.id} ${system.model_digest.slice(0, 16)}…`).join(', ') || null],
].filter(([, sentence]) => sentence);
