// Every card of the page: its question to the data service, its chart or table, its choices.
// `params(state, choice)`: state has station, from, to (days), latest. `longestDays`: a longer
// period is cut to its end, and the card says so.

const choiceOf = (label, words, first) => ({ label, words, first: first || Object.keys(words)[0] });
const period = (state) => ({ station: state.station, from: state.from, to: state.to });
const stationOnly = (state) => ({ station: state.station });
const variableChoice = choiceOf('Variável', Object.fromEntries(Object.entries(VARIABLES).map(([key, [name]]) => [key, name])));
const variableContext = (state, choice) => ({ variableName: VARIABLES[choice][0], unit: VARIABLES[choice][1] });
const STEP_HOURS = { hour: 1, '3h': 3, '6h': 6, day: 24, month: 730 };

function daysBetween(from, to) {
  return Math.round((wallTime(to) - wallTime(from)) / (24 * HOUR_MS)) + 1;
}

const CARDS = [
  { id: 'rain-accumulated', section: 'chuva', title: 'Chuva e acumulado', wide: true, height: 320, chart: 'rainAccumulatedChart',
    path: '/rain', params: period, context: (state, choice, answer) => ({ stepHours: STEP_HOURS[answer.step] }) },
  { id: 'rain-classes', section: 'chuva', title: 'Classificação da intensidade da chuva', height: 300, chart: 'rainClassesChart', path: '/classes',
    choice: choiceOf('Escala', SCALES), params: (state, scale) => ({ ...period(state), scale, by: 'total' }), context: (state, scale) => ({ scaleName: SCALES[scale] }) },
  { id: 'rain-classes-by-month', section: 'chuva', title: 'Horas com chuva por mês', height: 300, chart: 'rainClassesByMonthChart', path: '/classes',
    choice: choiceOf('Escala', SCALES), params: (state, scale) => ({ ...period(state), scale, by: 'month' }) },
  { id: 'rain-calendar', section: 'chuva', title: 'Chuva diária', wide: true, chart: 'rainCalendarChart', path: '/daily', params: period, longestDays: 731,
    note: 'Dia do INMET: das 13 UTC da véspera às 12 UTC; sem valor com menos de 22 das 24 horas.',
    height: (rows) => 90 + 22 * Math.max(3, Math.min(24, new Set(rows.map((row) => String(row.day).slice(0, 7))).size)) },
  { id: 'dry-spells', section: 'chuva', title: 'Sequências secas', table: ['from_day', 'to_day', 'days'], path: '/dry-spells', params: period,
    rows: (answer) => [...answer.rows].sort((a, b) => b.days - a.days).slice(0, 10), note: 'Dez mais longas, de 5 ou mais dias secos; um dia sem dado encerra a sequência.',
    empty: 'Nenhuma sequência de 5 ou mais dias secos neste período.' },
  { id: 'records', section: 'chuva', title: 'Recordes da estação', table: ['label', 'value', 'unit', 'at'], path: '/records', params: stationOnly, empty: 'Ainda não há recordes: a estação não tem valores.' },
  { id: 'time-series', section: 'series', title: 'Temperatura, umidade, pressão e vento', wide: true, height: 640, chart: 'seriesChart', path: '/series',
    note: 'Em períodos longos, médias (rajada: máxima). Com menos da metade das horas, o passo fica vazio.',
    params: (state) => ({ ...period(state), step: 'auto', variables: 'temperature_c,dew_point_c,humidity_pct,pressure_hpa,wind_speed_ms,wind_gust_ms' }) },
  { id: 'climogram', section: 'climatologia', title: 'Climograma', height: 340, chart: 'climogramChart', path: '/climatology', params: stationOnly },
  { id: 'wind-rose', section: 'climatologia', title: 'Rosa dos ventos', height: 340, chart: 'windRoseChart', path: '/wind-rose',
    choice: choiceOf('Estação do ano', SEASONS), params: (state, season) => ({ ...period(state), season }) },
  { id: 'hour-month', section: 'climatologia', title: 'Hora × mês', height: 380, chart: 'hourMonthChart', path: '/heatmap', choice: variableChoice,
    params: (state, variable) => ({ station: state.station, variable, from: state.firstDay, to: state.lastDay }), context: variableContext },
  { id: 'percentiles', section: 'climatologia', title: 'O ano contra os outros', height: 380, chart: 'percentileBandChart', path: '/percentiles', choice: variableChoice,
    params: (state, variable) => ({ station: state.station, variable, year: state.to.slice(0, 4) }),
    context: (state, variable) => ({ ...variableContext(state, variable), year: state.to.slice(0, 4) }) },
  { id: 'anomalies', section: 'climatologia', title: 'Anomalias mensais', wide: true, height: 360, chart: 'anomaliesChart', path: '/anomalies', params: stationOnly },
  { id: 'station-map', section: 'mapa', title: 'Estações pela chuva da última hora', height: (rows, narrow) => (narrow ? 400 : 560), chart: 'stationMapChart', path: '/latest',
    params: () => ({}), context: (state) => ({ station: state.station }), picks: true,
    columns: ['station_id', 'name', 'uf', 'observed_at', 'rain_class', 'precipitation_mm', 'rain_24h_mm', 'temperature_c'] },
  { id: 'most-rain', section: 'mapa', title: 'Mais chuva em 24 horas', table: ['station_id', 'name', 'uf', 'rain_24h_mm', 'rain_72h_mm', 'observed_at'], path: '/latest', params: () => ({}),
    rows: (answer) => answer.rows.filter((row) => row.rain_24h_mm > 0).sort((a, b) => b.rain_24h_mm - a.rain_24h_mm).slice(0, 14),
    note: 'Até a hora mais nova de cada estação; somas só com pelo menos 22 das 24 e 66 das 72 horas.', empty: 'Nenhuma estação mediu chuva nas suas últimas 24 horas.' },
  { id: 'forecast', section: 'previsao', title: 'Chance de chuva', height: 190, chart: 'forecastChart', path: '/forecast', params: stationOnly, context: (state) => ({ station: state.station }), words: forecastWords },
  { id: 'reliability', section: 'previsao', title: 'Quando ele diz 30 %, chove em 30 %?', height: 380, chart: 'reliabilityChart', path: '/model', params: () => ({}), rows: (answer) => answer.reliability || [], context: () => ({ contenderNames: CONTENDERS }) },
  { id: 'confusion', section: 'previsao', title: 'O que disse e o que veio', height: 320, chart: 'confusionChart', path: '/model', params: () => ({}), rows: (answer) => answer.confusion || [] },
  { id: 'scores', section: 'previsao', title: 'Notas no bloco de teste', path: '/model', params: () => ({}), empty: 'O modelo ainda não foi treinado.',
    table: ['threshold_mm', 'contender', 'brier', 'skill_against_markov', 'average_precision', 'csi'],
    rows: (answer) => answer.rows.filter((row) => (row.part ?? 'all') === 'all'), words: modelWords },
  { id: 'completeness', section: 'qualidade', title: 'Completude por mês', wide: true, height: 420, chart: 'completenessChart', path: '/completeness', params: period, longestDays: 5000,
    note: 'Parte das horas que deveria haver; radiação: das horas de 12 a 20 UTC.' },
  { id: 'quality', section: 'qualidade', title: 'O que os testes acusaram', wide: true, height: (rows, narrow) => 100 + 36 * Math.max(3, Math.min(14, rows.length)), chart: 'qualityChart', path: '/quality', params: period,
    note: 'Valor suspeito fica e é marcado; valor reprovado é retirado. RAW nunca é alterada.' },
  { id: 'pipeline', section: 'qualidade', title: 'Linhas por camada', table: ['layer', 'rows', 'detail'], path: '/pipeline', params: () => ({}), empty: 'A cadeia ainda não escreveu o seu estado.' },
];

// What the model says of the next hour, in a sentence.
function forecastWords(answer, state) {
  const row = answer.rows.find((it) => it.station_id === state.station);
  if (!row) return 'Sem previsão: o modelo só prevê para estações com observação nos dois dias antes da mais nova de todas.';
  return `O modelo (versão ${row.model_version ?? '?'}) diz ${row.says_rain ? 'chuva' : 'sem chuva'} na hora até ${timeText(wallTime(row.valid_at))}: `
    + `chance de ${shareText(row.probability_over_0_mm)}.`;
}

// "2018-01-01T00 to 2020-01-07T12", as training writes a period, in the words of the page.
function spanText(span) {
  const day = (hour) => `${dayText(wallTime(hour.slice(0, 10)))} ${hour.slice(11)} h`;
  return span.includes(' to ') ? span.split(' to ').map(day).join(' a ') : span;
}

function modelWords(answer) {
  const periods = answer.periods ? Object.entries({ train: 'treino', calibration: 'calibração', test: 'teste' })
    .filter(([key]) => answer.periods[key]).map(([key, word]) => `${word} ${spanText(answer.periods[key])}`).join('; ') : '';
  const used = (answer.versions || []).find((it) => it.is_champion);
  const other = used && String(used.version) !== String(answer.version)
    ? `É a treinada por último; quem prevê é a versão ${used.version}, que ela não superou. ` : '';
  return `${answer.version ? `Versão ${answer.version}. ` : ''}${other}${periods ? `Blocos: ${periods}. ` : ''}Ganho maior que zero: melhor que a referência. Brier: menor é melhor.`;
}
