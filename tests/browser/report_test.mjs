// SPDX-License-Identifier: Apache-2.0
// A study's report as a person meets it: looked at by axe-core, in light and dark, on a phone and on a desk; without
// script; sorted by the keyboard; asking for nothing.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.PROVECHO_SCREENSHOTS;
const looks = [
  {name: 'desk-light', viewport: {width: 1280, height: 900}, colorScheme: 'light'},
  {name: 'phone-dark', viewport: {width: 360, height: 740}, colorScheme: 'dark'},
];
const folder = mkdtempSync(join(tmpdir(), 'provecho-report-'));
const file = join(folder, 'report.html');
writeFileSync(file, execFileSync(process.argv[2], {maxBuffer: 1 << 26}));
const faults = [];

async function open(browser, look, more = {}) {
  const context = await browser.newContext({viewport: look.viewport, colorScheme: look.colorScheme, ...more});
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('request', (request) => request.url() === `file://${file}` || faults.push(`asks for ${request.url()}`));
  await page.goto(`file://${file}`);
  return page;
}

async function isLegible(browser, look) {
  const page = await open(browser, look);
  if (pictures) await page.screenshot({path: join(pictures, `report-${look.name}.png`), fullPage: true});
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the report on ${look.name} is ${overflow} px wider than the window`);
  await page.evaluate(axeSource);
  const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), [], look.name);
  await page.context().close();
}

async function sortsByKeyboard(browser) {
  const page = await open(browser, looks[0]);
  const heading = page.locator('.ranks table').first().locator('thead button', {hasText: 'Recall'});
  const recalls = () => page.evaluate(() => {
    const table = document.querySelector('.ranks table');
    const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent.startsWith('Recall'));
    return [...table.tBodies[0].rows].map((row) => parseFloat(row.cells[column].textContent.replace('–', 'NaN')));
  });
  await heading.focus();
  await page.keyboard.press('Enter');
  const down = await recalls();
  assert.deepEqual(down, [...down].sort((a, b) => b - a));
  await page.keyboard.press('Enter');
  const up = await recalls();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  assert.equal(await page.locator('th[aria-sort=ascending]').count(), 1);
  await page.context().close();
}

async function readsWithoutScript(browser) {
  const page = await open(browser, looks[0], {javaScriptEnabled: false});
  assert.equal(await page.locator('thead button').count(), 0);
  assert.match(await page.locator('.advice').innerText(), /Offer with model-/);
  assert.ok(await page.locator('svg:visible').count() >= 8);
  await page.locator('summary').first().click();
  assert.ok(await page.locator('details table').first().isVisible());
  await page.context().close();
}

const browser = await chromium.launch({executablePath: process.env.PROVECHO_CHROMIUM, args: ['--no-sandbox', '--disable-gpu']});
try {
  for (const look of looks) await isLegible(browser, look);
  await sortsByKeyboard(browser);
  await readsWithoutScript(browser);
  assert.deepEqual(faults, []);
  console.log('the report is legible, sorts and asks for nothing');
} finally {
  await browser.close();
  rmSync(folder, {recursive: true});
}
