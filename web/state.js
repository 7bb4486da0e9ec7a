// SPDX-License-Identifier: Apache-2.0
// The states of an experiment, as people read them.
import {h, setText} from './dom.js';

const WORDS = {draft: 'Draft', validated: 'Validated', running: 'Running', paused: 'Paused', complete: 'Complete', concluded: 'Concluded', aborted: 'Stopped'};
const ALIVE = new Set(['running', 'paused']);
const ENDED = new Set(['complete', 'concluded', 'aborted']);

export const alive = (state) => ALIVE.has(state);
export const ended = (state) => ENDED.has(state);
export const planned = (state) => !alive(state) && !ended(state);

export const stateTag = (state) => setState(h('span', {class: 'tag'}), state);

export function setState(tag, state) {
  setText(tag, WORDS[state] ?? state);
  tag.dataset.state = state;
  return tag;
}
