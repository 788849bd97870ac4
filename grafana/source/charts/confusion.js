// What was said against what came. Rows: observed, said (classes in words, from dry up), hours.
// Colour is the share of the observed class: counts alone would show nothing but dry hours.

function confusionChart(rows, context) {
  const colours = chartColours(context.dark);
  const classes = (key) => [...new Set(rows.map((row) => String(row[key])))];
  const observed = classes('observed');
  const predicted = classes('said');
  const cells = rows.map((row) => ({ observed: String(row.observed), predicted: String(row.said), hours: numberOf(row.hours) }));
  const total = cells.reduce((sum, { hours }) => sum + (hours ?? 0), 0);
  if (total === 0) return emptyOption(context, 'O modelo ainda não tem matriz de confusão.');
  const of = (name) => cells.filter((it) => it.observed === name).reduce((sum, { hours }) => sum + (hours ?? 0), 0);
  const share = (it) => (it.hours === null || of(it.observed) === 0 ? null : it.hours / of(it.observed));
  const hit = cells.filter((it) => it.observed === it.predicted).reduce((sum, { hours }) => sum + (hours ?? 0), 0);
  return {
    ...baseOption(context, `Matriz de confusão de ${numberText(total, 0)} horas: ${shareText(hit / total)} na diagonal. ${observed
      .map((name) => `Observado ${name}: ${numberText(of(name), 0, 'h')}`).join('; ')}.`),
    grid: { left: 28, right: 16, top: 8, bottom: 32, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(`observado ${item.data.observed}, previsto ${item.data.predicted}`, [['horas', numberText(item.data.hours, 0)], ['do observado', shareText(item.data.share)]]),
    },
    visualMap: { show: false, seriesIndex: 0, dimension: 2, min: 0, max: 100, inRange: { color: [colours.rainDays[0], colours.rainDays[context.dark ? 2 : 3]] } },
    xAxis: axisOf(context, { type: 'category', data: predicted, name: 'previsto', nameLocation: 'middle', nameGap: 28, axisLabel: { color: colours.text, interval: 0 }, axisTick: { show: false } }),
    yAxis: axisOf(context, { type: 'category', data: observed, inverse: true, name: 'observado', nameLocation: 'middle', nameGap: 66, axisLabel: { color: colours.text, interval: 0 }, axisTick: { show: false } }),
    series: [{
      type: 'heatmap', itemStyle: { borderColor: colours.ground, borderWidth: 2 },
      label: { show: true, color: colours.text, fontSize: context.narrow ? 10 : 12, lineHeight: 17, formatter: (item) => `${numberText(item.data.hours, 0)}\n${shareText(item.data.share)}` },
      data: cells.map((it) => ({
        value: [predicted.indexOf(it.predicted), observed.indexOf(it.observed), share(it) === null ? 0 : share(it) * 100], share: share(it), ...it,
      })),
    }],
  };
}
