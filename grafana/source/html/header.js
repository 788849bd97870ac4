// Fills header.html by `htmlNode`, `data` and `codeData` of HTML Graphics. Only text is set, never
// markup, and only inside the panel: a station's name cannot become code.
const MISSING = 'sem dado';
const YEAR_MS = 365 * 24 * 3600 * 1000;

// One row of a frame as an object, or {} when there is none that passes.
function rowWhere(frame, passes) {
  const fields = (frame && frame.fields) || [];
  for (let i = 0; fields.length && i < fields[0].values.length; i += 1) {
    const row = {};
    for (const field of fields) row[field.name] = field.values[i];
    if (passes(row)) return row;
  }
  return {};
}

function known(value) {
  return value !== null && value !== undefined && value !== '';
}

function number(value, decimals, unit) {
  if (!known(value)) return MISSING;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `${value.toLocaleString('pt-BR', digits)} ${unit}`;
}

function moment(value, timeZone) {
  if (!known(value)) return MISSING;
  return new Date(value).toLocaleString('pt-BR', { timeZone, dateStyle: 'short', timeStyle: 'short' });
}

function facts(series, codeData) {
  const frame = (ref) => series.find((each) => each.refId === ref);
  const latest = rowWhere(frame('A'), () => true);
  const station = rowWhere(frame('B'), (row) => row.station_id === latest.station_id);
  const place = [latest.name, latest.uf].filter(known).join(' / ');
  const age = known(latest.age_h) ? ` (há ${number(latest.age_h, 0, 'h')})` : '';
  return {
    title: codeData.title,
    lead: codeData.lead,
    station: known(latest.station_id) ? `${latest.station_id} ${place}`.trim() : MISSING,
    newest: moment(latest.observed_at, codeData.timeZone) + age,
    temperature: number(latest.temperature_c, 1, '°C'),
    rain: number(latest.rain_24h_mm, 1, 'mm'),
    class: known(latest.rain_class) ? latest.rain_class : MISSING,
    first: moment(station.first_hour, codeData.timeZone),
    from: known(station.last_hour)
      ? Math.max(station.first_hour, station.last_hour - YEAR_MS)
      : null,
    to: known(station.last_hour) ? station.last_hour : null,
  };
}

function show(node, told, codeData) {
  for (const element of node.querySelectorAll('[data-fact]')) {
    element.textContent = told[element.dataset.fact];
  }
  node.querySelector('.dot').style.background = codeData.colors[told.class] || codeData.colors[MISSING];
  const link = node.querySelector('a');
  link.hidden = told.to === null;
  if (link.hidden) return;
  const here = new URL(window.location.href);
  here.searchParams.set('from', told.from);
  here.searchParams.set('to', told.to);
  link.href = here.href;
}

show(htmlNode, facts(data.series, codeData), codeData);
