// npm run bench:reports -- [export] [--scale S] [--fresh] [--out DIR]
import { benchSteps } from './bench-steps.ts';
import { benchExport } from './export/bench-export.ts';
import { openBenchDatabase } from './database.ts';
import { worldOf } from './data/world.ts';
import { readOptions, USAGE } from './options.ts';

const options = readOptions(process.argv.slice(2));
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const world = worldOf(options.scale);
  const database = await openBenchDatabase(world, options);
  try {
    if (options.work === 'export') await benchExport(database.url, world);
    else await benchSteps(database.url, world, options);
  } finally {
    await database.stop();
  }
}
