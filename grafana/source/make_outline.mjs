// Brazil's outline for the map: Natural Earth 1:50m (public domain) out of world-atlas, made lighter.
//   node grafana/source/make_outline.mjs
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';

const TOLERANCE_DEG = 0.06;
const world = createRequire(import.meta.url)('world-atlas/countries-50m.json');
const brazil = feature(world, world.objects.countries).features.find((it) => it.properties.name === 'Brazil');

function distance([x, y], [ax, ay], [bx, by]) {
  const length = Math.hypot(bx - ax, by - ay);
  return length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

// Douglas and Peucker.
function simplify(points) {
  if (points.length < 3) return points;
  let [far, at] = [0, 0];
  for (let i = 1; i < points.length - 1; i += 1) {
    const away = distance(points[i], points[0], points.at(-1));
    if (away > far) [far, at] = [away, i];
  }
  if (far <= TOLERANCE_DEG) return [points[0], points.at(-1)];
  return [...simplify(points.slice(0, at + 1)).slice(0, -1), ...simplify(points.slice(at))];
}

// The mainland, and the isles that can be seen (west of 34° W: not the far Atlantic ones).
const rings = brazil.geometry.coordinates.map(([ring]) => ring)
  .filter((ring) => ring.length > 20)
  .map((ring) => {
    const half = Math.floor(ring.length / 2);
    const light = [...simplify(ring.slice(0, half + 1)).slice(0, -1), ...simplify(ring.slice(half))];
    return light.map((point) => point.map((degrees) => Math.round(degrees * 100) / 100));
  });
const text = `// Brazil's outline, [longitude, latitude] in degrees, ring by ring. Made by make_outline.mjs from
// Natural Earth 1:50m (public domain) as npm's world-atlas carries it.
const BRAZIL_OUTLINE = ${JSON.stringify(rings)};\n`;
writeFileSync(new URL('charts/brazil_outline.js', import.meta.url), text.replace(/(.{80,98}?\],)(?=\[)/g, '$1\n'));
