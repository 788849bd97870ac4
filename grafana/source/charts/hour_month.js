// The mean of a variable by local hour and month. context.variableName and context.unit: in words.

function hourMonthChart(rows, context) {
  const colours = chartColours(context.dark);
  const cells = rows.map((row) => ({ hour: Number(row.hour), month: Number(row.month), mean: numberOf(row.mean), hours: numberOf(row.hours) }));
  const range = extent(cells.map(({ mean }) => mean));
  const name = context.variableName || 'valor médio';
  if (!range) return emptyOption(context, `Nenhum valor de ${name} neste período.`);
  const unit = context.unit || '';
  const seen = new Map(cells.map((it) => [`${it.month} ${it.hour}`, it]));
  const grid = MONTHS.flatMap((_, m) => Array.from({ length: 24 }, (__, h) => seen.get(`${m + 1} ${h}`) || { hour: h, month: m + 1, mean: null, hours: 0 }));
  const known = grid.filter(({ mean }) => mean !== null);
  const most = known.find(({ mean }) => mean === range[1]);
  const least = known.find(({ mean }) => mean === range[0]);
  const where = ({ month, hour }) => `${MONTHS[month - 1]}, ${two(hour)} h`;
  return {
    ...baseOption(context, `${capital(name)} por hora local e mês: maior em ${where(most)} (${numberText(range[1], 1, unit)}), `
      + `menor em ${where(least)} (${numberText(range[0], 1, unit)}); ${grid.length - known.length} de 288 células sem dado (listras).`),
    grid: { left: 8, right: 12, top: 12, bottom: 62, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(where(item.data), [[name, numberText(item.data.mean, 1, unit)], ['horas', numberText(item.data.hours, 0)]]),
    },
    // Of the heat map alone: it would make the empty cells invisible.
    visualMap: {
      type: 'continuous', seriesIndex: 0, dimension: 2, min: range[0], max: range[1] > range[0] ? range[1] : range[0] + 1,
      orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 12, itemHeight: context.narrow ? 120 : 200, calculable: false,
      text: [numberText(range[1], 1, unit), numberText(range[0], 1, unit)], textStyle: { color: colours.text },
      inRange: { color: colours.sequence },
    },
    xAxis: axisOf(context, { type: 'category', data: Array.from({ length: 24 }, (_, h) => `${two(h)} h`), axisLabel: { interval: context.narrow ? 5 : 2 } }),
    yAxis: axisOf(context, { type: 'category', data: MONTHS, inverse: true, axisTick: { show: false } }),
    series: [
      { name, type: 'heatmap', data: known.map((it) => ({ value: [it.hour, it.month - 1, it.mean], ...it })) },
      {
        name: MISSING_CLASS, type: 'custom', renderItem: cellShape, encode: { x: 0, y: 1 }, itemStyle: missingStyle(context),
        data: grid.filter(({ mean }) => mean === null).map((it) => ({ value: [it.hour, it.month - 1], ...it })),
      },
    ],
  };
}
