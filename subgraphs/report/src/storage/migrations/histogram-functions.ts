/**
 * Histograms of seconds that can be added up: element n counts the values of bucket n, and what is
 * beyond the last element is zero. A bucket is as wide as 5 % of its place plus a second; the last of
 * the 160 is open and begins after half a day.
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
     bucket integer;
     last integer := 0;
   begin
     if buckets is null then return '{}'; end if;
     foreach bucket in array buckets loop
       if bucket is not null then
         counts[bucket] := counts[bucket] + 1;
         if bucket > last then last := bucket; end if;
       end if;
     end loop;
     return counts[1:last];
   end $$`,

  // Adds in place: the sum of histograms keeps one array from row to row.
  `create or replace function report.histogram_merge(counts integer[], others integer[])
   returns integer[] language plpgsql immutable parallel safe as $$
   declare
     missing integer := coalesce(cardinality(others), 0) - coalesce(cardinality(counts), 0);
     number integer;
     place integer := 0;
   begin
     if others is null then return counts; end if;
     if missing > 0 then counts := counts || array_fill(0, array[missing]); end if;
     foreach number in array others loop
       place := place + 1;
       if number > 0 then counts[place] := counts[place] + number; end if;
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
     seen bigint := 0;
     number integer;
     bucket integer := 0;
     low double precision;
   begin
     foreach number in array counts loop total := total + number; end loop;
     target := quantile * total;
     foreach number in array counts loop
       bucket := bucket + 1;
       if number > 0 and seen + number >= target then
         low := report.histogram_bound(bucket);
         if bucket = 160 then return low; end if;
         return low + (report.histogram_bound(bucket + 1) - low) * (target - seen) / number;
       end if;
       seen := seen + number;
     end loop;
     return null;
   end $$`,
];
