// SPDX-License-Identifier: Apache-2.0
// What one experiment of one candidate does not show: three candidates from the form to the one to take, none to take, an
// experiment adjusted by what customers spent before, and two that share the customers.
// Every view is looked at by axe-core, in light and dark, on a phone and on a desk.
import assert from 'node:assert/strict';
import {chromium} from 'playwright-core';
import {faults, fill, Fixture, inspect, inspectElsewhere, looks, newPage, open, text, valueBecomes} from './harness.mjs';

const VERDICTS = /BETTER|WORSE|INCONCLUSIVE|TAKE/;
const REVIEW = 'button[type=submit]';
const START = 'button:has-text("Start the")';
const FURTHER = `sweets first\nby lot ${'5e'.repeat(32)}`;

const figure = (page, name, words) => page.locator(`[data-figure=${name}]`, {hasText: words}).waitFor();
const choose = (page, name, value) => page.check(`input[name=${name}][value="${value}"]`, {force: true});
const ended = (page) => page.locator('.verdict-word').waitFor();
const headed = (page, words) => page.locator('.progress-text', {hasText: words}).waitFor();
const customersInAll = async (page) => Number((await text(page, '[data-figure=total]')).replace(',', ''));

/** The solver has answered for what stands in the form now. */
async function solved(page) {
  await page.waitForTimeout(600);
  await page.locator(`${REVIEW}:enabled`).waitFor();
}

async function nameThree(page) {
  await figure(page, 'total', /\d/);
  await fill(page, {name: 'Three at once', hypothesis: 'One of them sells more.', base_id: 'age and sex', candidate_id: 'purchase history', further_candidates: FURTHER, effect: '3'});
  await page.locator('.figure', {hasText: '3 ×'}).waitFor();
}

async function setsThreeUp({browser, page, home}) {
  await open(page, '#/new');
  await figure(page, 'total', '11,358');
  await nameThree(page);
  assert.match(await text(page, '#customers-hint'), /each arm/);
  await page.fill('#further_candidates', 'by lot\nby lot');
  await page.locator('#further_candidates-error', {hasText: '“by lot” stands there twice'}).waitFor();
  assert.ok(await page.isDisabled(REVIEW));
  await page.fill('#further_candidates', 'a\nb\nc\nd\ne\nf\ng');
  await page.locator('#further_candidates-error', {hasText: 'At most 6'}).waitFor();
  await page.fill('#further_candidates', FURTHER);
  await page.fill('#sampling_share', '50');
  await page.locator('.figure', {hasText: '3 ×'}).waitFor();
  const [, base, each] = (await text(page, '.figure small')).match(/([\d,]+) base \+ 3 × ([\d,]+) candidate/).map((number) => Number(number.replace(',', '')));
  assert.equal(await customersInAll(page), base + 3 * each);
  await solved(page);
  await inspect(page, looks[0], '20-three-setup');
  await inspectElsewhere(browser, home, '20-three-setup', '#/new', nameThree);
}

async function reviewsThree({browser, page, home}) {
  const [created] = await Promise.all([page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/v1/experiments')), page.click(REVIEW)]);
  assert.match((await created.allHeaders())['idempotency-key'], /^[0-9a-f]{32}$/);
  await page.locator('.tag[data-state=validated]').waitFor();
  assert.match(await text(page, '.plan'), /Each of purchase history, sweets first and by lot has to earn more than age and sex[^]*If none of them[^]*in each arm[^]*judged together, once, at the end/);
  const hash = new URL(page.url()).hash;
  await page.locator(`${START}:enabled`).waitFor();
  await inspect(page, looks[0], '21-three-review');
  await inspectElsewhere(browser, home, '21-three-review', hash, (on) => on.locator('.will-say').waitFor());
  const id = hash.split('/').at(-1);
  const draft = await (await page.request.get(`${home}/v1/experiments/${id}`)).json();
  assert.deepEqual(draft.further_candidates, [{id: 'sweets first', model_digest: ''}, {id: 'by lot', model_digest: '5e'.repeat(32)}]);
  await page.click('text=Change it');
  await valueBecomes(page, '#further_candidates', FURTHER);
  await solved(page);
  // Somebody else changes it meanwhile: nothing of his is overwritten unseen.
  const {environment, salt} = draft;
  await page.request.put(`${home}/v1/experiments/${id}`, {data: {...planOf(draft), environment, salt, hypothesis: 'Another one.'}});
  await page.click(REVIEW);
  await page.locator('.refusal', {hasText: 'has changed meanwhile'}).waitFor();
  await withoutDraft(page, async () => {
    await page.reload();
    await page.fill('#effect', '4');
    await page.waitForTimeout(1000);
    assert.ok(await page.isDisabled(REVIEW), 'what the draft has not filled yet would overwrite it');
  });
  await valueBecomes(page, '#hypothesis', 'Another one.');
  assert.equal(await page.inputValue('#effect'), '3');
  await page.fill('#hypothesis', 'One of them sells more.');
  await solved(page);
  await withoutDraft(page, async () => {
    const validated = page.waitForResponse(/:validate$/);
    const [put] = await Promise.all([page.waitForRequest((request) => request.method() === 'PUT'), page.click(REVIEW)]);
    assert.match((await put.allHeaders())['if-match'], /^"/);
    await validated;
    await page.waitForTimeout(1000);
    assert.ok(await page.isDisabled(START), 'it would start without its tag');
  });
  await page.locator(`${START}:enabled`).waitFor();
}

/** A draft that is asked for meanwhile is answered afterwards. */
async function withoutDraft(page, act) {
  let go;
  const done = new Promise((resolve) => { go = resolve; });
  await page.route(/\/v1\/experiments\/\d+$/, async (route) => {
    if (route.request().method() === 'GET') await done;
    await route.continue();
  });
  await act();
  go();
}

/** What of an experiment is its plan. */
function planOf(experiment) {
  const {name, hypothesis, base, candidate, further_candidates: further, design, sampling_share: share} = experiment;
  return {name, hypothesis, base, candidate, further_candidates: further, design, sampling_share: share};
}

async function givesEachItsToken({page}) {
  const [started] = await Promise.all([page.waitForRequest(/:start$/), page.click(START)]);
  const headers = await started.allHeaders();
  assert.match(headers['if-match'], /^"/);
  assert.match(headers['idempotency-key'], /^[0-9a-f]{32}$/);
  await page.locator('[data-code=token]').waitFor();
  const tokens = await page.locator('[data-code^=token]').allInnerTexts();
  assert.equal(new Set(tokens).size, 3);
  for (const token of tokens) assert.match(token, /^xab_live_[0-9A-Za-z]+_[0-9A-Za-z]+$/);
  for (const name of ['purchase history', 'sweets first', 'by lot']) await page.locator('h2', {hasText: `Token of ${name}`}).waitFor();
  await inspect(page, looks[0], '22-three-tokens');
  await page.setViewportSize(looks[2].viewport);
  await inspect(page, looks[2], '22-three-tokens');
  await page.setViewportSize(looks[0].viewport);
  await page.click('text=I have kept them');
}

async function watchesThree({browser, page, home, fixture}) {
  const [, closed] = (await fixture.say('advance 420 4')).split(' ');
  await headed(page, `Collecting ${closed} of`);  // The last of its figures, not some on the way there.
  await page.locator('.progress-detail', {hasText: /customers are missing \([\d,]+ age and sex, [\d,]+ purchase history, [\d,]+ sweets first, [\d,]+ by lot\)/}).waitFor();
  assert.doesNotMatch(await text(page, 'main'), VERDICTS, 'a verdict word before the planned customers');
  assert.deepEqual(await page.locator('.candidates thead th').allInnerTexts(), ['Candidate', 'Adds the offer', 'Removes it']);
  assert.equal(await page.locator('.tag-winner').count(), 0);
  for (const title of ['The arms', 'The systems', 'Distribution of revenue']) {
    const heads = await page.locator(`section[aria-label="${title}"] thead .key`).allInnerTexts();
    assert.deepEqual(heads, ['age and sex', 'purchase history', 'sweets first', 'by lot'], title);
  }
  // Dates beneath the customers: those that were, and those that are expected.
  for (const title of ['Customers against the plan', 'purchase history minus age and sex, per customer']) {
    const dates = page.locator(`section[aria-label="${title}"] svg text`);
    await dates.filter({hasText: /^\w{3},? \d\d:\d\d$/}).first().waitFor();
    await dates.filter({hasText: /^≈\s\w{3},? \d\d:\d\d$/}).first().waitFor();
  }
  assert.deepEqual(await page.locator('.lamp-group h3').allInnerTexts(), ['purchase history', 'sweets first', 'by lot']);
  for (const group of await page.locator('.lamp-group').all()) await group.locator('.lamp', {hasText: 'Revenue reported alike'}).waitFor();
  await page.locator('section[aria-label="purchase history minus age and sex, per customer"] .live-point').waitFor();
  const before = await page.locator('section[aria-label$=" differ"] .legend-list').innerText();
  await choose(page, 'drawn', 'candidate_3');
  await page.locator('section[aria-label="by lot minus age and sex, per customer"] .live-point').waitFor();
  await page.locator('section[aria-label="Mean revenue of age and sex and by lot"] .dot-candidate_3').waitFor();
  await page.locator('section[aria-label="Distribution of revenue"] .bar-candidate_3').first().waitFor();
  await drawsTheDistribution(page, home, [['base', 'age and sex'], ['candidate_3', 'by lot']]);
  assert.notEqual(await page.locator('section[aria-label="Where by lot and age and sex differ"] .legend-list').innerText(), before);
  await inspect(page, looks[0], '23-three-collecting');
  await inspectElsewhere(browser, home, '23-three-collecting', '', (on) => headed(on, /Collecting 4/));
}

/** What the chart says, and how high its bars are, against the figures that it is drawn from. */
async function drawsTheDistribution(page, home, systems) {
  const id = new URL(page.url()).hash.split('/').at(-1);
  const {distribution: {edges, arms}, arms: of} = await (await page.request.get(`${home}/v1/experiments/${id}/results`)).json();
  const chart = page.locator('section[aria-label="Distribution of revenue"] svg');
  const said = (await chart.getAttribute('aria-label')).split('. ');
  assert.equal(said.length, systems.length);
  const used = edges.slice(1).map((_, i) => i).filter((i) => systems.some(([system]) => arms[system].counts[i] > 0));
  const drawn = edges.map((_, i) => i).slice(used[0], used.at(-1) + 1);
  const heights = [];
  for (const [arm, [system, name]] of systems.entries()) {
    const [, called, nothing, bins] = said[arm].match(/^(.*): ([\d.]+)\s% spent nothing; (.*)$/);
    assert.equal(called, name);
    const share = (count) => 100 * count / of[system].closed;
    const near = (percent, count) => assert.ok(Math.abs(Number(percent) - share(count)) < 0.11, `${system}: ${percent} for ${count}`);
    near(nothing, arms[system].zeros);
    const parts = bins.split(', ').map((part) => part.match(/^([\d.,]+) to ([\d.,]+)\s\$ ([\d.]+)\s%$/).slice(1).map((figure) => Number(figure.replace(',', ''))));
    assert.deepEqual(parts.map(([low, high]) => [low, high]), drawn.map((i) => [edges[i], edges[i + 1]]));
    for (const [at, i] of drawn.entries()) near(parts[at][2], arms[system].counts[i]);
    const bars = await chart.locator(`.bar-${system}`).evaluateAll((all) => all.map((bar) => bar.height.baseVal.value));
    assert.equal(bars.length, drawn.length);
    heights.push(...bars.map((height, at) => ({height, share: share(arms[system].counts[drawn[at]])})));
  }
  const tallest = heights.reduce((most, one) => (one.share > most.share ? one : most));
  for (const {height, share} of heights) assert.ok(Math.abs(height / tallest.height - share / tallest.share) < 0.01, `${height} for ${share} %`);
}

async function takesOne({browser, page, home, fixture}) {
  await fixture.say('advance 100000 8');
  await ended(page);
  assert.equal(await text(page, '.verdict-word'), 'TAKE purchase history');
  assert.match(await text(page, '.verdict-sentence'), /^BETTER[^]*\d \$/);
  const others = await page.locator('.verdict-others li').allInnerTexts();
  assert.deepEqual(others.map((one) => one.split(':')[0]), ['sweets first', 'by lot']);
  for (const one of others) assert.match(one, VERDICTS);
  assert.match(await page.locator('.candidates [data-system=candidate]').innerText(), /purchase history[^]*Take this one[^]*BETTER[^]*\+\d[^]* to \+\d/);
  assert.equal(await page.locator('.tag-winner').count(), 1);
  assert.equal(await page.locator('.candidates .said').count(), 3);
  await page.locator('section[aria-label="The candidates"] .hint', {hasText: /Each lower end holds with 98(\.\d)?\s%, all of them together with 95\s%/}).waitFor();
  assert.ok(await page.isChecked('input[name=drawn][value=candidate_3]'), 'what was chosen stays chosen');
  await inspect(page, looks[0], '24-three-verdict');
  await inspectElsewhere(browser, home, '24-three-verdict', new URL(page.url()).hash, async (on) => {
    await ended(on);
    assert.ok(await on.isChecked('input[name=drawn][value=candidate]'), 'the winner is drawn');
  });
}

/** Another experiment by the page's own road; `more` fills in what is special to it. */
async function startAnother(page, name, more) {
  await open(page, '#/new');
  await page.locator('#history option').nth(1).waitFor({state: 'attached'});
  await fill(page, {name, hypothesis: 'They spend more.', effect: '3', base_id: 'age and sex', candidate_id: 'purchase history'});
  await more();
  await solved(page);
  await page.click(REVIEW);
  await page.locator(`${START}:enabled`).waitFor();
}

async function watchIt(page) {
  await page.click(START);
  await page.click('text=I have kept');
  await page.locator('.progress-text').waitFor();
}

async function takesNone({browser, page, home, fixture}) {
  await startAnother(page, 'Neither of two', async () => {
    await page.fill('#further_candidates', 'by lot');
    await choose(page, 'method', 'disagreement');
    await fill(page, {disagreement_share: '45', disagreement_deviation: '15'});
  });
  assert.match(await text(page, '.plan'), /Only customers on whom a candidate and base differ/);
  await watchIt(page);
  await page.locator('.progress-detail', {hasText: /customers on whom the systems differ are missing \(\d+ age and sex, \d+ purchase history, \d+ by lot\)/}).waitFor();
  await fixture.say('advance 100000 -8');
  await page.locator('.verdict-word', {hasText: 'TAKE NONE'}).waitFor();
  assert.equal(await page.locator('.verdict-others li').count(), 2);
  assert.equal(await page.locator('.verdict-sentence, .tag-winner').count(), 0);
  await page.locator('.verdict-meaning', {hasText: 'Keep the base'}).waitFor();
  // The one that is ahead is drawn.
  await page.locator('.verdict h3', {hasText: 'by lot against age and sex'}).waitFor();
  assert.ok(await page.isChecked('input[name=drawn][value=candidate_2]'));
  await page.click('text=All figures');
  assert.match(await text(page, '.figures'), /Compared\s+the \d+ of [\d,]+ customers of all arms on whom the two systems differ[^]*by lot\s+\d/);
  await page.locator('.candidates .said', {hasText: 'WORSE'}).waitFor();
  await inspect(page, looks[0], '25-none');
  await inspectElsewhere(browser, home, '25-none', new URL(page.url()).hash, ended);
}

async function rehearsesTwo({browser, page, home, fixture}) {
  await startAnother(page, 'Two, dry run', async () => {
    await page.fill('#further_candidates', 'by lot');
    await choose(page, 'method', 'dry_run');
    await page.fill('#customers', '2000');
    await page.locator('.points li', {hasText: 'each candidate and base differ'}).waitFor();
  });
  assert.match(await text(page, '.plan'), /age and sex serves every customer and purchase history and by lot decide along, unseen/);
  await watchIt(page);
  await fixture.say('advance 100000 8');
  await page.locator('.verdict-word', {hasText: 'Dry run complete'}).waitFor();
  await page.locator('.verdict-sentence', {hasText: /Purchase history differs from base for [\d.]+\s% of customers, by lot for/}).waitFor();
  const rows = page.locator('.verdict tr[data-system]');
  assert.equal(await rows.count(), 2);
  for (const row of await rows.all()) assert.match(await row.innerText(), /\d\s%[^]*added[^]*\$[^]*\$/);
  assert.equal(await page.locator('.candidates .said').count(), 0);
  await inspect(page, looks[0], '30-two-dry');
  await inspectElsewhere(browser, home, '30-two-dry', new URL(page.url()).hash, ended);
  await page.click('text=Set up the experiment with these numbers');
  await valueBecomes(page, '#further_candidates', 'by lot');
  await figure(page, 'total', /\d/);
  await solved(page);
}

async function stopsForTheHarmOfOne({browser, page, home, fixture}) {
  await startAnother(page, 'Harmful', async () => {
    await page.fill('#further_candidates', 'by lot');
    await choose(page, 'looks', 5);
    await choose(page, 'harm', true);
    await page.locator('#harm_alpha-hint', {hasText: 'of all together'}).waitFor();
    await page.fill('#harm_alpha', '1');
    await page.fill('#effect', '1');
    await figure(page, 'total', /\d\d,\d{3}/);
  });
  assert.match(await text(page, '.plan'), /All are judged together at 5 looks[^]*for all, where one is to be taken[^]*It stops, for all, when one candidate does harm; if none does, with a chance of at most 1\s%/);
  await watchIt(page);
  await fixture.say('advance 100000 -8');
  await page.locator('.verdict-word', {hasText: 'TAKE NONE'}).waitFor();
  const others = await page.locator('.verdict-others li').allInnerTexts();
  assert.equal(others.length, 2);
  assert.match(others[0], /^[^:]+: WORSE \(stopped for harm\): −\d[^]* at most −\d[^]*99\s%, 2 candidates/);
  const harmful = others[0].split(':')[0];
  await page.locator('.verdict h3', {hasText: `${harmful} against age and sex`}).waitFor();
  await page.locator('section[aria-label="The candidates"] .hint', {hasText: /Each end holds with 99\.5\s%, all of them together with 99\s%/}).waitFor();
  await inspect(page, looks[0], '29-harm');
  await inspectElsewhere(browser, home, '29-harm', new URL(page.url()).hash, ended);
}

async function adjustsByWhatTheySpent({browser, page, home, fixture}) {
  await startAnother(page, 'Adjusted', async () => {
    await solved(page);
    const everybody = await customersInAll(page);
    assert.ok(await page.isHidden('#correlation'));
    await choose(page, 'method', 'covariate');
    await solved(page);
    assert.equal(await page.inputValue('#correlation'), '0.5');
    const share = await customersInAll(page) / everybody;
    assert.ok(share > 0.74 && share < 0.76, `${share} of the customers`);
    await page.fill('#correlation', 'much');
    await page.locator('#correlation-error', {hasText: 'not a number'}).waitFor();
    await page.fill('#correlation', '0.7');
    await page.locator('.check-warning', {hasText: 'What they spent before'}).waitFor();
    await inspect(page, looks[0], '26-adjusted-setup');
  });
  assert.match(await text(page, '.plan'), /adjusted by what they spent before the experiment \(expected correlation 0\.7: 49\s%/);
  await watchIt(page);
  await fixture.say('advance 100000 8');
  await page.locator('.verdict-word', {hasText: 'BETTER'}).waitFor();
  await page.locator('.verdict-sentence', {hasText: /adjusted by what customers spent before the start, which explains \d/}).waitFor();
  await page.click('text=All figures');
  assert.match(await text(page, '.figures'), /Compared\s+everybody, adjusted by what they spent before, which explains [\d.]+\s% of the variance/);
  await page.locator('.lamp[data-lamp=good]', {hasText: 'What was spent before is known'}).waitFor();
  await inspect(page, looks[0], '27-adjusted-verdict');
  await inspectElsewhere(browser, home, '27-adjusted-verdict', new URL(page.url()).hash, ended);
}

async function sharesTheCustomers({browser, page, home}) {
  await startAnother(page, 'Half of them', () => page.fill('#sampling_share', '50'));
  await watchIt(page);
  await open(page, '#/experiments');
  await page.locator('.list tbody tr').first().waitFor();
  assert.equal(await page.locator('.lead').innerText(), '', 'one alone shares with nobody');
  await startAnother(page, 'Beside it', async () => {
    await valueBecomes(page, '#sampling_share', '50');
    await page.fill('#sampling_share', '60');
    await page.locator('.check-blocks', {hasText: /50\s% of the customers are free/}).waitFor();
    await page.fill('#sampling_share', '30');
  });
  await watchIt(page);
  await open(page, '#/experiments');
  await page.locator('.lead', {hasText: /^Of the customers: 50\s% in “Half of them”, 30\s% in “Beside it”, 20\s% free\.$/}).waitFor();
  await page.locator('.list small', {hasText: 'purchase history, sweets first and by lot against age and sex'}).waitFor();
  await inspect(page, looks[0], '28-shared');
  await inspectElsewhere(browser, home, '28-shared', '#/experiments', (on) => on.locator('.list tbody tr').first().waitFor());
}

const fixture = new Fixture(process.argv[2]);
const browser = await chromium.launch({executablePath: process.env.PROVECHO_CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage']});
let failed = false;
try {
  const home = await fixture.address();
  const page = await newPage(browser, looks[0], home);
  for (const step of [setsThreeUp, reviewsThree, givesEachItsToken, watchesThree, takesOne, takesNone, rehearsesTwo, stopsForTheHarmOfOne, adjustsByWhatTheySpent, sharesTheCustomers]) {
    await step({browser, page, home, fixture});
    console.log(`ok ${step.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`);
  }
  assert.deepEqual(faults, []);
} catch (error) {
  failed = true;
  console.error(error);
  console.error(faults.join('\n'));
} finally {
  await browser.close();
  fixture.process.kill();
}
process.exit(failed ? 1 : 0);
