// Rain of each day (INMET's day: 13 to 12 UTC), a row a month. A day without a value is striped.

const RAIN_DAY_BOUNDS_MM = [0, 1, 5, 10, 25, 50];
const RAIN_DAY_NAMES = ['0', '0,1–1', '1–5', '5–10', '10–25', '25–50', '> 50'];
const MOST_MONTHS = 24;

function rainDayClass(mm) {
  const at = RAIN_DAY_BOUNDS_MM.findIndex((bound) => mm <= bound);
  return at === -1 ? RAIN_DAY_BOUNDS_MM.length : at;
}

function rainCalendarChart(rows, context) {
  const colours = chartColours(context.dark);
  const days = rows.filter((row) => wallTime(row.day, context) !== null)
    .map((row) => ({ day: String(row.day).slice(0, 10), mm: numberOf(row.precipitation_mm) }));
  if (!days.some(({ mm }) => mm !== null)) return emptyOption(context, 'Nenhum dia deste período tem chuva medida em horas bastantes.');
  const every = [...new Set(days.map(({ day }) => day.slice(0, 7)))].sort();
  const months = every.slice(-MOST_MONTHS);
  const shown = days.filter(({ day }) => months.includes(day.slice(0, 7)));
  const known = shown.filter(({ mm }) => mm !== null);
  const most = known.reduce((best, it) => (it.mm > (best ? best.mm : -1) ? it : best), null);
  const place = ({ day }) => [Number(day.slice(8)) - 1, months.indexOf(day.slice(0, 7))];
  const cell = { type: 'custom', renderItem: cellShape, encode: { x: 0, y: 1 } };
  const cut = every.length > months.length ? ` São mostrados os últimos ${MOST_MONTHS} de ${every.length} meses.` : '';
  return {
    ...baseOption(context, `Chuva diária, ${monthText(months[0])} a ${monthText(months.at(-1))}: `
      + `${numberText(known.filter(({ mm }) => mm >= 1).length, 0)} dias com 1 mm ou mais, `
      + `${numberText(known.filter(({ mm }) => mm === 0).length, 0)} sem chuva, ${numberText(shown.length - known.length, 0)} sem dado.`
      + `${most ? ` Maior: ${numberText(most.mm, 1, 'mm')} em ${dayText(wallTime(most.day))}.` : ''}${cut}`),
    legend: legendOf(context, { data: [...RAIN_DAY_NAMES, MISSING_CLASS].map((name) => ({ name, icon: 'rect' })) }),
    grid: { left: 8, right: 12, top: legendRoom(context, [...RAIN_DAY_NAMES, MISSING_CLASS]) + 12, bottom: 8, containLabel: true },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => tooltipText(dayText(wallTime(item.data.day)), [['chuva', numberText(item.data.mm, 1, 'mm')]]),
    },
    xAxis: axisOf(context, { type: 'category', data: Array.from({ length: 31 }, (_, i) => String(i + 1)), axisTick: { show: false }, splitLine: { show: false }, axisLabel: { interval: context.narrow ? 4 : 1 } }),
    yAxis: axisOf(context, { type: 'category', data: months, inverse: true, axisTick: { show: false }, axisLabel: { formatter: monthText } }),
    series: [
      ...RAIN_DAY_NAMES.map((name, number) => ({
        ...cell, name, itemStyle: { color: colours.rainDays[number], borderColor: colours.line, borderWidth: 0.5 },
        data: known.filter(({ mm }) => rainDayClass(mm) === number).map((it) => ({ value: [...place(it), it.mm], ...it })),
      })),
      {
        ...cell, name: MISSING_CLASS, itemStyle: missingStyle(context),
        data: shown.filter(({ mm }) => mm === null).map((it) => ({ value: [...place(it), null], ...it })),
      },
    ],
  };
}
