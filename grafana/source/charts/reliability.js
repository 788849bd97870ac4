// Said and come: of the hours given a probability, how many had rain. On the diagonal it is honest.
// Rows: said, seen (shares of 1), hours, and contender where there are several. context.contenderNames: in words.

function reliabilityChart(rows, context) {
  const colours = chartColours(context.dark);
  const points = rows.map((row) => ({
    contender: String(row.contender ?? 'model'), predicted: numberOf(row.said), observed: numberOf(row.seen), hours: numberOf(row.hours),
  })).filter(({ predicted, observed }) => predicted !== null && observed !== null);
  if (!points.length) return emptyOption(context, 'O modelo ainda não tem curva de confiabilidade.');
  const names = { model: 'modelo', markov: 'Markov', climatology: 'climatologia', persistence: 'persistência', logistic: 'regressão logística', ...context.contenderNames };
  const contenders = [...new Set(points.map(({ contender }) => contender))];
  const palette = [colours.rain, colours.temperature, colours.humidity, colours.pressure, colours.gust];
  const most = Math.max(1, ...points.map(({ hours }) => hours ?? 0));
  const worst = points.reduce((far, it) => (Math.abs(it.predicted - it.observed) > Math.abs(far.predicted - far.observed) ? it : far));
  const axis = (name, more) => axisOf(context, {
    type: 'value', min: 0, max: 100, interval: 25, name, nameLocation: 'middle', axisLabel: { formatter: '{value} %' }, ...more,
  });
  return {
    ...baseOption(context, `Confiabilidade em ${points.length} faixas de probabilidade. Maior distância da diagonal: disse `
      + `${shareText(worst.predicted)}, choveu em ${shareText(worst.observed)} (${names[worst.contender] || worst.contender}).`),
    legend: legendOf(context, { data: contenders.map((name) => names[name] || name) }),
    grid: { left: 28, right: 20, top: 40, bottom: 28, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(item.seriesName, [['previsto', shareText(item.data.predicted)], ['observado', shareText(item.data.observed)], ['horas', numberText(item.data.hours, 0)]]),
    },
    xAxis: axis('probabilidade prevista', { nameGap: 28 }),
    yAxis: axis('frequência observada', { nameGap: 44 }),
    series: contenders.map((contender, number) => ({
      name: names[contender] || contender, type: 'line', symbol: ['circle', 'rect', 'triangle', 'diamond', 'pin'][number % 5],
      lineStyle: { width: 2, color: palette[number % 5] }, itemStyle: { color: palette[number % 5] },
      data: points.filter((it) => it.contender === contender).sort((a, b) => a.predicted - b.predicted)
        .map((it) => ({ value: [it.predicted * 100, it.observed * 100], symbolSize: 5 + 11 * Math.sqrt((it.hours ?? 0) / most), ...it })),
      ...(number === 0 ? {
        markLine: {
          silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colours.quiet, type: 'dashed' },
          data: [[{ coord: [0, 0] }, { coord: [100, 100] }]],
        },
      } : {}),
    })),
  };
}
