// What a chart is called with in Grafana Business Charts; the Painel does not need it.

// Grafana's frames as rows. Values come as arrays; frames one after the other.
function rowsOf(series) {
  return (series || []).flatMap((frame) => {
    const count = Math.max(0, ...frame.fields.map((field) => field.values.length));
    return Array.from({ length: count }, (_, i) =>
      Object.fromEntries(frame.fields.map((field) => [field.name, field.values[i] ?? null])));
  });
}

// A chart's context in Grafana Business Charts.
function chartContext(grafana, more) {
  const chart = grafana.panel.chart;
  const width = chart ? chart.getWidth() : 800;
  const height = chart ? chart.getHeight() : 400;
  return { dark: Boolean(grafana.grafana.theme.isDark), width, height, narrow: width < 520, ...more };
}

