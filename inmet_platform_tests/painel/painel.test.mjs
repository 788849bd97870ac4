// The Painel in a real browser, on the data service at PAINEL_URL: every look, and what one does on it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { buildFile, openBrowser, openPage } from '../browser.mjs';

const url = process.env.PAINEL_URL;
const station = process.env.PAINEL_STATION;
const period = `de=${process.env.PAINEL_FROM}&ate=${process.env.PAINEL_TO}`;
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

async function open(options, query = `estacao=${station}&${period}`) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${url}/?${query}`);
  await loaded(opened.page);
  return opened;
}

const loaded = (page) => page.waitForFunction(() => document.querySelector('#now').children.length
  && !document.querySelector('#main').hasAttribute('aria-busy'));

async function seriousFindings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
}

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${width} px, ${colorScheme}: drawn, quiet, no sideways scroll, accessible`, async () => {
      const { context, page, complaints } = await open({ viewport: { width, height: 900 }, colorScheme });
      const cards = await page.$$eval('.card', (all) => all.map((card) => ({
        id: card.id, empty: card.classList.contains('empty'), plot: Boolean(card.querySelector('.plot')), marks: card.querySelectorAll('.plot svg path').length,
        text: card.querySelectorAll('.plot svg text').length, summary: card.querySelector('.summary')?.textContent,
        label: card.querySelector('.plot')?.getAttribute('aria-label'), failed: Boolean(card.querySelector('.notice button')) })));
      assert.equal(cards.length, 21);
      for (const card of cards) {
        assert.ok(!card.failed, `${card.id} failed`);
        if (!card.plot) continue;
        assert.ok(card.text > 0 && (card.marks > 3 || card.empty), `${card.id} is blank`);
        assert.ok(card.summary.length > 20 && card.summary === card.label, `${card.id} has no words`);
      }
      const drawn = cards.filter(({ marks }) => marks > 10).map(({ id }) => id);
      for (const id of ['rain-accumulated', 'rain-classes', 'time-series', 'wind-rose', 'station-map', 'climogram', 'completeness']) assert.ok(drawn.includes(id), `${id} is empty`);
      assert.equal(await page.$eval('html', (root) => root.dataset.theme), colorScheme);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'scrolls sideways');
      assert.match(await page.textContent('.source'), /Fonte: INMET/);
      assert.match(await page.textContent('#scores'), /Versão 2\. É a treinada por último; quem prevê é a versão 1/);
      assert.match(await page.textContent('#scores'), /treino 01\/01\/2023 00 h a 31\/12\/2023 23 h/);
      assert.deepEqual(await seriousFindings(page), []);
      assert.deepEqual(complaints, []);
      await page.screenshot({ path: buildFile('painel', `${width}-${colorScheme}.png`), fullPage: true });
      await context.close();
    });
  }
}

test('a station is found by its name without accents and by keys alone, and kept in the address', async () => {
  const { context, page, complaints } = await open({ viewport: { width: 1000, height: 800 } });
  const other = await page.evaluate((code) => stations.find((it) => it.station_id !== code && it.name), station);
  await page.focus('#station');
  await page.keyboard.type(other.name.toLowerCase());
  await page.waitForSelector('#stations li[aria-selected="true"]');
  assert.equal(await page.getAttribute('#station', 'aria-expanded'), 'true');
  assert.equal(await page.getAttribute('#station', 'aria-activedescendant'), 'option-0');
  assert.deepEqual(await seriousFindings(page), []);
  await page.keyboard.press('Enter');
  await page.waitForFunction((code) => new URLSearchParams(location.search).get('estacao') === code, other.station_id);
  await loaded(page);
  assert.ok((await page.textContent('#now')).includes(other.station_id));
  await page.goBack();
  await page.waitForFunction((code) => document.querySelector('#station').value.startsWith(code), station);
  await loaded(page);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a choice asks again, and the table shows what the chart shows', async () => {
  const { context, page } = await open({ viewport: { width: 1000, height: 800 } });
  const answer = page.waitForResponse((it) => it.url().includes('/classes') && it.url().includes('scale=wmo') && it.url().includes('by=total'));
  await page.selectOption('#choice-rain-classes', 'wmo');
  const { rows } = await (await answer).json();
  await page.waitForFunction(() => document.querySelector('#rain-classes .summary')?.textContent.includes('OMM'));
  await page.click('#rain-classes summary');
  await page.waitForSelector('#rain-classes tbody tr');
  const shown = await page.$$eval('#rain-classes tbody tr', (all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(shown.map(([name, hours]) => [name, hours]), rows.map((row) => [row.class, row.hours.toLocaleString('pt-BR')]));
  await context.close();
});

test('the theme is switched and remembered', async () => {
  const { context, page } = await open({ viewport: { width: 1000, height: 800 }, colorScheme: 'light' });
  const ink = () => page.$eval('#rain-classes .plot svg text', (text) => text.getAttribute('fill'));
  const before = await ink();
  await page.click('#theme');
  assert.equal(await page.$eval('html', (root) => root.dataset.theme), 'dark');
  assert.notEqual(await ink(), before);
  await page.reload();
  assert.equal(await page.$eval('html', (root) => root.dataset.theme), 'dark');
  await context.close();
});

test('printed on paper the page is light, whatever the theme', async () => {
  const { context, page } = await open({ viewport: { width: 1000, height: 800 }, colorScheme: 'dark' });
  const dark = await page.$eval('#rain-classes .plot svg text', (text) => text.getAttribute('fill'));
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  assert.notEqual(await page.$eval('#rain-classes .plot svg text', (text) => text.getAttribute('fill')), dark);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.pdf({ path: buildFile('painel', 'print.pdf'), format: 'A4' });
  await context.close();
});

test('a period without data says that there is none, and draws no zero', async () => {
  const { context, page } = await open({ viewport: { width: 1000, height: 800 } }, `estacao=${station}&de=1990-01-01&ate=1990-01-31`);
  assert.match(await page.textContent('#rain-accumulated .body'), /não é o mesmo que "sem chuva"|não há dados/i);
  assert.deepEqual(await seriousFindings(page), []);
  await context.close();
});

test('an unknown station is told, and the newest one is shown', async () => {
  const { context, page } = await open({ viewport: { width: 1000, height: 800 } }, 'estacao=X000');
  assert.match(await page.textContent('#message'), /X000 não é conhecida/);
  await context.close();
});

test('a service that does not answer is told with what to do, and a card can be asked again', async () => {
  const { context, page } = await openPage(browser, { viewport: { width: 1000, height: 800 } });
  await page.route('**/classes?*by=total*', (route) => route.abort());
  await page.goto(`${url}/?estacao=${station}&${period}`);
  await loaded(page);
  assert.match(await page.textContent('#rain-classes .notice'), /não responde.*make up/);
  await page.unroute('**/classes?*by=total*');
  await page.click('#rain-classes .notice button');
  await page.waitForSelector('#rain-classes .plot svg');
  await context.close();
});

test('without any station the page says how to begin', async () => {
  const { context, page, complaints } = await openPage(browser, { viewport: { width: 390, height: 800 } });
  await page.route('**/stations?', (route) => route.fulfill({ json: { rows: [] } }));
  await page.goto(`${url}/`);
  await page.waitForFunction(() => document.querySelector('#message').textContent.includes('make run'));
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});
