import { Kind } from 'graphql';
import type { ArgumentNode, ValueNode } from 'graphql';

/**
 * Arguments as a text that is equal for equal arguments, however they were written. The planner
 * prints literals anew: so numbers and strings, and a value and a list of it, count as the same.
 */
export function argumentsText(nodes: readonly ArgumentNode[] = []): string {
  const texts = nodes.map(({ name, value }) => `${name.value}:${valueText(value)}`);
  return texts.sort().join(',');
}

function valueText(node: ValueNode): string {
  switch (node.kind) {
    case Kind.VARIABLE:
      return `$${node.name.value}`;
    case Kind.INT:
    case Kind.FLOAT:
      return JSON.stringify(String(Number(node.value)));
    case Kind.STRING:
      return JSON.stringify(node.value);
    case Kind.BOOLEAN:
      return String(node.value);
    case Kind.NULL:
      return 'null';
    case Kind.ENUM:
      return node.value;
    case Kind.LIST: {
      const [first, ...rest] = node.values.map(valueText);
      return first !== undefined && rest.length === 0 ? first : `[${[first, ...rest].join(',')}]`;
    }
    case Kind.OBJECT: {
      const fields = node.fields.map(({ name, value }) => `${name.value}:${valueText(value)}`);
      return `{${fields.sort().join(',')}}`;
    }
  }
}
