// Every chart drawn by real ECharts in a real browser, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { buildFile, openBrowser, openPage } from '../browser.mjs';
import { charts, source } from './charts.mjs';
import { cases } from './rows.mjs';

const echartsFile = new URL('../../data_service/static/vendor/echarts.min.js', import.meta.url).pathname;
let browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

// Draws one chart; tells how many colours its pixels have, and what share is not the ground.
async function draw(page, name, rows, context) {
  return page.evaluate(([chartName, chartRows, chartContextOf]) => {
    document.body.innerHTML = '<div id="plot"></div>';
    const plot = document.getElementById('plot');
    Object.assign(plot.style, { width: `${chartContextOf.width}px`, height: `${chartContextOf.height}px` });
    document.body.style.background = chartColours(chartContextOf.dark).ground;
    const chart = echarts.init(plot, null, { renderer: 'canvas', devicePixelRatio: 1 });
    chart.setOption(window[chartName](chartRows, chartContextOf));
    chart.getZr().flush();
    const canvas = chart.renderToCanvas({ pixelRatio: 1 });
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let inked = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 0) inked += 1;
      colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    }
    return { colours: colours.size, inked: inked / (data.length / 4), label: plot.getAttribute('aria-label') };
  }, [name, rows, context]);
}

for (const dark of [false, true]) {
  for (const width of [760, 340]) {
    const look = `${dark ? 'dark' : 'light'}-${width}`;
    test(`every chart is drawn, ${look}`, async () => {
      const { context: session, page, complaints } = await openPage(browser, { viewport: { width, height: 420 } });
      await page.setContent('<!doctype html><html lang="pt-BR"><style>body{margin:0;font:12px "DejaVu Sans",sans-serif}</style><body></body></html>');
      await page.addScriptTag({ path: echartsFile });
      await page.addScriptTag({ content: source });
      for (const [name, { rows, context }] of Object.entries(cases)) {
        const where = { dark, narrow: width < 520, ...context, width, height: 420 };
        const { colours, inked, label } = await draw(page, name, rows, where);
        assert.ok(colours > 20 && inked > 0.02, `${name} is blank: ${colours} colours, ${inked} inked`);
        assert.equal(label, charts[name](rows, where).aria.label.description);
        await page.screenshot({ path: buildFile('charts', `${name}-${look}.png`) });
      }
      assert.deepEqual(complaints, []);
      await session.close();
    });
  }
}

test('an empty chart says so in the picture', async () => {
  const { page, complaints } = await openPage(browser, { viewport: { width: 340, height: 300 } });
  await page.setContent('<!doctype html><html lang="pt-BR"><body></body></html>');
  await page.addScriptTag({ path: echartsFile });
  await page.addScriptTag({ content: source });
  for (const name of Object.keys(cases)) {
    const { inked } = await draw(page, name, [], { dark: false, narrow: true, width: 340, height: 300 });
    assert.ok(inked > 0.005, `${name} without rows is blank`);
  }
  assert.deepEqual(complaints, []);
});

test('the library in the page is the pinned one', () => {
  const packed = JSON.parse(readFileSync(new URL('../../node_modules/echarts/package.json', import.meta.url)));
  const kept = readFileSync(echartsFile);
  const origin = readFileSync(new URL('../../node_modules/echarts/dist/echarts.min.js', import.meta.url));
  assert.ok(kept.equals(origin), `run make vendor: it is not echarts ${packed.version}`);
});
