import type { GraphQLFormattedError } from 'graphql';

/** How the answers of an operation are written into an HTTP response that stays open. */
export type Framing = {
  contentType: string;
  /** Sent at once: some browsers see the headers only with the first byte of the body. */
  opening: string;
  heartbeat: string;
  /** `text` is the answer as JSON. A client that comes back names the last `cursor` it has seen. */
  result(text: string, cursor: string | null): string;
  /** Nothing more will ever come. */
  complete: string;
  /** More would have come, to a client that connects again. */
  cut(reason: GraphQLFormattedError): string;
};
