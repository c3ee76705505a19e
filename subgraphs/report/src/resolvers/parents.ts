import type { Report } from '../storage/report-entity.ts';

/** What the resolvers of each type get as their parent. */
export type ReportParent = Report;
export type OrganizationParent = { readonly id: string };
export type PartnerParent = { readonly id: string };
export type DepotParent = { readonly id: string };
