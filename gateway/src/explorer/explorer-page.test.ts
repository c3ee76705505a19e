import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Manifests } from '../admission/manifests.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { createExplorer } from './explorer.ts';
import { startSampleServer } from './sample-server.ts';

const chromium = findChromium();
const skip =
  chromium === null ? 'no chromium, chromium-browser or google-chrome on the PATH' : false;

const CREDENTIALS = {
  credentials: [
    {
      id: 'dana',
      label: 'Dana, dispatcher',
      kind: 'user',
      header: { name: 'authorization', value: 'Bearer of-dana' },
      scopes: ['fleet:read', 'reports:read'],
    },
    {
      id: 'harbor',
      label: 'Harbor Goods',
      kind: 'partner',
      header: { name: 'x-api-key', value: 'key-of-harbor' },
      scopes: ['orders:read'],
    },
  ],
};

const MANIFESTS: Manifests = new Map([
  [
    'web',
    new Map([
      ['1', 'query BoardOpen {\n  caller\n}'],
      [
        '2',
        'subscription ReportsLive {\n  reportsUpdated {\n    id\n    status\n    caller\n  }\n}',
      ],
    ]),
  ],
  [
    'partner-harbor',
    new Map([
      ['3', 'query PartnerOrdersSince {\n  caller\n}'],
      ['4', 'query PartnerViewer {\n  viewer {\n    organization {\n      timeZone\n    }\n  }\n}'],
    ]),
  ],
]);

let folder: string;
let server: Awaited<ReturnType<typeof startSampleServer>>;
let browser: Browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explorer-'));
  const credentialsFile = join(folder, 'credentials.json');
  await writeFile(credentialsFile, JSON.stringify(CREDENTIALS));
  server = await startSampleServer(
    createExplorer({
      production: false,
      graphqlPath: '/graphql',
      credentialsFile,
      manifests: MANIFESTS,
    }),
  );
  if (chromium !== null) browser = await launchChromium(chromium);
});

after(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A page, and everything on it that is not as it should be. */
async function openPage(path = '/'): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => {
    // The editor throws this when it gives up a suggestion because the text has changed.
    if (message !== 'Canceled') complaints.push(`error: ${message}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const isOurs = request.url().startsWith(server.url) || /^(data|blob):/.test(request.url());
    if (!isOurs) complaints.push(`asks elsewhere: ${request.url()}`);
  });
  page.setDefaultTimeout(90_000);
  await page.goto(server.url + path);
  await isReady(page);
  return { page, complaints };
}

async function isReady(page: Page): Promise<void> {
  await shows(page, '.graphiql-query-editor', 'query');
  await shows(page, '.graphiql-editor-tool', '{');
  await page.locator('.graphiql-response .monaco-editor').waitFor();
}

async function run(page: Page, tab: string): Promise<void> {
  await isReady(page);
  await page.getByRole('tab', { name: tab }).click();
  await shows(page, '.graphiql-query-editor', tab);
  // GraphiQL takes the name of the operation from the text half a second after it has changed.
  await page.waitForTimeout(1_000);
  await page.getByRole('button', { name: /^Execute query/ }).click();
}

/** White space matches any other: the editor draws non-breaking spaces. */
async function shows(page: Page, region: string, text: string): Promise<void> {
  await page.locator(region).filter({ hasText: text }).waitFor();
}

test('runs a query as the chosen caller, and stays on its own server', { skip }, async () => {
  const { page, complaints } = await openPage();
  assert.equal(await page.title(), 'quantumroute');
  await run(page, 'BoardOpen');
  await shows(page, '.graphiql-response', 'Bearer of-dana');
  await page.getByLabel('Call as').selectOption({ label: 'Harbor Goods' });
  await run(page, 'PartnerOrdersSince');
  await shows(page, '.graphiql-response', 'key-of-harbor');
  assert.deepEqual(complaints, []);
});

test('shows the frames of a subscription', { skip }, async () => {
  const { page, complaints } = await openPage('/?as=dana');
  await run(page, 'ReportsLive');
  await shows(page, '.graphiql-response', '"status": "SUCCEEDED"');
  await shows(page, '.graphiql-response', 'Bearer of-dana');
  assert.deepEqual(complaints, []);
});

test('fills in the date of the organization and keeps it over a reload', { skip }, async () => {
  const { page } = await openPage('/?as=dana');
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Pacific/Auckland' }).format();
  await shows(page, '.graphiql-editor-tool', `"date": "${today}"`);
  await page.reload();
  await shows(page, '.graphiql-editor-tool', `"date": "${today}"`);
});
