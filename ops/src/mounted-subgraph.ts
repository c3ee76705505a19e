/** What a gateway sends to a subgraph in its own process, as the body and headers of a POST. */
export type MountedRequest = {
  body: string;
  headers: Readonly<Record<string, string>>;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
};

/** The answer, as over HTTP. */
export type MountedAnswer = { status: number; headers: Record<string, string>; text: string };

/** Answers as `POST /graphql` does. Never rejects: what fails is an answer too. */
export type AskMounted = (request: MountedRequest) => Promise<MountedAnswer>;

/** A subgraph in the gateway's process. */
export type MountedSubgraph = {
  ask: AskMounted;
  /** Where it listens as ever: for subscriptions, downloads, health and metrics. */
  url: string;
};
