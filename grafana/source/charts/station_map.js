// Stations by where they stand and the class of their last hour's rain. A degree is as long in both
// directions (context.width, context.height: px). context.station: the code to ring.

const MAP_WINDOW = { west: -74.5, east: -34, south: -34.2, north: 5.8 };

function mapMargin(context) {
  return { left: 34, right: 10, top: legendRoom(context, [MISSING_CLASS, ...RAIN_CLASSES]) + 10, bottom: 24 };
}

function mapWindow(context) {
  const margin = mapMargin(context);
  const width = Math.max(60, (context.width || 600) - margin.left - margin.right);
  const height = Math.max(60, (context.height || 560) - margin.top - margin.bottom);
  const { west, east, south, north } = MAP_WINDOW;
  const degrees = Math.max((east - west) / width, (north - south) / height);
  const [x, y] = [(east + west) / 2, (north + south) / 2];
  const [dx, dy] = [(degrees * width) / 2, (degrees * height) / 2];
  return { west: x - dx, east: x + dx, south: y - dy, north: y + dy };
}

function degreesText(value, positive, negative) {
  return value === 0 ? '0°' : `${Math.abs(value)}°${value > 0 ? positive : negative}`;
}

function stationMapChart(rows, context) {
  const colours = chartColours(context.dark);
  const placed = rows.filter((row) => numberOf(row.latitude_deg) !== null && numberOf(row.longitude_deg) !== null);
  if (!placed.length) return emptyOption(context, 'Nenhuma estação com coordenadas conhecidas.');
  const window = mapWindow(context);
  const inside = placed.filter((row) => row.latitude_deg >= window.south && row.latitude_deg <= window.north
    && row.longitude_deg >= window.west && row.longitude_deg <= window.east);
  const classOf = (row) => (RAIN_CLASSES.includes(row.rain_class) ? row.rain_class : MISSING_CLASS);
  const names = [MISSING_CLASS, ...RAIN_CLASSES];
  const counts = names.map((name) => [name, inside.filter((row) => classOf(row) === name)]);
  const axis = (from, to, more) => axisOf(context, {
    type: 'value', min: from, max: to, interval: 10, axisLine: { show: false }, axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line, type: 'dotted' } }, ...more,
  });
  // Ticks fall on whole tens: an axis that begins elsewhere would put them elsewhere.
  const tens = (value, up) => (up ? Math.ceil(value / 10) : Math.floor(value / 10)) * 10;
  const size = { 'sem dado': 7, 'sem chuva': 6, fraca: 9, moderada: 11, forte: 13, 'muito forte': 15 };
  const small = context.narrow ? 0.75 : 1;
  const ringed = inside.filter((row) => row.station_id === context.station);
  return {
    ...baseOption(context, `Mapa de ${inside.length} ${inside.length === 1 ? 'estação' : 'estações'} pela chuva da última hora: `
      + `${counts.filter(([, some]) => some.length).map(([name, some]) => `${name}: ${some.length}`).join('; ')}.`
      + `${placed.length > inside.length ? ` Fora do mapa: ${placed.filter((row) => !inside.includes(row)).map((row) => row.station_id).join(', ')}.` : ''}`),
    legend: legendOf(context, { data: names.map((name) => ({ name })) }),
    grid: { ...mapMargin(context), containLabel: false },
    tooltip: {
      ...baseOption(context, '').tooltip, trigger: 'item',
      formatter: (item) => (item.data.row ? stationTooltip(item.data.row, context) : ''),
    },
    xAxis: axis(window.west, window.east, { interval: 10, axisLabel: { customValues: tensWithin(tens(window.west, true), window.east), formatter: (value) => degreesText(value, 'L', 'O') }, axisTick: { show: false, customValues: tensWithin(tens(window.west, true), window.east) } }),
    yAxis: axis(window.south, window.north, { interval: 10, axisLabel: { customValues: tensWithin(tens(window.south, true), window.north), formatter: (value) => degreesText(value, 'N', 'S') }, axisTick: { show: false, customValues: tensWithin(tens(window.south, true), window.north) } }),
    series: [
      {
        name: 'Brasil', type: 'lines', coordinateSystem: 'cartesian2d', polyline: true, silent: true, z: 1,
        lineStyle: { color: colours.quiet, width: 1.2, opacity: 1 },
        data: BRAZIL_OUTLINE.map((ring) => ({ coords: ring })),
      },
      ...counts.map(([name, some], number) => ({
        name, type: 'scatter', z: 2 + number, symbolSize: size[name] * small,
        itemStyle: name === MISSING_CLASS
          ? { color: 'transparent', borderColor: colours.hatch, borderWidth: 1.3 }
          : { color: colours.classes[name], borderColor: colours.ground, borderWidth: 0.6 },
        data: some.map((row) => ({ value: [row.longitude_deg, row.latitude_deg], row })),
      })),
      {
        name: 'estação escolhida', type: 'scatter', z: 20, silent: true, symbolSize: 22 * small,
        itemStyle: { color: 'transparent', borderColor: colours.text, borderWidth: 2.2 },
        data: ringed.map((row) => ({ value: [row.longitude_deg, row.latitude_deg] })),
      },
    ],
  };
}

function tensWithin(from, to) {
  const tens = [];
  for (let value = from; value <= to; value += 10) tens.push(value);
  return tens;
}

function stationTooltip(row, context) {
  return tooltipText(`${row.station_id} ${row.name || ''}${row.uf ? ` (${row.uf})` : ''}`, [
    ['chuva na hora', numberText(row.precipitation_mm, 1, 'mm')],
    ['em 24 h', numberText(row.rain_24h_mm, 1, 'mm')],
    ['temperatura', numberText(row.temperature_c, 1, '°C')],
    ['observado em', row.observed_at ? timeText(wallTime(row.observed_at, context)) : MISSING_CLASS]]);
}
