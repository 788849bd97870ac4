// How much of each month is there, by variable. Nothing there is 0 %; a month without a row is striped.

const VARIABLE_NAMES = {
  precipitation_mm: 'chuva', pressure_hpa: 'pressão', radiation_kj_m2: 'radiação', temperature_c: 'temperatura',
  dew_point_c: 'ponto de orvalho', humidity_pct: 'umidade', wind_direction_deg: 'direção do vento',
  wind_gust_ms: 'rajada', wind_speed_ms: 'vento', pressure_max_hpa: 'pressão máxima', pressure_min_hpa: 'pressão mínima',
  temperature_max_c: 'temp. máxima', temperature_min_c: 'temp. mínima', dew_point_max_c: 'orvalho máximo',
  dew_point_min_c: 'orvalho mínimo', humidity_max_pct: 'umidade máxima', humidity_min_pct: 'umidade mínima',
};

function completenessChart(rows, context) {
  const colours = chartColours(context.dark);
  const months = [...new Set(rows.map((row) => String(row.month)))].sort();
  const present = new Set(rows.map((row) => row.variable));
  const variables = [...Object.keys(VARIABLE_NAMES).filter((name) => present.has(name)), ...[...present].filter((name) => !(name in VARIABLE_NAMES))];
  const shares = new Map(rows.map((row) => [`${row.month} ${row.variable}`, numberOf(row.share)]));
  const cells = variables.flatMap((variable, y) => months.map((month, x) => ({ variable, month, x, y, share: shares.get(`${month} ${variable}`) ?? null })));
  const known = cells.filter(({ share }) => share !== null);
  if (!known.length) return emptyOption(context, 'Nada se sabe da completude neste período.');
  const worst = known.reduce((least, it) => (it.share < least.share ? it : least));
  const named = (variable) => VARIABLE_NAMES[variable] || variable;
  const mean = known.reduce((sum, it) => sum + it.share, 0) / known.length;
  return {
    ...baseOption(context, `Completude de ${monthText(months[0])} a ${monthText(months.at(-1))}: em média ${shareText(mean)}; `
      + `pior: ${named(worst.variable)} em ${monthText(worst.month)}, ${shareText(worst.share)}.`),
    grid: { left: 8, right: 12, top: 8, bottom: 60, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(`${named(item.data.variable)}, ${monthText(item.data.month)}`, [['das horas que deveria haver', shareText(item.data.share)]]),
    },
    visualMap: {
      type: 'piecewise', seriesIndex: 0, dimension: 2, orient: 'horizontal', left: 'center', bottom: 0, itemGap: context.narrow ? 6 : 12,
      textStyle: { color: colours.text }, showLabel: true, itemWidth: 14,
      pieces: [
        { lt: 50, label: '< 50 %', color: colours.share[0] }, { gte: 50, lt: 80, label: '50–80 %', color: colours.share[1] },
        { gte: 80, lt: 95, label: '80–95 %', color: colours.share[2] }, { gte: 95, label: '≥ 95 %', color: colours.share[3] },
      ],
    },
    xAxis: axisOf(context, { type: 'category', data: months, axisLabel: { formatter: monthText } }),
    yAxis: axisOf(context, { type: 'category', data: variables, inverse: true, axisTick: { show: false }, axisLabel: { formatter: named, color: colours.text, hideOverlap: false, interval: 0 } }),
    series: [
      { name: 'completude', type: 'heatmap', itemStyle: { borderColor: colours.ground, borderWidth: 1 }, data: known.map((it) => ({ value: [it.x, it.y, it.share * 100], ...it })) },
      {
        name: MISSING_CLASS, type: 'custom', renderItem: cellShape, encode: { x: 0, y: 1 }, itemStyle: missingStyle(context),
        data: cells.filter(({ share }) => share === null).map((it) => ({ value: [it.x, it.y], ...it })),
      },
    ],
  };
}
