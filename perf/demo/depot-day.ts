/** The depot of the story and its calendar day there. */
export type DepotDay = {
  id: string;
  name: string;
  date: string;
  location: { latitude: number; longitude: number };
};
