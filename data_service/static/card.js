// A card: heading, choice, chart with its summary in words, the same as a table on demand.

const NARROW_PX = 520;
const MOST_TABLE_ROWS = 500;
const drawn = new Map();

function chartInputs({ card, state, choice, answer, rows }, plot) {
  const printing = document.documentElement.classList.contains('printing');
  const width = plot.clientWidth;
  return [rows, { dark: !printing && isDark(), narrow: width < NARROW_PX, width, height: plot.clientHeight, ...(card.context ? card.context(state, choice, answer) : {}) }];
}

function drawChart(id) {
  const inputs = drawn.get(id);
  const { card, rows, element } = inputs;
  const plot = element.querySelector('.plot');
  const height = typeof card.height === 'function' ? card.height(rows, plot.clientWidth < NARROW_PX) : card.height;
  plot.style.height = `${height}px`;
  const option = window[card.chart](...chartInputs(inputs, plot));
  // Nothing to draw: a line of words, not a field of nothing.
  const empty = !option.series;
  element.classList.toggle('empty', empty);
  if (empty) plot.style.height = '64px';
  const chart = echarts.getInstanceByDom(plot) || echarts.init(plot, null, { renderer: 'svg', locale: 'PT-br' });
  chart.resize();
  chart.setOption(option, { notMerge: true });
  plot.setAttribute('aria-label', option.aria.label.description);
  element.querySelector('.summary').textContent = option.aria.label.description;
  if (card.picks) chart.off('click').on('click', ({ data }) => data.row && chooseStation(data.row.station_id));
}

function fillTable(card, rows, details) {
  if (!details.open || details.querySelector('table') || !rows.length) return;
  const shown = rows.slice(0, MOST_TABLE_ROWS);
  const cut = rows.length > shown.length ? ` (primeiras ${shown.length} de ${rows.length} linhas; todas estão em Baixar os dados)` : '';
  details.append(make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Tabela: ${card.title}` }, tableOf(shown, card.columns, card.title + cut)));
}

function cardShell(card) {
  const heading = make('div', { class: 'heading' }, make('h3', { id: `h-${card.id}`, text: card.title }));
  if (card.choice) {
    const select = make('select', { id: `choice-${card.id}` }, ...Object.entries(card.choice.words).map(([value, text]) => make('option', { value, text })));
    select.addEventListener('change', () => loadCard(card));
    heading.append(make('label', { class: 'choice' }, make('span', { text: card.choice.label }), select));
  }
  const body = make('div', { class: 'body', 'aria-busy': 'true' });
  const element = make('article', { class: card.wide ? 'card wide' : 'card', id: card.id, 'aria-labelledby': `h-${card.id}` }, heading, body);
  document.querySelector(`#${card.section} .cards`).append(element);
  return element;
}

function showRefusal(card, error) {
  const again = make('button', { type: 'button', text: 'Tentar de novo' });
  again.addEventListener('click', () => loadCard(card));
  return make('div', { class: 'notice', role: 'group', 'aria-label': 'Aviso' }, make('p', {}, make('strong', { text: error.message }), ` ${error.remedy}`), again);
}

function cardContent(card, answer, rows, state, cutDays) {
  const parts = [];
  if (card.words) parts.push(make('p', { class: 'words', text: card.words(answer, state) }));
  if (card.chart) {
    const details = make('details', {}, make('summary', { text: 'Ver como tabela' }));
    details.addEventListener('toggle', () => fillTable(card, rows, details));
    parts.push(make('div', { class: 'plot', role: 'img' }), make('p', { class: 'summary' }), ...(rows.length ? [details] : []));
  } else if (rows.length) {
    parts.push(make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Tabela: ${card.title}` }, tableOf(rows, card.table, card.title)));
  } else {
    parts.push(make('p', { class: 'notice', text: card.empty }));
  }
  if (cutDays) parts.push(make('p', { class: 'note', text: `Período longo: mostra os últimos ${numberText(cutDays, 0)} dias.` }));
  if (card.note) parts.push(make('p', { class: 'note', text: card.note }));
  return parts;
}

// The end of a period that is longer than the card can show.
function cutState(card, state) {
  if (!card.longestDays || daysBetween(state.from, state.to) <= card.longestDays) return [state, null];
  return [{ ...state, from: dayBefore(state.to, card.longestDays - 1) }, card.longestDays];
}

async function loadCard(card) {
  const { signal, state: whole } = current;
  const [state, cutDays] = cutState(card, whole);
  const element = document.getElementById(card.id) || cardShell(card);
  const body = element.querySelector('.body');
  const choice = card.choice ? element.querySelector('select').value : undefined;
  body.setAttribute('aria-busy', 'true');
  try {
    const answer = await ask(card.path, card.params(state, choice), signal);
    const rows = card.rows ? card.rows(answer, state) : answer.rows;
    forget(card.id);
    body.replaceChildren(...cardContent(card, answer, rows, state, cutDays));
    drawn.set(card.id, { card, state, choice, answer, rows, element });
    if (card.chart) drawChart(card.id);
  } catch (error) {
    if (wasGivenUp(error)) return;
    forget(card.id);
    body.replaceChildren(showRefusal(card, error.remedy ? error : new Refusal(`Este quadro falhou: ${error.message}.`, 'Tente de novo.')));
    if (!error.remedy) console.error(error);
  }
  body.removeAttribute('aria-busy');
}

function forget(id) {
  const plot = document.querySelector(`#${id} .plot`);
  const chart = plot && echarts.getInstanceByDom(plot);
  if (chart) chart.dispose();
  drawn.delete(id);
}

function drawAll() {
  drawn.forEach(({ card }, id) => card.chart && drawChart(id));
}
