// Where the wind comes from and how strong: 16 sectors, stacked by speed, north on top.
// Calm hours have no direction: they are counted in the middle's caption, not drawn in a sector.

const SECTORS = ['N', 'NNE', 'NE', 'ENE', 'E', 'ESE', 'SE', 'SSE', 'S', 'SSW', 'SW', 'WSW', 'W', 'WNW', 'NW', 'NNW'];
const SECTOR_NAMES = ['N', 'NNE', 'NE', 'ENE', 'L', 'ESE', 'SE', 'SSE', 'S', 'SSO', 'SO', 'OSO', 'O', 'ONO', 'NO', 'NNO'];
const SPEED_CLASSES = ['0.5-2', '2-4', '4-6', '6-8', '>= 8'];
const SPEED_NAMES = ['0,5–2 m/s', '2–4 m/s', '4–6 m/s', '6–8 m/s', '≥ 8 m/s'];
const CALM = 'calmaria';

function windRoseChart(rows, context) {
  const colours = chartColours(context.dark);
  const total = rows.reduce((sum, row) => sum + (numberOf(row.hours) ?? 0), 0);
  if (total === 0) return emptyOption(context, 'Nenhuma hora com direção e velocidade do vento neste período.');
  const hours = (sector, speed) => rows
    .filter((row) => row.sector === sector && (speed === undefined || row.speed_class === speed))
    .reduce((sum, row) => sum + (numberOf(row.hours) ?? 0), 0);
  const sectors = SECTORS.map((sector) => hours(sector));
  const first = sectors.indexOf(Math.max(...sectors));
  const calm = hours(CALM);
  return {
    ...baseOption(context, `Rosa dos ventos de ${numberText(total, 0)} horas: mais frequente de ${SECTOR_NAMES[first]} `
      + `(${shareText(sectors[first] / total)}); calmaria (menos de 0,5 m/s) em ${shareText(calm / total)}.`),
    legend: legendOf(context, { data: SPEED_NAMES }),
    title: {
      text: `calmaria: ${shareText(calm / total)}`, left: 'center', bottom: 0,
      textStyle: { color: colours.text, fontSize: 12, fontWeight: 'normal' },
    },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(`vento de ${SECTOR_NAMES[item.dataIndex]}, ${item.seriesName}`, [
        ['horas', numberText(hours(SECTORS[item.dataIndex], SPEED_CLASSES[item.seriesIndex]), 0)],
        ['das horas', shareText(item.value / 100)], ['todo o setor', shareText(sectors[item.dataIndex] / total)]]),
    },
    polar: { radius: ['6%', context.narrow ? '66%' : '74%'], center: ['50%', '52%'] },
    // Half a sector further than straight up, so that north's middle is on top.
    angleAxis: axisOf(context, {
      type: 'category', data: SECTOR_NAMES, startAngle: 90 + 360 / 32, clockwise: true,
      axisTick: { show: false }, splitLine: { show: false },
      axisLabel: { color: colours.text, fontSize: 12, hideOverlap: false, interval: context.narrow ? 1 : 0 },
    }),
    radiusAxis: axisOf(context, {
      type: 'value', min: 0, splitNumber: 3, axisLine: { show: false }, axisTick: { show: false }, z: 10,
      axisLabel: { showMaxLabel: false, formatter: (value) => (value === 0 ? '' : `${value.toLocaleString('pt-BR')} %`), color: colours.text, fontSize: 10 },
    }),
    series: SPEED_CLASSES.map((speed, number) => ({
      name: SPEED_NAMES[number], type: 'bar', coordinateSystem: 'polar', stack: 'vento', barCategoryGap: '8%',
      itemStyle: { color: colours.speeds[number], borderColor: colours.ground, borderWidth: 0.5 },
      data: SECTORS.map((sector) => (100 * hours(sector, speed)) / total),
    })),
  };
}
