// SPDX-License-Identifier: Apache-2.0
// The token, shown once.
import {announce, h, setText} from './dom.js';
import {candidatesOf, several} from './systems.js';

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

const candidateToken = ({system, id}, tokens, alone) => [
  h('h2', {}, `Token of ${alone ? 'the candidate, ' : ''}${id}`),
  copyable(alone ? 'the token' : `the token of ${id}`, tokens[system], system === 'candidate' ? 'token' : `token-${system}`)];

/** What a start answers; `onKept` when the reader goes on. */
export function tokenPanel({experiment, tokens, example}, onKept) {
  const alone = !several(experiment);
  return h('section', {class: 'panel token'},
    h('h1', {tabindex: '-1'}, `“${experiment.name}” has started`),
    h('p', {class: 'notice notice-watch'}, h('strong', {}, alone ? 'Copy the token now. ' : 'Copy the tokens now. '),
      alone ? 'It is shown this once; only a digest of it is kept.' : 'They are shown this once; only digests of them are kept.'),
    candidatesOf(experiment).map((each) => candidateToken(each, tokens, alone)),
    h('h2', {}, alone ? 'A decision, as the candidate publishes it' : `A decision, as ${experiment.candidate.id} publishes it`),
    h('p', {}, 'To ', h('code', {}, example.topic), ', keyed by the customer’s uuid. ', h('code', {}, '"value": 1'), ' shows the new category.',
      alone ? null : ' Each further candidate publishes to the same topic, by its own token.'),
    copyable('the example', example.value, 'example'),
    h('details', {class: 'more'}, h('summary', {}, `Token of the base, ${experiment.base.id}`),
      h('p', {}, 'Only if the base is a program of your own: it publishes to ', h('code', {}, 'topic_base_prediction'), '.'),
      copyable('the base’s token', tokens.base, 'base-token')),
    h('h2', {}, 'The plan is frozen'),
    h('p', {class: 'hash'}, h('span', {}, 'Plan hash'), h('code', {}, experiment.plan_hash)),
    h('div', {class: 'actions'}, h('button', {type: 'button', class: 'primary', onclick: onKept}, alone ? 'I have kept it: watch the experiment' : 'I have kept them: watch the experiment')));
}
