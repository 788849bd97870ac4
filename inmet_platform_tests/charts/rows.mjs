// For every chart: rows as the data service answers them, and a context. Numbers follow from indices.

const pad = (number) => String(number).padStart(2, '0');
const range = (count) => Array.from({ length: count }, (_, i) => i);
const dayAt = (i) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
const hourAt = (i) => `${new Date(Date.UTC(2024, 0, 1, i)).toISOString().slice(0, 16)}:00-03:00`;
const round = (value) => Math.round(value * 10) / 10;
const CLASSES = { 'sem chuva': 7600, fraca: 700, moderada: 61, forte: 1, 'muito forte': 0, 'sem dado': 422 };
const MONTHS = range(12).map((m) => `2024-${pad(m + 1)}`);
const SECTORS = ['N', 'NNE', 'NE', 'ENE', 'E', 'ESE', 'SE', 'SSE', 'S', 'SSW', 'SW', 'WSW', 'W', 'WNW', 'NW', 'NNW'];
const SPEEDS = ['0.5-2', '2-4', '4-6', '6-8', '>= 8'];

function rain() {
  let sum = 0;
  return range(240).map((i) => {
    const mm = i >= 100 && i < 130 ? null : i % 37 < 4 ? round((i % 7) * 0.2 + (i === 75 ? 31.4 : 0)) : 0;
    sum += mm ?? 0;
    return { at: hourAt(i), precipitation_mm: mm, accumulated_mm: round(sum) };
  });
}

function series() {
  return range(400).map((i) => {
    const gone = i >= 150 && i < 190;
    const wave = Math.sin((2 * Math.PI * (i - 9)) / 24);
    return {
      at: hourAt(i), hours: gone ? 0 : 1, temperature_c: gone ? null : round(22 + 6 * wave), dew_point_c: gone ? null : round(14 + wave),
      humidity_pct: gone ? null : Math.round(65 - 25 * wave), pressure_hpa: gone && i < 180 ? null : round(886 - wave),
      wind_speed_ms: i % 50 === 0 ? null : round(2 + wave), wind_gust_ms: i % 50 === 0 ? null : round(5 + 2 * wave),
    };
  });
}

function stations() {
  const classes = ['sem chuva', 'fraca', 'moderada', 'forte', 'muito forte', null];
  return [
    ...range(120).map((i) => ({
      station_id: `A${pad(i).padStart(3, '0')}`, name: `ESTAÇÃO <${i}>`, uf: 'DF', latitude_deg: -30 + (i % 12) * 2.6, longitude_deg: -60 + Math.floor(i / 12) * 2.2,
      observed_at: hourAt(i), rain_class: classes[i % 6], precipitation_mm: i % 6 === 5 ? null : i % 6, rain_24h_mm: i, temperature_c: 20,
    })),
    { station_id: 'C891', name: 'CRIOSFERA', uf: 'SP', latitude_deg: -84, longitude_deg: -79.49, rain_class: 'sem dado', precipitation_mm: null },
    { station_id: 'A999', name: 'SEM LUGAR', uf: 'DF', latitude_deg: null, longitude_deg: null, rain_class: 'fraca', precipitation_mm: 1 },
  ];
}

export const cases = {
  rainClassesChart: { rows: Object.entries(CLASSES).map(([name, hours]) => ({ class: name, hours, share: hours / 8784 })), context: { scaleName: 'Alerta Rio' } },
  rainClassesByMonthChart: {
    rows: MONTHS.flatMap((month, m) => Object.keys(CLASSES).map((name, c) => ({
      class: name, month, hours: m === 5 ? (name === 'sem dado' ? 720 : 0) : [600, 60 + m * 3, 9, m === 2 ? 1 : 0, 0, 12 * m][c] }))),
  },
  rainAccumulatedChart: { rows: rain() },
  seriesChart: { rows: series() },
  rainCalendarChart: { rows: range(366).map((i) => ({ day: dayAt(i), precipitation_mm: i % 45 === 7 ? null : i % 9 === 0 ? round((i * 7) % 61) : 0, hours: 24 })) },
  windRoseChart: {
    rows: [...SECTORS.flatMap((sector, s) => SPEEDS.map((speed_class, k) => ({ sector, speed_class, hours: Math.max(0, (s === 4 ? 90 : 20) - 8 * k), share: 0 }))),
      { sector: 'calmaria', speed_class: null, hours: 300, share: 0 }],
  },
  climogramChart: { rows: range(12).map((m) => ({ month: m + 1, rain_mm: m === 6 ? null : 200 - 15 * m, rain_days: 12, temperature_mean_c: 22 - m % 6, temperature_max_c: m === 6 ? null : 28, temperature_min_c: 16, humidity_mean_pct: 60, years: 5 })) },
  hourMonthChart: { rows: range(12).flatMap((m) => range(24).map((h) => ({ month: m + 1, hour: h, mean: m === 3 && h < 6 ? null : round(20 + 5 * Math.sin((h - 8) / 4) - m / 3), hours: 30 }))), context: { variableName: 'temperatura', unit: '°C' } },
  percentileBandChart: {
    rows: range(366).map((i) => {
      const base = 20 + 4 * Math.cos((2 * Math.PI * i) / 366);
      return { day_of_year: i + 1, p10: round(base - 4), p25: round(base - 2), p50: round(base), p75: round(base + 2), p90: round(base + 4), value: i >= 200 && i < 230 ? null : round(base + 5 * Math.sin(i / 11)) };
    }),
    context: { variableName: 'temperatura', unit: '°C', year: 2024 },
  },
  anomaliesChart: { rows: range(24).map((i) => ({ month: `${2023 + Math.floor(i / 12)}-${pad((i % 12) + 1)}`, rain_mm: 100, rain_anomaly_pct: i === 7 ? null : 60 - 7 * i, temperature_c: 21, temperature_anomaly_c: round(Math.sin(i) * 2) })) },
  stationMapChart: { rows: stations(), context: { station: 'A001', width: 900, height: 600 } },
  completenessChart: { rows: MONTHS.flatMap((month, m) => ['precipitation_mm', 'temperature_c', 'radiation_kj_m2', 'wind_speed_ms'].map((variable, v) => ({ month, variable, share: m === 4 && v === 2 ? null : m === 8 ? 0 : 1 - ((m * v) % 7) / 9 }))) },
  qualityChart: { rows: range(20).map((i) => ({ test: `rule_${i}`, meaning: `Regra número ${i} da chuva e da temperatura`, variable: 'temperature_c', suspect_hours: i === 0 ? 12000 : i === 3 ? 0 : i, failed_hours: i === 3 ? 0 : i % 3 })) },
  forecastChart: { rows: [{ station_id: 'A001', valid_at: hourAt(5), probability_over_0_mm: 0.82, probability_over_5_mm: 0.13, probability_over_25_mm: 0.004, says_rain: true, model_version: '3' }], context: { station: 'A001' } },
  reliabilityChart: { rows: ['model', 'markov'].flatMap((contender, c) => range(10).map((i) => ({ contender, said: 0.05 + i / 10, seen: Math.min(1, 0.04 + i / (10 + 2 * c)), hours: Math.round(20000 / (1 + i * i)) }))) },
  confusionChart: { rows: [['sem chuva', 'sem chuva', 46000], ['sem chuva', '≤ 5 mm', 1900], ['≤ 5 mm', 'sem chuva', 1600], ['≤ 5 mm', '≤ 5 mm', 2500]].map(([observed, said, hours]) => ({ observed, said, hours })) },
};

// The same rows where nothing was measured: whatever is a number is null, but for what numbers a row.
const KEYS = ['month', 'hour', 'day_of_year', 'threshold_mm'];
export function allNull(rows) {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' && !KEYS.includes(key) ? null : key === 'rain_class' ? null : value])));
}
