import type { KpiUnit } from '../resolvers/schema-types.ts';
import type { FileSettings } from './file-settings.ts';
import { shownUnit } from './shown-unit.ts';

type Spec = Record<string, unknown>;
type Channel = Record<string, unknown> & { field?: string };

/**
 * The chart in the units of the file: a spec names the unit of its values in `usermeta`, and is left
 * alone where readers get what the spec says anyway.
 */
export function shownUnits(spec: Spec, settings: FileSettings): Spec {
  const unit = (spec['usermeta'] as { unit?: KpiUnit } | undefined)?.unit;
  if (unit === undefined || settings.unitSystem === 'METRIC') return spec;
  const { factor, symbol } = shownUnit(unit, settings);
  if (factor === shownUnit(unit, { ...settings, unitSystem: 'METRIC' }).factor) return spec;
  const encoding = Object.entries(spec['encoding'] as Record<string, Channel>);
  const { values } = spec['data'] as { values: readonly { value: number }[] };
  return {
    ...spec,
    data: { values: values.map((point) => ({ ...point, value: point.value * factor })) },
    encoding: Object.fromEntries(
      encoding.map(([name, channel]) => [
        name,
        channel.field === 'value'
          ? { ...channel, axis: { title: symbol, format: ',.2~f' } }
          : channel,
      ]),
    ),
  };
}
