// Hours with rain of each month by class, stacked; below, the share of hours without rain data.

function rainClassesByMonthChart(rows, context) {
  const colours = chartColours(context.dark);
  const months = [...new Set(rows.map((row) => row.month))].sort();
  const hours = new Map(rows.map((row) => [`${row.month} ${row.class}`, numberOf(row.hours)]));
  const of = (month, name) => hours.get(`${month} ${name}`) ?? null;
  const all = [...RAIN_CLASSES, MISSING_CLASS];
  const total = (month) => all.reduce((sum, name) => sum + (of(month, name) ?? 0), 0);
  const missing = months.map((month) => (total(month) > 0 ? (of(month, MISSING_CLASS) ?? 0) / total(month) : null));
  if (!months.some((month) => total(month) > 0)) {
    return emptyOption(context, 'Nenhum mês com observações de chuva neste período.');
  }
  const unseen = (i) => missing[i] === null || missing[i] === 1;
  const wet = RAIN_CLASSES.slice(1).filter((name) => months.some((month) => of(month, name) !== null));
  const rainy = months.map((month) => wet.reduce((sum, name) => sum + (of(month, name) ?? 0), 0));
  const most = rainy.indexOf(Math.max(...rainy));
  const axis = (index, show) => axisOf(context, {
    type: 'category', data: months, gridIndex: index, axisTick: { alignWithLabel: true },
    axisLabel: { show, formatter: monthText },
  });
  return {
    ...baseOption(context, `Horas com chuva por mês e classe, de ${monthText(months[0])} a ${monthText(months.at(-1))}. `
      + `Mais horas com chuva: ${monthText(months[most])}, ${numberText(rainy[most], 0, 'h')}. `
      + `Meses sem nenhum dado: ${numberText(missing.filter((share) => share === null || share === 1).length, 0)}.`),
    legend: legendOf(context, { data: [...wet, MISSING_CLASS] }),
    grid: [
      { left: 56, right: 16, top: legendRoom(context, [...wet, MISSING_CLASS]) + 30, height: '45%' },
      { left: 56, right: 16, bottom: 30, height: '14%' },
    ],
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis', axisPointer: { type: 'shadow' },
      formatter: (items) => {
        const month = items[0].axisValue;
        return tooltipText(monthText(month), all.filter((name) => of(month, name) !== null)
          .map((name) => [name, `${numberText(of(month, name), 0, 'h')} (${shareText(of(month, name) / total(month))})`]));
      },
    },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [axis(0, false), axis(1, true)],
    yAxis: [
      valueAxis(context, 'horas com chuva', { gridIndex: 0, nameTextStyle: { color: colours.quiet, align: 'left', padding: [0, 0, 0, -40] } }),
      axisOf(context, { type: 'value', gridIndex: 1, min: 0, max: 100, interval: 100, axisLabel: { formatter: '{value} %' } }),
    ],
    series: [
      ...wet.map((name) => ({
        name, type: 'bar', stack: 'chuva', barCategoryGap: '25%', barMaxWidth: 64, itemStyle: { color: colours.classes[name] },
        data: months.map((month, i) => (unseen(i) ? null : of(month, name) ?? 0)),
      })),
      {
        name: MISSING_CLASS, type: 'bar', xAxisIndex: 1, yAxisIndex: 1, barCategoryGap: '25%', barMaxWidth: 64, itemStyle: missingStyle(context),
        data: missing.map((share) => (share === null ? 100 : share * 100)),
      },
    ],
  };
}
