// SPDX-License-Identifier: Apache-2.0
// Which view is shown. #/new sets an experiment up, #/experiments/1 shows one; without either the newest that has
// started, or else the set-up.
import {get} from './api.js';
import {h, put} from './dom.js';
import {setupView} from './setup.js';
import {liveView} from './live.js';

const main = document.getElementById('main');
let leave = () => {};
let first = true;

async function experiments() {
  try {
    return (await get('/v1/experiments')).experiments;
  } catch {
    return [];
  }
}

async function showTransport() {
  const place = document.getElementById('transport');
  try {
    const platform = await get('/v1/platform');
    document.getElementById('study').hidden = !platform.study;
    const lamp = platform.durable_transport ? 'Kafka' : 'Trying out';
    put(place,
      h('span', {class: platform.durable_transport ? 'tag' : 'tag tag-watch'}, lamp),
      h('span', {class: 'transport-text'}, platform.transport),
      platform.addresses.length > 0 ? h('span', {class: 'transport-address'}, platform.addresses.join(', ')) : null,
    );
  } catch {
    place.replaceChildren();
  }
}

function showNavigation(all, current) {
  const link = (href, text, here) => h('a', {href, 'aria-current': here ? 'page' : null}, text);
  const started = all.filter((experiment) => experiment.started_at).slice(-3);
  document.getElementById('nav').replaceChildren(
    ...started.map((experiment) =>
      link(`#/experiments/${experiment.id}`, experiment.name || `Experiment ${experiment.id}`, current === experiment.id)),
    link('#/new', 'New experiment', current === 'new'),
  );
}

async function route() {
  const all = await experiments();
  const named = location.hash.match(/^#\/experiments\/(\d+)$/);
  const newest = all.filter((experiment) => experiment.started_at).at(-1);
  const id = named ? Number(named[1]) : location.hash === '#/new' ? null : newest?.id ?? null;
  leave();
  showNavigation(all, id ?? 'new');
  const view = id === null ? setupView() : liveView(id);
  leave = view.leave;
  main.replaceChildren(view.element);
  document.title = `${view.title} · Provecho`;
  if (!first) main.focus();
  first = false;
}

window.addEventListener('hashchange', () => {
  if (location.hash !== '#main') route();
});
showTransport();
route();
