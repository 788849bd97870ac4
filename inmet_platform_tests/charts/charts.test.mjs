// Every chart as a function: no exception on any rows, and the numbers of its option are right.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { charts, files } from './charts.mjs';
import { allNull, cases } from './rows.mjs';

const context = (name, more) => ({ dark: false, narrow: false, width: 800, height: 400, ...cases[name].context, ...more });
const option = (name, rows = cases[name].rows, more = {}) => charts[name](rows, context(name, more));
const words = (it) => it.aria.label.description;
const seriesNamed = (it, name) => it.series.find((series) => series.name === name);

test('every chart file has a case', () => {
  const functions = Object.keys(charts).filter((name) => name.endsWith('Chart'));
  assert.deepEqual(functions.sort(), Object.keys(cases).sort());
  assert.equal(files.length, functions.length + 4);
});

for (const name of Object.keys(cases)) {
  test(`${name}: without rows it says so and draws nothing`, () => {
    const empty = option(name, []);
    assert.equal(empty.series, undefined);
    assert.ok(empty.title.text.length > 20);
    assert.equal(words(empty), empty.title.text);
  });

  test(`${name}: where nothing was measured no number is shown`, () => {
    const nothing = option(name, allNull(cases[name].rows));
    const known = (nothing.series || []).flatMap((series) => series.data || [])
      .filter((item) => typeof item === 'number' || (Array.isArray(item) && typeof item[1] === 'number'));
    assert.deepEqual(known, name === 'stationMapChart' ? known : []);
    if (name !== 'stationMapChart') assert.ok(nothing.title, 'an empty chart says that it is');
  });

  test(`${name}: rows and context are left as they were`, () => {
    const before = JSON.stringify(cases[name].rows);
    option(name);
    assert.equal(JSON.stringify(cases[name].rows), before);
  });

  test(`${name}: the option is the same in every time zone`, () => {
    const zone = process.env.TZ;
    const options = ['UTC', 'America/Sao_Paulo', 'Pacific/Auckland'].map((it) => {
      process.env.TZ = it;
      return JSON.stringify(option(name));
    });
    if (zone === undefined) delete process.env.TZ; else process.env.TZ = zone;
    assert.equal(new Set(options).size, 1);
  });
}

test('a class without an hour has no length, one hour can be seen, missing stands last', () => {
  const it = option('rainClassesChart');
  assert.deepEqual(it.yAxis.data, ['sem chuva', 'fraca', 'moderada', 'forte', 'muito forte', '', 'sem dado']);
  const length = Object.fromEntries(it.series[0].data.map(({ name, value }) => [name, value]));
  assert.equal(length['muito forte'], 0);
  assert.ok(Math.abs(length.forte - Math.log10(2)) < 1e-12);
  assert.match(words(it), /forte: 1 h {2}\(0,01 %\)/);
  assert.match(words(it), /sem dado: 422 h {2}\(4,8 % do período\)/);
});

test('a month without any rain data has no bar and a full stripe', () => {
  const it = option('rainClassesByMonthChart');
  assert.deepEqual(seriesNamed(it, 'fraca').data.slice(4, 7), [72, null, 78]);
  assert.deepEqual(seriesNamed(it, 'sem dado').data[5], 100);
  assert.equal(seriesNamed(it, 'sem dado').data[0], 0);
});

test('hours without rain data are marked as an area, and have no bar', () => {
  const it = option('rainAccumulatedChart');
  const start = Date.UTC(2024, 0, 1);
  const areas = seriesNamed(it, 'sem dado').data.map((run) => run.map((wall) => (wall - start) / 3600000));
  assert.deepEqual(areas, [[99, 129]]);
  assert.equal(seriesNamed(it, 'chuva na hora').data[110][1], null);
  assert.match(words(it), /passos de hora sem dado: 30\./);
});

test('a longer step is told by its begin', () => {
  const rows = [1, null, 3].map((precipitation_mm, i) => ({ at: `2024-01-0${i + 1}T00:00:00-03:00`, precipitation_mm, accumulated_mm: 1 + i }));
  const it = option('rainAccumulatedChart', rows, { stepHours: 24 });
  const day = (number) => Date.UTC(2024, 0, number);
  assert.deepEqual(seriesNamed(it, 'sem dado').data, [[day(2), day(3)]]);
  assert.deepEqual(seriesNamed(it, 'acumulada').data[2], [day(4), 3]);
  assert.match(words(it), /3,0 mm no total; maior valor por dia: 3,0 mm, 03\/01\/2024/);
});

test('a gap of a series stays a gap, and a lone value gets a dot', () => {
  const it = option('seriesChart');
  const temperature = seriesNamed(it, 'temperatura');
  assert.equal(temperature.data[160][1], null);
  assert.equal(temperature.connectNulls, false);
  const rows = [null, 7, null].map((temperature_c, i) => ({ at: `2024-01-01T0${i}:00:00-03:00`, temperature_c }));
  const lone = option('seriesChart', rows).series[0];
  assert.deepEqual([0, 1].map((dataIndex) => lone.symbolSize(null, { dataIndex })), [0, 4]);
});

test('a day lies in its own month and row, a dry day is not a missing one', () => {
  const it = option('rainCalendarChart');
  const dry = seriesNamed(it, '0').data;
  const missing = seriesNamed(it, 'sem dado').data;
  assert.equal(missing.length, 8);
  assert.deepEqual(missing[0].value, [7, 0, null]);
  const last = [...it.series].flatMap(({ data }) => data).find(({ day }) => day === '2024-12-31');
  assert.deepEqual(last.value.slice(0, 2), [30, 11]);
  assert.ok(dry.every(({ mm }) => mm === 0));
  assert.equal(it.series.reduce((sum, { data }) => sum + data.length, 0), 366);
});

test('bounds of a daily class belong to the lower one', () => {
  assert.deepEqual([0, 0.2, 1, 1.2, 5, 10, 25, 50, 50.2].map(charts.rainDayClass), [0, 1, 1, 2, 2, 3, 4, 5, 6]);
});

test('sectors and calm hours are shares of all hours with wind', () => {
  const it = option('windRoseChart');
  const total = cases.windRoseChart.rows.reduce((sum, row) => sum + row.hours, 0);
  const drawn = it.series.flatMap(({ data }) => data).reduce((sum, share) => sum + share, 0);
  assert.ok(Math.abs(drawn + (100 * 300) / total - 100) < 1e-9);
  assert.equal(it.angleAxis.startAngle, 101.25);
  assert.match(words(it), /mais frequente de L /);
});

test('a month without a mean is missing in the climogram, not zero', () => {
  const it = option('climogramChart');
  assert.equal(seriesNamed(it, 'chuva').data[6], null);
  assert.equal(seriesNamed(it, 'chuva').data[0], 200);
  assert.equal(seriesNamed(it, 'temp. máxima').data[6], null);
});

test('cells of hour and month: known ones are coloured, missing ones striped', () => {
  const it = option('hourMonthChart');
  assert.equal(it.series[0].data.length, 282);
  assert.equal(it.series[1].data.length, 6);
  assert.deepEqual(it.series[1].data[0].value, [0, 3]);
});

test('a band is its lower edge and its height, the year has its gap', () => {
  const it = option('percentileBandChart');
  const row = cases.percentileBandChart.rows[10];
  assert.equal(seriesNamed(it, '10–90 % base').data[10], row.p10);
  assert.ok(Math.abs(seriesNamed(it, '10–90 %').data[10] - (row.p90 - row.p10)) < 1e-9);
  assert.equal(seriesNamed(it, '2024').data[210], null);
});

test('stations outside the map are named, those without a place are left out', () => {
  const it = option('stationMapChart');
  const drawn = it.series.filter(({ type, name }) => type === 'scatter' && name !== 'estação escolhida').flatMap(({ data }) => data);
  assert.equal(drawn.length, 120);
  assert.match(words(it), /Fora do mapa: C891/);
  assert.equal(seriesNamed(it, 'sem dado').data.length, 20);
  assert.deepEqual(seriesNamed(it, 'estação escolhida').data[0].value, [-60, -27.4]);
});

test('names of stations cannot bring markup into a tooltip', () => {
  const it = option('stationMapChart');
  const item = { data: seriesNamed(it, 'fraca').data[0] };
  assert.match(it.tooltip.formatter(item), /ESTAÇÃO &lt;1&gt;/);
});

test('a degree is as long in both directions', () => {
  for (const [width, height] of [[360, 400], [900, 600], [1300, 500]]) {
    const { west, east, south, north } = charts.mapWindow({ width, height });
    assert.ok(Math.abs((east - west) / (width - 44) - (north - south) / (height - charts.mapMargin({ width }).top - 24)) < 1e-9);
    assert.ok(west <= -74 && east >= -34 && south <= -34 && north >= 5.3);
  }
});

test('completeness of nothing is 0 %, unknown is striped', () => {
  const it = option('completenessChart');
  assert.equal(it.series[0].data.filter(({ value }) => value[2] === 0).length, 4);
  assert.equal(it.series[1].data.length, 1);
});

test('rules are ordered by what they found, those that found nothing are not drawn', () => {
  const it = option('qualityChart');
  assert.equal(it.yAxis.data.length, 14);
  assert.equal(it.yAxis.data[0], 'Regra número 0 da chuva e da temperatura');
  assert.ok(Math.abs(seriesNamed(it, 'suspeitas').data[0].value - Math.log10(12001)) < 1e-12);
  assert.match(words(it), /19 de 20 testes/);
});

test('the chance of rain is shown in per cent, a tiny one is not zero', () => {
  const it = option('forecastChart');
  assert.deepEqual(it.series[0].data.map(({ value }) => Math.round(value * 10) / 10), [82, 13, 0.4]);
  assert.equal(charts.shareText(0.00001), '< 0,01 %');
});

test('a month without an anomaly is marked, wet and dry months differ in colour', () => {
  const it = option('anomaliesChart');
  const [rain] = it.series;
  assert.deepEqual([0, 7, 9].map((i) => rain.data[i].value), [60, null, -3]);
  assert.notEqual(rain.data[0].itemStyle.color, rain.data[9].itemStyle.color);
  assert.deepEqual(it.series[2].data, [[7]]);
});

test('a point of reliability lies at what was said and what came', () => {
  const it = option('reliabilityChart');
  assert.deepEqual(it.series.map(({ name }) => name), ['modelo', 'Markov']);
  assert.deepEqual(it.series[0].data[2].value.map((value) => Math.round(value)), [25, 24]);
});

test('a cell of the confusion is a share of what was observed', () => {
  const it = option('confusionChart');
  const cell = it.series[0].data.find(({ observed, predicted }) => observed === '≤ 5 mm' && predicted === '≤ 5 mm');
  assert.ok(Math.abs(cell.share - 2500 / 4100) < 1e-12);
});

test('frames of Grafana become rows', () => {
  const frame = (from) => ({ fields: [{ name: 'at', values: ['a', 'b'] }, { name: 'mm', values: [from, undefined] }] });
  assert.deepEqual(charts.rowsOf([frame(1), frame(2)]), [
    { at: 'a', mm: 1 }, { at: 'b', mm: null }, { at: 'a', mm: 2 }, { at: 'b', mm: null }]);
  assert.deepEqual(charts.rowsOf(undefined), []);
});

test('a chart runs in Grafana as its text', () => {
  const panel = { chart: { getWidth: () => 400, getHeight: () => 300 }, data: { series: [{ fields: [
    { name: 'class', values: ['sem chuva', 'fraca'] }, { name: 'hours', values: [9, 1] }] }] } };
  const it = charts.rainClassesChart(charts.rowsOf(panel.data.series), charts.chartContext({ panel, grafana: { theme: { isDark: true } } }));
  assert.equal(it.textStyle.color, charts.chartColours(true).text);
  assert.deepEqual(it.yAxis.data, ['sem chuva', 'fraca', '', 'sem dado']);
});
