import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createExplorer, type ExplorerOptions } from './explorer.ts';
import type { Settings } from './page/settings.ts';
import { startSampleServer } from './sample-server.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explorer-'));
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function withExplorer(
  options: Partial<ExplorerOptions>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const explorer = createExplorer({
    production: false,
    graphqlPath: '/graphql',
    bundleFolder: join(folder, 'bundles'),
    ...options,
  });
  const server = await startSampleServer(explorer);
  try {
    await use(server.url);
  } finally {
    await server.close();
  }
}

async function settingsAt(url: string): Promise<Settings> {
  return (await (await fetch(`${url}/explorer/settings.json`)).json()) as Settings;
}

function scriptOf(html: string): string {
  return /src="([^"]+main\.js)"/.exec(html)?.[1] ?? '';
}

test('is not there in production', async () => {
  await withExplorer({ production: true }, async (url) => {
    for (const path of ['/', '/explorer/settings.json', '/explorer/x/main.js']) {
      assert.equal((await fetch(url + path)).status, 404);
    }
  });
});

test('lets the page load nothing from elsewhere', async () => {
  await withExplorer({}, async (url) => {
    const response = await fetch(url);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(await response.text(), /https?:\/\/(?!www\.w3\.org)/);
  });
});

test('builds its bundle once, serves it zipped and for good, and clears older ones', async () => {
  const bundleFolder = join(folder, 'once');
  await withExplorer({ bundleFolder }, async (url) => {
    const script = scriptOf(await (await fetch(url)).text());
    const [first, second] = await Promise.all([fetch(url + script), fetch(url + script)]);
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('content-encoding'), 'gzip');
    assert.match(first.headers.get('cache-control') ?? '', /immutable/);
    assert.equal((await second.text()).length, (await first.text()).length);
    for (const file of ['editor.worker.js', 'graphql.worker.js', 'json.worker.js', 'main.css']) {
      assert.equal((await fetch(url + script.replace('main.js', file))).status, 200);
    }
  });
  await withExplorer({ bundleFolder }, async (url) => {
    const startedAt = performance.now();
    await (await fetch(url + scriptOf(await (await fetch(url)).text()))).text();
    assert.ok(performance.now() - startedAt < 1_000);
  });
  assert.equal((await readdir(bundleFolder)).length, 1);
});

test('serves nothing beside its bundle', async () => {
  await withExplorer({}, async (url) => {
    const bundle = scriptOf(await (await fetch(url)).text()).replace('main.js', '');
    const paths = ['..%2f..%2fpackage.json', '.hidden', 'main.js.map', 'nothing.js'];
    for (const path of [...paths.map((name) => bundle + name), '/explorer/main.js']) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
  });
});

test('offers nobody but the public when there are no credentials', async () => {
  await withExplorer({}, async (url) => {
    const { callers } = await settingsAt(url);
    assert.deepEqual(
      callers.map(({ kind, header }) => [kind, header]),
      [['anonymous', null]],
    );
  });
});

test('reads the credentials anew, and offers examples that the caller may run', async () => {
  const credentialsFile = join(folder, 'credentials.json');
  const manifests = new Map([
    [
      'web',
      new Map([
        ['1', 'mutation Optimize { x }'],
        ['2', 'query BoardOpen { x }'],
      ]),
    ],
  ]);
  const write = (scopes: string[]) => {
    const header = { name: 'authorization', value: 'Bearer x' };
    const credentials = [{ id: 'a', label: 'A', kind: 'user', header, scopes }];
    return writeFile(credentialsFile, JSON.stringify({ credentials }));
  };
  const titles = (settings: Settings) =>
    settings.callers[0]?.examples.map(({ query }) => /(?:query|mutation) (\w+)/.exec(query)?.[1]);
  await write(['routes:read']);
  await withExplorer({ credentialsFile, manifests }, async (url) => {
    assert.deepEqual(titles(await settingsAt(url)), ['DepotDay', 'BoardOpen']);
    await write(['routes:read', 'routes:write']);
    assert.deepEqual(titles(await settingsAt(url)), ['DepotDay', 'BoardOpen', 'Optimize']);
  });
});
