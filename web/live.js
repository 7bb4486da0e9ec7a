// SPDX-License-Identifier: Apache-2.0
// An experiment as it runs, and its verdict when it has one. The server sends the whole state with every event.
import {armIntervals, estimateOverTime} from './charts.js';
import {announce, drawToWidth, h, setText} from './dom.js';
import {count, dateTime, gain, milliseconds, money, shareOf} from './format.js';
import {lamps} from './health.js';
import {verdictPanel} from './verdict.js';

const STATES = {draft: 'Draft', running: 'Running', complete: 'Complete', concluded: 'Concluded', aborted: 'Stopped'};
const kRetry = 3000;

export function liveView(id) {
  const place = h('div', {class: 'view'}, h('p', {class: 'lead'}, 'Waiting for the experiment…'));
  let source = null;
  let retry = 0;
  let page = null;
  let connected = true;

  function connect() {
    source = new EventSource(`/v1/experiments/${id}/events`);
    source.addEventListener('open', () => setConnected(true));
    source.addEventListener('error', () => {
      setConnected(false);
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, kRetry);
    });
    source.addEventListener('progress', (event) => {
      setConnected(true);
      show(JSON.parse(event.data));
    });
  }

  function setConnected(now) {
    if (connected !== now) announce(now ? 'Connected again.' : 'Disconnected. Trying again.');
    connected = now;
    page?.setConnected(now);
    if (page === null && !now) place.replaceChildren(h('p', {class: 'notice notice-watch'}, 'The platform does not answer. Trying again…'));
  }

  function show(progress) {
    if (progress.experiment === null) {
      place.replaceChildren(h('p', {class: 'notice notice-watch'}, 'There is no such experiment.'));
      return;
    }
    if (!progress.arms) {
      place.replaceChildren(h('h1', {}, progress.experiment.name), h('p', {class: 'lead'}, 'A draft: it has not started.'));
      return;
    }
    if (page === null) {
      page = livePage();
      place.replaceChildren(page.element);
    }
    page.setConnected(connected);
    page.update(progress);
  }

  connect();
  return {element: place, title: `Experiment ${id}`, leave: () => { clearTimeout(retry); source?.close(); }};
}

function livePage() {
  const title = h('h1', {});
  const state = h('span', {class: 'tag', 'data-state': ''});
  const link = h('span', {class: 'tag tag-live'});
  const sub = h('p', {class: 'lead'});
  const verdictPlace = h('div', {});
  const progressText = h('p', {class: 'progress-text', id: 'progress-text'});
  const bar = h('progress', {'aria-labelledby': 'progress-text', max: 1, value: 0});
  const progressNote = h('p', {class: 'hint'});
  const progressPanel = h('section', {class: 'panel', 'aria-label': 'Progress'}, progressText, bar, progressNote);
  const arms = {base: armCard('base'), candidate: armCard('candidate')};
  const intervalPlace = h('div', {class: 'chart-place'});
  const seriesPlace = h('div', {class: 'chart-place'});
  const seriesNote = h('p', {class: 'hint'});
  const lampPlace = h('ul', {class: 'lamps'});
  const element = h('div', {},
    h('div', {class: 'title'}, h('div', {class: 'title-row'}, title, state, link), sub),
    verdictPlace, progressPanel,
    h('div', {class: 'arms'}, arms.base.element, arms.candidate.element),
    h('div', {class: 'columns columns-live'},
      h('div', {},
        h('section', {class: 'panel'}, h('h2', {}, 'Candidate minus base, per customer'), seriesPlace, seriesNote),
        h('section', {class: 'panel'}, h('h2', {}, 'Mean revenue of each arm'), intervalPlace,
          h('p', {class: 'legend'}, h('span', {class: 'key key-base'}, 'base'), h('span', {class: 'key key-candidate'}, 'candidate'), h('span', {}, '$ per customer')))),
      h('section', {class: 'panel', 'aria-labelledby': 'health'}, h('h2', {id: 'health'}, 'Health'), lampPlace)));

  let last = null;
  let saidTenth = -1;
  let verdictKey = '';
  const drawSeries = drawToWidth(seriesPlace, (width) => last && seriesPlace.replaceChildren(estimateOverTime(width, {
    series: last.series, target: last.collected.target, margin: last.experiment.design.margin, effect: last.experiment.design.effect, final: last.verdict.final})));
  const drawArms = drawToWidth(intervalPlace, (width) => last && intervalPlace.replaceChildren(armIntervals(width, ['base', 'candidate'].map((system) => ({
    system, name: last.experiment[system].id, ...last.arms[system]})))));

  function update(progress) {
    last = progress;
    const {experiment, collected, verdict} = progress;
    setText(title, experiment.name);
    document.title = `${experiment.name} · Provecho`;
    setText(state, STATES[experiment.state] ?? experiment.state);
    state.dataset.state = experiment.state;
    const {design} = experiment;
    setText(sub, `${experiment.candidate.id} has to earn more than ${experiment.base.id}${design.margin === 0 ? '' : ` by over ${money(design.margin)}`}; worth having: ${gain(design.effect)} per customer. Started ${dateTime(experiment.started_at)}.`);
    updateProgress(collected, verdict, experiment);
    arms.base.update(progress);
    arms.candidate.update(progress);
    drawSeries();
    drawArms();
    setText(seriesNote, verdict.final
      ? 'How the estimate came about. The verdict was judged once, at the end.'
      : 'For the eye only. No verdict before all customers are in: looking early and stopping would break the promise of α.');
    lampPlace.replaceChildren(...lamps(progress));
    const key = verdict.final ? JSON.stringify(verdict) : '';
    if (key !== verdictKey) {
      verdictKey = key;
      verdictPlace.replaceChildren(...(verdict.final ? [verdictPanel(progress)] : []));
      if (verdict.final) announce(verdict.sentence);
    }
  }

  function updateProgress({closed, target}, verdict, experiment) {
    progressPanel.hidden = verdict.final;
    const collecting = experiment.state === 'running';
    setText(progressText, collecting ? `Collecting ${count(closed)} of ${count(target)} customers` : `${count(closed)} of ${count(target)} customers`);
    bar.max = Math.max(1, target);
    bar.value = closed;
    setText(progressNote, experiment.state === 'aborted' ? `Stopped without a verdict: ${experiment.reason}`
      : verdict.kind === 'no_verdict' ? verdict.sentence
      : 'A customer counts when the first session has ended. The verdict comes by itself at the last one.');
    const tenth = Math.floor((10 * closed) / Math.max(1, target));
    if (collecting && tenth !== saidTenth) {
      saidTenth = tenth;
      if (tenth > 0) announce(`${tenth * 10} percent of the customers are in.`);
    }
  }

  return {
    element,
    update,
    setConnected(now) {
      setText(link, now ? 'Live' : 'Disconnected, trying again');
      link.classList.toggle('tag-alarm', !now);
    },
  };
}

/** One arm: how far it is, what its customers spent. */
function armCard(system) {
  const name = h('h2', {});
  const counted = h('p', {class: 'arm-count'});
  const bar = h('progress', {max: 1, value: 0});
  const mean = h('strong', {});
  const interval = h('small', {});
  const facts = h('dl', {class: 'facts'});
  const element = h('section', {class: `panel arm arm-card-${system}`},
    h('div', {class: 'arm-head'}, h('span', {class: `key key-${system}`}, system), name),
    h('div', {class: 'figure'}, mean, h('span', {}, 'per customer'), interval), counted, bar, facts);
  const id = `arm-${system}`;
  counted.id = id;
  bar.setAttribute('aria-labelledby', id);
  return {
    element,
    update(progress) {
      const arm = progress.arms[system];
      const decided = progress.systems[system];
      setText(name, progress.experiment[system].id);
      setText(mean, arm.closed > 0 ? money(arm.mean) : '–');
      setText(interval, arm.low === null ? 'no interval yet' : `${money(arm.low)} to ${money(arm.high)}`);
      setText(counted, `${count(arm.closed)} of ${count(arm.target)} customers`);
      bar.max = Math.max(1, arm.target);
      bar.value = arm.closed;
      const rows = [
        ['Offer shown', shareOf(arm.shown, arm.closed)],
        ['Offer accepted', shareOf(arm.accepted, arm.shown)],
        ['Revenue', `${count(Number(arm.total))}\u00a0$`],
        ['Deviation', arm.closed > 1 ? money(arm.deviation) : '–'],
        ['Decision, median', decided.decisions > 0 ? milliseconds(decided.latency_p50_ms) : '–'],
        ['Decision, 99 %', decided.decisions > 0 ? milliseconds(decided.latency_p99_ms) : '–'],
      ];
      if (facts.childElementCount === 0) facts.append(...rows.map(([term]) => h('div', {}, h('dt', {}, term), h('dd', {}))));
      rows.forEach(([, value], i) => setText(facts.children[i].lastChild, value));
    },
  };
}
