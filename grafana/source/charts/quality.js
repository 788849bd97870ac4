// Hours that each quality rule found suspect or wrong, on a scale of powers of ten, worst first.

const MOST_RULES = 14;

function qualityChart(rows, context) {
  const colours = chartColours(context.dark);
  const all = rows.map((row) => ({
    test: String(row.test), meaning: row.meaning || row.test, variable: row.variable || '',
    suspect: numberOf(row.suspect_hours), failed: numberOf(row.failed_hours),
  }));
  if (!all.some(({ suspect, failed }) => suspect !== null || failed !== null)) {
    return emptyOption(context, 'Nenhum teste de qualidade acusou um valor neste período.');
  }
  const weight = ({ suspect, failed }) => Math.max(suspect ?? 0, failed ?? 0);
  const fired = all.filter((rule) => weight(rule) > 0).sort((a, b) => weight(b) - weight(a));
  if (!fired.length) return emptyOption(context, `Nenhum dos ${all.length} testes acusou um valor neste período.`);
  const shown = fired.slice(0, MOST_RULES);
  const bar = (name, key, colour) => ({
    name, type: 'bar', barGap: '10%', barCategoryGap: '35%', barMaxWidth: 14, itemStyle: { color: colour },
    data: shown.map((rule) => ({
      value: rule[key] === null ? null : countLength(rule[key]),
      label: { show: rule[key] > 0, position: 'right', color: colours.text, fontSize: 11, formatter: () => numberText(rule[key], 0, 'h') },
    })),
  });
  const largest = weight(shown[0]);
  return {
    ...baseOption(context, `${fired.length} de ${all.length} testes acusaram valores. Mais: ${shown.slice(0, 3)
      .map((rule) => `${rule.meaning}: ${numberText(rule.suspect ?? 0, 0)} h suspeitas, ${numberText(rule.failed ?? 0, 0)} reprovadas`).join('; ')}.`
      + `${fired.length > shown.length ? ` São mostrados os ${shown.length} maiores.` : ''}`),
    legend: legendOf(context, { data: ['suspeitas', 'reprovadas'] }),
    grid: { left: 8, right: 48, top: 34, bottom: 30, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'axis', axisPointer: { type: 'shadow' },
      formatter: (items) => {
        const rule = shown[items[0].dataIndex];
        return tooltipText(rule.meaning, [['teste', rule.test], ['horas suspeitas', numberText(rule.suspect, 0)], ['horas reprovadas', numberText(rule.failed, 0)]]);
      },
    },
    xAxis: countAxis(context, 'horas (cada divisão é 10 vezes a anterior)', largest),
    yAxis: axisOf(context, {
      type: 'category', data: shown.map(({ meaning }) => meaning), inverse: true, axisTick: { show: false },
      axisLabel: { color: colours.text, hideOverlap: false, interval: 0, width: context.narrow ? 120 : 240, overflow: 'truncate' },
    }),
    series: [bar('suspeitas', 'suspect', colours.suspect), bar('reprovadas', 'failed', colours.failed)],
  };
}
