// Variables over time, one plot a unit, one above the other; a gap stays a gap.
// Any column of a row but `at` and `hours` that is known below is drawn.

function seriesPlots(colours) {
  return [
    { name: 'temperatura (°C)', digits: 1, unit: '°C', lines: [
      ['temperature_max_c', 'máxima', colours.maximum], ['temperature_c', 'temperatura', colours.temperature],
      ['temperature_min_c', 'mínima', colours.minimum], ['dew_point_c', 'ponto de orvalho', colours.dewPoint]] },
    { name: 'umidade (%)', digits: 0, unit: '%', lines: [['humidity_pct', 'umidade', colours.humidity]] },
    { name: 'pressão (hPa)', digits: 1, unit: 'hPa', lines: [['pressure_hpa', 'pressão', colours.pressure]] },
    { name: 'vento (m/s)', digits: 1, unit: 'm/s', lines: [
      ['wind_speed_ms', 'vento', colours.wind], ['wind_gust_ms', 'rajada', colours.gust]] },
    { name: 'radiação (kJ/m²)', digits: 0, unit: 'kJ/m²', lines: [['radiation_kj_m2', 'radiação', colours.radiation]] },
    { name: 'chuva (mm)', digits: 1, unit: 'mm', lines: [['precipitation_mm', 'chuva', colours.rain]] },
  ];
}

// A line that is alone between two gaps would not be seen: it gets a dot.
function loneValues(values) {
  return values.map((value, i) => value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);
}

function seriesChart(rows, context) {
  const colours = chartColours(context.dark);
  const plots = seriesPlots(colours)
    .map((plot) => ({ ...plot, lines: plot.lines.filter(([key]) => rows.some((row) => numberOf(row[key]) !== null)) }))
    .filter((plot) => plot.lines.length);
  if (!plots.length) return emptyOption(context, 'Nenhum valor observado neste período.');
  const walls = rows.map((row) => wallTime(row.at, context));
  const [from, to] = [walls[0], walls.at(-1) + (walls.length === 1 ? HOUR_MS : 0)];
  const room = 94 / plots.length;
  const above = legendRoom(context, plots.flatMap((plot) => plot.lines.map(([, name]) => name)));
  const tall = (context.height || 400) - above;
  const lines = plots.flatMap((plot, index) => plot.lines.map(([key, name, colour]) => ({ plot, index, key, name, colour, values: rows.map((row) => numberOf(row[key])) })));
  const spoken = lines.map(({ plot, name, values }) => {
    const [low, high] = extent(values);
    return `${name} entre ${numberText(low, plot.digits)} e ${numberText(high, plot.digits, plot.unit)}`;
  });
  return {
    ...baseOption(context, `De ${timeText(walls[0])} a ${timeText(walls.at(-1))}: ${spoken.join('; ')}.`),
    legend: legendOf(context),
    grid: plots.map((_, i) => ({ left: 52, right: 16, top: above + 20 + (i * room * tall) / 100, height: Math.max(20, (room * tall) / 100 - 34) })),
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: colours.quiet } },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis',
      formatter: (items) => {
        const i = items[0].dataIndex;
        return tooltipText(timeText(walls[i]), lines.map(({ plot, name, values }) => [name, numberText(values[i], plot.digits, plot.unit)]));
      },
    },
    xAxis: plots.map((_, i) => timeAxis(context, from, to, {
      gridIndex: i, ...(i < plots.length - 1 ? { axisLabel: { show: false }, axisTick: { show: false } } : {}),
    })),
    yAxis: plots.map((plot, i) => valueAxis(context, plot.name, {
      gridIndex: i, scale: true, splitNumber: 4, nameGap: 11, nameTextStyle: { color: colours.text, align: 'left', padding: [0, 0, 0, -40] },
      ...(plot.unit === '%' ? { max: 100 } : {}), ...(plot.unit === 'mm' || plot.unit === 'm/s' ? { min: 0 } : {}),
    })),
    series: lines.map(({ plot, index, name, colour, values }) => {
      const lone = loneValues(values);
      return {
        name, type: plot.unit === 'mm' ? 'bar' : 'line', xAxisIndex: index, yAxisIndex: index, connectNulls: false, showSymbol: true,
        symbol: 'circle', symbolSize: (_, item) => (lone[item.dataIndex] ? 4 : 0),
        lineStyle: { width: 1.6, color: colour }, itemStyle: { color: colour },
        data: walls.map((wall, i) => [wall, values[i]]),
      };
    }),
  };
}
