/**
 * What a test's child process inherits: the machine, and what V8 has compiled in this run. No
 * settings: a developer's own must not reach a test.
 */
export function machineEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
