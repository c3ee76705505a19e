import { after } from 'node:test';

/**
 * Loaded into the process of every test file (`--import`): ends it in the three cases in which
 * Node's own runner would let it run for ever. All timers are unreferenced, so a file that cleans
 * up after itself never meets them.
 */
const FILE_TIMEOUT_MS = 600_000;
// The file's own hooks are yet to come: stopping a test's stack may take three times ten seconds.
const CLEAN_UP_TIMEOUT_MS = 45_000;
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();

setTimeout(() => giveUp(`took longer than ${FILE_TIMEOUT_MS / 1000} s`), FILE_TIMEOUT_MS).unref();

after(() => {
  const what = `still has something open ${CLEAN_UP_TIMEOUT_MS / 1000} s after its last test`;
  setTimeout(() => giveUp(what), CLEAN_UP_TIMEOUT_MS).unref();
});

function giveUp(why: string): void {
  const open = process.getActiveResourcesInfo().join(', ');
  process.stderr.write(`${process.argv[1]} ${why}. Open: ${open}\n`);
  process.exit(1);
}
