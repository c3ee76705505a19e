/**
 * Runs `work`; if it takes longer than a second, says so, every ten seconds how it stands, and at
 * the end how long it took. `work` may tell how it stands itself. Throws what `work` throws.
 */
export async function withProgress<T>(
  what: string,
  work: (tell: (state: string) => void) => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  let isTold = false;
  let state = '';
  const tell = () => {
    isTold = true;
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.log([`${what} …`, seconds > 1 && `${seconds} s`, state].filter(Boolean).join('  '));
  };
  const first = setTimeout(tell, 1_000);
  const again = setInterval(tell, 10_000);
  try {
    const result = await work((text) => (state = text.trim()));
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (isTold) console.log(`${what}: done (${seconds} s)`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
