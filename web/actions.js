// SPDX-License-Identifier: Apache-2.0
// What may be done with an experiment in its state, by the page's user.
import {post} from './api.js';
import {announce, h, put, setText} from './dom.js';
import {parse, percent} from './format.js';
import {platform} from './platform.js';
import {mayPlan, mayRun} from './session.js';
import {alive, ended} from './state.js';

const EXPORTS = [['Report', 'report.html'], ['CSV', 'export.csv'], ['JSON', 'export.json']];

/** Asks for one thing before something is done: {title, text, label, unit, check(typed) → fault, confirm, danger, act(typed)}. */
function question({title, text, label, unit, long, check, confirm, danger, act}) {
  const input = h(long ? 'textarea' : 'input', {id: 'question-input', type: long ? null : 'text', rows: long ? 3 : null, maxlength: long ? 500 : 20, autocomplete: 'off', 'aria-describedby': 'question-error'});
  const error = h('p', {class: 'field-error', id: 'question-error', role: 'alert'});
  const button = h('button', {type: 'submit', class: danger ? 'primary danger' : 'primary'}, confirm);
  const dialog = h('dialog', {'aria-labelledby': 'question-title', onclose: () => dialog.remove()},
    h('form', {novalidate: true, onsubmit: submit},
      h('h2', {id: 'question-title'}, title), h('p', {}, text),
      h('div', {class: 'field'}, h('label', {for: 'question-input'}, label), h('span', {class: 'box'}, input, unit ? h('span', {class: 'unit', 'aria-hidden': 'true'}, unit) : null), error),
      h('div', {class: 'actions'}, button, h('button', {type: 'button', class: 'second', onclick: () => dialog.close()}, 'Leave it as it is'))));

  async function submit(event) {
    event.preventDefault();
    const fault = check(input.value);
    setText(error, fault);
    if (fault) return input.focus();
    button.disabled = true;
    try {
      await act(input.value);
      dialog.close();
    } catch (problem) {
      button.disabled = false;
      setText(error, problem.message);
    }
  }

  document.body.append(dialog);
  dialog.showModal();
  input.focus();
}

export function actionBar() {
  const buttons = h('div', {class: 'action-buttons'});
  const links = h('p', {class: 'exports'});
  const trouble = h('p', {class: 'notice notice-watch', role: 'alert', hidden: true});
  const element = h('div', {class: 'action-bar'}, buttons, links, trouble);
  const ranking = h('a', {href: '/study', hidden: true}, 'How the candidate was chosen');
  let key = '';
  let tag;  // Of the experiment as it is shown: what has changed meanwhile is looked at first.
  platform().then(({study}) => { ranking.hidden = !study; }, () => {});

  async function step(experiment, name, said) {
    trouble.hidden = true;
    try {
      await post(`/v1/experiments/${experiment.id}:${name}`, undefined, {tag});
      announce(said);
    } catch (problem) {
      setText(trouble, problem.message);
      trouble.hidden = false;
    }
  }

  function ramp(experiment) {
    const {sampling_share: share} = experiment;
    const read = (typed) => (parse(typed) ?? 0) / 100;
    question({
      title: 'Raise the sampling share', confirm: 'Raise it', label: 'New share of customers', unit: '%',
      text: `Now ${percent(share)} of the customers are sampled. It can only rise: whoever is in stays in.`,
      check: (typed) => (read(typed) > share && read(typed) <= 1 ? '' : `Between ${percent(share)} and 100\u00a0% is needed.`),
      act: (typed) => post(`/v1/experiments/${experiment.id}:ramp`, {sampling_share: read(typed)}, {tag}),
    });
  }

  function stop(experiment) {
    question({
      title: 'Stop the experiment now?', confirm: 'Stop it for good', danger: true, long: true, label: 'Why it is stopped',
      text: 'From this moment every customer gets the fallback. There will be no verdict, and it cannot go on. The reason stands in the log.',
      check: (typed) => (typed.trim() ? '' : 'A reason is needed.'),
      act: (typed) => post(`/v1/experiments/${experiment.id}:abort`, {reason: typed.trim()}, {tag}),
    });
  }

  function update({experiment, etag}) {
    tag = etag;
    const {id, state, sampling_share: share} = experiment;
    const now = [id, state, share].join();
    if (now === key) return;
    key = now;
    const button = (action, text, act, name = 'second') => h('button', {type: 'button', class: name, 'data-action': action, onclick: act}, text);
    put(buttons,
      mayRun() && state === 'running' ? button('pause', 'Pause', () => step(experiment, 'pause', 'Paused.')) : null,
      mayRun() && state === 'paused' ? button('resume', 'Go on', () => step(experiment, 'resume', 'It goes on.'), 'primary') : null,
      mayRun() && alive(state) && share < 1 ? button('ramp', 'Raise the sampling share', () => ramp(experiment)) : null,
      mayRun() && alive(state) ? button('stop', 'Stop now', () => stop(experiment), 'second danger') : null,
      mayRun() && state === 'complete' ? button('conclude', 'Take note and conclude', () => step(experiment, 'conclude', 'Concluded.')) : null,
      mayPlan() && ended(state) && !experiment.design.dry_run ? h('a', {class: 'second', href: `#/new/from/${id}`}, 'Set up another like it') : null);
    put(links, h('span', {}, 'Export:'), EXPORTS.map(([title, path]) => h('a', {href: `/v1/experiments/${id}/${path}`, download: path.startsWith('export') ? `experiment-${id}.${path.split('.')[1]}` : null}, title)), ranking);
  }

  return {element, update};
}
