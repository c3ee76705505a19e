import type { Plugin } from '@envelop/core';
import {
  createCounter,
  createHistogram,
  fillLabelsFnParamsMap,
  usePrometheus,
} from '@envelop/prometheus';
import type { FillLabelsFnParams } from '@envelop/prometheus';
import { isObjectType } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Names of operations that get a label of their own; everything else is `other`. */
export type KnownOperations = { has(operationName: string): boolean };

/** Measures executions of one operation that do not pass through Envelop's own phases. */
export type OperationMeter = (executed: { milliseconds: number; errors: number }) => void;

/** The plugin, and meters that count in the same series. */
export type OperationMetrics = {
  plugin: Plugin;
  /** A meter for the operation that was parsed with `context`. */
  meterOf(context: object): OperationMeter;
};

/**
 * Request, phase and error metrics of GraphQL operations in `registry`. Clients choose the names of
 * operations, so only the names in `known` become labels.
 */
export function operationMetrics(registry: Registry, known: KnownOperations): OperationMetrics {
  const fillLabelsFn = ({ operationName = '', operationType }: Partial<FillLabelsFnParams>) => ({
    operationName: known.has(operationName) ? operationName : 'other',
    operationType: operationType ?? 'unknown',
  });
  const labelNames = ['operationName', 'operationType'];
  const duration = <P extends string>(name: string, help: string, phases: [P, ...P[]]) =>
    createHistogram({
      registry,
      histogram: { name, help, labelNames, buckets: SECONDS },
      fillLabelsFn,
      phases,
    });
  const requests = createCounter({
    registry,
    counter: { name: 'graphql_envelop_request', help: 'Operations', labelNames },
    fillLabelsFn,
    phases: BOTH_PHASES,
  });
  const requestSeconds = duration(
    'graphql_envelop_request_duration',
    'Time of operations',
    BOTH_PHASES,
  );
  const executeSeconds = duration('graphql_envelop_phase_execute', 'Time to execute', ['execute']);
  const errors = createCounter({
    registry,
    counter: {
      name: 'graphql_envelop_error_result',
      help: 'Errors by phase',
      labelNames: [...labelNames, 'phase'],
    },
    fillLabelsFn: (params: Partial<FillLabelsFnParams>) => ({
      ...fillLabelsFn(params),
      phase: params.errorPhase ?? 'execute',
    }),
    phases: ALL_PHASES,
    shouldObserve: () => true,
  });
  const plugin = usePrometheus({
    registry,
    metrics: {
      graphql_envelop_request: requests,
      graphql_envelop_request_duration: requestSeconds,
      graphql_envelop_phase_parse: duration('graphql_envelop_phase_parse', 'Time to parse', [
        'parse',
      ]),
      graphql_envelop_phase_validate: duration(
        'graphql_envelop_phase_validate',
        'Time to validate',
        ['validate'],
      ),
      graphql_envelop_phase_context: duration(
        'graphql_envelop_phase_context',
        'Time to build the context',
        ['context'],
      ),
      graphql_envelop_phase_execute: executeSeconds,
      graphql_envelop_phase_subscribe: duration(
        'graphql_envelop_phase_subscribe',
        'Time of subscriptions, from their start to their end',
        ['subscribe'],
      ),
      graphql_envelop_error_result: errors,
      graphql_envelop_schema_change: true,
    },
  });
  return {
    plugin,
    meterOf(context) {
      const labels = fillLabelsFn(fillLabelsFnParamsMap.get(context) ?? {});
      const series = {
        requests: requests.counter.labels(labels),
        requestSeconds: requestSeconds.histogram.labels(labels),
        executeSeconds: executeSeconds.histogram.labels(labels),
        errors: errors.counter.labels({ ...labels, phase: 'execute' }),
      };
      return ({ milliseconds, errors: count }) => {
        series.requests.inc();
        series.requestSeconds.observe(milliseconds / 1_000);
        series.executeSeconds.observe(milliseconds / 1_000);
        if (count > 0) series.errors.inc(count);
      };
    },
  };
}

/**
 * Stands for the context of an operation where the metrics need one for as long as a subscription
 * lives: the real one holds all of a request.
 */
export function lightContext(context: object): object {
  const light = {};
  const labels = fillLabelsFnParamsMap.get(context);
  if (labels) fillLabelsFnParamsMap.set(light, labels);
  return light;
}

/**
 * Times the resolvers that the service wrote (not those that read a property) in `schema`, which is
 * changed. The plugin's own resolver metric wraps every field, at ten times the cost.
 */
export function measureResolvers(schema: GraphQLSchema, registry: Registry): void {
  const histogram = new Histogram({
    name: 'graphql_envelop_execute_resolver',
    help: 'Time of resolvers',
    labelNames: ['typeName', 'fieldName'],
    buckets: SECONDS,
    registers: [registry],
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!field.resolve || field.name === '_service') continue;
      const series = histogram.labels({ typeName: type.name, fieldName: field.name });
      field.resolve = timed(field.resolve, (seconds) => series.observe(seconds));
    }
  }
}

const BOTH_PHASES: ['execute', 'subscribe'] = ['execute', 'subscribe'];
const ALL_PHASES: ['parse', 'validate', 'context', 'execute', 'subscribe'] = [
  'parse',
  'validate',
  'context',
  'execute',
  'subscribe',
];

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

function timed(
  resolve: GraphQLFieldResolver<unknown, unknown>,
  observe: (seconds: number) => void,
): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, info) => {
    const startedAt = performance.now();
    const stop = () => observe((performance.now() - startedAt) / 1000);
    const result: unknown = resolve(source, args, context, info);
    if (result instanceof Promise) {
      // Both ways end here, so that this branch of the promise never rejects unheard.
      result.then(stop, stop);
      return result;
    }
    stop();
    return result;
  };
}
