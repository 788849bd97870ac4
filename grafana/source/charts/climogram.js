// The station's mean year: rain as bars, mean, highest and lowest temperature as lines.

function climogramChart(rows, context) {
  const colours = chartColours(context.dark);
  const byMonth = new Map(rows.map((row) => [Number(row.month), row]));
  const column = (key) => MONTHS.map((_, i) => numberOf((byMonth.get(i + 1) || {})[key]));
  const rain = column('rain_mm');
  const mean = column('temperature_mean_c');
  const years = column('years');
  const days = column('rain_days');
  if (![...rain, ...mean].some((value) => value !== null)) {
    return emptyOption(context, 'Nenhum mês desta estação está completo o bastante (80 % das horas) para uma média.');
  }
  const known = rain.filter((value) => value !== null);
  const yearly = known.length === 12 ? known.reduce((sum, mm) => sum + mm, 0) : null;
  const temperatures = extent(mean);
  const line = (name, key, colour, type) => ({
    name, type: 'line', yAxisIndex: 1, connectNulls: false, symbol: 'circle', symbolSize: 5,
    lineStyle: { width: 2, color: colour, type }, itemStyle: { color: colour }, data: column(key),
  });
  const most = extent(years);
  return {
    ...baseOption(context, `Climatologia${most ? ` de até ${numberText(most[1], 0, most[1] === 1 ? 'ano' : 'anos')}` : ''}: `
      + `${yearly === null ? `chuva média conhecida em ${known.length} de 12 meses` : `${numberText(yearly, 0, 'mm')} por ano`}`
      + `${temperatures ? `; temperatura média mensal de ${numberText(temperatures[0], 1)} a ${numberText(temperatures[1], 1, '°C')}` : ''}.`),
    legend: legendOf(context, { data: ['chuva', 'temp. máxima', 'temp. média', 'temp. mínima'] }),
    grid: { left: 8, right: 8, top: legendRoom(context, ['chuva', 'temp. máxima', 'temp. média', 'temp. mínima']) + 34, bottom: 8, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis', axisPointer: { type: 'shadow' },
      formatter: (items) => {
        const i = items[0].dataIndex;
        return tooltipText(MONTHS[i], [
          ['chuva média', numberText(rain[i], 1, 'mm')], ['dias de chuva', numberText(days[i], 1)],
          ['temp. máxima', numberText(column('temperature_max_c')[i], 1, '°C')], ['temp. média', numberText(mean[i], 1, '°C')],
          ['temp. mínima', numberText(column('temperature_min_c')[i], 1, '°C')], ['anos', numberText(years[i], 0)]]);
      },
    },
    xAxis: axisOf(context, { type: 'category', data: MONTHS, axisTick: { alignWithLabel: true } }),
    yAxis: [
      valueAxis(context, 'mm por mês', { min: 0 }),
      valueAxis(context, '°C', { scale: true, nameTextStyle: { color: colours.quiet, align: 'right' }, splitLine: { show: false } }),
    ],
    series: [
      {
        name: 'chuva', type: 'bar', barCategoryGap: '30%', itemStyle: { color: colours.rain }, data: rain,
      },
      line('temp. máxima', 'temperature_max_c', colours.maximum, 'dashed'),
      line('temp. média', 'temperature_mean_c', colours.temperature, 'solid'),
      line('temp. mínima', 'temperature_min_c', colours.minimum, 'dashed'),
      gapSeries(context, rain.flatMap((value, i) => (value === null && mean[i] === null ? [[i]] : []))),
    ],
  };
}
