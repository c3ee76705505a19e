import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import type { BudgetCase } from './budget-case.ts';
import { pages, sides, twice } from './budget-case.ts';

/** Experiments from their list to their end. The runs that they are about are not published yet. */
export function webExperiments(fixture: Fixture): BudgetCase[] {
  const { draft, running, paused, concluded } = fixture.experiments;
  const step = (operation: string, experiments: readonly [string, string]) =>
    twice('dispatcher', { operation, proof: `${operation.replace('E', 'e')}.experiment.id` }, [
      changeOf(experiments[0]),
      changeOf(experiments[1]),
    ]);
  return [
    pages('analyst', { operation: 'ExperimentList', proof: 'experiments' }),
    detail(concluded),
    shadows(fixture),
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'ExperimentCreate',
      proof: 'experimentCreate.experiment.id',
      most: null,
      variables: ({ depot }) => ({ input: draftAt(depot.id) }),
    }),
    step('ExperimentStart', draft),
    step('ExperimentPause', running),
    step('ExperimentConclude', paused),
  ];
}

function changeOf(id: string) {
  return { id: encodeId('experiment', id), expectedVersion: 1 };
}

function detail([ofTen, ofTwenty]: readonly [string, string]): BudgetCase {
  const at = (id: string, depots: number) => ({
    caller: 'analyst' as const,
    variables: { id: encodeId('experiment', id) },
    items: depots,
  });
  return {
    operation: 'ExperimentDetail',
    proof: 'experiment.depots',
    few: at(ofTen, 10),
    many: at(ofTwenty, 20),
  };
}

/** The run of the small depot has one shadow, that of the large one as many as there can be. */
function shadows({ small, large }: Fixture): BudgetCase {
  const of = ({ proposed }: typeof small, items: number) => ({
    caller: 'dispatcher' as const,
    variables: { id: encodeId('run', proposed.runId) },
    items,
  });
  return {
    operation: 'OptimizeShadows',
    proof: 'optimizationRun.shadows',
    few: of(small, 1),
    many: of(large, 4),
  };
}

function draftAt(depotId: string) {
  return {
    idempotencyKey: newId(),
    key: newId(),
    hypothesis: 'It is cheaper.',
    unit: 'DEPOT_DAY',
    variants: [
      { key: 'control', algorithm: 'sisr', isControl: true },
      { key: 'treatment', algorithm: 'sisr' },
    ],
    depotIds: [encodeId('depot', depotId)],
  };
}
