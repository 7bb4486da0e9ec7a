// SPDX-License-Identifier: Apache-2.0
// Setting an experiment up: four numbers of which any three give the fourth, what the experiment would say, and a start
// that is refused, with reasons and repairs, until the numbers are coherent.
import {Problem, post, put} from './api.js';
import {announce, h, put as place, setText} from './dom.js';
import {count, money, parse, percent, reached, rounded} from './format.js';
import {outlook} from './outlook.js';
import {tokenPanel} from './token.js';

const kDebounce = 180;

// The four numbers. `scale` is what a person types for 1 of the API's; `up` is the side that keeps a design coherent.
const FOUR = [
  {name: 'customers', label: 'Customers per arm', unit: '', scale: 1, whole: true, up: true, hint: 'base and candidate each'},
  {name: 'effect', label: 'Effect worth having', unit: '$', scale: 1, up: true, hint: 'more revenue per customer'},
  {name: 'power', label: 'Power', unit: '%', scale: 100, up: false, hint: 'chance of “better” if the effect is real'},
  {name: 'alpha', label: 'Significance α', unit: '%', scale: 100, up: true, hint: 'chance of “better” if there is no gain'},
];
const OTHERS = [
  {name: 'deviation', label: 'Standard deviation of revenue', unit: '$', scale: 1, hint: 'of one customer, from your history', value: '15'},
  {name: 'margin', label: 'Margin to beat', unit: '$', scale: 1, hint: '0: any gain counts', value: '0', more: true},
  {name: 'customers_per_day', label: 'Sampled customers a day', unit: '', scale: 1, hint: 'to say how long it takes', value: '', optional: true, more: true},
  {name: 'decision_deadline_ms', label: 'Deadline of a decision', unit: 'ms', scale: 1, whole: true, hint: 'then the fallback is executed', value: '500', more: true, plan: true},
  {name: 'sampling_share', label: 'Share of customers sampled', unit: '%', scale: 100, hint: 'the others get the fallback', value: '100', more: true, plan: true},
];
const ALL = [...FOUR, ...OTHERS];
const START = {customers: '', effect: '0.7', power: '80', alpha: '5'};

function numberField(spec, onInput) {
  const hint = h('span', {class: 'hint', id: `${spec.name}-hint`}, spec.hint);
  const error = h('span', {class: 'field-error', id: `${spec.name}-error`});
  const input = h('input', {
    id: spec.name, name: spec.name, type: 'text', inputmode: spec.whole ? 'numeric' : 'decimal', autocomplete: 'off',
    value: START[spec.name] ?? spec.value, 'aria-describedby': `${spec.name}-hint ${spec.name}-error`, oninput: onInput,
  });
  const element = h('div', {class: 'field'},
    h('label', {for: spec.name}, spec.label), hint,
    h('span', {class: 'box'}, input, spec.unit ? h('span', {class: 'unit', 'aria-hidden': 'true'}, spec.unit) : null), error);
  return {spec, input, error, element};
}

export function setupView() {
  const state = {solveFor: 'customers', answer: null, draft: null, pending: null, timer: 0};
  const fields = Object.fromEntries(ALL.map((spec) => [spec.name, numberField(spec, () => schedule())]));
  const text = (id, label, value, hint) => {
    const input = h('input', {id, name: id, type: 'text', value, maxlength: 100, autocomplete: 'off', 'aria-describedby': `${id}-error`});
    const error = h('span', {class: 'field-error', id: `${id}-error`});
    return {input, error, element: h('div', {class: 'field'}, h('label', {for: id}, label), hint ? h('span', {class: 'hint'}, hint) : null, h('span', {class: 'box'}, input), error)};
  };
  const name = text('name', 'Name', 'New category on the home page');
  const base = text('base', 'Base', 'base', 'what runs today');
  const candidate = text('candidate', 'Candidate', 'candidate', 'what has to prove itself');

  const choices = [...FOUR.map((spec) => [spec.name, spec.label]), ['', 'Nothing: check all four']];
  const radios = choices.map(([value, label]) => h('label', {class: 'choice'},
    h('input', {type: 'radio', name: 'solve_for', value, checked: value === state.solveFor, onchange: () => choose(value)}),
    h('span', {}, value === '' ? label : label.replace('Significance ', '').replace(' worth having', '').replace('Customers per arm', 'Customers'))));

  const refusal = h('section', {class: 'refusal', hidden: true, 'aria-labelledby': 'refusal-title'});
  const outlookPlace = h('div', {class: 'outlook'});
  const startButton = h('button', {type: 'submit', class: 'primary', 'aria-describedby': 'start-note'}, 'Start the experiment');
  const startNote = h('p', {class: 'hint', id: 'start-note'}, 'Starting freezes the plan and gives the candidate’s token.');

  const form = h('form', {class: 'panel setup', novalidate: true, onsubmit: start},
    h('fieldset', {}, h('legend', {}, 'What is compared'), name.element, h('div', {class: 'pair'}, base.element, candidate.element)),
    h('fieldset', {}, h('legend', {}, 'The four numbers'),
      h('p', {class: 'hint'}, 'Any three give the fourth. Choose which one is computed.'),
      h('div', {class: 'choices', role: 'radiogroup', 'aria-label': 'Solve for'}, radios),
      h('div', {class: 'pair'}, FOUR.map((spec) => fields[spec.name].element))),
    h('fieldset', {}, h('legend', {}, 'The shop'), fields.deviation.element,
      h('details', {class: 'more'}, h('summary', {}, 'More'), h('div', {class: 'pair'}, OTHERS.filter((spec) => spec.more).map((spec) => fields[spec.name].element)))),
    refusal, h('div', {class: 'actions'}, startButton, startNote));

  const element = h('div', {class: 'view'},
    h('div', {class: 'title'}, h('h1', {}, 'Set an experiment up'),
      h('p', {class: 'lead'}, 'State what has to be shown before the first customer. The experiment starts once the numbers can all be true.')),
    h('div', {class: 'columns'}, form, outlookPlace));

  function choose(value) {
    state.solveFor = value;
    for (const spec of FOUR) {
      const computed = spec.name === value;
      fields[spec.name].input.readOnly = computed;
      fields[spec.name].element.classList.toggle('computed', computed);
      setText(fields[spec.name].element.querySelector('.hint'), computed ? 'computed from the other three' : spec.hint);
    }
    schedule(0);
  }

  function fault(field, message) {
    setText(field.error, message || '');
    if (message) field.input.setAttribute('aria-invalid', 'true');
    else field.input.removeAttribute('aria-invalid');
  }

  /** The numbers as the API takes them; null while one of them is no number. */
  function read() {
    const numbers = {};
    let complete = true;
    for (const {name: key, ...spec} of ALL) {
      const field = fields[key];
      fault(field, '');
      if (key === state.solveFor) continue;
      const typed = field.input.value.trim();
      if (typed === '' && spec.optional) continue;
      const value = parse(typed, spec.whole);
      if (value === null) {
        fault(field, typed === '' ? 'A number is needed.' : spec.whole ? 'A whole number is needed.' : 'This is not a number.');
        complete = false;
      } else {
        numbers[key] = spec.scale === 1 ? value : Number((value / spec.scale).toPrecision(12));
      }
    }
    return complete ? numbers : null;
  }

  function schedule(delay = kDebounce) {
    clearTimeout(state.timer);
    state.answer = null;
    state.timer = setTimeout(solve, delay);
  }

  async function solve() {
    state.pending?.abort();
    const numbers = read();
    if (numbers === null) return refuseStart('Some of the fields are not numbers yet.');
    const {decision_deadline_ms, sampling_share, ...design} = numbers;
    state.pending = new AbortController();
    try {
      const answer = await post('/v1/designs:solve', {...design, ...(state.solveFor ? {solve_for: state.solveFor} : {})}, state.pending.signal);
      accept(answer, {decision_deadline_ms, sampling_share});
    } catch (error) {
      if (error.name === 'AbortError') return;
      refuse(error);
    }
  }

  function accept(answer, plan) {
    state.answer = {...answer, plan};
    if (state.solveFor) {
      const spec = FOUR.find((candidateSpec) => candidateSpec.name === state.solveFor);
      const value = answer.design[state.solveFor] * spec.scale;
      fields[state.solveFor].input.value = spec.whole ? count(value) : String(rounded(value, spec.up));
    }
    refusal.hidden = true;
    refusal.replaceChildren();
    startButton.disabled = false;
    setText(startNote, 'Starting freezes the plan and gives the candidate’s token.');
    outlookPlace.replaceChildren(outlook(answer));
    announce(`${count(answer.customers.total)} customers in all, power ${reached(answer.achieved_power)}.`);
  }

  function refuseStart(why) {
    startButton.disabled = true;
    setText(startNote, why);
  }

  function refuse(problem) {
    if (!(problem instanceof Problem)) throw problem;
    refuseStart('The experiment cannot start yet: see the reasons above.');
    if (problem.status === 0) refuseStart(problem.message);
    const repairs = problem.reasons.flatMap((reason) => reason.repair);
    for (const reason of problem.reasons) {
      const field = fields[reason.field.replace(/^design\./, '')];
      if (field && reason.repair.length === 0) fault(field, reason.detail);
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
  }

  function mend(repair) {
    const spec = FOUR.find((candidateSpec) => candidateSpec.name === repair.field);
    const value = repair.value * spec.scale;
    const field = fields[repair.field];
    field.input.value = spec.whole ? count(value) : String(Number(value.toPrecision(10)));
    field.input.focus();
    schedule(0);
  }

  async function start(event) {
    event.preventDefault();
    for (const field of [name, base, candidate]) fault(field, field.input.value.trim() ? '' : 'A name is needed.');
    const empty = [name, base, candidate].find((field) => !field.input.value.trim());
    if (empty) return empty.input.focus();
    if (state.answer === null) return;
    startButton.disabled = true;
    try {
      const plan = {
        name: name.input.value.trim(), base: {id: base.input.value.trim()}, candidate: {id: candidate.input.value.trim()},
        design: state.answer.design, ...state.answer.plan,
      };
      const draft = state.draft === null ? await post('/v1/experiments', plan) : await put(`/v1/experiments/${state.draft}`, plan);
      state.draft = draft.id;
      const started = await post(`/v1/experiments/${draft.id}:start`);
      const panel = tokenPanel(started);
      element.replaceChildren(panel);
      panel.querySelector('h1').focus();
      announce('The experiment has started. Copy the token now; it is not shown again.');
    } catch (error) {
      refuse(error);
      startButton.disabled = false;
    }
  }

  choose('customers');
  return {element, title: 'Set an experiment up', leave: () => { clearTimeout(state.timer); state.pending?.abort(); }};
}

/** The button's words: what will be filled in. */
function repairText({field, value, label}) {
  switch (field) {
    case 'customers': return `Use ${count(value)} customers per arm`;
    case 'effect': return `Accept an effect of ${money(value, 3).replace(/0(?=\u00a0)/, '')}`;
    case 'power': return `Accept a power of ${percent(value, 2)}`;
    case 'alpha': return `Accept α of ${percent(value, 2)}`;
    default: return label;
  }
}
