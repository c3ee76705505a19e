import type { Plugin } from '@envelop/core';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

/**
 * Remembers the last documents, so that an operation is parsed and validated once per schema. What
 * is refused is not remembered as valid. `maxDocuments` and the length of their texts bound it,
 * whatever clients send: a parsed document takes more than a hundred times the memory of its text.
 */
export function cachedDocuments({
  maxDocuments = 1_000,
  maxCharacters = 500_000,
}: { maxDocuments?: number; maxCharacters?: number } = {}): Plugin {
  const documents = new LRUCache<string, DocumentNode>({
    max: maxDocuments,
    maxSize: maxCharacters,
    sizeCalculation: (_document, text) => Math.max(1, text.length),
  });
  // By schema first, so that none is kept for a document that was found valid in it long ago.
  const validated = new WeakMap<GraphQLSchema, WeakSet<DocumentNode>>();
  return {
    onParse({ params: { source }, setParsedDocument }) {
      const text = typeof source === 'string' ? source : source.body;
      const known = documents.get(text);
      if (known) {
        setParsedDocument(known);
        return undefined;
      }
      return ({ result }) => {
        if (result && !(result instanceof Error) && text.length <= MAX_TEXT_LENGTH) {
          documents.set(text, result as DocumentNode);
        }
      };
    },
    onValidate({ params: { documentAST, schema }, setResult }) {
      const known = validated.get(schema) ?? new WeakSet();
      if (known.has(documentAST)) {
        setResult([]);
        return undefined;
      }
      return ({ valid }) => {
        if (!valid) return;
        known.add(documentAST);
        validated.set(schema, known);
      };
    },
  };
}

const MAX_TEXT_LENGTH = 50_000;
