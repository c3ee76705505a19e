/**
 * Runs `work`; if it takes longer than a second, says so, and at the end how long it took. Throws
 * what `work` throws.
 */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  let isTold = false;
  const tell = () => {
    isTold = true;
    console.log(`${what} …`);
  };
  const timer = setTimeout(tell, 1_000);
  const again = setInterval(() => console.log(`${what} … ${secondsSince(startedAt)} s`), 15_000);
  try {
    const result = await work();
    if (isTold) console.log(`${what}: done (${secondsSince(startedAt)} s)`);
    return result;
  } finally {
    clearTimeout(timer);
    clearInterval(again);
  }
}

function secondsSince(startedAt: number): string {
  return ((Date.now() - startedAt) / 1000).toFixed(1);
}
