// The chance of rain in the next hour, by how much. For one station: its row, or the first.

function forecastChart(rows, context) {
  const colours = chartColours(context.dark);
  const row = rows.find((it) => it.station_id === context.station) || rows[0];
  const bars = [
    ['probability_over_0_mm', 'mais de 0 mm', colours.classes.fraca],
    ['probability_over_5_mm', 'mais de 5 mm', colours.classes.moderada],
    ['probability_over_25_mm', 'mais de 25 mm', colours.classes.forte],
  ].map(([key, name, colour]) => ({ name, colour, share: row ? numberOf(row[key]) : null }));
  if (!bars.some(({ share }) => share !== null)) return emptyOption(context, 'Não há previsão para esta estação.');
  const wall = wallTime(row.valid_at, context);
  return {
    ...baseOption(context, `Chance de chuva na hora até ${wall === null ? MISSING_CLASS : timeText(wall)}: `
      + `${bars.map(({ name, share }) => `${name}: ${shareText(share)}`).join('; ')}.`),
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    tooltip: { ...baseOption(context, '').tooltip, trigger: 'item', formatter: (item) => tooltipText(item.name, [['chance', shareText(bars[item.dataIndex].share)]]) },
    xAxis: axisOf(context, { type: 'value', min: 0, max: 100, interval: 25, axisLabel: { formatter: '{value} %' } }),
    yAxis: axisOf(context, { type: 'category', data: bars.map(({ name }) => name), inverse: true, axisTick: { show: false }, axisLabel: { color: colours.text, fontSize: 13 } }),
    series: [{
      type: 'bar', barMaxWidth: 26, showBackground: true, backgroundStyle: { color: colours.line, opacity: 0.35 },
      data: bars.map(({ name, colour, share }) => ({
        name, value: share === null ? null : share * 100, itemStyle: { color: colour },
        label: {
          show: true, fontSize: 12, color: colours.text, formatter: () => shareText(share),
          ...(share !== null && share > 0.7 ? { position: 'insideRight', backgroundColor: colours.ground, padding: [2, 5], borderRadius: 3 } : { position: 'right' }),
        },
      })),
    }],
  };
}
