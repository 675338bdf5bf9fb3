/** The categories of a data set, as the formats that number them need them. */
import type { DatasetSource } from '../store';

/** All categories of objects in any scene, sorted. */
export async function categoriesOf(source: DatasetSource): Promise<string[]> {
  const categories = new Set<string>();
  for await (const { record } of source.scenes()) for (const { category } of record.objects) categories.add(category);
  return [...categories].sort();
}
