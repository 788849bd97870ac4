// The station's box: a list that narrows while one types, by name, code or UF, without accents.
// Keys as in the combobox pattern of the ARIA Authoring Practices Guide.

const MOST_OFFERED = 60;

function folded(text) {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
}

function stationText(station) {
  return `${station.station_id} · ${station.name || 'sem nome'}${station.uf ? ` (${station.uf})` : ''}`;
}

// Every word of the search must be found; an exact UF or code comes first.
function matching(stations, search) {
  const words = folded(search).split(/\s+/).filter(Boolean);
  const exact = (station) => words.some((word) => word === folded(station.uf || '') || word === folded(station.station_id));
  return stations
    .filter((station) => words.every((word) => folded(`${station.station_id} ${station.name || ''} ${station.uf || ''}`).includes(word)))
    .sort((a, b) => exact(b) - exact(a))
    .slice(0, MOST_OFFERED);
}

function stationBox(stations, choose) {
  const input = document.getElementById('station');
  const list = document.getElementById('stations');
  let offered = [];
  let active = -1;

  function mark(index) {
    active = index;
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === index)));
    if (index >= 0) {
      input.setAttribute('aria-activedescendant', list.children[index].id);
      list.children[index].scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  }

  function close() {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    mark(-1);
  }

  function offer(search) {
    offered = matching(stations, search);
    list.replaceChildren(...offered.map((station, i) => make('li', { role: 'option', id: `option-${i}`, 'aria-selected': 'false', text: stationText(station) })));
    if (!offered.length) list.replaceChildren(make('li', { role: 'option', 'aria-disabled': 'true', text: 'Nenhuma estação com esse nome, código ou UF' }));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark(search && offered.length ? 0 : -1);
  }

  function take(index) {
    const station = offered[index];
    close();
    if (station) choose(station.station_id);
  }

  input.addEventListener('focus', () => input.select());
  input.addEventListener('click', () => list.hidden && offer(''));
  input.addEventListener('input', () => offer(input.value));
  input.addEventListener('blur', () => { close(); input.value = input.dataset.chosen || ''; });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) offer('');
      else if (offered.length) mark((active + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (!list.hidden) take(active);
    } else if (event.key === 'Escape') close();
  });
  // Before blur, which would close the list under the pointer.
  list.addEventListener('mousedown', (event) => {
    event.preventDefault();
    take([...list.children].indexOf(event.target.closest('li')));
  });
}

function showStation(station) {
  const input = document.getElementById('station');
  input.dataset.chosen = stationText(station);
  input.value = input.dataset.chosen;
}
