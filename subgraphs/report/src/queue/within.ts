const CALL_TIMEOUT_MS = 1_000;

/** Waits for an answer of the queue for a second at most: nobody depends on it. */
export async function within<T>(call: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The queue did not answer to ${name} in time`)),
      CALL_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([call, patience]);
  } finally {
    clearTimeout(timer);
  }
}
