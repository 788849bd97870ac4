// The charts as a page has them: every file's functions, in one scope.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../grafana/source/charts/', import.meta.url);

export const files = readdirSync(folder).filter((name) => name.endsWith('.js')).sort();
export const source = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');

// Neither document, window nor a clock is in reach: a chart that asks for one fails.
const forbidden = ['window', 'document', 'globalThis', 'process', 'fetch', 'performance'];
const names = [...source.matchAll(/^(?:function|const) (\w+)/gm)].map((found) => found[1]);
export const charts = new Function(...forbidden, `'use strict';\n${source}\nreturn { ${names.join(', ')} };`)();
