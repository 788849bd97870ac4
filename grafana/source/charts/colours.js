// Every colour of the charts, for light and dark grounds. Rain classes grow in lightness and turn from
// blue to purple, lines are Okabe and Ito's: both hold for the common forms of colour blindness.

function chartColours(dark) {
  return dark
    ? {
        ground: '#14191f', text: '#e8edf2', quiet: '#aab4bf', line: '#3a444f', missing: '#5d6873',
        hatch: '#9aa5b0', accent: '#8fc9ff',
        classes: {
          'sem chuva': '#56697a', fraca: '#3f7fbf', moderada: '#5fb4ee', forte: '#b5dcff',
          'muito forte': '#ff9df0', 'sem dado': '#5d6873',
        },
        temperature: '#ff9a5c', maximum: '#ff7b72', minimum: '#7cc4ff', dewPoint: '#e7a3cc',
        humidity: '#4fd1a5', pressure: '#c4b0f5', wind: '#6cb8f0', gust: '#f0c64a',
        radiation: '#f0c64a', rain: '#5fb4ee', accumulated: '#f0c64a', above: '#ff9a5c', below: '#6cb8f0',
        sequence: ['#20364f', '#31688e', '#35b779', '#a5db36', '#fde725'],
        share: ['#7d3a1c', '#c98b3d', '#6fb0c8', '#a8dcf0'],
        rainDays: ['#2a333c', '#24507c', '#3f7fbf', '#5fb4ee', '#b5dcff', '#e0a8ff', '#ff9df0'],
        speeds: ['#31527a', '#3f7fbf', '#5fb4ee', '#b5dcff', '#ff9df0'],
        suspect: '#f0c64a', failed: '#ff7b72',
      }
    : {
        ground: '#ffffff', text: '#1b232b', quiet: '#55606b', line: '#d5dbe1', missing: '#c9ced4',
        hatch: '#7d8791', accent: '#0b5cad',
        classes: {
          'sem chuva': '#b9c4ce', fraca: '#7fb8e6', moderada: '#3182c8', forte: '#0b4a94',
          'muito forte': '#8a1a7d', 'sem dado': '#c9ced4',
        },
        temperature: '#c44e00', maximum: '#b3261e', minimum: '#1f6fb5', dewPoint: '#a8487f',
        humidity: '#00795a', pressure: '#6a4fa3', wind: '#0a66a8', gust: '#9a6a00',
        radiation: '#9a6a00', rain: '#3182c8', accumulated: '#9a4a00', above: '#c44e00', below: '#1f6fb5',
        sequence: ['#440154', '#31688e', '#35b779', '#a5db36', '#fde725'],
        share: ['#a63c00', '#efb060', '#9ccbe0', '#1b6c95'],
        rainDays: ['#eef1f4', '#d3e6f6', '#9ecbee', '#4f9bd6', '#1c64ad', '#5c3a98', '#8a1a7d'],
        speeds: ['#c6dcef', '#7fb8e6', '#3182c8', '#0b4a94', '#8a1a7d'],
        suspect: '#d69a00', failed: '#b3261e',
      };
}
