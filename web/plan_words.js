// SPDX-License-Identifier: Apache-2.0
// A plan in plain words: what is promised, who sees what, when it ends.
import {count, money, percent} from './format.js';

function question({design, base, candidate}) {
  if (design.dry_run) return `${base.id} serves every customer and ${candidate.id} decides along, unseen. Nothing is tested.`;
  const by = design.margin === 0 ? '' : ` by more than ${money(design.margin)} per customer`;
  return `${candidate.id} has to earn more than ${base.id}${by}. Worth having is ${money(design.effect)} per customer.`;
}

function promise({design}) {
  if (design.dry_run) return null;
  return `If there is no such gain it is called better with a chance of at most ${percent(design.alpha, 2)} (${design.sides === 2 ? 'two-sided, half of it on this side' : 'one-sided'}); if the gain is ${money(design.effect)} it is found with a chance of at least ${percent(design.power, 2)}.`;
}

function sample({design, customers}) {
  if (design.dry_run) return `It ends with ${count(customers.base)} customers.`;
  const counts = customers.base === customers.candidate ? `${count(customers.base)} in each arm` : `${count(customers.base)} base, ${count(customers.candidate)} candidate`;
  const all = `${count(customers.total)} customers, ${counts}`;
  if (!design.disagreement) return `Everybody is compared: ${all}. A customer counts once, by the first session.`;
  return `Only customers on whom the two systems differ are compared, as planned ${percent(design.disagreement.share)} of ${all}; their revenue deviates by ${money(design.disagreement.deviation)}. If they differ less often it goes on, up to three times as many customers.`;
}

function looks({design}) {
  if (design.dry_run) return null;
  const when = design.looks === 1 ? 'It is judged once, at the end.' : `It is judged at ${design.looks} looks, evenly spaced, by O’Brien–Fleming bounds; it may end at any of them.`;
  const harm = design.harm_alpha > 0 ? ` It stops for harm; a candidate that does none is stopped with a chance of at most ${percent(design.harm_alpha, 2)}.` : ' Nothing stops it for harm but you.';
  return when + harm;
}

function serving({decision_deadline_ms: deadline, fallback_show: show, sampling_share: share, session_timeout_ms: timeout}) {
  return `${share === 1 ? 'Every customer takes part' : `${percent(share)} of the customers take part; the others get the fallback`}. A decision has ${count(deadline)}\u00a0ms; then the offer is ${show ? 'shown' : 'hidden'}. A session without an end closes after ${count(timeout / 60000)} minutes with 0\u00a0$.`;
}

function caps({cap, revenue_cap: refused}) {
  return `${cap === null ? 'Revenue counts in full' : `A customer’s revenue counts up to ${money(cap)}, in both arms`}; above ${count(refused)}\u00a0$ a session is refused as absurd.`;
}

/** [[title, sentence], …] */
export const planWords = (experiment) => [
  ['Hypothesis', experiment.hypothesis || null],
  ['Question', question(experiment)],
  ['Promise', promise(experiment)],
  ['Customers', sample(experiment)],
  ['Judged', looks(experiment)],
  ['Served', serving(experiment)],
  ['Counted', caps(experiment)],
  ['Models', [experiment.base, experiment.candidate].filter((system) => system.model_digest).map((system) => `${system.id} ${system.model_digest.slice(0, 16)}…`).join(', ') || null],
].filter(([, sentence]) => sentence);
