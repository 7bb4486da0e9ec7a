// SPDX-License-Identifier: Apache-2.0
// The token, shown once.
import {announce, h, setText} from './dom.js';

function copyable(label, text, name) {
  const button = h('button', {type: 'button', class: 'copy', onclick: copy}, `Copy ${label}`);
  const code = h('code', {class: 'code', tabindex: '0', 'data-code': name}, text);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setText(button, 'Copied');
      announce(`${label} copied.`);
    } catch {
      // Without permission the text is selected, for the keyboard to copy.
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      setText(button, 'Selected: press Ctrl+C');
    }
    setTimeout(() => setText(button, `Copy ${label}`), 2500);
  }
  return h('div', {class: 'copyable'}, code, button);
}

/** What a start answers; `onKept` when the reader goes on. */
export function tokenPanel({experiment, tokens, example}, onKept) {
  return h('section', {class: 'panel token'},
    h('h1', {tabindex: '-1'}, `“${experiment.name}” has started`),
    h('p', {class: 'notice notice-watch'}, h('strong', {}, 'Copy the token now. '), 'It is shown this once; only a digest of it is kept.'),
    h('h2', {}, `Token of the candidate, ${experiment.candidate.id}`),
    copyable('the token', tokens.candidate, 'token'),
    h('h2', {}, 'A decision, as the candidate publishes it'),
    h('p', {}, 'To ', h('code', {}, example.topic), ', keyed by the customer’s uuid. ', h('code', {}, '"value": 1'), ' shows the new category.'),
    copyable('the example', example.value, 'example'),
    h('details', {class: 'more'}, h('summary', {}, `Token of the base, ${experiment.base.id}`),
      h('p', {}, 'Only if the base is a program of your own: it publishes to ', h('code', {}, 'topic_base_prediction'), '.'),
      copyable('the base’s token', tokens.base, 'base-token')),
    h('h2', {}, 'The plan is frozen'),
    h('p', {class: 'hash'}, h('span', {}, 'Plan hash'), h('code', {}, experiment.plan_hash)),
    h('div', {class: 'actions'}, h('button', {type: 'button', class: 'primary', onclick: onKept}, 'I have kept it: watch the experiment')));
}
