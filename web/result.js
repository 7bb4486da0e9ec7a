// SPDX-License-Identifier: Apache-2.0
// How an experiment goes and what it has shown: the verdict, or what is missing until there is one; whether the data can
// be trusted; the drawings; the tables; what may be done with it.
import {actionBar} from './actions.js';
import {armIntervals} from './charts.js';
import {againstPlan, dateOf, estimateOverTime} from './charts_progress.js';
import {distributionChart} from './distribution.js';
import {agreementPanel} from './agreement.js';
import {candidatesChoice, candidatesTable} from './candidates.js';
import {announce, drawToWidth, h, put, setText} from './dom.js';
import {forecastPanel} from './forecast.js';
import {count, dateTime, gain, listed, money, percent} from './format.js';
import {lampGroups} from './health.js';
import {ended, setState, stateTag} from './state.js';
import {planRows, standing} from './standing.js';
import {planWords} from './plan_words.js';
import {candidatesOf, several} from './systems.js';
import {armsTable, auditList, distributionTable, looksTable, systemsTable} from './tables.js';
import {verdictPanel} from './verdict.js';

const panel = (title, ...content) => h('section', {class: 'panel', 'aria-label': title}, h('h2', {}, title), content);

function entitle(section, title) {
  section.setAttribute('aria-label', title);
  setText(section.querySelector('h2'), title);
}

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
  const {design, base} = experiment;
  const names = listed(candidatesOf(experiment).map(({id}) => id));
  const started = `Started ${dateTime(experiment.started_at)}${experiment.sampling_share < 1 ? `; ${percent(experiment.sampling_share)} of the customers are sampled` : ''}.`;
  if (design.dry_run) return `A dry run: ${base.id} serves everybody, ${names} ${several(experiment) ? 'decide' : 'decides'} along unseen. ${started}`;
  return `${names} ${several(experiment) ? 'each have' : 'has'} to earn more than ${base.id}${design.margin === 0 ? '' : ` by over ${money(design.margin)}`}; worth having: ${gain(design.effect)} per customer. ${started}`;
}

/** When so many customers of all arms were or will be in. */
function customersWhen({series, experiment, customers_per_day: daily}) {
  const start = [0, new Date(experiment.started_at) / 1000];
  return dateOf([start, ...series.map(([customers, , , , at]) => [customers, at])], ended(experiment.state) ? null : daily ?? experiment.design.customers_per_day);
}

/** The same of one arm's; nothing where the arms fill at different paces, or customers count only where the systems differ. */
function rowsWhen(progress) {
  const targets = new Set(planRows(progress).map(({target}) => target));
  if (targets.size !== 1 || progress.experiment.design.disagreement) return null;
  const inAll = customersWhen(progress);
  return (customers) => inAll((customers / [...targets][0]) * progress.collected.target);
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
  const lampPlace = h('div', {});
  const planPlace = h('div', {class: 'chart-place'});
  const seriesPlace = h('div', {class: 'chart-place'});
  const meansPlace = h('div', {class: 'chart-place'});
  const distributionPlace = h('div', {class: 'chart-place'});
  const seriesPanel = panel('Candidate minus base, per customer', seriesPlace,
    h('p', {class: 'legend'}, h('span', {class: 'key key-live'}, 'estimate'), h('span', {class: 'key key-band'}, 'always-valid band: holds however often one looks')),
    h('p', {class: 'hint', id: 'series-note'}));
  const meansLegend = h('p', {class: 'legend'});
  const distributionLegend = h('p', {class: 'legend'});
  const meansPanel = panel('Mean revenue of each arm', meansPlace,
    meansLegend);
  const places = Object.fromEntries(['lamps', 'candidates', 'agreement', 'arms', 'distribution', 'systems', 'looks', 'plan'].map((name) => [name, h('div', {class: 'table-place'})]));
  places.lamps = lampPlace;
  places.means = meansLegend;
  places.spent = distributionLegend;
  const show = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, kept(place)]));
  const looksPanel = panel('Looks', places.looks);
  const choice = candidatesChoice(() => update(last));
  const candidatesPanel = panel('The candidates', places.candidates, choice.element);
  const agreementSection = panel('Where the two systems differ', places.agreement);
  const audit = auditList();
  const progressRow = h('div', {class: 'halves'}, panel('Customers against the plan', planPlace,
    h('p', {class: 'legend'}, h('span', {class: 'key key-done'}, 'session ended: counted'), h('span', {class: 'key key-coming'}, 'enrolled, session open'), h('span', {class: 'key key-plan'}, 'plan'))),
  agreementSection);
  const revenueRow = h('div', {class: 'halves'}, meansPanel, panel('Distribution of revenue', distributionPlace, distributionLegend, places.distribution));
  const tables = h('div', {class: 'halves ragged'}, panel('The arms', places.arms), h('div', {}, panel('The systems', places.systems), looksPanel));
  const element = h('div', {class: 'result'},
    h('div', {class: 'title'}, h('div', {class: 'title-row'}, title, tag, link), sub, actions.element),
    verdictPlace, standingPanel, candidatesPanel,
    h('section', {class: 'panel', 'aria-labelledby': 'health'}, h('h2', {id: 'health'}, 'Can the data be trusted?'), lampPlace),
    progressRow,
    seriesPanel,
    revenueRow,
    tables,
    h('details', {class: 'panel fold'}, h('summary', {}, h('h2', {}, 'The plan')), places.plan),
    audit.element);

  let last = null;
  let saidTenth = -1;
  let verdictKey = '';
  const drawSeries = drawToWidth(seriesPlace, (width) => last && put(seriesPlace, estimateOverTime(width, {
    series: choice.chosen(last).series, arms: several(last.experiment) ? 'all arms' : 'both arms', target: last.collected.target, margin: last.experiment.design.margin, effect: last.experiment.design.effect,
    final: last.verdict.final, when: customersWhen(last), looks: last.experiment.design.looks, taken: last.looks.map(({number}) => number)})));
  const drawMeans = drawToWidth(meansPlace, (width) => last && put(meansPlace, armIntervals(width, [{system: 'base', id: last.experiment.base.id}, choice.chosen(last)].map(({system, id}) => ({
    system, name: id, ...last.arms[system]})))));
  const drawPlan = drawToWidth(planPlace, (width) => last && put(planPlace, againstPlan(width, planRows(last), rowsWhen(last))));
  const drawDistribution = drawToWidth(distributionPlace, (width) => last && put(distributionPlace, distributionChart(width, last, choice.chosen(last))));

  function update(progress) {
    last = progress;
    const {experiment, verdict, arms} = progress;
    const dry = experiment.design.dry_run;
    const chosen = choice.chosen(progress);
    setText(title, experiment.name);
    setState(tag, experiment.state);
    setText(sub, summary(progress));
    actions.update(progress);
    updateStanding(progress);
    nameSystems(progress);
    for (const each of [seriesPanel, meansPanel]) each.hidden = dry;
    looksPanel.hidden = dry || experiment.design.looks < 2;
    drawSeries();
    drawMeans();
    drawPlan();
    drawDistribution();
    setText(seriesPanel.querySelector('#series-note'), verdict.final
      ? 'How the estimate came about, everybody or those on whom the systems differ as planned. The verdict was judged by its own interval, above.'
      : 'For the eye only: the verdict is judged at the planned customers, by a narrower interval than this band.');
    show.lamps([progress.checks, progress.counters], () => lampGroups(progress));
    show.candidates([progress.candidates, progress.winner], () => several(experiment) && candidatesTable(progress));
    show.agreement([chosen.agreement, chosen.verdict.kinds], () => agreementPanel(chosen));
    show.arms([arms, dry], () => armsTable(progress));
    show.distribution([arms, progress.distribution, verdict.base, progress.candidates.map((each) => each.verdict.candidate), progress.forecast], () => distributionTable(progress));
    show.systems(progress.systems, () => systemsTable(progress));
    show.looks([progress.looks, verdict.look], () => looksTable(progress));
    show.plan(experiment, () => [
      h('dl', {class: 'plan'}, planWords(experiment).map(([name, sentence]) => h('div', {}, h('dt', {}, name), h('dd', {}, sentence)))),
      h('p', {class: 'hash'}, h('span', {}, 'Plan hash'), h('code', {}, experiment.plan_hash))]);
    audit.update(experiment);
    showVerdict(progress);
  }

  /** Of several candidates the drawings say whom they show. */
  function nameSystems(progress) {
    const {experiment} = progress;
    const alone = !several(experiment);
    candidatesPanel.hidden = alone;
    progressRow.classList.toggle('ragged', !alone);
    for (const row of [revenueRow, tables]) {
      row.classList.toggle('halves', alone);
      row.classList.toggle('stacked', !alone);
    }
    choice.update(progress);
    // So many columns may have to be scrolled, by the keyboard too.
    for (const each of [places.candidates, places.arms, places.systems, places.distribution]) if (!alone) each.tabIndex = 0;
    const {system, id} = choice.chosen(progress);
    const base = experiment.base.id;
    entitle(seriesPanel, alone ? 'Candidate minus base, per customer' : `${id} minus ${base}, per customer`);
    entitle(meansPanel, alone ? 'Mean revenue of each arm' : `Mean revenue of ${base} and ${id}`);
    entitle(agreementSection, alone ? 'Where the two systems differ' : `Where ${id} and ${base} differ`);
    const keys = () => [h('span', {class: 'key key-base'}, alone ? 'base' : base), experiment.design.dry_run ? null : h('span', {class: `key key-${system}`}, alone ? 'candidate' : id)];
    show.spent([system, id, base], () => [keys(), h('span', {}, 'share of all customers of the arm, by $ spent; whoever spent nothing is in the table')]);
    show.means([system, id, base], () => [keys(), h('span', {}, '$ per customer')]);
  }

  function showVerdict(progress) {
    const {verdict} = progress;
    const key = verdict.final ? JSON.stringify([verdict, progress.winner, progress.forecast]) : '';
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
