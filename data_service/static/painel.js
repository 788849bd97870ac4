// The page: the station and period in its address, and what follows from them.

const DEFAULT_DAYS = 30;
const current = { signal: null, state: null, abort: null };
let stations = [];

function dayBefore(day, days) {
  return new Date(wallTime(day) - days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

function isDay(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text || '') && !Number.isNaN(Date.parse(text));
}

function say(text) {
  document.getElementById('message').textContent = text;
}

// The state that an address asks for; what it leaves open or mistakes is the newest of the station.
function stateOf(search) {
  const asked = new URLSearchParams(search);
  const code = (asked.get('estacao') || '').toUpperCase();
  const found = stations.find((it) => it.station_id === code);
  const newest = stations.reduce((best, it) => (Date.parse(it.last_hour) > Date.parse(best.last_hour) ? it : best));
  const station = found || newest;
  const [firstDay, lastDay] = [station.first_hour, station.last_hour].map((hour) => hour.slice(0, 10));
  const to = isDay(asked.get('ate')) ? asked.get('ate') : lastDay;
  const from = isDay(asked.get('de')) ? asked.get('de') : dayBefore(to, DEFAULT_DAYS - 1);
  if (code && !found) say(`A estação ${code} não é conhecida; é mostrada ${stationText(station)}.`);
  return { station: station.station_id, from, to, firstDay, lastDay, name: stationText(station) };
}

function go(changes) {
  const { station, from, to } = { ...current.state, ...changes };
  const query = new URLSearchParams({ estacao: station, ...(from ? { de: from } : {}), ...(to ? { ate: to } : {}) });
  history.pushState(null, '', `?${query}${location.hash}`);
  load();
}

// Another station begins at its own newest days.
function chooseStation(station) {
  say('');
  go({ station, from: null, to: null });
}

function choosePeriod(from, to) {
  if (!isDay(from) || !isDay(to)) return say('Escolha as duas datas do período.');
  if (from > to) return say('A primeira data vem depois da segunda: troque-as.');
  say('');
  return go({ from, to });
}

function showState(state) {
  showStation(stations.find((it) => it.station_id === state.station));
  document.getElementById('from').value = state.from;
  document.getElementById('to').value = state.to;
  document.title = `${state.name}: painel das estações do INMET`;
  document.querySelectorAll('.presets button').forEach((button) => {
    const from = button.dataset.days === 'all' ? state.firstDay : dayBefore(state.lastDay, Number(button.dataset.days) - 1);
    button.setAttribute('aria-pressed', String(state.to === state.lastDay && state.from === from));
  });
  const link = (format, text) => make('a', { class: 'button', href: `/download?${new URLSearchParams({ station: state.station, from: state.from, to: state.to, format })}`, text });
  document.getElementById('download').replaceChildren(
    make('p', { text: `${state.name}, de ${dayText(wallTime(state.from))} a ${dayText(wallTime(state.to))}: todas as variáveis, hora a hora (UTC), com os seus sinais de qualidade. Ao usar, cite a fonte: INMET.` }),
    make('p', { class: 'links' }, link('csv', 'Baixar CSV'), link('parquet', 'Baixar Parquet')));
}

async function load() {
  if (current.abort) current.abort.abort();
  current.abort = new AbortController();
  current.signal = current.abort.signal;
  current.state = stateOf(location.search);
  const main = document.getElementById('main');
  main.setAttribute('aria-busy', 'true');
  showState(current.state);
  const { signal } = current;
  await Promise.all([loadNow(), ...CARDS.map(loadCard)]);
  if (!signal.aborted) main.removeAttribute('aria-busy');
}

function showTheme() {
  document.getElementById('theme').textContent = isDark() ? 'Tema claro' : 'Tema escuro';
  drawAll();
}

function listen() {
  document.getElementById('theme').addEventListener('click', () => { switchTheme(); showTheme(); });
  darkByPreference.addEventListener('change', () => { applyTheme(); showTheme(); });
  const dates = ['from', 'to'].map((id) => document.getElementById(id));
  dates.forEach((input) => input.addEventListener('change', () => choosePeriod(...dates.map((it) => it.value))));
  document.getElementById('controls').addEventListener('submit', (event) => event.preventDefault());
  document.querySelectorAll('.presets button').forEach((button) => button.addEventListener('click', () => {
    const { firstDay, lastDay } = current.state;
    choosePeriod(button.dataset.days === 'all' ? firstDay : dayBefore(lastDay, Number(button.dataset.days) - 1), lastDay);
  }));
  window.addEventListener('popstate', load);
  let wait;
  new ResizeObserver(() => { clearTimeout(wait); wait = setTimeout(drawAll, 150); }).observe(document.getElementById('main'));
  ['beforeprint', 'afterprint'].forEach((name) => window.addEventListener(name, () => {
    document.documentElement.classList.toggle('printing', name === 'beforeprint');
    drawAll();
  }));
}

async function start() {
  document.getElementById('theme').textContent = isDark() ? 'Tema claro' : 'Tema escuro';
  try {
    stations = (await ask('/stations', {}, null)).rows.filter((it) => it.first_hour && it.last_hour);
  } catch (error) {
    document.getElementById('main').hidden = true;
    say(`${error.message} ${error.remedy || ''}`);
    return;
  }
  if (!stations.length) {
    document.getElementById('main').hidden = true;
    say('Ainda não há dados limpos. Envie um arquivo do INMET (make run FILE=…, ou o serviço de envio na porta 8000) e abra esta página de novo.');
    return;
  }
  stationBox(stations, chooseStation);
  listen();
  await load();
}

start();
