// The columns of the answers in words, with their unit and digits; and the page's small helpers.

const COLUMNS = {
  at: ['hora (fim)'], day: ['dia'], month: ['mês'], hour: ['hora local'], class: ['classe'], hours: ['horas', 0], share: ['parte', 'share'],
  station_id: ['código'], name: ['nome'], uf: ['UF'], observed_at: ['observado em'], valid_at: ['válido para'], age_h: ['idade (h)', 0],
  precipitation_mm: ['chuva (mm)', 1], accumulated_mm: ['acumulada (mm)', 1], rain_24h_mm: ['24 h (mm)', 1], rain_72h_mm: ['72 h (mm)', 1],
  rain_class: ['classe de chuva'], rain_mm: ['chuva (mm)', 1], rain_days: ['dias de chuva', 1], rain_anomaly_pct: ['anomalia da chuva (%)', 0],
  temperature_c: ['temperatura (°C)', 1], temperature_mean_c: ['temp. média (°C)', 1], temperature_max_c: ['temp. máxima (°C)', 1],
  temperature_min_c: ['temp. mínima (°C)', 1], temperature_anomaly_c: ['anomalia da temp. (°C)', 1], dew_point_c: ['ponto de orvalho (°C)', 1],
  humidity_pct: ['umidade (%)', 0], humidity_mean_pct: ['umidade média (%)', 0], pressure_hpa: ['pressão (hPa)', 1],
  wind_speed_ms: ['vento (m/s)', 1], wind_gust_ms: ['rajada (m/s)', 1], wind_gust_max_ms: ['rajada máx. (m/s)', 1],
  radiation_kj_m2: ['radiação (kJ/m²)', 0], sector: ['setor'], speed_class: ['velocidade (m/s)'], mean: ['média', 1], years: ['anos', 0],
  day_of_year: ['dia do ano', 0], p10: ['10 %', 1], p25: ['25 %', 1], p50: ['mediana', 1], p75: ['75 %', 1], p90: ['90 %', 1], value: ['valor', 1],
  variable: ['variável'], test: ['teste'], meaning: ['significado'], suspect_hours: ['suspeitas (h)', 0], failed_hours: ['reprovadas (h)', 0],
  probability_over_0_mm: ['> 0 mm', 'share'], probability_over_5_mm: ['> 5 mm', 'share'], probability_over_25_mm: ['> 25 mm', 'share'],
  says_rain: ['diz chuva'], model_version: ['versão do modelo'], label: ['recorde'], unit: ['unidade'], from_day: ['de'], to_day: ['até'], days: ['dias', 0],
  contender: ['concorrente'], said: ['previsto', 'share'], seen: ['observado', 'share'], observed: ['observado'], threshold_mm: ['limiar (mm)', 0], part: ['parte do teste'],
  events: ['horas com chuva', 0], brier: ['Brier', 3], skill_against_markov: ['ganho s/ Markov', 3], skill_against_climatology: ['ganho s/ climatologia', 3],
  average_precision: ['precisão média', 3], csi: ['CSI', 3], hss: ['HSS', 3], pod: ['POD', 3], far: ['FAR', 3],
  layer: ['camada'], rows: ['linhas', 0], detail: ['detalhe'], latitude_deg: ['latitude (°)', 3], longitude_deg: ['longitude (°)', 3],
};

const CONTENDERS = { model: 'modelo', markov: 'Markov', markov_by_amount: 'Markov por quantidade', climatology: 'climatologia', persistence: 'persistência', logistic: 'regressão logística' };
const PARTS = { all: 'todo o teste', 'seen stations': 'estações do treino', 'held-out stations': 'estações fora do treino', 'onset: dry now': 'início da chuva' };
const SEASONS = { all: 'ano todo', DJF: 'dez–fev', MAM: 'mar–mai', JJA: 'jun–ago', SON: 'set–nov' };
const SCALES = { alerta_rio: 'Alerta Rio', wmo: 'OMM', ams: 'AMS' };
const VARIABLES = {
  temperature_c: ['temperatura', '°C'], precipitation_mm: ['chuva', 'mm'], humidity_pct: ['umidade', '%'],
  pressure_hpa: ['pressão', 'hPa'], wind_speed_ms: ['vento', 'm/s'],
};

// A cell of a table. Times come with the station's offset and are shown as they are written.
function cellText(key, value) {
  if (value === null || value === undefined || value === '') return MISSING_CLASS;
  const form = (COLUMNS[key] || [])[1];
  if (typeof value === 'boolean') return value ? 'sim' : 'não';
  if (form === 'share') return typeof value === 'number' ? shareText(value) : String(value);
  if (typeof value === 'number') return form === undefined ? value.toLocaleString('pt-BR') : numberText(value, form);
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*$/.test(value)) return timeText(wallTime(value));
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return dayText(wallTime(value));
  if (/^\d{4}-\d\d$/.test(value)) return monthText(value);
  if (key === 'variable') return VARIABLE_NAMES[value] || value;
  if (key === 'contender') return CONTENDERS[value] || value;
  if (key === 'part') return PARTS[value] || value;
  return String(value);
}

// An element with attributes (`text`: its content) and children: no HTML is ever put together of data.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (name === 'text') element.textContent = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  });
  element.append(...children);
  return element;
}

function tableOf(rows, columns, caption) {
  const keys = columns || Object.keys(rows[0] || {});
  const numeric = (key) => typeof (rows.find((row) => row[key] !== null && row[key] !== undefined) || {})[key] === 'number';
  return make('table', {},
    make('caption', { text: caption }),
    make('thead', {}, make('tr', {}, ...keys.map((key) => make('th', { scope: 'col', class: numeric(key) ? 'number' : null, text: (COLUMNS[key] || [key])[0] })))),
    make('tbody', {}, ...rows.map((row) => make('tr', {}, ...keys.map((key) => make('td', { class: numeric(key) ? 'number' : null, text: cellText(key, row[key]) }))))));
}
