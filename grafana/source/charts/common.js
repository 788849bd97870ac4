// What every chart shares: numbers and times in Brazil's form, the look, missing and empty.

const RAIN_CLASSES = ['sem chuva', 'fraca', 'moderada', 'forte', 'muito forte'];
const MISSING_CLASS = 'sem dado';
const MONTHS = ['jan', 'fev', 'mar', 'abr', 'mai', 'jun', 'jul', 'ago', 'set', 'out', 'nov', 'dez'];
const HOUR_MS = 3600000;
// By name: with `inherit` ECharts measures another font than it draws, and labels are cut.
const CHART_FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';

function numberOf(value) {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function numberText(value, digits, unit) {
  const number = numberOf(value);
  if (number === null) return MISSING_CLASS;
  const shown = number.toLocaleString('pt-BR', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit ? `${shown} ${unit}` : shown;
}

// A share of 1 in per cent. What is there but rounds to nothing is said so, never shown as zero.
function shareText(share) {
  const number = numberOf(share);
  if (number === null) return MISSING_CLASS;
  const pct = number * 100;
  if (pct === 0) return '0 %';
  if (pct > 0 && pct < 0.01) return '< 0,01 %';
  return numberText(pct, pct > 0 && pct < 1 ? 2 : 1, '%');
}

// The clock on the station's wall, as if it were UTC: charts run with useUTC, so the browser's zone
// has no part. Text keeps its own offset; a number is an instant, shifted by context.utcOffsetMin.
function wallTime(at, context) {
  if (typeof at === 'number') return at + ((context && context.utcOffsetMin) || 0) * 60000;
  const found = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?/.exec(String(at ?? ''));
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map((part) => Number(part ?? 0));
  return Date.UTC(year, month - 1, day || 1, hour, minute);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function two(number) {
  return String(number).padStart(2, '0');
}

function dayText(wall) {
  const date = new Date(wall);
  return `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;
}

function timeText(wall) {
  const date = new Date(wall);
  return `${dayText(wall)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

function monthText(month) {
  const [year, number] = String(month).split('-');
  return `${MONTHS[Number(number) - 1]}/${year}`;
}

// Ticks of a time axis: the hour within two days, the day within a year, else the month.
function tickText(span) {
  return (wall) => {
    const date = new Date(wall);
    const day = `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}`;
    if (span <= 48 * HOUR_MS) {
      const hour = `${two(date.getUTCHours())} h`;
      return date.getUTCHours() === 0 ? `${hour}\n${day}` : hour;
    }
    if (span <= 400 * 24 * HOUR_MS) return day;
    return `${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  };
}

function escapeText(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(text).replace(/[&<>"']/g, (sign) => entities[sign]);
}

function tooltipText(title, lines) {
  const shown = lines.map(([name, value]) => `${escapeText(name)}: <b>${escapeText(value)}</b>`);
  return [`<b>${escapeText(title)}</b>`, ...shown].join('<br>');
}

// What all options begin with. The description is read by screen readers and shown by the Painel.
function baseOption(context, description) {
  const colours = chartColours(context.dark);
  return {
    useUTC: true,
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { color: colours.text, fontFamily: CHART_FONT, fontSize: 12 },
    aria: { enabled: true, label: { description } },
    tooltip: {
      confine: true,
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 13 },
    },
    grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
  };
}

function emptyOption(context, what) {
  const colours = chartColours(context.dark);
  return {
    ...baseOption(context, what),
    title: {
      text: what, left: 'center', top: 'middle',
      textStyle: { color: colours.quiet, fontSize: 14, fontWeight: 'normal', width: Math.max(120, (context.width || 320) - 40), overflow: 'break' },
    },
  };
}

function legendOf(context, more) {
  const colours = chartColours(context.dark);
  return {
    top: 0, left: 'center', itemWidth: 16, itemHeight: 10, itemGap: context.narrow ? 10 : 14,
    textStyle: { color: colours.text, fontSize: 12 },
    inactiveColor: colours.missing,
    ...more,
  };
}

// The height (px) that a legend of these names takes: letters are some 6.4 px wide.
function legendRoom(context, names) {
  const gap = context.narrow ? 10 : 14;
  let [lines, used] = [1, 0];
  names.forEach((name) => {
    const width = 22 + gap + 6.4 * name.length;
    if (used > 0 && used + width > (context.width || 600) - 20) [lines, used] = [lines + 1, 0];
    used += width;
  });
  return lines * 24;
}

function axisOf(context, more) {
  const colours = chartColours(context.dark);
  const { axisLabel, ...rest } = more || {};
  return {
    axisLine: { lineStyle: { color: colours.quiet } },
    axisTick: { lineStyle: { color: colours.quiet } },
    splitLine: { lineStyle: { color: colours.line } },
    nameTextStyle: { color: colours.quiet },
    axisLabel: { color: colours.quiet, fontSize: 11, hideOverlap: true, ...axisLabel },
    ...rest,
  };
}

function valueAxis(context, name, more) {
  const { axisLabel, ...rest } = more || {};
  return axisOf(context, {
    type: 'value', name, nameGap: 10, splitNumber: 4,
    nameTextStyle: { color: chartColours(context.dark).quiet, align: 'left' },
    axisLabel: { formatter: (value) => value.toLocaleString('pt-BR'), ...axisLabel },
    ...rest,
  });
}

function timeAxis(context, from, to, more) {
  const span = to - from;
  return axisOf(context, {
    type: 'time', min: from, max: to, splitNumber: context.narrow ? 3 : 8, splitLine: { show: false },
    axisLabel: { formatter: tickText(span) },
    ...more,
  });
}

// Grey with stripes: how "sem dado" looks wherever an area can be filled.
function missingStyle(context) {
  const colours = chartColours(context.dark);
  return {
    color: colours.missing,
    decal: { symbol: 'rect', color: colours.hatch, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  };
}

// Counts from 0 to millions on one axis: 0 has no length at all, 1 can be seen.
function countLength(count) {
  return Math.log10(count + 1);
}

function countAxis(context, name, largest) {
  const top = Math.max(1, Math.ceil(Math.log10(largest + 1)));
  return axisOf(context, {
    type: 'value', min: 0, max: top, interval: 1, name, nameLocation: 'middle', nameGap: 26,
    axisLabel: { formatter: (power) => (power === 0 ? '0' : (10 ** power).toLocaleString('pt-BR')) },
  });
}

// Runs of steps without a value as pairs [from, to]. edges: every step's begin, and the last one's end.
function missingRuns(edges, values) {
  const runs = [];
  values.forEach((value, i) => {
    if (value !== null) return;
    const last = runs[runs.length - 1];
    if (last && last[1] === edges[i]) last[1] = edges[i + 1];
    else runs.push([edges[i], edges[i + 1]]);
  });
  return runs;
}

function extent(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? [Math.min(...known), Math.max(...known)] : null;
}

// renderItem of a custom series on two category axes: the whole cell in the item's own style,
// stripes and all, which a heat map cannot show.
function cellShape(params, api) {
  const [width, height] = api.size([1, 1]);
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  return {
    type: 'rect',
    shape: { x: x - width / 2 + 0.5, y: y - height / 2 + 0.5, width: Math.max(1, width - 1), height: Math.max(1, height - 1) },
    style: { ...api.style(), decal: api.visual('decal') },
  };
}

// renderItem of a striped area as high as its plot: from value 0 to value 1 of the x axis, or, without
// value 1, the whole category of value 0. A markArea cannot be striped.
function gapShape(params, api) {
  const { x, y, width, height } = params.coordSys;
  const whole = Number.isNaN(api.value(1));
  const half = whole ? api.size([1, 0])[0] / 2 : 0;
  const from = Math.max(x, api.coord([api.value(0), 0])[0] - half);
  const to = Math.min(x + width, api.coord([whole ? api.value(0) : api.value(1), 0])[0] + half);
  return {
    type: 'rect', shape: { x: from, y, width: Math.max(1, to - from), height },
    style: { ...api.style(), opacity: 0.55, decal: api.visual('decal') },
  };
}

function gapSeries(context, data, more) {
  return {
    name: MISSING_CLASS, type: 'custom', renderItem: gapShape, silent: true, z: 0, tooltip: { show: false },
    itemStyle: missingStyle(context), encode: { x: [0, 1], y: -1 }, data, ...more,
  };
}
