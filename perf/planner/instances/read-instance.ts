import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { BrokenFile } from './broken-file.ts';
import { parseCvrplib } from './cvrplib.ts';
import { parseLiLim } from './li-lim.ts';
import type { RawInstance } from './raw-instance.ts';
import { parseSolomon } from './solomon.ts';

/** Reads a file of any of the formats, which it tells by what the file begins with. Throws `BrokenFile`. */
export function readInstance(file: string): RawInstance {
  return parseInstance(file, textOf(file));
}

export function parseInstance(file: string, text: string): RawInstance {
  const name = basename(file, extname(file));
  if (/^\s*NAME\s*:/.test(text)) return parseCvrplib(name, file, text);
  if (/^\s*VEHICLE\s*$/m.test(text)) return parseSolomon(name, file, text);
  if (/^\s*\d+\s+\d+\s+\d+\s*$/m.test(text)) return parseLiLim(name, file, text);
  throw new BrokenFile(
    file,
    1,
    'expected the format of Solomon, of Li and Lim, or a .vrp file of CVRPLIB',
  );
}

/** The text of a file; throws `BrokenFile` when it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BrokenFile(file, null, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
