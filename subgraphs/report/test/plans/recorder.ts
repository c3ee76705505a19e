import { Client } from 'pg';

/** A statement as it reaches the driver, numbered. */
export type Statement = { readonly text: string; readonly values: readonly unknown[] };

const FRAME =
  /^\s*(begin|start transaction|commit|rollback|savepoint|release|set|reset|select 1$)/i;

type Query = (...args: unknown[]) => unknown;

/**
 * Runs `work` and tells of every statement that connections of this process send meanwhile, but for
 * the frames of transactions. Connections have to be opened within it: the pool of a service
 * keeps hold of how it sends.
 */
export async function recorded(
  work: () => Promise<void>,
  tell: (statement: Statement) => void,
): Promise<void> {
  const prototype = Client.prototype as unknown as { query: Query };
  const { query: send } = prototype;
  prototype.query = function recording(this: Client, ...args: unknown[]) {
    const statement = statementOf(args);
    if (statement !== null && !FRAME.test(statement.text)) tell(statement);
    return send.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = send;
  }
}

/** Text and values, or an object that has both, such as a cursor. */
function statementOf([first, second]: unknown[]): Statement | null {
  if (typeof first === 'string') {
    return { text: first, values: Array.isArray(second) ? second : [] };
  }
  if (typeof first !== 'object' || first === null || !('text' in first)) return null;
  const values = 'values' in first && Array.isArray(first.values) ? first.values : [];
  return { text: String(first.text), values: Array.isArray(second) ? second : values };
}
