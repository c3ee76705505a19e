/**
 * Histograms of seconds that can be added up: element n counts the values of bucket n. An array has
 * bounds: it begins with the first bucket that has a value and ends with the last. A bucket is as wide
 * as 5 % of its place plus a second; the last of the 160 is open and begins after half a day.
 */
export const histogramFunctions = [
  // Not strict: only so is it put into the statement instead of being called for each row.
  `create or replace function report.histogram_bucket(seconds integer) returns integer
   language sql immutable parallel safe
   return case when seconds is not null then
     least(160, 1 + floor(ln(1 + greatest(seconds, 0) / 20.0::float8) / ln(1.05::float8)))::integer
   end`,

  // Where bucket n begins, in seconds.
  `create or replace function report.histogram_bound(bucket integer) returns double precision
   language sql immutable strict parallel safe
   return 20 * (power(1.05::float8, bucket - 1) - 1)`,

  // Of the buckets of single values, as array_agg gives them; null does not count. An aggregate of
  // our own would be called for each row, which takes ten times as long.
  `create or replace function report.histogram_of(buckets integer[]) returns integer[]
   language plpgsql immutable parallel safe as $$
   declare
     counts integer[] := array_fill(0, array[160]);
     trimmed integer[] := '{}';
     bucket integer;
     first integer := 161;
     last integer := 0;
   begin
     if buckets is null then return trimmed; end if;
     foreach bucket in array buckets loop
       if bucket is not null then
         counts[bucket] := counts[bucket] + 1;
         if bucket < first then first := bucket; end if;
         if bucket > last then last := bucket; end if;
       end if;
     end loop;
     -- Assigned, for a slice that is returned would begin with 1.
     if last > 0 then trimmed[first:last] := counts[first:last]; end if;
     return trimmed;
   end $$`,

  // Adds in place: the sum of histograms keeps one array from row to row.
  `create or replace function report.histogram_merge(counts integer[], others integer[])
   returns integer[] language plpgsql immutable parallel safe as $$
   declare
     first integer := array_lower(others, 1);
     bucket integer := first - 1;
     missing integer;
     number integer;
   begin
     if first is null then return counts; end if;
     missing := array_lower(counts, 1) - first;
     if missing is null then return others; end if;
     if missing > 0 then counts := array_fill(0, array[missing], array[first]) || counts; end if;
     missing := array_upper(others, 1) - array_upper(counts, 1);
     if missing > 0 then counts := counts || array_fill(0, array[missing]); end if;
     foreach number in array others loop
       bucket := bucket + 1;
       if number > 0 then counts[bucket] := counts[bucket] + number; end if;
     end loop;
     return counts;
   end $$`,

  // Of histograms.
  `create or replace aggregate report.histogram_sum(integer[]) (
     sfunc = report.histogram_merge, stype = integer[], initcond = '{}',
     combinefunc = report.histogram_merge, parallel = safe)`,

  // Between the bounds of its bucket a quantile is where it would be if the values lay evenly.
  `create or replace function report.histogram_quantile(counts integer[], quantile double precision)
   returns double precision language plpgsql immutable strict parallel safe as $$
   declare
     total bigint := 0;
     target double precision;
     wanted bigint;
     seen bigint := 0;
     number integer;
     low double precision;
   begin
     foreach number in array counts loop total := total + number; end loop;
     if total = 0 then return null; end if;
     target := quantile * total;
     wanted := greatest(1, ceil(target));
     for bucket in array_lower(counts, 1)..array_upper(counts, 1) loop
       seen := seen + counts[bucket];
       if seen >= wanted then
         low := report.histogram_bound(bucket);
         if bucket = 160 then return low; end if;
         number := counts[bucket];
         return low
           + (report.histogram_bound(bucket + 1) - low) * (target - seen + number) / number;
       end if;
     end loop;
     return null;
   end $$`,
];
