/**
 * A signal that is aborted at Ctrl-C, SIGTERM, SIGHUP, at the death of npm, and when nobody reads
 * any more what is printed (`npm start | head`). At Ctrl-C the
 * terminal signals us and npm signals us again, so signals within two seconds are one request; a
 * later one ends this process at once, and the guard its children.
 */
export function onStopRequest(): AbortSignal {
  const controller = new AbortController();
  let requestedAt = 0;
  const request = (): void => {
    if (!controller.signal.aborted) {
      requestedAt = Date.now();
      controller.abort(new Error('Stopped.'));
    } else if (Date.now() - requestedAt > 2_000) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  // Each line that is lost is one more error: only the first is a request.
  process.stdout.on('error', () => controller.signal.aborted || request());
  if (process.env['npm_lifecycle_event']) watchParent(request);
  return controller.signal;
}

/** npm that is killed (kill -9) cannot pass anything on. */
function watchParent(request: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    request();
  }, 1_000);
  timer.unref();
}
