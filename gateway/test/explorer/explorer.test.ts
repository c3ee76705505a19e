import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { testStack, type TestStack } from '@quantumroute/ops/local/testing';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../../src/explorer/chromium.ts';

const chromium = findChromium();
const skip =
  chromium === null ? 'no chromium, chromium-browser or google-chrome on the PATH' : false;

let stack: TestStack;
let browser: Browser;

before(async () => {
  if (chromium === null) return;
  stack = await testStack();
  browser = await launchChromium(chromium);
  // The first opening may have to build the bundle, which is not what is tested here.
  const { page } = await openAs('nobody');
  await page.close();
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What the gateway answered to the page, over HTTP and over a WebSocket. */
type Heard = { answers: string[]; frames: string[] };

async function openAs(callerId: string): Promise<{ page: Page; heard: Heard }> {
  const page = await browser.newPage();
  const heard: Heard = { answers: [], frames: [] };
  page.on('response', async (response) => {
    if (!response.url().endsWith('/graphql')) return;
    // A page that is closed meanwhile has nothing to tell any more.
    const text = await response.text().catch(() => null);
    if (text !== null) heard.answers.push(text);
  });
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => heard.frames.push(String(payload)));
  });
  page.setDefaultTimeout(90_000);
  await page.goto(`${stack.urls.gateway}/?as=${callerId}`);
  return { page, heard };
}

async function runTab(page: Page, name: string): Promise<void> {
  await page
    .locator('.graphiql-query-editor')
    .filter({ hasText: /query|mutation/ })
    .waitFor();
  await page.locator('.graphiql-editor-tool').filter({ hasText: '{' }).waitFor();
  await page.locator('.graphiql-response .monaco-editor').waitFor();
  await page.getByRole('tab', { name: new RegExp(`^${name}\\b`) }).click();
  await page.locator('.graphiql-query-editor').filter({ hasText: name }).waitFor();
  // GraphiQL takes the name of the operation from the text half a second after it has changed.
  await page.waitForTimeout(1_000);
  await page.getByRole('button', { name: /^Execute query/ }).click();
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const failed = (texts: readonly string[]) =>
  texts.filter((text) => /"errors":\s*\[\{/.test(text) || /"userErrors":\s*\[\{/.test(text));

async function assertExamplesWork(callerId: string, tabs: readonly string[]): Promise<void> {
  const { page, heard } = await openAs(callerId);
  for (const tab of tabs) {
    const before = heard.answers.length;
    await runTab(page, tab);
    await until(() => heard.answers.length > before);
    assert.ok(heard.answers.length > before, `${tab} was not answered`);
  }
  assert.deepEqual(failed(heard.answers), []);
  await page.close();
}

test('a dispatcher’s examples work', { skip, timeout: 240_000 }, () =>
  assertExamplesWork('dispatcher', [
    'DepotDay',
    'BoardOpen',
    'FleetMonth',
    'Optimize',
    'ReportRequest',
  ]),
);

for (const [tab, told] of [
  ['BoardLive', /"boardUpdated":\{.*"reload":true/],
  ['LiveFleet', /"vehiclePositions":\{.*"latitude"/],
] as const) {
  test(`${tab} tells a dispatcher how things are at once`, { skip, timeout: 240_000 }, async () => {
    const { page, heard } = await openAs('dispatcher');
    await runTab(page, tab);
    const isTold = () => heard.frames.some((frame) => told.test(frame));
    await until(isTold);
    assert.ok(isTold(), `${tab} told nothing`);
    assert.deepEqual(failed(heard.frames), []);
    await page.close();
  });
}

test('a driver’s example works', { skip, timeout: 240_000 }, () =>
  assertExamplesWork('driver', ['DriverDay']),
);

test(
  'a partner’s examples work, though only registered texts are allowed',
  { skip, timeout: 240_000 },
  () =>
    assertExamplesWork('partner-harbor', [
      'PartnerOrdersSince',
      'PartnerViewer',
      'PartnerServiceLevel',
      'PartnerReportRequest',
    ]),
);

test('a subscription shows a report until it is done', { skip, timeout: 240_000 }, async () => {
  const { page, heard } = await openAs('analyst');
  await runTab(page, 'ReportRequest');
  await page.locator('.graphiql-response').filter({ hasText: 'REQUESTED' }).waitFor();
  await page.close();
  const later = await openAs('analyst');
  await runTab(later.page, 'ReportWatch');
  await later.page.locator('.graphiql-response').filter({ hasText: 'SUCCEEDED' }).waitFor();
  assert.deepEqual(failed([...heard.answers, ...later.heard.answers, ...later.heard.frames]), []);
  // The last state is shown before the frame that ends the subscription has come.
  const isComplete = () => later.heard.frames.some((frame) => frame.includes('"type":"complete"'));
  await until(isComplete);
  assert.ok(isComplete());
});
