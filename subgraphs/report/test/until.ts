import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is there; gives it with the milliseconds it took. */
export async function until<T>(
  ask: () => Promise<T | null | undefined | false>,
  { withinMs = 15_000, what = 'the expected state' }: { withinMs?: number; what?: string } = {},
): Promise<{ value: T; tookMs: number }> {
  const startedAt = performance.now();
  for (;;) {
    const value = await ask();
    const tookMs = performance.now() - startedAt;
    if (value !== null && value !== undefined && value !== false) return { value, tookMs };
    if (tookMs > withinMs) throw new Error(`Waited ${withinMs} ms in vain for ${what}`);
    await sleep(25);
  }
}
