// Each month against the station's own mean of that month: rain in per cent, temperature in °C.

function anomaliesChart(rows, context) {
  const colours = chartColours(context.dark);
  const plots = [
    { key: 'rain_anomaly_pct', name: 'anomalia da chuva (%)', unit: '%', digits: 0, up: colours.below, down: colours.above, own: 'rain_mm', ownUnit: 'mm' },
    { key: 'temperature_anomaly_c', name: 'anomalia da temperatura (°C)', unit: '°C', digits: 1, up: colours.above, down: colours.below, own: 'temperature_c', ownUnit: '°C' },
  ];
  const columns = plots.map(({ key }) => rows.map((row) => numberOf(row[key])));
  // Of one year alone a month is its own mean: an anomaly of 0 would say something that is not known.
  const known = rows.filter((_, i) => columns.some((column) => column[i] !== null)).map((row) => String(row.month).slice(5));
  if (new Set(known).size === known.length) {
    return emptyOption(context, 'Sem anomalias: é preciso o mesmo mês completo em pelo menos dois anos.');
  }
  const months = rows.map((row) => String(row.month));
  const spoken = plots.map((plot, p) => {
    const range = extent(columns[p]);
    if (!range) return `${plot.name}: ${MISSING_CLASS}`;
    const at = (value) => monthText(months[columns[p].indexOf(value)]);
    return `${plot.name}: de ${numberText(range[0], plot.digits)} em ${at(range[0])} a ${numberText(range[1], plot.digits)} em ${at(range[1])}`;
  });
  return {
    ...baseOption(context, `${capital(spoken.join('; '))}.`),
    grid: [{ left: 56, right: 16, top: 32, height: '34%' }, { left: 56, right: 16, bottom: 30, height: '34%' }],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis', axisPointer: { type: 'shadow' },
      formatter: (items) => {
        const i = items[0].dataIndex;
        return tooltipText(monthText(months[i]), plots.flatMap((plot, p) => [
          [plot.name, numberText(columns[p][i], plot.digits)], ['no mês', numberText(rows[i][plot.own], 1, plot.ownUnit)]]));
      },
    },
    xAxis: plots.map((_, p) => axisOf(context, {
      type: 'category', data: months, gridIndex: p, axisLine: { onZero: false, lineStyle: { color: colours.quiet } },
      axisTick: { show: p === 1, alignWithLabel: true }, axisLabel: { show: p === 1, formatter: monthText },
    })),
    yAxis: plots.map((plot, p) => valueAxis(context, plot.name, {
      gridIndex: p, splitNumber: 3, nameTextStyle: { color: colours.text, align: 'left', padding: [0, 0, 0, -44] },
    })),
    series: [...plots.map((plot, p) => ({
      name: plot.name, type: 'bar', xAxisIndex: p, yAxisIndex: p, barCategoryGap: '20%',
      data: columns[p].map((value) => ({ value, itemStyle: { color: value !== null && value < 0 ? plot.down : plot.up } })),
    })), ...plots.map((_, p) => gapSeries(context, columns[p].flatMap((value, i) => (value === null ? [[i]] : [])), { xAxisIndex: p, yAxisIndex: p }))],
  };
}
