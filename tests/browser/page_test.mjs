// SPDX-License-Identifier: Apache-2.0
// The page as a person meets it: a dry run, the experiment that it suggests, a refusal and its repair, the token seen
// once, watching, a pause, a verdict; then one that is stopped, one whose data cannot be trusted, the list, the log-in.
// Every view is looked at by axe-core, in light and dark, on a phone and on a desk.
import assert from 'node:assert/strict';
import {chromium} from 'playwright-core';
import {faults, fill, Fixture, inspect, inspectElsewhere, looks, newPage, open, text, valueBecomes} from './harness.mjs';

const VERDICTS = /BETTER|WORSE|INCONCLUSIVE/;
const REVIEW = 'button[type=submit]';
const START = 'button:has-text("Start the")';

const solvedTotal = (page, total) => page.locator('[data-figure=total]', {hasText: total}).waitFor();
const choose = (page, name, value) => page.check(`input[name=${name}][value="${value}"]`, {force: true});
const headed = (page, words) => page.locator('.progress-text', {hasText: words}).waitFor();

async function review(page) {
  await page.click(REVIEW);
  await page.locator('.plan').first().waitFor();
}

/** Starts what is reviewed and answers its token. */
async function start(page) {
  await page.click(START);
  await page.locator('[data-code=token]').waitFor();
  return text(page, '[data-code=token]');
}

async function solvesAsYouType({page}) {
  await solvedTotal(page, '11,358');
  assert.equal(await page.inputValue('#customers'), '5,679');
  await choose(page, 'solve_for', 'power');
  await fill(page, {customers: '5000'});
  await solvedTotal(page, '10,000');
  assert.equal(await page.inputValue('#power'), '75.43');
  await choose(page, 'solve_for', 'effect');
  await fill(page, {power: '80'});
  await valueBecomes(page, '#effect', '0.746');
  await page.fill('#customers', 'many');
  await page.locator('#customers-error', {hasText: 'A whole number is needed'}).waitFor();
  assert.ok(await page.isDisabled(REVIEW));
  await choose(page, 'solve_for', 'customers');
  await fill(page, {effect: '0.7', mean: '20'});
  await solvedTotal(page, '11,358');
  await page.locator('#effect-hint', {hasText: '3.5 % of the mean'}).waitFor();
}

async function offersWaysToCompare({browser, page, home}) {
  await choose(page, 'looks', 5);
  await solvedTotal(page, '11,756');
  await choose(page, 'looks', 1);
  await choose(page, 'sides', 2);
  await solvedTotal(page, '14,420');
  await choose(page, 'sides', 1);
  assert.ok(await page.isHidden('#disagreement_share'));
  await choose(page, 'method', 'disagreement');
  await page.locator('#disagreement_share-error', {hasText: 'A number is needed'}).waitFor();
  await fill(page, {disagreement_share: '20', disagreement_deviation: '15'});
  await page.locator('[data-figure=disagreeing]').waitFor();
  const needed = Number((await text(page, '[data-figure=total]')).replace(',', ''));
  assert.ok(needed < 0.25 * 11358, `${needed} customers`);
  await choose(page, 'method', 'everybody');
  await solvedTotal(page, '11,358');
  const checks = page.locator('.checklist');
  await checks.locator('[data-level=blocks]', {hasText: 'Names and numbers'}).waitFor();
  await page.fill('#name', 'New category');
  await checks.locator('[data-level=warning]', {hasText: 'Hypothesis'}).waitFor();
  await fill(page, {hypothesis: 'Those who bought sweets before spend more when they see the new category.', customers_per_day: '500'});
  await checks.locator('[data-level=done]', {hasText: 'Names and numbers'}).waitFor();
  await page.locator('[data-figure=days]', {hasText: '23'}).waitFor();
  await inspect(page, looks[0], '1-setup-filled');
  await inspectElsewhere(browser, home, '1-setup', '#/new', (on) => solvedTotal(on, '11,358'));
}

async function isRefusedAndRepairs({browser, page, home}) {
  const incoherent = async (on) => {
    await solvedTotal(on, '11,358');
    await choose(on, 'solve_for', '');
    await fill(on, {customers: '300', effect: '2', power: '80', alpha: '5'});
    await on.locator('.repair').first().waitFor();
  };
  await incoherent(page);
  assert.match(await text(page, '.refusal'), /cannot all be true[^]*power/);
  assert.ok(await page.isDisabled(REVIEW));
  await page.locator('[data-level=blocks]', {hasText: 'The numbers'}).waitFor();
  await inspect(page, looks[0], '2-refused');
  await inspectElsewhere(browser, home, '2-refused', '#/new', incoherent);
  // By the keyboard alone.
  await page.locator('[data-repair=customers]').focus();
  await page.keyboard.press('Enter');
  await solvedTotal(page, '1,394');
  assert.equal(await page.inputValue('#customers'), '697');
  assert.ok(await page.isHidden('.refusal'));
  assert.ok(await page.isEnabled(REVIEW));
}

async function runsDryFirst({browser, page, home, fixture}) {
  await choose(page, 'method', 'dry_run');
  await page.fill('#name', '');
  await page.fill('#customers', '900');
  await solvedTotal(page, '900');
  await page.click(REVIEW);
  await page.locator('#name-error', {hasText: 'A name is needed'}).waitFor();
  await fill(page, {name: 'New category, dry run', base_id: 'age and sex', candidate_id: 'purchase history', deviation: ''});
  await solvedTotal(page, '900');
  await inspect(page, looks[0], '3-dry-run-setup');
  await review(page);
  await page.locator('.tag[data-state=validated]').waitFor();
  assert.match(await text(page, '.plan'), /age and sex serves every customer and purchase history decides along/);
  await start(page);
  await page.click('text=I have kept it');
  await headed(page, 'Collecting 0 of 900 customers');
  await fixture.say('advance 400 2.4');
  await headed(page, /Collecting 4\d\d of 900/);
  await page.locator('.progress-detail', {hasText: /At 4,\d+ customers a day that takes about \d+ hours/}).waitFor();
  await fixture.say('advance 900 2.4');
  await page.locator('.verdict-word', {hasText: 'Dry run complete'}).waitFor();
  await inspect(page, looks[0], '4-dry-run-end');
  await inspectElsewhere(browser, home, '4-dry-run-end', '', (on) => on.locator('.verdict-word').waitFor());
  await page.click('text=Set up the experiment with these numbers');
  await page.locator('.notice', {hasText: 'come from the dry run'}).waitFor();
  assert.equal(await page.inputValue('#name'), 'New category');
  assert.ok(await page.isChecked('input[name=method][value=disagreement]'));
  assert.match(await page.inputValue('#disagreement_share'), /^4\d/);
}

async function reviewsAndStarts({browser, page, home}) {
  await choose(page, 'solve_for', 'customers');
  await fill(page, {effect: '2', hypothesis: 'They spend more.'});
  await choose(page, 'looks', 5);
  await choose(page, 'harm', true);
  await fill(page, {sampling_share: '50'});
  await page.locator('[data-figure=disagreeing]').waitFor();
  await page.waitForTimeout(600);
  await review(page);
  await page.locator('.tag[data-state=validated]').waitFor();
  assert.match(await text(page, '.plan'), /Only customers on whom the two systems differ[^]*5 looks[^]*stops for harm[^]*50\s%/);
  await page.locator(`${START}:enabled`).waitFor();
  const hash = new URL(page.url()).hash;
  await inspect(page, looks[0], '5-review');
  await inspectElsewhere(browser, home, '5-review', hash, (on) => on.locator('.will-say').waitFor());
  await page.click('text=Change it');
  await page.locator('h1', {hasText: 'Change the draft'}).waitFor();
  await valueBecomes(page, '#hypothesis', 'They spend more.');
  assert.equal(await page.inputValue('#sampling_share'), '50');
  assert.ok(await page.isChecked('input[name=looks][value="5"]'));
  await page.fill('#hypothesis', 'They spend at least 2 $ more.');
  await page.locator('[data-figure=disagreeing]').waitFor();
  await review(page);
  assert.equal(new URL(page.url()).hash, hash, 'the same draft');
  await page.locator('.plan', {hasText: 'at least 2 $ more'}).waitFor();
  await page.locator(`${START}:enabled`).waitFor();
}

async function showsTheTokenOnce({page}) {
  const token = await start(page);
  assert.match(token, /^xab_live_[0-9A-Za-z]+_[0-9A-Za-z]+$/);
  assert.equal(JSON.parse(await text(page, '[data-code=example]')).token, token);
  assert.match(await text(page, '.hash code'), /^[0-9a-f]{64}$/);
  await page.click('.copy >> nth=0');
  await page.locator('.copy', {hasText: 'Copied'}).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
  await inspect(page, looks[0], '6-token');
  await page.setViewportSize(looks[2].viewport);
  await inspect(page, looks[2], '6-token');
  await page.setViewportSize(looks[0].viewport);
  await page.click('text=I have kept it');
  await page.locator('.progress-text').waitFor();
  const everything = await (await page.request.get(`${page.home}/v1/experiments`)).text();
  assert.ok(!everything.includes(token), 'the token is shown again');
}

async function watches({browser, page, home, fixture}) {
  await headed(page, /Collecting 0 of [\d,]+ customers/);
  await fixture.say('advance 220 0.6');
  await fixture.say('duplicate');
  await fixture.say('timeouts 0.05');
  await fixture.say('advance 320 0.6');
  await fixture.say('timeouts 0');
  await headed(page, /Collecting 3\d\d of/);
  await page.locator('.progress-detail', {hasText: /customers on whom the systems differ are missing \([\d,]+ base, [\d,]+ candidate\)\..*that takes about/}).waitFor();
  await page.locator('.lamp', {hasText: 'Candidate answers in time'}).filter({hasText: 'got the fallback'}).waitFor();
  await page.locator('.lamp', {hasText: 'Records that came once'}).filter({hasText: '1 of'}).waitFor();
  assert.doesNotMatch(await text(page, 'main'), VERDICTS, 'a verdict word before the planned customers');
  assert.equal(await text(page, '.tag-live'), 'Live');
  assert.match(await text(page, '.transport'), /in-process broker: for trying out/);
  await inspect(page, looks[0], '7-collecting');
  await inspectElsewhere(browser, home, '7-collecting', '', (on) => headed(on, /Collecting 3/));
}

async function pausesAndGoesOn({browser, page, home, fixture}) {
  await page.click('[data-action=pause]');
  await headed(page, 'Paused at');
  await page.locator('.tag[data-state=paused]').waitFor();
  await inspect(page, looks[0], '8-paused');
  await inspectElsewhere(browser, home, '8-paused', '', (on) => headed(on, 'Paused at'));
  await page.click('[data-action=resume]');
  await headed(page, 'Collecting');
  await page.click('[data-action=ramp]');
  await page.fill('#question-input', '40');
  await page.keyboard.press('Enter');
  await page.locator('#question-error', {hasText: 'Between 50 %'}).waitFor();
  await page.fill('#question-input', '100');
  await page.keyboard.press('Enter');
  await page.locator('[data-action=ramp]').waitFor({state: 'detached'});
  await page.locator('dialog').waitFor({state: 'detached'});
  await fixture.say('advance 340 0.6');
}

async function readsTheVerdict({browser, page, home, fixture}) {
  await fixture.say('advance 100000 2.4');
  await page.locator('.verdict-word').waitFor();
  assert.match(await text(page, '.verdict-word'), VERDICTS);
  assert.match(await text(page, '.verdict-sentence'), /\d \$/);
  assert.ok(await page.isHidden('.progress-text'));
  await page.locator('h3', {hasText: 'What each brings'}).waitFor();
  await inspect(page, looks[0], '9-verdict');
  await inspectElsewhere(browser, home, '9-verdict', '', (on) => on.locator('.verdict-word').waitFor());
  await page.click('text=All figures');
  await page.click('[data-action=conclude]');
  await page.locator('.tag[data-state=concluded]').waitFor();
  await page.click('summary:has-text("Who did what")');
  const log = await page.locator('.audit').innerText();
  for (const action of ['created', 'validated', 'started', 'paused', 'resumed', 'ramped', 'concluded']) assert.match(log, new RegExp(action));
  assert.deepEqual(await page.locator('.exports a').evaluateAll((links) => links.map((link) => link.pathname.split('/').at(-1))), ['report.html', 'export.csv', 'export.json', 'study']);
  await inspect(page, looks[0], '9-verdict-open');
}

/** A small experiment of everybody, by the page's own road. */
async function startAnother(page, name) {
  await open(page, '#/new');
  await page.locator('#name').waitFor();
  await page.selectOption('#history', {index: 1});
  await page.locator('.hint', {hasText: /From [\d,]+ customers of/}).waitFor();
  await fill(page, {name, effect: '3'});
  await page.waitForTimeout(800);
  await review(page);
  await page.locator(`${START}:enabled`).waitFor();
  await start(page);
  await page.click('text=I have kept it');
  await page.locator('.progress-text').waitFor();
}

async function refusesAVerdict({browser, page, home, fixture}) {
  await startAnother(page, 'Answers too late');
  await fixture.say('timeouts 0.3');
  await fixture.say('advance 100000');
  await fixture.say('timeouts 0');
  await page.locator('.verdict-word', {hasText: 'NO VERDICT'}).waitFor();
  await page.locator('.lamp[data-lamp=alarm]', {hasText: 'Candidate answers in time'}).waitFor();
  await inspect(page, looks[0], '10-no-verdict');
  await inspectElsewhere(browser, home, '10-no-verdict', '', (on) => on.locator('.verdict-word').waitFor());
}

async function stopsOnlyWithAReason({page, fixture}) {
  await startAnother(page, 'Stopped');
  await fixture.say('advance 60');
  await page.click('[data-action=stop]');
  await inspect(page, looks[0], '11-stop');
  await page.click('dialog button[type=submit]');
  await page.locator('#question-error', {hasText: 'A reason is needed'}).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({state: 'detached'});
  await page.locator('.tag[data-state=running]').waitFor();
  await page.click('[data-action=stop]');
  await page.fill('#question-input', 'the shop closes');
  await page.click('dialog button[type=submit]');
  await headed(page, 'Stopped at');
  await page.locator('.progress-detail', {hasText: 'Without a verdict: the shop closes'}).waitFor();
}

async function listsAndFinds({browser, page, home}) {
  for (const name of ['Basket on top', 'Sweets first']) {
    const answer = await page.request.post(`${home}/v1/experiments`, {data: {name, design: {alpha: 0.05, power: 0.8, effect: 0.7, customers: 5679, deviation: 15}}});
    assert.equal(answer.status(), 201);
  }
  await open(page, '#/experiments');
  await page.reload();
  await page.locator('.list tbody tr').nth(5).waitFor();
  await page.fill('#search', 'draft sweets');
  assert.deepEqual(await page.locator('.list tbody tr a').allInnerTexts(), ['Sweets first']);
  await page.fill('#search', '');
  await inspect(page, looks[0], '12-list');
  await inspectElsewhere(browser, home, '12-list', '#/experiments', (on) => on.locator('.list tbody tr').first().waitFor());
  await page.click('text=Ranking of the models');
  await page.locator('h1', {hasText: 'Ranking of the models'}).waitFor();
}

/** The platform as it answers where it has users. */
async function asUser(page, role) {
  let known = false;
  await page.route('**/v1/me', (route) => route.fulfill({json: {login_required: true, user: known ? {name: 'ana', role} : null}}));
  await page.route('**/v1/login', (route) => {
    known = route.request().postDataJSON().token === 'xab_user_good';
    return known ? route.fulfill({status: 204}) : route.fulfill({status: 401, json: {title: 'The token is not a user’s', status: 401}});
  });
}

async function asksWhoIsThere({browser, home}) {
  for (const role of ['viewer', 'analyst']) {
    const page = await newPage(browser, looks[0], home);
    await asUser(page, role);
    await open(page, '#/experiments');
    await page.fill('#login-token', 'xab_user_bad');
    await page.click(REVIEW);
    await page.locator('#login-error', {hasText: 'unknown or has been revoked'}).waitFor();
    if (role === 'viewer') await inspect(page, looks[0], '13-login');
    await page.fill('#login-token', 'xab_user_good');
    await page.click(REVIEW);
    await page.locator('#user', {hasText: `ana`}).filter({hasText: role}).waitFor();
    assert.equal(await page.locator('nav a[href="#/new"]').count(), role === 'viewer' ? 0 : 1);
    await page.click('text=Sweets first');
    await page.locator('.hint', {hasText: 'Only an owner can start it'}).waitFor();
    assert.ok(await page.isDisabled(START));
    assert.equal(await page.locator('text=Change it').count(), role === 'viewer' ? 0 : 1);
    await page.context().close();
  }
}

async function saysWhenItIsCutOff({page, fixture}) {
  await open(page, '#/experiments/1');
  await page.locator('.verdict-word').waitFor();
  await fixture.quit();
  await page.locator('.tag-live', {hasText: 'Disconnected'}).waitFor();
}

const fixture = new Fixture(process.argv[2]);
const browser = await chromium.launch({executablePath: process.env.PROVECHO_CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage']});
let failed = false;
try {
  const home = await fixture.address();
  const page = await newPage(browser, looks[0], home);
  await open(page, '');
  for (const step of [solvesAsYouType, offersWaysToCompare, isRefusedAndRepairs, runsDryFirst, reviewsAndStarts, showsTheTokenOnce, watches, pausesAndGoesOn,
    readsTheVerdict, refusesAVerdict, stopsOnlyWithAReason, listsAndFinds, asksWhoIsThere, saysWhenItIsCutOff]) {
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
