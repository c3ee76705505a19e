import type DataLoader from 'dataloader';

/** What a row refers to and cannot be without. It throws only if it vanished between two statements. */
export async function loaded<V>(loader: DataLoader<string, V | null>, id: string): Promise<V> {
  const value = await loader.load(id);
  if (value === null) throw new Error(`${loader.name ?? 'A loader'} has nothing for ${id}`);
  return value;
}
