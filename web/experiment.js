// SPDX-License-Identifier: Apache-2.0
// One experiment, whatever its state: a draft's review, the token of one that has just started, or how it goes. The
// server sends the whole state with every event.
import {get} from './api.js';
import {announce, h, put} from './dom.js';
import {resultPage} from './result.js';
import {reviewPage} from './review.js';
import {whoIsThere} from './session.js';
import {planned} from './state.js';
import {tokenPanel} from './token.js';

const kRetry = 3000;

/** `onStarted` is called when the experiment has become one that people watch. */
export function experimentView(id, onStarted) {
  const place = h('div', {class: 'view'}, h('p', {class: 'lead'}, 'Waiting for the experiment…'));
  let source = null;
  let retry = 0;
  let page = null;
  let reviewed = '';
  let token = false;
  let connected = true;

  function connect() {
    source = new EventSource(`/v1/experiments/${id}/events`);
    source.addEventListener('open', () => setConnected(true));
    source.addEventListener('error', () => {
      setConnected(false);
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(reconnect, kRetry);
    });
    source.addEventListener('progress', (event) => {
      setConnected(true);
      show(JSON.parse(event.data));
    });
  }

  // A stream that was refused may have been refused to somebody who is no longer signed in.
  async function reconnect() {
    if ((await whoIsThere()).login) await get(`/v1/experiments/${id}`).catch(() => {});
    else connect();
  }

  function setConnected(now) {
    if (connected !== now) announce(now ? 'Connected again.' : 'Disconnected. Trying again.');
    connected = now;
    page?.setConnected(now);
    if (page === null && !reviewed && !token && !now) put(place, h('p', {class: 'notice notice-watch'}, 'The platform does not answer. Trying again…'));
  }

  function show(progress) {
    const {experiment} = progress;
    if (token) return;
    if (experiment === null) return put(place, h('h1', {}, 'There is no such experiment'), h('p', {class: 'lead'}, h('a', {href: '#/experiments'}, 'All experiments')));
    document.title = `${experiment.name} · Provecho`;
    if (planned(experiment.state)) return review(experiment);
    if (!progress.arms) return put(place, h('h1', {}, experiment.name), h('p', {class: 'lead'}, experiment.reason ? `Stopped before it started: ${experiment.reason}` : 'It never started.'));
    if (page === null) {
      page = resultPage();
      put(place, page.element);
    }
    page.setConnected(connected);
    page.update(progress);
  }

  // The page validates a draft itself; only another plan is another review.
  function review(experiment) {
    const {state, validated_at: _, ...plan} = experiment;
    const key = JSON.stringify(plan);
    if (key === reviewed) return;
    reviewed = key;
    put(place, reviewPage(experiment, (started) => {
      token = true;
      onStarted();
      const panel = tokenPanel(started, watch);
      put(place, panel);
      panel.querySelector('h1').focus();
    }).element);
  }

  function watch() {
    token = false;
    page = null;
    get(`/v1/experiments/${id}/results`).then(show, () => {});
  }

  connect();
  return {element: place, title: `Experiment ${id}`, leave: () => { clearTimeout(retry); source?.close(); }};
}
