// Rain of each hour as bars, and what has fallen since the start. Hours without data are striped:
// what fell in them is not in the sum. context.stepHours (1): an hour is told by its end, a longer
// step by its begin.

function rainAccumulatedChart(rows, context) {
  const colours = chartColours(context.dark);
  const walls = rows.map((row) => wallTime(row.at, context));
  const rain = rows.map((row) => numberOf(row.precipitation_mm));
  if (!rain.some((value) => value !== null)) {
    return emptyOption(context, 'Nenhuma hora deste período tem dado de chuva: não é o mesmo que "sem chuva".');
  }
  const accumulated = rows.map((row) => numberOf(row.accumulated_mm));
  const hours = context.stepHours || 1;
  const byDay = hours >= 24;
  const unit = { 1: 'hora', 24: 'dia', 730: 'mês' }[hours] || `${hours} h`;
  const each = hours === 1 ? 'chuva na hora' : `chuva por ${unit}`;
  const begins = walls.map((wall) => (hours === 1 ? wall - HOUR_MS : wall));
  const end = begins.at(-1) + hours * HOUR_MS;
  const runs = missingRuns([...begins, end], rain);
  const when = (i) => (byDay ? dayText(begins[i]) : hours === 1 ? `hora até ${timeText(walls[i])}` : `${hours} h desde ${timeText(walls[i])}`);
  const gaps = rain.filter((value) => value === null).length;
  const total = accumulated.filter((value) => value !== null).at(-1) ?? null;
  const most = Math.max(...rain.map((value) => value ?? -1));
  return {
    ...baseOption(context, `Chuva de ${dayText(begins[0])} a ${dayText(begins.at(-1))}: `
      + `${numberText(total, 1, 'mm')} no total; maior valor por ${unit}: ${numberText(most, 1, 'mm')}, `
      + `${when(rain.indexOf(most))}; passos de ${unit} sem dado: ${numberText(gaps, 0)}.`),
    legend: legendOf(context, { data: [each, 'acumulada', ...(runs.length ? [MISSING_CLASS] : [])] }),
    grid: { left: 8, right: 8, top: legendRoom(context, [each, 'acumulada', MISSING_CLASS]) + 34, bottom: 8, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis',
      formatter: (items) => {
        const i = items.find((item) => item.seriesName !== MISSING_CLASS)?.dataIndex;
        if (i === undefined) return '';
        return tooltipText(when(i), [
          ['chuva', numberText(rain[i], 1, 'mm')], ['acumulada', numberText(accumulated[i], 1, 'mm')]]);
      },
    },
    xAxis: timeAxis(context, begins[0], end),
    yAxis: [
      valueAxis(context, `mm por ${unit}`, { min: 0, max: most > 0 ? null : 1 }),
      valueAxis(context, 'mm acumulados', { min: 0, max: total > 0 ? null : 1, splitLine: { show: false }, nameTextStyle: { color: colours.quiet, align: 'right' } }),
    ],
    series: [
      {
        name: each, type: 'bar', barMinWidth: 1, barMaxWidth: 12, itemStyle: { color: colours.rain },
        data: begins.map((begin, i) => [begin + (hours * HOUR_MS) / 2, rain[i]]),
      },
      {
        name: 'acumulada', type: 'line', yAxisIndex: 1, step: 'end', showSymbol: false, connectNulls: false,
        lineStyle: { width: 2, color: colours.accumulated }, itemStyle: { color: colours.accumulated },
        data: begins.map((begin, i) => [begin + hours * HOUR_MS, accumulated[i]]),
      },
      ...(runs.length ? [gapSeries(context, runs)] : []),
    ],
  };
}
