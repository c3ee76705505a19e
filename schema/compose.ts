// node schema/compose.ts [--check]: writes supergraph.graphql, or checks that it is fresh.
import { writeFileSync } from 'node:fs';
import { compose, readSubgraphs, readSupergraph, supergraphFile } from './contract/composition.ts';

function main(options: { check: boolean }): void {
  const composition = compose(readSubgraphs());
  if (composition.kind === 'refused') return fail(composition.errors.join('\n'));
  for (const hint of composition.hints) console.log(`hint ${hint}`);
  if (composition.supergraphSdl === readSupergraph()) {
    return console.log('schema/supergraph.graphql is fresh.');
  }
  if (options.check) {
    return fail('schema/supergraph.graphql is not fresh. Run: node schema/compose.ts');
  }
  writeFileSync(supergraphFile, composition.supergraphSdl);
  console.log('Wrote schema/supergraph.graphql.');
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

main({ check: process.argv.includes('--check') });
