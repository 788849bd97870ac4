// Hours of each rain class on a scale of powers of ten; hours without rain data apart, below.
// context.scaleName: the scale in words, shown in the description.

function rainClassesChart(rows, context) {
  const colours = chartColours(context.dark);
  const hours = new Map(rows.map((row) => [row.class, numberOf(row.hours)]));
  const known = RAIN_CLASSES.filter((name) => hours.has(name));
  const total = [...hours.values()].reduce((sum, count) => sum + (count ?? 0), 0);
  if (total === 0) return emptyOption(context, 'Nenhuma hora de chuva foi observada neste período.');
  const missing = hours.get(MISSING_CLASS) ?? null;
  const measured = total - (missing ?? 0);
  const names = [...known, '', MISSING_CLASS];
  const share = (name) => {
    const base = name === MISSING_CLASS ? total : measured;
    return base > 0 && (hours.get(name) ?? null) !== null ? hours.get(name) / base : null;
  };
  const label = (name) => {
    if (name === '') return '';
    const count = hours.get(name) ?? null;
    if (count === null) return MISSING_CLASS;
    return `${numberText(count, 0, 'h')}  (${shareText(share(name))}${name === MISSING_CLASS ? ' do período' : ''})`;
  };
  const longest = countLength(Math.max(...names.map((name) => hours.get(name) ?? 0)));
  const spoken = names.filter(Boolean).map((name) => `${name}: ${label(name)}`).join('; ');
  return {
    ...baseOption(context, `Horas por classe de chuva${context.scaleName ? ` (${context.scaleName})` : ''}. ${spoken}.`),
    grid: { left: 8, right: 24, top: 8, bottom: 30, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(item.name, [
        ['horas', numberText(hours.get(item.name) ?? null, 0)],
        [item.name === MISSING_CLASS ? 'do período' : 'das horas com dado', shareText(share(item.name))]]),
    },
    xAxis: { ...countAxis(context, 'horas (cada divisão é 10 vezes a anterior)', 10 ** longest - 1) },
    yAxis: axisOf(context, {
      type: 'category', data: names, inverse: true, axisTick: { show: false },
      axisLabel: { color: colours.text, fontSize: 13 },
    }),
    series: [{
      type: 'bar', barMaxWidth: 30, barCategoryGap: '28%',
      data: names.map((name) => ({
        name,
        value: (hours.get(name) ?? null) === null ? null : countLength(hours.get(name)),
        itemStyle: name === MISSING_CLASS ? missingStyle(context) : { color: colours.classes[name] },
        // A long bar carries its label inside, on a plate of the ground's colour; a short one after it.
        label: {
          show: true, color: colours.text, fontSize: 12, formatter: () => label(name),
          ...(countLength(hours.get(name) ?? 0) > longest * 0.5
            ? { position: 'insideRight', backgroundColor: colours.ground, padding: [3, 6], borderRadius: 3 }
            : { position: 'right' }),
        },
      })),
    }],
  };
}
