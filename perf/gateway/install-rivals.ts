import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('rivals/', import.meta.url);
const LOCKFILE = new URL('package-lock.json', FOLDER);
const INSTALLED = new URL('node_modules/.installed-lockfile.json', FOLDER);

/**
 * Installs the other gateways at first use: they are not in the project's own lockfile, because
 * only this bench needs them. Without a registry the bench goes on with those that are there.
 */
export async function installRivals(): Promise<void> {
  const wanted = readFileSync(LOCKFILE, 'utf8');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted) return;
  console.log('Installing the other gateways (once, some 800 packages) …');
  const parameters = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const child = spawn('npm', parameters, { cwd: fileURLToPath(FOLDER), stdio: 'inherit' });
  const code = await new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  if (code === 0) writeFileSync(INSTALLED, wanted);
  else console.log('They could not be installed; going on without those that are missing.');
}
