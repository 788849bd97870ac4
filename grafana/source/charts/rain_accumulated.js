// Rain of each hour as bars, and what has fallen since the start. Hours without data are striped:
// what fell in them is not in the sum.

function rainAccumulatedChart(rows, context) {
  const colours = chartColours(context.dark);
  const walls = rows.map((row) => wallTime(row.at, context));
  const rain = rows.map((row) => numberOf(row.precipitation_mm));
  if (!rain.some((value) => value !== null)) {
    return emptyOption(context, 'Nenhuma hora deste período tem dado de chuva: não é o mesmo que "sem chuva".');
  }
  const accumulated = rows.map((row) => numberOf(row.accumulated_mm));
  const runs = missingRuns(walls, rain, HOUR_MS);
  const gaps = rain.filter((value) => value === null).length;
  const total = accumulated.filter((value) => value !== null).at(-1) ?? null;
  const most = Math.max(...rain.map((value) => value ?? -1));
  return {
    ...baseOption(context, `Chuva de ${dayText(walls[0])} a ${dayText(walls.at(-1))}: `
      + `${numberText(total, 1, 'mm')} no total; hora mais chuvosa ${numberText(most, 1, 'mm')}, `
      + `em ${timeText(walls[rain.indexOf(most)])}; ${numberText(gaps, 0)} hora(s) sem dado.`),
    legend: legendOf(context, { data: ['chuva na hora', 'acumulada'] }),
    grid: { left: 8, right: 8, top: 60, bottom: 8, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis',
      formatter: (items) => {
        const i = items[0].dataIndex;
        return tooltipText(`hora até ${timeText(walls[i])}`, [
          ['chuva', numberText(rain[i], 1, 'mm')], ['acumulada', numberText(accumulated[i], 1, 'mm')]]);
      },
    },
    xAxis: timeAxis(context, walls[0] - HOUR_MS, walls.at(-1)),
    yAxis: [
      valueAxis(context, 'mm/h', { min: 0, max: most > 0 ? null : 1 }),
      valueAxis(context, 'mm acumulados', { min: 0, max: total > 0 ? null : 1, splitLine: { show: false }, nameTextStyle: { color: colours.quiet, align: 'right' } }),
    ],
    series: [
      {
        name: 'chuva na hora', type: 'bar', barMinWidth: 1, barMaxWidth: 12, itemStyle: { color: colours.rain },
        data: walls.map((wall, i) => [wall, rain[i]]),
        markArea: {
          silent: true, itemStyle: { ...missingStyle(context), opacity: 0.5 },
          data: runs.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
        },
      },
      {
        name: 'acumulada', type: 'line', yAxisIndex: 1, step: 'end', showSymbol: false, connectNulls: false,
        lineStyle: { width: 2, color: colours.accumulated }, itemStyle: { color: colours.accumulated },
        data: walls.map((wall, i) => [wall, accumulated[i]]),
      },
    ],
  };
}
