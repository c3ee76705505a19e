import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/**
 * Builds the page into `folder`, which appears complete or not at all, and removes what earlier
 * versions left beside it.
 */
export async function buildBundle(folder: string): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, 'draft-'));
  try {
    await bundle(draft);
    await compress(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was faster with the same bundle.
    if (!isTaken(error)) throw error;
  }
  await removeOthers(parent, basename(folder));
}

async function bundle(outputFolder: string): Promise<void> {
  // A development dependency: production has no explorer and need not have it.
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
    entryPoints: {
      main: './page/main.tsx',
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
    outdir: outputFolder,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.ttf': 'file' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
}

async function compress(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((file) => /\.(js|css)$/.test(file));
  const writes = files.map(async (file) => {
    const content = await promisify(gzip)(await readFile(join(folder, file)));
    await writeFile(join(folder, `${file}.gz`), content);
  });
  await Promise.all(writes);
}

const KEY = /^[0-9a-f]{16}$/;

async function removeOthers(parent: string, kept: string): Promise<void> {
  const others = (await readdir(parent)).filter((name) => KEY.test(name) && name !== kept);
  await Promise.all(others.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}
