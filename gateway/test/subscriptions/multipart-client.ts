/** What a client of Apollo's multipart protocol is told. */
export type MultipartSink = {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
};

/** Posts an operation and reads its answers, to the letter of the protocol. Returns how to leave. */
export function subscribeByMultipart(
  url: string,
  {
    headers,
    payload,
    fetchFn = fetch,
  }: { headers: Record<string, string>; payload: object; fetchFn?: typeof fetch },
  sink: MultipartSink,
): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  read(url, { headers, payload, signal, fetchFn }, sink).then(sink.complete, (error: unknown) => {
    if (!signal.aborted) sink.error(error);
  });
  return () => leaving.abort();
}

async function read(
  url: string,
  {
    headers,
    payload,
    signal,
    fetchFn,
  }: {
    headers: Record<string, string>;
    payload: object;
    signal: AbortSignal;
    fetchFn: typeof fetch;
  },
  sink: MultipartSink,
): Promise<void> {
  const answer = await fetchFn(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'multipart/mixed;subscriptionSpec=1.0, application/json',
    },
    body: JSON.stringify(payload),
    signal,
  });
  if (!answer.headers.get('content-type')?.startsWith('multipart/mixed;boundary="graphql"')) {
    sink.next(await answer.json());
    if (!answer.ok) throw new Error(`${answer.status}`);
    return;
  }
  const parts = partsOf(answer.body as ReadableStream<Uint8Array>);
  for await (const part of parts) {
    const { payload: result, errors } = JSON.parse(part) as { payload?: object; errors?: object[] };
    if (errors) sink.next({ errors });
    else if (result) sink.next(result);
  }
}

async function* partsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const pieces = text.split('\r\n--graphql');
    text = pieces.pop() ?? '';
    for (const piece of pieces) {
      const json = piece.split('\r\n\r\n')[1];
      if (json !== undefined) yield json;
    }
    if (text.startsWith('--')) return;
  }
  throw new Error('The answer ended without its last boundary');
}
