// SPDX-License-Identifier: Apache-2.0
// A draft in plain words, checked by the platform; from here it starts.
import {experiments, get, onceKey, post, tagOf} from './api.js';
import {announce, h, put, setText} from './dom.js';
import {blocked, checklist, showChecklist} from './checklist.js';
import {outlook} from './outlook.js';
import {planWords} from './plan_words.js';
import {platform} from './platform.js';
import {mayPlan, mayRun} from './session.js';
import {setState, stateTag} from './state.js';
import {several} from './systems.js';

/** `onStarted` takes the answer of the start, which holds the tokens. */
export function reviewPage(draft, onStarted) {
  let experiment = draft;
  const startKey = onceKey();  // The tokens are shown once: an answer that is lost can be asked for again.
  const tag = stateTag(experiment.state);
  const hash = h('p', {class: 'hash'});
  const trouble = h('div', {class: 'refusal', role: 'alert', hidden: true});
  const checksPlace = h('div', {});
  const outlookPlace = h('div', {class: 'outlook'});
  const startButton = h('button', {type: 'button', class: 'primary', disabled: true, onclick: start}, experiment.design.dry_run ? 'Start the dry run' : 'Start the experiment');
  const note = h('p', {class: 'hint'});
  const element = h('div', {},
    h('div', {class: 'title'}, h('div', {class: 'title-row'}, h('h1', {}, experiment.name), tag),
      h('p', {class: 'lead'}, 'The plan as it will be frozen. Nobody can change the question after seeing the answer.')),
    h('div', {class: 'columns'},
      h('div', {},
        h('section', {class: 'panel', 'aria-labelledby': 'plan-title'}, h('h2', {id: 'plan-title'}, 'The plan'),
          h('dl', {class: 'plan'}, planWords(experiment).map(([title, sentence]) => h('div', {}, h('dt', {}, title), h('dd', {}, sentence)))), hash),
        h('section', {class: 'panel', 'aria-labelledby': 'review-checks'}, h('h2', {id: 'review-checks'}, 'Before it starts'), checksPlace, trouble,
          h('div', {class: 'actions'}, startButton,
            mayPlan() ? h('a', {class: 'second', href: `#/experiments/${experiment.id}/edit`}, 'Change it') : null, note))),
      h('div', {class: 'side'}, outlookPlace)));

  function showHash() {
    put(hash, h('span', {}, 'Plan hash'), experiment.plan_hash ? h('code', {}, experiment.plan_hash) : h('span', {class: 'hint'}, 'is taken of exactly this plan at the start, and stands beside the verdict'));
  }

  function say(problem) {
    put(trouble, h('h2', {}, problem.body?.title ?? 'This did not work'), problem.reasons?.length > 0 ? problem.reasons.map(({detail}) => h('p', {}, detail)) : h('p', {}, problem.message));
    trouble.hidden = false;
  }

  async function validate() {
    trouble.hidden = true;
    try {
      const answer = await post(`/v1/experiments/${experiment.id}:validate`);
      experiment = await get(`/v1/experiments/${experiment.id}`);  // It can be started only by its tag.
      setState(tag, experiment.state);
      showHash();
      check(answer, null);
    } catch (problem) {
      check(problem.body?.design ? problem.body : null, problem);
      say(problem);
    }
  }

  async function check(answer, problem) {
    if (answer) outlookPlace.replaceChildren(outlook(answer));
    const [all, running] = await Promise.all([experiments().catch(() => []), platform().catch(() => null)]);
    const coherent = answer?.coherent ? answer : null;
    const items = checklist({plan: experiment, design: experiment.design, answer: coherent, problem, experiments: all.filter(({id}) => id !== experiment.id), platform: running});
    put(checksPlace, showChecklist(items));
    startButton.disabled = !mayRun() || blocked(items);
    setText(note, mayRun() ? `Starting freezes the plan and gives ${several(experiment) ? 'each' : 'the'} candidate’s token.` : 'Only an owner can start it.');
  }

  async function start() {
    startButton.disabled = true;
    trouble.hidden = true;
    try {
      onStarted(await post(`/v1/experiments/${experiment.id}:start`, undefined, {tag: tagOf(experiment), key: startKey}));
      announce(several(experiment) ? 'The experiment has started. Copy the tokens now; they are not shown again.' : 'The experiment has started. Copy the token now; it is not shown again.');
    } catch (problem) {
      say(problem);
      startButton.disabled = false;
    }
  }

  /** A viewer sees what is promised without validating anything. */
  async function look() {
    try {
      check(await post('/v1/designs:solve', experiment.design), null);
    } catch (problem) {
      check(problem.body?.design ? problem.body : null, problem);
    }
  }

  showHash();
  if (mayPlan()) validate();
  else look();
  return {element};
}
