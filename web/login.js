// SPDX-License-Identifier: Apache-2.0
// Asks for a user's token, where the platform has users.
import {announce, h, setText} from './dom.js';
import {signIn} from './session.js';

export function loginView(then) {
  const error = h('p', {class: 'field-error', id: 'login-error', role: 'alert'});
  const input = h('input', {id: 'login-token', type: 'password', autocomplete: 'current-password', spellcheck: 'false', 'aria-describedby': 'login-hint login-error'});
  const button = h('button', {type: 'submit', class: 'primary'}, 'Sign in');
  const element = h('div', {class: 'view narrow'},
    h('form', {class: 'panel login', novalidate: true, onsubmit: submit},
      h('h1', {}, 'Sign in'),
      h('p', {class: 'lead'}, 'This platform knows its users by their token.'),
      h('div', {class: 'field'}, h('label', {for: 'login-token'}, 'Your token'),
        h('span', {class: 'hint', id: 'login-hint'}, 'An owner gave it to you once; an owner can give you a new one.'),
        h('span', {class: 'box'}, input), error),
      h('div', {class: 'actions'}, button)));

  async function submit(event) {
    event.preventDefault();
    const token = input.value.trim();
    setText(error, token ? '' : 'The token is needed.');
    if (!token) return input.focus();
    button.disabled = true;
    try {
      await signIn(token);
      announce('Signed in.');
      then();
    } catch (problem) {
      button.disabled = false;
      setText(error, problem.status === 401 || problem.status === 403 ? 'This token is unknown or has been revoked.' : problem.message);
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    }
  }

  return {element, title: 'Sign in', leave() {}};
}
