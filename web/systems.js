// SPDX-License-Identifier: Apache-2.0
// The systems of an experiment: base and one candidate, or several. `system` is the API's name: base, candidate,
// candidate_2, …

/** [{system, id, model_digest}, …] of all candidates, in order. */
export const candidatesOf = ({candidate, further_candidates: further}) =>
  [candidate, ...further].map((each, k) => ({system: k === 0 ? 'candidate' : `candidate_${k + 1}`, ...each}));

export const systemsOf = (experiment) => [{system: 'base', ...experiment.base}, ...candidatesOf(experiment)];

/** Those that customers are assigned to: in a dry run base alone. */
export const armsOf = (experiment) => (experiment.design.dry_run ? systemsOf(experiment).slice(0, 1) : systemsOf(experiment));

export const several = ({further_candidates: further}) => further.length > 0;

/** What people call it: its part in the experiment where there is one candidate, its own name among several. */
export const called = (experiment, {system, id}) => (several(experiment) ? id : system);

/** The candidate whom the experiment's verdict is about: the winner, else the one that did harm or is ahead. */
export const leadingOf = ({leading, candidates}) => candidates.find(({system}) => system === leading);
