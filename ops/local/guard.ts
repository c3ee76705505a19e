import { spawn } from 'node:child_process';

/** Ends processes on behalf of this one if this one dies without doing it (even by kill -9). */
export type Guard = {
  /** From now on `pid` gets `signal` when this process is gone, and `lastSignal` 8 seconds later. */
  watch(pid: number, signals?: { signal: 'TERM' | 'INT'; lastSignal: 'KILL' | 'QUIT' }): void;
  /** The process has ended by itself: its number may belong to somebody else from now on. */
  forget(pid: number): void;
  /** A directory to delete after the processes, for data that only this process needed. */
  removeAfterwards(directory: string): void;
};

/**
 * The one guard of this process, started at first use: a shell that reads orders from a pipe.
 * The kernel closes the pipe however we die, so nothing has to be polled, and the watched
 * programs (PostgreSQL, Redis, our services) need not know about it. The shell ignores signals and
 * leads a session of its own, so Ctrl-C in the terminal reaches us and not it.
 */
export function guardOfThisProcess(): Guard {
  return (theGuard ??= startGuard());
}

let theGuard: Guard | undefined;

function startGuard(): Guard {
  const shell = spawn('/bin/sh', ['-c', GUARD_SCRIPT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  const { stdin } = shell;
  stdin.on('error', () => {});
  // An open pipe must not keep an otherwise finished process alive.
  (stdin as unknown as { unref(): void }).unref();
  const order = (...words: string[]): void => void stdin.write(`${words.join(' ')}\n`);
  return {
    watch(pid, { signal, lastSignal } = { signal: 'TERM', lastSignal: 'KILL' }) {
      order('watch', `${pid}:${signal}:${lastSignal}`);
    },
    forget: (pid) => order('forget', `${pid}:`),
    removeAfterwards: (directory) => order('remove', directory),
  };
}

/** Watched processes are ended newest first, since later ones depend on earlier ones. */
const GUARD_SCRIPT = `
trap '' INT TERM HUP
watched=''
while read -r order what; do
  case $order in
    watch) watched="$what $watched" ;;
    forget)
      kept=''
      for one in $watched; do case $one in "$what"*) ;; *) kept="$kept $one" ;; esac; done
      watched=$kept ;;
    remove) set -- "$@" "$what" ;;
  esac
done
alive() { for one in $watched; do kill -0 "\${one%%:*}" 2>/dev/null && return 0; done; return 1; }
for one in $watched; do rest=\${one#*:}; kill -s "\${rest%%:*}" "\${one%%:*}" 2>/dev/null; done
tries=0
while alive && [ $tries -lt 8 ]; do sleep 1; tries=$((tries + 1)); done
for one in $watched; do kill -s "\${one##*:}" "\${one%%:*}" 2>/dev/null; done
[ $# -gt 0 ] && rm -rf "$@"
exit 0
`;
