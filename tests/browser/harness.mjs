// SPDX-License-Identifier: Apache-2.0
// What the walks through the page share: the fixture, the browser, and the looks in which every view is inspected.
// PROVECHO_SCREENSHOTS=FOLDER keeps pictures. PROVECHO_WEB=FOLDER serves the page's files from there, so that a change can
// be tried without building.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {extname, join} from 'node:path';
import readline from 'node:readline';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.PROVECHO_SCREENSHOTS;
const folder = process.env.PROVECHO_WEB;
const TYPES = {'.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml'};
if (pictures) mkdirSync(pictures, {recursive: true});

export const looks = [
  {name: 'desk-light', viewport: {width: 1280, height: 900}, colorScheme: 'light'},
  {name: 'desk-dark', viewport: {width: 1280, height: 900}, colorScheme: 'dark'},
  {name: 'phone-light', viewport: {width: 360, height: 740}, colorScheme: 'light'},
  {name: 'phone-dark', viewport: {width: 360, height: 740}, colorScheme: 'dark'},
];

/** What went wrong beside the assertions: errors of scripts, violations of the page's policy, requests to strangers. */
export const faults = [];

/** The fixture: one line in, one line out. */
export class Fixture {
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

async function serveFrom(page) {
  await page.route((url) => !url.pathname.startsWith('/v1') && url.pathname !== '/study', async (route) => {
    const {pathname} = new URL(route.request().url());
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) return route.continue();
    const {headers} = await page.request.get(new URL('/', route.request().url()).href).then((answer) => ({headers: answer.headers()}));
    await route.fulfill({body: readFileSync(file), headers: {'content-type': TYPES[extname(file)], 'content-security-policy': headers['content-security-policy'] ?? ''}});
  });
}

// A refusal is what many steps are about; Chromium reports each to the console.
const EXPECTED = /status of (401|404|409|412|422)|ERR_CONNECTION_REFUSED/;

export async function newPage(browser, look, home) {
  const context = await browser.newContext({viewport: look.viewport, colorScheme: look.colorScheme, permissions: ['clipboard-read', 'clipboard-write']});
  const page = await context.newPage();
  page.home = home;
  page.setDefaultTimeout(20000);
  if (folder) await serveFrom(page);
  page.on('pageerror', (error) => faults.push(`page error: ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(home)) faults.push(`asks a stranger: ${request.url()}`);
  });
  return page;
}

/** No accessibility violation, nothing wider than the window, no number that is none; a picture if wanted. */
export async function inspect(page, look, view) {
  await page.waitForTimeout(150);
  if (pictures) await page.screenshot({path: join(pictures, `${view}-${look.name}.png`), fullPage: true});
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${view} on ${look.name} is ${overflow} px wider than the window`);
  assert.doesNotMatch(await page.locator('body').innerText(), /\[object|undefined|NaN|Infinity|null/, `${view} on ${look.name}`);
  // Through the debugger, not a script element: the page's own policy forbids those.
  await page.evaluate(axeSource);
  const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), [], `${view} on ${look.name}`);
}

/** The same view in the three other looks, by pages of their own. */
export async function inspectElsewhere(browser, home, view, hash, ready) {
  for (const look of looks.slice(1)) {
    const page = await newPage(browser, look, home);
    await open(page, hash);
    await ready(page);
    await inspect(page, look, view);
    await page.context().close();
  }
}

export const text = (page, selector) => page.locator(selector).first().innerText();

export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) await page.fill(`#${name}`, value);
}

/** A view of the page by a load of its own: after a change of the hash alone the view that was there stays for a moment and
 * takes what is typed. */
export async function open(page, hash) {
  await page.goto('about:blank');
  await page.goto(`${page.home}/${hash}`);
}

/** By polling from here: the page's policy forbids to evaluate text in it. */
export async function valueBecomes(page, selector, wanted) {
  for (let i = 0; i < 400 && (await page.inputValue(selector)) !== wanted; ++i) await page.waitForTimeout(25);
  assert.equal(await page.inputValue(selector), wanted);
}
