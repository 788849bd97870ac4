// Light or dark before the first paint: the reader's choice, else the system's.

const darkByPreference = window.matchMedia('(prefers-color-scheme: dark)');

function chosenTheme() {
  try {
    return localStorage.getItem('tema');
  } catch {
    return null; // storage may be closed to us: the system's preference then
  }
}

function isDark() {
  const chosen = chosenTheme();
  return chosen === null ? darkByPreference.matches : chosen === 'escuro';
}

function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
}

function switchTheme() {
  try {
    localStorage.setItem('tema', isDark() ? 'claro' : 'escuro');
  } catch {
    return;
  }
  applyTheme();
}

applyTheme();
