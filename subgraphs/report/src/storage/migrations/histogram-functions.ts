/**
 * Histograms of seconds that can be added up: element n counts the values of bucket n, and what is
 * beyond the last element is zero. A bucket is as wide as 5 % of its place plus a second; the last of
 * the 160 is open and begins after half a day.
 */
export const histogramFunctions = [
  `create function report.histogram_bucket(seconds integer) returns integer
   language sql immutable strict parallel safe
   return least(160, 1 + floor(ln(1 + greatest(seconds, 0) / 20.0::float8) / ln(1.05::float8)))::integer`,

  // Where bucket n begins, in seconds.
  `create function report.histogram_bound(bucket integer) returns double precision
   language sql immutable strict parallel safe
   return 20 * (power(1.05::float8, bucket - 1) - 1)`,

  `create function report.histogram_add(counts integer[], seconds integer) returns integer[]
   language plpgsql immutable parallel safe as $$
   declare
     bucket integer := report.histogram_bucket(seconds);
     length integer := coalesce(array_length(counts, 1), 0);
   begin
     if bucket is null then return counts; end if;
     if bucket > length then counts := counts || array_fill(0, array[bucket - length]); end if;
     counts[bucket] := counts[bucket] + 1;
     return counts;
   end $$`,

  `create function report.histogram_merge(counts integer[], others integer[]) returns integer[]
   language sql immutable parallel safe
   return case
     when cardinality(counts) = 0 then coalesce(others, '{}')
     when others is null or cardinality(others) = 0 then counts
     else array(select coalesce(pair.a, 0) + coalesce(pair.b, 0)
       from unnest(counts, others) with ordinality pair (a, b, place) order by pair.place)
   end`,

  // Of seconds; null does not count. No values give an empty histogram.
  `create aggregate report.histogram(integer) (
     sfunc = report.histogram_add, stype = integer[], initcond = '{}',
     combinefunc = report.histogram_merge, parallel = safe)`,

  // Of histograms.
  `create aggregate report.histogram_sum(integer[]) (
     sfunc = report.histogram_merge, stype = integer[], initcond = '{}',
     combinefunc = report.histogram_merge, parallel = safe)`,

  // Between the bounds of its bucket a quantile is where it would be if the values lay evenly.
  `create function report.histogram_quantile(counts integer[], quantile double precision)
   returns double precision language plpgsql immutable strict parallel safe as $$
   declare
     target double precision;
     seen bigint := 0;
     low double precision;
   begin
     select quantile * sum(number) into target from unnest(counts) number;
     for bucket in 1 .. coalesce(array_length(counts, 1), 0) loop
       if counts[bucket] > 0 and seen + counts[bucket] >= target then
         low := report.histogram_bound(bucket);
         if bucket = 160 then return low; end if;
         return low + (report.histogram_bound(bucket + 1) - low) * (target - seen) / counts[bucket];
       end if;
       seen := seen + counts[bucket];
     end loop;
     return null;
   end $$`,
];
