// npm run bench:gateway -- [--rounds N] [--seconds S] [--only TEXT] [--cached] [--memory] [--out DIR]
import { compareCached } from './compare-cached.ts';
import { compare } from './compare.ts';
import { installRivals } from './install-rivals.ts';
import { measureMemory } from './measure-memory.ts';
import { readOptions, USAGE } from './options.ts';
import { openStage } from './stage.ts';

const options = readOptions(process.argv.slice(2));
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (options.work === 'cached') {
  await compareCached(options);
} else {
  if (options.work === 'compare') await installRivals();
  await using stage = await openStage();
  if (options.work === 'compare') await compare(stage, options);
  else await measureMemory(stage, options);
}
