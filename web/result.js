// SPDX-License-Identifier: Apache-2.0
// How an experiment goes and what it has shown: the verdict, or what is missing until there is one; whether the data can
// be trusted; the drawings; the tables; what may be done with it.
import {actionBar} from './actions.js';
import {armIntervals} from './charts.js';
import {againstPlan, estimateOverTime} from './charts_progress.js';
import {agreementPanel} from './agreement.js';
import {announce, drawToWidth, h, put, setText} from './dom.js';
import {forecastPanel} from './forecast.js';
import {count, dateTime, gain, money, percent} from './format.js';
import {lamps} from './health.js';
import {setState, stateTag} from './state.js';
import {planRows, standing} from './standing.js';
import {planWords} from './plan_words.js';
import {armsTable, auditList, distributionTable, looksTable, systemsTable} from './tables.js';
import {verdictPanel} from './verdict.js';

const panel = (title, ...content) => h('section', {class: 'panel', 'aria-label': title}, h('h2', {}, title), content);

/** Builds what a place holds anew only when what it shows has changed, so that nobody's selection is lost. */
function kept(place) {
  let key = '';
  return (shown, build) => {
    const now = JSON.stringify(shown);
    if (now !== key) put(place, build());
    key = now;
  };
}

function summary({experiment}) {
  const {design, base, candidate} = experiment;
  const started = `Started ${dateTime(experiment.started_at)}${experiment.sampling_share < 1 ? `; ${percent(experiment.sampling_share)} of the customers are sampled` : ''}.`;
  if (design.dry_run) return `A dry run: ${base.id} serves everybody, ${candidate.id} decides along unseen. ${started}`;
  return `${candidate.id} has to earn more than ${base.id}${design.margin === 0 ? '' : ` by over ${money(design.margin)}`}; worth having: ${gain(design.effect)} per customer. ${started}`;
}

export function resultPage() {
  const title = h('h1', {});
  const tag = stateTag('running');
  const link = h('span', {class: 'tag tag-live'});
  const sub = h('p', {class: 'lead'});
  const actions = actionBar();
  const verdictPlace = h('div', {});
  const head = h('h2', {class: 'progress-text', id: 'progress-text'});
  const bar = h('progress', {'aria-labelledby': 'progress-text', max: 1, value: 0});
  const detail = h('p', {class: 'progress-detail'});
  const standingPanel = h('section', {class: 'panel standing', 'aria-labelledby': 'progress-text'}, head, bar, detail);
  const lampPlace = h('ul', {class: 'lamps'});
  const planPlace = h('div', {class: 'chart-place'});
  const seriesPlace = h('div', {class: 'chart-place'});
  const meansPlace = h('div', {class: 'chart-place'});
  const seriesPanel = panel('Candidate minus base, per customer', seriesPlace,
    h('p', {class: 'legend'}, h('span', {class: 'key key-live'}, 'estimate'), h('span', {class: 'key key-band'}, 'always-valid band: holds however often one looks')),
    h('p', {class: 'hint', id: 'series-note'}));
  const meansPanel = panel('Mean revenue of each arm', meansPlace,
    h('p', {class: 'legend'}, h('span', {class: 'key key-base'}, 'base'), h('span', {class: 'key key-candidate'}, 'candidate'), h('span', {}, '$ per customer')));
  const places = Object.fromEntries(['lamps', 'agreement', 'arms', 'distribution', 'systems', 'looks', 'plan'].map((name) => [name, h('div', {class: 'table-place'})]));
  places.lamps = lampPlace;
  const show = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, kept(place)]));
  const looksPanel = panel('Looks', places.looks);
  const audit = auditList();
  const element = h('div', {class: 'result'},
    h('div', {class: 'title'}, h('div', {class: 'title-row'}, title, tag, link), sub, actions.element),
    verdictPlace, standingPanel,
    h('section', {class: 'panel', 'aria-labelledby': 'health'}, h('h2', {id: 'health'}, 'Can the data be trusted?'), lampPlace),
    h('div', {class: 'halves'}, panel('Customers against the plan', planPlace,
      h('p', {class: 'legend'}, h('span', {class: 'key key-done'}, 'session ended: counted'), h('span', {class: 'key key-coming'}, 'enrolled, session open'), h('span', {class: 'key key-plan'}, 'plan'))),
    panel('Where the two systems differ', places.agreement)),
    seriesPanel,
    h('div', {class: 'halves'}, meansPanel, panel('Distribution of revenue', places.distribution)),
    h('div', {class: 'halves ragged'}, panel('The arms', places.arms), h('div', {}, panel('The systems', places.systems), looksPanel)),
    h('details', {class: 'panel fold'}, h('summary', {}, h('h2', {}, 'The plan')), places.plan),
    audit.element);

  let last = null;
  let saidTenth = -1;
  let verdictKey = '';
  const drawSeries = drawToWidth(seriesPlace, (width) => last && put(seriesPlace, estimateOverTime(width, {
    series: last.series, target: last.collected.target, margin: last.experiment.design.margin, effect: last.experiment.design.effect,
    final: last.verdict.final, looks: last.experiment.design.looks, taken: last.looks.map(({number}) => number)})));
  const drawMeans = drawToWidth(meansPlace, (width) => last && put(meansPlace, armIntervals(width, ['base', 'candidate'].map((system) => ({
    system, name: last.experiment[system].id, ...last.arms[system]})))));
  const drawPlan = drawToWidth(planPlace, (width) => last && put(planPlace, againstPlan(width, planRows(last))));

  function update(progress) {
    last = progress;
    const {experiment, verdict, arms} = progress;
    const dry = experiment.design.dry_run;
    setText(title, experiment.name);
    setState(tag, experiment.state);
    setText(sub, summary(progress));
    actions.update(experiment);
    updateStanding(progress);
    for (const each of [seriesPanel, meansPanel]) each.hidden = dry;
    looksPanel.hidden = dry || experiment.design.looks < 2;
    drawSeries();
    drawMeans();
    drawPlan();
    setText(seriesPanel.querySelector('#series-note'), verdict.final
      ? 'How the estimate came about, everybody or those on whom the systems differ as planned. The verdict was judged by its own interval, above.'
      : 'For the eye only: the verdict is judged at the planned customers, by a narrower interval than this band.');
    show.lamps([progress.checks, progress.counters], () => lamps(progress));
    show.agreement([progress.agreement, verdict.kinds], () => agreementPanel(progress));
    show.arms([arms, dry], () => armsTable(progress));
    show.distribution([arms, verdict.base, verdict.candidate, progress.forecast], () => distributionTable(progress));
    show.systems(progress.systems, () => systemsTable(progress));
    show.looks([progress.looks, verdict.look], () => looksTable(progress));
    show.plan(experiment, () => [
      h('dl', {class: 'plan'}, planWords(experiment).map(([name, sentence]) => h('div', {}, h('dt', {}, name), h('dd', {}, sentence)))),
      h('p', {class: 'hash'}, h('span', {}, 'Plan hash'), h('code', {}, experiment.plan_hash))]);
    audit.update(experiment);
    showVerdict(progress);
  }

  function showVerdict(progress) {
    const {verdict} = progress;
    const key = verdict.final ? JSON.stringify([verdict, progress.forecast]) : '';
    if (key === verdictKey) return;
    verdictKey = key;
    put(verdictPlace, verdict.final ? (verdict.kind === 'dry_run_complete' ? forecastPanel(progress) : verdictPanel(progress)) : null);
    if (verdict.final) announce(verdict.sentence);
  }

  function updateStanding(progress) {
    const {experiment, verdict, collected} = progress;
    standingPanel.hidden = verdict.final;
    standingPanel.dataset.state = experiment.state;
    const now = standing(progress);
    setText(head, now.head);
    setText(detail, now.detail);
    bar.value = now.share;
    const tenth = Math.floor((10 * collected.closed) / Math.max(1, collected.target));
    if (experiment.state === 'running' && tenth !== saidTenth && tenth > 0) announce(`${count(tenth * 10)} percent of the customers are in.`);
    saidTenth = tenth;
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
