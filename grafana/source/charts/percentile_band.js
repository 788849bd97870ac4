// A year against the others: the bands of 10-90 % and 25-75 %, the median, and the year itself.
// context.variableName, context.unit, context.year.

function percentileBandChart(rows, context) {
  const colours = chartColours(context.dark);
  const name = context.variableName || 'valor';
  const unit = context.unit || '';
  const column = (key) => rows.map((row) => numberOf(row[key]));
  const [p10, p25, p50, p75, p90, value] = ['p10', 'p25', 'p50', 'p75', 'p90', 'value'].map(column);
  if (![...p50, ...value].some((it) => it !== null)) return emptyOption(context, `Nenhum valor diário de ${name} para comparar.`);
  if (!p50.some((it) => it !== null)) return emptyOption(context, `Não há outro ano de ${name} com que comparar ${context.year || 'este'}.`);
  // Days of a leap year, so that 29 February has a place; the text of the answer wins where it is.
  const days = rows.map((row) => (row.day ? String(row.day).slice(5).split('-').reverse().join('/')
    : dayText(Date.UTC(2024, 0, Number(row.day_of_year))).slice(0, 5)));
  const compared = value.filter((it, i) => it !== null && p50[i] !== null).length;
  const above = value.filter((it, i) => it !== null && p90[i] !== null && it > p90[i]).length;
  const below = value.filter((it, i) => it !== null && p10[i] !== null && it < p10[i]).length;
  const year = context.year ? String(context.year) : 'o ano';
  // A band is its lower edge, not drawn, and its height stacked upon it, whatever the sign.
  const band = (label, low, high, opacity) => [
    { name: `${label} base`, data: low, areaStyle: undefined, tooltip: { show: false } },
    { name: label, data: high.map((it, i) => (it === null || low[i] === null ? null : it - low[i])), areaStyle: { color: colours.wind, opacity } },
  ].map((line) => ({
    ...line, type: 'line', stack: label, stackStrategy: 'all', symbol: 'none', silent: true, connectNulls: false,
    lineStyle: { opacity: 0 }, itemStyle: { color: colours.wind, opacity: Math.min(1, opacity * 2) },
  }));
  return {
    ...baseOption(context, `${capital(name)} em ${year} contra os outros anos da estação: dos ${compared} dias comparáveis, `
      + `${above} acima do percentil 90 e ${below} abaixo do percentil 10.`),
    legend: legendOf(context, { data: [...['10–90 %', '25–75 %'].map((name) => ({ name, icon: 'rect' })), 'mediana', year] }),
    grid: { left: 8, right: 16, top: legendRoom(context, ['10–90 %', '25–75 %', 'mediana', year]) + 34, bottom: 8, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis',
      formatter: (items) => {
        const i = items[0].dataIndex;
        return tooltipText(days[i], [[year, numberText(value[i], 1, unit)], ['mediana', numberText(p50[i], 1, unit)],
          ['25–75 %', `${numberText(p25[i], 1)} a ${numberText(p75[i], 1, unit)}`], ['10–90 %', `${numberText(p10[i], 1)} a ${numberText(p90[i], 1, unit)}`]]);
      },
    },
    xAxis: axisOf(context, {
      type: 'category', data: days, boundaryGap: false,
      axisTick: { interval: (i, text) => text.startsWith('01/') },
      axisLabel: { interval: (i, text) => text.startsWith('01/'), formatter: (text) => MONTHS[Number(text.slice(3, 5)) - 1] },
    }),
    yAxis: valueAxis(context, unit, { scale: true }),
    series: [
      ...band('10–90 %', p10, p90, 0.22), ...band('25–75 %', p25, p75, 0.34),
      { name: 'mediana', type: 'line', symbol: 'none', connectNulls: false, data: p50, lineStyle: { color: colours.quiet, width: 1.5, type: 'dashed' }, itemStyle: { color: colours.quiet } },
      { name: year, type: 'line', symbol: 'none', connectNulls: false, data: value, lineStyle: { color: colours.temperature, width: 2 }, itemStyle: { color: colours.temperature } },
    ],
  };
}
