// A real browser for the tests: Debian's chromium, driven by playwright-core.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

// A page that hangs ends by then; a busy machine needs a part of it.
const DEADLINE_MS = 90_000;
export const BUILD = new URL('../build/', import.meta.url);

export function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// A page, and what it complained of: errors of the console, uncaught ones, requests that failed.
export async function openPage(browser, options) {
  const context = await browser.newContext({ locale: 'pt-BR', timezoneId: 'Pacific/Auckland', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => request.failure().errorText !== 'net::ERR_ABORTED' && complaints.push(`${request.url()} ${request.failure().errorText}`));
  return { context, page, complaints };
}

export function buildFile(folder, name) {
  mkdirSync(new URL(`${folder}/`, BUILD), { recursive: true });
  return new URL(`${folder}/${name}`, BUILD).pathname;
}
