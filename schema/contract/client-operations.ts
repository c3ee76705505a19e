import { readFileSync, readdirSync } from 'node:fs';
import { Kind, parse, print } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

const operationsFolder = new URL('../operations/', import.meta.url);

/** One file of `operations/<client>/`: one operation with the fragments that it needs. */
export type ClientOperation = {
  client: string;
  name: string;
  type: 'query' | 'mutation' | 'subscription';
  document: DocumentNode;
  /** The document as clients send it, character for character: its SHA-256 is the id. */
  body: string;
};

/** The clients that have a folder, by name. */
export function readClients(): string[] {
  return readdirSync(operationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** The operations of a client by name; throws an Error that names the file that is wrong. */
export function readOperations(client: string): ClientOperation[] {
  const folder = new URL(`${client}/`, operationsFolder);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => {
      const source = readFileSync(new URL(file, folder), 'utf8');
      return clientOperation({ client, file, source });
    });
}

/** The operation of one file, whose name must be the operation's. */
export function clientOperation(from: {
  client: string;
  file: string;
  source: string;
}): ClientOperation {
  const where = `operations/${from.client}/${from.file}`;
  const document = parse(from.source);
  const operation = onlyOperation(document, where);
  const name = operation.name?.value;
  if (name === undefined || `${name}.graphql` !== from.file) {
    throw new Error(`${where} needs an operation of the file's name, got ${name ?? 'none'}`);
  }
  const { client } = from;
  return { client, name, type: operation.operation, document, body: print(document) };
}

function onlyOperation(document: DocumentNode, where: string): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1) {
    throw new Error(`${where} needs exactly one operation, got ${operations.length}`);
  }
  return operation;
}
