import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** An operation that a client has registered. */
export type RegisteredOperation = {
  client: string;
  name: string;
  type: 'query' | 'mutation' | 'subscription';
  /** What a partner sends instead of the document. */
  id: string;
  body: string;
};

/** Every operation of every client, from the manifests that the gateway reads. */
export function registeredOperations(): RegisteredOperation[] {
  return globSync(`${MANIFESTS}/*.json`)
    .sort()
    .flatMap((file) => {
      const { operations } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
      return operations.map((operation) => ({ ...operation, client: basename(file, '.json') }));
    });
}

const MANIFESTS = `${import.meta.dirname}/../../schema/manifests`;

type Manifest = { operations: Omit<RegisteredOperation, 'client'>[] };
