// npm run bench:planner -- [options]
import { BrokenFile } from './instances/broken-file.ts';
import { readOptions, USAGE, WrongOption } from './options.ts';
import { bench } from './bench.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'HELP') console.log(USAGE);
  else await bench(options);
} catch (error) {
  if (!(error instanceof BrokenFile || error instanceof WrongOption)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
