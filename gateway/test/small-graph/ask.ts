import type { GraphQLFormattedError } from 'graphql';

/** An answer over HTTP. */
export type Answer = {
  status: number;
  headers: Headers;
  data: Record<string, unknown> | null | undefined;
  errors: GraphQLFormattedError[] | undefined;
};

/** What is asked. */
export type Question = {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: Record<string, unknown>;
  token?: string;
  headers?: Record<string, string>;
};

/** Sends an operation to a gateway. */
export async function ask(
  url: string,
  { token, headers = {}, ...body }: Question,
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as Pick<Answer, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, data, errors };
}

/** The code of the first error. */
export function codeOf({ errors }: Pick<Answer, 'errors'>): unknown {
  return errors?.[0]?.extensions?.['code'];
}
