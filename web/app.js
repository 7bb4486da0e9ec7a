// SPDX-License-Identifier: Apache-2.0
// Which view is shown:
//   #/new                  sets an experiment up; #/new/from/1 with the numbers of an earlier one
//   #/experiments          lists them all
//   #/experiments/1        shows one; #/experiments/1/edit changes its draft
// Without any of these the newest that has started, or else the set-up.
import {experiments, onSignedOut} from './api.js';
import {h, put} from './dom.js';
import {experimentView} from './experiment.js';
import {listView} from './list.js';
import {loginView} from './login.js';
import {platform} from './platform.js';
import {mayPlan, signOut, whoIsThere} from './session.js';
import {setupView} from './setup.js';

const kShown = 3;

const main = document.getElementById('main');
let leave = () => {};
let first = true;

async function showTransport() {
  const place = document.getElementById('transport');
  try {
    const {study, durable_transport: durable, transport, addresses} = await platform();
    document.getElementById('study').hidden = !study;
    document.getElementById('lamp').hidden = durable;
    put(place,
      h('span', {}, `Transport: ${transport}`),
      addresses.length > 0 ? h('span', {class: 'transport-address'}, addresses.join(', ')) : null,
    );
  } catch {
    place.replaceChildren();
  }
}

function showNavigation(all, current) {
  const link = (href, text, here) => h('a', {href, 'aria-current': here ? 'page' : null}, text);
  const started = all.filter((experiment) => experiment.started_at);
  put(document.getElementById('nav'),
    started.slice(-kShown).map((experiment) =>
      link(`#/experiments/${experiment.id}`, experiment.name || `Experiment ${experiment.id}`, current === experiment.id)),
    all.length > 0 ? link('#/experiments', `All (${all.length})`, current === 'list') : null,
    mayPlan() ? link('#/new', 'New experiment', current === 'new') : null,
  );
}

function showUser(user) {
  put(document.getElementById('user'), user.name
    ? [h('strong', {}, user.name), h('span', {class: 'tag'}, user.role), h('button', {type: 'button', class: 'plain', onclick: () => signOut().then(route, route)}, 'Sign out')]
    : null);
}

const refresh = async (current) => showNavigation(await experiments().catch(() => []), current);

/** What the address names: a view to be built, and what the navigation calls it. */
function destination(all) {
  const [, list, id, edit] = location.hash.match(/^#\/(experiments)(?:\/(\d+)(\/edit)?)?$/) ?? [];
  if (edit && mayPlan()) return {here: Number(id), build: () => setupView({edit: Number(id)})};
  if (id) return {here: Number(id), build: () => experimentView(Number(id), () => refresh(Number(id)))};
  if (list) return {here: 'list', build: listView};
  const from = location.hash.match(/^#\/new\/from\/(\d+)$/);
  if (from && mayPlan()) return {here: 'new', build: () => setupView({from: Number(from[1])})};
  const newest = all.filter((experiment) => experiment.started_at).at(-1);
  if (newest && location.hash !== '#/new') return {here: newest.id, build: () => experimentView(newest.id, () => {})};
  return mayPlan() ? {here: 'new', build: () => setupView({})} : {here: 'list', build: listView};
}

async function route() {
  const user = await whoIsThere();
  const all = user.login ? [] : await experiments().catch(() => []);
  const {here, build} = user.login ? {here: '', build: () => loginView(route)} : destination(all);
  leave();
  showUser(user);
  document.getElementById('nav').hidden = user.login;
  showNavigation(all, here);
  if (!user.login) showTransport();
  const view = build();
  leave = view.leave;
  main.replaceChildren(view.element);
  document.title = `${view.title} · Provecho`;
  window.scrollTo(0, 0);
  if (!first) main.focus({preventScroll: true});
  first = false;
}

window.addEventListener('hashchange', () => {
  if (location.hash !== '#main') route();
});
onSignedOut(route);
route();
