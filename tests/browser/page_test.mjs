// SPDX-License-Identifier: Apache-2.0
// The page as a person meets it: configures, is refused, repairs, starts, sees the token once, watches, reads a verdict.
// Every view is looked at by axe-core, in light and dark, on a phone and on a desk.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import readline from 'node:readline';
import {chromium} from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.PROVECHO_SCREENSHOTS;
const looks = [
  {name: 'desk-light', viewport: {width: 1280, height: 900}, colorScheme: 'light'},
  {name: 'desk-dark', viewport: {width: 1280, height: 900}, colorScheme: 'dark'},
  {name: 'phone-light', viewport: {width: 360, height: 740}, colorScheme: 'light'},
  {name: 'phone-dark', viewport: {width: 360, height: 740}, colorScheme: 'dark'},
];

/** The fixture: one line in, one line out. */
class Fixture {
  constructor(program) {
    this.process = spawn(program, [], {stdio: ['pipe', 'pipe', 'inherit']});
    this.lines = readline.createInterface({input: this.process.stdout})[Symbol.asyncIterator]();
  }
  async line() {
    const {value, done} = await this.lines.next();
    assert.ok(!done, 'the fixture ended');
    return value;
  }
  async address() {
    return (await this.line()).replace('listening ', '');
  }
  async say(command) {
    this.process.stdin.write(`${command}\n`);
    const answer = await this.line();
    assert.ok(!answer.startsWith('error'), answer);
    return answer;
  }
  quit() {
    this.process.stdin.end('quit\n');
    return new Promise((resolve) => this.process.on('exit', resolve));
  }
}

const faults = [];

async function newPage(browser, look) {
  const context = await browser.newContext({viewport: look.viewport, colorScheme: look.colorScheme, permissions: ['clipboard-read', 'clipboard-write']});
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (409|422)|ERR_CONNECTION_REFUSED/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(page.home) && page.home) faults.push(`asks a stranger: ${request.url()}`);
  });
  return page;
}

/** No accessibility violation, nothing wider than the window; a picture if wanted. */
async function inspect(page, look, view) {
  await page.waitForTimeout(150);
  if (pictures) await page.screenshot({path: join(pictures, `${view}-${look.name}.png`), fullPage: true});
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${view} on ${look.name} is ${overflow} px wider than the window`);
  // Through the debugger, not a script element: the page's own policy forbids those.
  await page.evaluate(axeSource);
  const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), [], `${view} on ${look.name}`);
}

/** The same view in the three other looks, by pages of their own. */
async function inspectElsewhere(browser, home, view, hash, ready) {
  for (const look of looks.slice(1)) {
    const page = await newPage(browser, look);
    page.home = home;
    await page.goto(`${home}/${hash}`);
    await ready(page);
    await inspect(page, look, view);
    await page.context().close();
  }
}

async function fillFour(page, values) {
  for (const [name, value] of Object.entries(values)) await page.fill(`#${name}`, value);
}

const text = (page, selector) => page.locator(selector).first().innerText();
const solvedTotal = (page, total) => page.locator('[data-figure=total]', {hasText: total}).waitFor();

/** By polling from here: the page's policy forbids to evaluate text in it. */
async function valueBecomes(page, selector, wanted) {
  for (let i = 0; i < 200 && (await page.inputValue(selector)) !== wanted; ++i) await page.waitForTimeout(25);
  assert.equal(await page.inputValue(selector), wanted);
}

async function solvesAsYouType(page) {
  await solvedTotal(page, '11,358');
  assert.equal(await page.inputValue('#customers'), '5,679');
  await page.check('input[value=power]', {force: true});
  await fillFour(page, {customers: '5000'});
  await solvedTotal(page, '10,000');
  assert.equal(await page.inputValue('#power'), '75.43');
  await page.check('input[value=effect]', {force: true});
  await fillFour(page, {power: '80'});
  await valueBecomes(page, '#effect', '0.746');
  await page.fill('#customers', 'many');
  await page.locator('#customers-error', {hasText: 'A whole number is needed'}).waitFor();
  assert.ok(await page.isDisabled('button[type=submit]'));
}

async function isRefusedAndRepairs(browser, page, home) {
  await page.check('input[value=""]', {force: true});
  const incoherent = async (on) => {
    await on.check('input[value=""]', {force: true});
    await fillFour(on, {customers: '300', effect: '2', power: '80', alpha: '5'});
    await on.locator('.repair').first().waitFor();
  };
  await incoherent(page);
  assert.match(await text(page, '.refusal'), /cannot all be true[^]*power/);
  assert.doesNotMatch(await text(page, 'main'), /\[object|undefined|NaN/);
  assert.ok(await page.isDisabled('button[type=submit]'));
  await inspect(page, looks[0], '2-refused');
  await inspectElsewhere(browser, home, '2-refused', '#/new', incoherent);
  // By the keyboard alone.
  await page.locator('[data-repair=customers]').focus();
  await page.keyboard.press('Enter');
  await solvedTotal(page, '1,394');
  assert.equal(await page.inputValue('#customers'), '697');
  assert.ok(await page.isHidden('.refusal'));
  assert.ok(await page.isEnabled('button[type=submit]'));
}

async function startsAndShowsTheTokenOnce(page) {
  await page.fill('#name', '');
  await page.click('button[type=submit]');
  await page.locator('#name-error', {hasText: 'A name is needed'}).waitFor();
  await page.fill('#name', 'New category, autumn');
  await page.fill('#base', 'age and sex');
  await page.fill('#candidate', 'purchase history');
  await page.click('button[type=submit]');
  await page.locator('[data-code=token]').waitFor();
  const token = await text(page, '[data-code=token]');
  assert.match(token, /^xab_live_[0-9A-Za-z]+_[0-9A-Za-z]+$/);
  assert.equal(JSON.parse(await text(page, '[data-code=example]')).token, token);
  await page.click('.copy >> nth=0');
  await page.locator('.copy', {hasText: 'Copied'}).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
  await inspect(page, looks[0], '3-token');
  await page.setViewportSize(looks[2].viewport);
  await inspect(page, looks[2], '3-token');
  await page.setViewportSize(looks[0].viewport);
  await page.click('text=I have kept it');
  await page.locator('.progress-text').waitFor();
  const everything = await (await page.request.get(`${page.home}/v1/experiments`)).text();
  assert.ok(!everything.includes(token), 'the token is shown again');
}

const VERDICTS = /BETTER|WORSE|INCONCLUSIVE/;

async function watches(browser, page, home, fixture) {
  await page.locator('.progress-text', {hasText: 'Collecting 0 of 1,394 customers'}).waitFor();
  await fixture.say('advance 600 2.4');
  await page.locator('.progress-text', {hasText: 'Collecting 6'}).waitFor();
  await fixture.say('timeouts on');
  await fixture.say('advance 900 2.4');
  await fixture.say('timeouts off');
  await fixture.say('duplicate');
  await page.locator('.progress-text', {hasText: /Collecting 9\d\d of/}).waitFor();
  await page.locator('.lamp', {hasText: 'Time-outs, candidate'}).filter({hasText: 'got the fallback'}).waitFor();
  assert.doesNotMatch(await text(page, 'main'), VERDICTS, 'a verdict word before the planned customers');
  assert.doesNotMatch(await text(page, 'main'), /\[object|undefined|NaN/);
  assert.equal(await text(page, '.tag-live'), 'Live');
  assert.match(await text(page, '.transport'), /in-process broker: for trying out/);
  await inspect(page, looks[0], '4-live');
  await inspectElsewhere(browser, home, '4-live', '', async (on) => on.locator('.progress-text', {hasText: 'Collecting 9'}).waitFor());
}

async function readsTheVerdict(browser, page, home, fixture) {
  await fixture.say('advance 100000 2.4');
  await page.locator('.verdict-word').waitFor();
  assert.match(await text(page, '.verdict-word'), VERDICTS);
  assert.doesNotMatch(await text(page, 'main'), /\[object|undefined|NaN/);
  assert.match(await text(page, '.verdict-sentence'), /\d \$/);
  assert.ok(await page.isHidden('.progress-text'));
  await inspect(page, looks[0], '5-verdict');
  await inspectElsewhere(browser, home, '5-verdict', '', async (on) => on.locator('.verdict-word').waitFor());
}

async function saysWhenItIsCutOff(page, fixture) {
  await fixture.quit();
  await page.locator('.tag-live', {hasText: 'Disconnected'}).waitFor();
}

const fixture = new Fixture(process.argv[2]);
const browser = await chromium.launch({executablePath: process.env.PROVECHO_CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage']});
let failed = false;
try {
  if (pictures) mkdirSync(pictures, {recursive: true});
  const home = await fixture.address();
  const page = await newPage(browser, looks[0]);
  page.home = home;
  page.setDefaultTimeout(20000);
  await page.goto(`${home}/`);
  await solvedTotal(page, '11,358');
  await inspect(page, looks[0], '1-setup');
  await inspectElsewhere(browser, home, '1-setup', '', (on) => solvedTotal(on, '11,358'));
  for (const [step, walk] of [
    ['solves as you type', () => solvesAsYouType(page)],
    ['is refused and repairs', () => isRefusedAndRepairs(browser, page, home)],
    ['starts and shows the token once', () => startsAndShowsTheTokenOnce(page)],
    ['watches without a verdict word', () => watches(browser, page, home, fixture)],
    ['reads the verdict', () => readsTheVerdict(browser, page, home, fixture)],
    ['says when it is cut off', () => saysWhenItIsCutOff(page, fixture)],
  ]) {
    await walk();
    console.log(`ok ${step}`);
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
