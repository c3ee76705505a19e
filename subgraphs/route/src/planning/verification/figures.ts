import type { SolutionMetrics } from '../solution.ts';
import type { Violations } from './violations.ts';

export function checkFigures(
  where: Violations,
  stated: SolutionMetrics,
  found: SolutionMetrics,
): void {
  where.expectEqual('distanceMeters', stated.distanceMeters, found.distanceMeters);
  where.expectEqual('drivingSeconds', stated.drivingSeconds, found.drivingSeconds);
  where.expectEqual('serviceSeconds', stated.serviceSeconds, found.serviceSeconds);
  where.expectEqual('waitingSeconds', stated.waitingSeconds, found.waitingSeconds);
  where.expectEqual('breakSeconds', stated.breakSeconds, found.breakSeconds);
  where.expectEqual('latenessSeconds', stated.latenessSeconds, found.latenessSeconds);
  where.expectClose('co2eGrams', stated.co2eGrams, found.co2eGrams);
  where.expectClose('cost', stated.cost, found.cost);
}
