import type { Tiles } from '../actions/measure-kpis.ts';
import type { Variant } from '../experiments/metric.ts';
import type { KpiValue } from '../figures/kpi-value.ts';
import type { Period } from '../figures/period.ts';
import type { Scope } from '../figures/scope.ts';
import type { Report } from '../storage/report-entity.ts';
import type { Schedule } from '../storage/schedule-entity.ts';

/** What the resolvers of each type get as their parent. */
export type ReportParent = Report;
export type ReportProgressParent = Report;
export type ReportScheduleParent = Schedule;
/** A number with whose it is and of when, which is where the stops behind it are. */
export type KpiParent = KpiValue & { readonly scope: Scope; readonly period: Period };
export type KpiSetParent = Tiles;
/** Entities of other rooms, as the gateway refers to them. */
export type OrganizationParent = { readonly id: string };
export type PartnerParent = { readonly id: string };
export type DepotParent = { readonly id: string };
export type VehicleParent = { readonly id: string };
export type DriverParent = { readonly id: string };
export type RouteParent = { readonly id: string; readonly date: string };
export type ExperimentParent = { readonly id: string; readonly variants: readonly Variant[] };
