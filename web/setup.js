// SPDX-License-Identifier: Apache-2.0
// Setting an experiment up: the plan's form, what the experiment would say, what is still missing, and the way to the
// review, from which it starts.
import {Problem, experiments, get, onceKey, post, put, tagOf} from './api.js';
import {blocked, checklist, freeShare, showChecklist} from './checklist.js';
import {announce, h, put as place, setText} from './dom.js';
import {capital, count, money, percent, reached} from './format.js';
import {historyPicker} from './history.js';
import {inAll, outlook} from './outlook.js';
import {planForm} from './plan_form.js';
import {platform} from './platform.js';

// A solve with looks takes a tenth of a second.
const kDebounce = 220;

/** `edit`: the draft to change. `from`: the experiment whose numbers to start with. */
export function setupView({edit = null, from = null}) {
  // A draft is changed only once it has been read: else what stands in the empty form would take its place.
  const state = {draft: edit, read: edit === null, tag: undefined, creation: null, answer: null, problem: null, pending: null, timer: 0, experiments: [], platform: null};
  const form = planForm(() => schedule());
  const refusal = h('section', {class: 'refusal', hidden: true, 'aria-labelledby': 'refusal-title'});
  const outlookPlace = h('div', {class: 'outlook'});
  const checksPlace = h('div', {});
  const reviewButton = h('button', {type: 'submit', class: 'primary', 'aria-describedby': 'review-note'}, 'Review the plan');
  const reviewNote = h('p', {class: 'hint', id: 'review-note'});
  const origin = h('p', {class: 'notice', hidden: true});

  const element = h('form', {class: 'view setup', novalidate: true, onsubmit: review, 'aria-label': 'Plan of an experiment'},
    h('div', {class: 'title'}, h('h1', {}, edit ? 'Change the draft' : 'Set an experiment up'),
      h('p', {class: 'lead'}, 'State what has to be shown before the first customer. The experiment starts once the numbers can all be true.'), origin),
    h('div', {class: 'columns'},
      h('div', {class: 'panel'}, form.element),
      h('div', {class: 'side'}, refusal, outlookPlace,
        h('section', {class: 'panel', 'aria-labelledby': 'checks-title'}, h('h2', {id: 'checks-title'}, 'Before it starts'), checksPlace,
          h('div', {class: 'actions'}, reviewButton, reviewNote)))));

  function schedule(delay = kDebounce) {
    clearTimeout(state.timer);
    state.pending?.abort();  // Its answer would be of a form that has changed.
    state.answer = null;
    state.timer = setTimeout(solve, delay);
    showChecks();
  }

  async function solve() {
    state.problem = null;
    const design = form.readDesign();
    if (design === null || !form.numbersComplete()) return showChecks();
    const pending = state.pending = new AbortController();
    try {
      const unknown = form.solveFor();
      accept(await post('/v1/designs:solve', {...design, deviation: design.deviation ?? 0, ...(unknown ? {solve_for: unknown} : {})}, {signal: pending.signal}));
    } catch (error) {
      if (error.name !== 'AbortError') refuse(error);
    }
  }

  function accept(answer) {
    state.answer = answer;
    if (form.solveFor()) form.setSolved(answer.design[form.solveFor()]);
    form.adapt();
    refusal.hidden = true;
    refusal.replaceChildren();
    outlookPlace.replaceChildren(outlook(answer));
    showChecks();
    if (answer.customers && answer.achieved_power !== undefined) announce(`${count(inAll(answer.design, answer.customers))} customers in all, power ${reached(answer.achieved_power)}.`);
  }

  function refuse(problem) {
    if (!(problem instanceof Problem)) throw problem;
    state.answer = null;
    state.problem = problem;
    const repairs = problem.reasons.flatMap((reason) => reason.repair);
    for (const reason of problem.reasons) {
      const field = form.fieldOf(reason.field);
      if (field && reason.repair.length === 0) field.fault(reason.detail);
    }
    place(refusal,
      h('h2', {id: 'refusal-title'}, problem.body.title),
      problem.reasons.length > 0 ? problem.reasons.map((reason) => h('p', {}, reason.detail)) : h('p', {}, problem.message),
      repairs.length > 0 ? h('p', {class: 'repair-lead'}, 'One of these makes it right:') : null,
      h('div', {class: 'repairs'}, repairs.map((repair) => h('button', {type: 'button', class: 'repair', 'data-repair': repair.field, onclick: () => mend(repair)}, repairText(repair)))));
    refusal.hidden = false;
    announce(`${problem.body.title}. ${problem.message}`);
    if (problem.body.curve) outlookPlace.replaceChildren(outlook(problem.body));
    else outlookPlace.replaceChildren();
    showChecks();
  }

  function mend({field: path, value}) {
    const field = form.fieldOf(path);
    field.set(value);
    field.input.focus();
    schedule(0);
  }

  function showChecks() {
    const others = state.experiments.filter(({id}) => id !== state.draft);
    const items = checklist({plan: form.readPlan(), design: form.readDesign(), answer: state.answer, problem: state.problem, experiments: others, platform: state.platform});
    place(checksPlace, showChecklist(items));
    // What only the start needs does not hold up a review.
    reviewButton.disabled = state.answer === null || !state.read;
    setText(reviewNote, state.answer === null ? 'It can be reviewed once the numbers can all be true.'
      : blocked(items) ? 'The review keeps it as a draft.' : 'Nothing starts yet: the review says the plan in words.');
  }

  async function review(event) {
    event.preventDefault();
    const plan = form.readPlan();
    if (plan === null) {
      for (const field of Object.values(form.fields)) field.demand?.();
      const faulty = Object.values(form.fields).find((field) => field.read() === undefined);
      faulty?.element.closest('details')?.setAttribute('open', '');
      return faulty?.input.focus();
    }
    if (state.answer === null || !state.read) return;
    reviewButton.disabled = true;
    try {
      const whole = {...plan, design: state.answer.design};
      const draft = await save(whole);
      state.draft = draft.id;
      state.tag = tagOf(draft);
      location.hash = `#/experiments/${draft.id}`;
    } catch (error) {
      refuse(error);
      reviewButton.disabled = false;
      refusal.scrollIntoView({block: 'center'});
    }
  }

  // A creation whose answer was lost is asked for again under its key; another plan is another creation.
  function save(plan) {
    if (state.draft !== null) return put(`/v1/experiments/${state.draft}`, plan, {tag: state.tag});
    const text = JSON.stringify(plan);
    if (state.creation?.text !== text) state.creation = {text, key: onceKey()};
    return post('/v1/experiments', plan, {key: state.creation.key});
  }

  async function fill() {
    const id = edit ?? from;
    if (id === null) return;
    const experiment = await get(`/v1/experiments/${id}`);
    if (edit !== null) state.tag = tagOf(experiment);
    const results = experiment.started_at ? await get(`/v1/experiments/${id}/results`) : null;
    const {forecast} = results ?? {};
    // Another experiment assigns its customers anew.
    form.setPlan(edit ? experiment : {...experiment, name: `${experiment.name}, again`, salt: ''});
    form.setDesign(forecast ? forecast.suggested : experiment.design);
    if (forecast) {
      form.fields.name.set(experiment.name.replace(/[\s,:–]*dry run[\s,:–]*/i, '') || experiment.name);
      form.fields.mean.set(Number(forecast.mean.toFixed(2)));
      form.adapt();
    }
    if (edit) return;
    origin.hidden = false;
    place(origin, forecast ? 'The numbers come from the dry run ' : 'The numbers come from ', h('a', {href: `#/experiments/${id}`}, `“${experiment.name}”`), '. Change what has to be another.');
  }

  async function begin() {
    form.adapt();
    showChecks();
    try {
      [state.experiments, state.platform] = await Promise.all([experiments(), platform()]);
      const picker = historyPicker(state.experiments, form.setHistory);
      if (picker) form.history.append(picker);
      await fill();
      state.read = true;
      // Beside others it gets what they leave, unless its draft says otherwise.
      const free = freeShare(state.experiments);
      if (edit === null && free > 0) form.fields.sampling_share.set(Math.min(free, form.fields.sampling_share.read()));
    } catch (problem) {
      refuse(problem);
    }
    schedule(0);
  }

  begin();
  return {element, title: edit ? 'Change the draft' : 'Set an experiment up', leave: () => { clearTimeout(state.timer); state.pending?.abort(); }};
}

/** The button's words: what will be filled in. */
function repairText({field, value, label}) {
  switch (field) {
    case 'customers': return `Use ${count(value)} customers per arm`;
    case 'effect': return `Accept an effect of ${money(value, 3).replace(/0(?=\u00a0)/, '')}`;
    case 'power': return `Accept a power of ${percent(value, 2)}`;
    case 'alpha': return `Accept α of ${percent(value, 2)}`;
    default: return capital(label);
  }
}
