/** The depot of the story and its calendar day there. */
export type DepotDay = {
  id: string;
  name: string;
  date: string;
  timeZone: string;
  location: { latitude: number; longitude: number };
};

/** A calendar day some days before another. */
export function daysBefore(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - days);
  return day.toISOString().slice(0, 10);
}
