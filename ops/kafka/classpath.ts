import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inProject } from '../local/project.ts';

const POM = inProject('ops/kafka/pom.xml');
const FOLDER = inProject('.quantumroute/kafka-broker');
const RESOLVE_TIMEOUT_MS = 300_000;

/** Why no Kafka can be started here, as a sentence; null when it can. */
export function whyNoBroker(): string | null {
  const missing = ['java', 'mvn'].filter((program) => !isOnPath(program));
  if (missing.length === 0) return null;
  return `Kafka is left out: ${missing.join(' and ')} not on the PATH.`;
}

/**
 * The jars of the broker, as `java -cp` wants them. Maven finds them once, in its own repository or
 * in Maven Central (45 MB), and checks them; afterwards nobody asks it again.
 */
export async function brokerClasspath(): Promise<string> {
  const known = join(FOLDER, `${versionInPom()}.classpath`);
  mkdirSync(FOLDER, { recursive: true });
  return readIfWhole(known) ?? alone(async () => readIfWhole(known) ?? askMaven(known));
}

function versionInPom(): string {
  const version = /<version>([^<]+)<\/version>/.exec(readFileSync(POM, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${POM} names no version.`);
  return version;
}

/** Null where it was never asked for, or where Maven's repository was emptied since. */
function readIfWhole(file: string): string | null {
  if (!existsSync(file) || statSync(POM).mtimeMs > statSync(file).mtimeMs) return null;
  const classpath = readFileSync(file, 'utf8').trim();
  return classpath.split(delimiter).every((jar) => existsSync(jar)) ? classpath : null;
}

async function askMaven(file: string): Promise<string> {
  const unfinished = `${file}.unfinished`;
  const goal = ['dependency:build-classpath', '-DincludeScope=runtime'];
  const words = ['-q', '-B', '-f', POM, ...goal, `-Dmdep.outputFile=${unfinished}`];
  await promisify(execFile)('mvn', words, { timeout: RESOLVE_TIMEOUT_MS });
  renameSync(unfinished, file);
  return readFileSync(file, 'utf8').trim();
}

/** Maven's repository does not bear several Mavens: test files run in several processes. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(FOLDER, 'lock');
  while (!take(lock)) await sleep(50);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A lock whose owner must be dead by now is nobody's. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > RESOLVE_TIMEOUT_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
