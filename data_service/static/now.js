// The station now: the newest hour, its age, and what fell until then.

function ageText(hours) {
  if (hours === null || hours === undefined) return MISSING_CLASS;
  if (hours < 1) return 'há menos de uma hora';
  if (hours < 48) return `há ${numberText(hours, 0)} h`;
  return `há ${numberText(hours / 24, 0)} dias`;
}

function directionText(degrees) {
  return degrees === null || degrees === undefined ? '' : `de ${SECTOR_NAMES[Math.round(degrees / 22.5) % 16]}`;
}

function tile(name, value, more, isMissing) {
  return make('div', { class: isMissing ? 'tile missing' : 'tile' }, make('dt', { text: name }),
    make('dd', {}, make('span', { class: 'value', text: value }), ...(more ? [make('span', { class: 'more', text: more })] : [])));
}

function measured(row, name, key, digits, unit, more) {
  const value = numberOf(row[key]);
  return tile(name, numberText(value, digits, unit), value === null ? '' : more, value === null);
}

function tendencyText(change) {
  if (change === null || change === undefined) return 'tendência desconhecida';
  const word = change >= 0.5 ? 'subindo' : change <= -0.5 ? 'caindo' : 'estável';
  return `${word}: ${change > 0 ? '+' : ''}${numberText(change, 1)} em 3 h`;
}

function nowTiles(row) {
  return make('dl', { class: 'tiles' },
    measured(row, 'Temperatura', 'temperature_c', 1, '°C'),
    measured(row, 'Umidade', 'humidity_pct', 0, '%'),
    measured(row, 'Chuva na hora', 'precipitation_mm', 1, 'mm', row.rain_class),
    measured(row, 'Chuva em 24 h', 'rain_24h_mm', 1, 'mm'),
    measured(row, 'Chuva em 72 h', 'rain_72h_mm', 1, 'mm'),
    measured(row, 'Vento', 'wind_speed_ms', 1, 'm/s', directionText(row.wind_direction_deg)),
    measured(row, 'Rajada', 'wind_gust_ms', 1, 'm/s'),
    measured(row, 'Pressão', 'pressure_hpa', 1, 'hPa', tendencyText(row.pressure_change_3h_hpa)),
    ...(numberOf(row.rain_probability) === null ? [] : [tile('Chance de chuva', shareText(row.rain_probability), 'na próxima hora')]));
}

async function loadNow() {
  const { signal, state } = current;
  const place = document.getElementById('now');
  try {
    const answer = await ask('/latest', { station: state.station }, signal);
    const row = answer.rows[0];
    if (!row) {
      place.replaceChildren(make('p', { class: 'notice', text: 'Esta estação ainda não tem nenhuma hora observada. Escolha outra.' }));
      return;
    }
    const old = row.age_h > 24;
    place.replaceChildren(
      make('p', { class: old ? 'age old' : 'age' }, make('strong', { text: `${row.station_id} · ${row.name} (${row.uf})` }),
        ` · hora até ${timeText(wallTime(row.observed_at))} · dado de ${ageText(row.age_h)}${old ? ': não é o tempo de agora' : ''}`),
      nowTiles(row));
  } catch (error) {
    if (!wasGivenUp(error)) place.replaceChildren(make('p', { class: 'notice', text: `${error.message} ${error.remedy || ''}` }));
  }
}
