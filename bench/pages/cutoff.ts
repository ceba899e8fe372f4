/** Asks for what is in a collection of pictures and for what is not. Uses the SDK as an application does. */
import { createLens, type Collection, type Lens } from 'photoglot';
import type { Answer, AskRequest, CutoffPage, FillRequest } from './cutoff-page';

let lens: Lens | null = null;
let photos: Collection | null = null;
/** Of the pictures, by id; of the texts. */
const vectors = new Map<string, Float32Array>();
const queries = new Map<string, Float32Array>();

async function fill({ assets, pictures }: FillRequest): Promise<string> {
  await lens?.dispose();
  queries.clear();
  lens = await createLens({ model: 'mini', assets });
  const collection = await lens.open('cutoff');
  await collection.clear();
  // Pictures are encoded once: the model is the same each time, only its manifest differs.
  const items = pictures.map((id) => {
    const vector = vectors.get(id);
    return vector === undefined ? { id, image: id } : { id, vector };
  });
  const { failed } = await collection.add(items);
  if (failed[0] !== undefined) throw new Error(failed[0].message);
  for (const id of pictures) {
    const vector = await collection.vector(id);
    if (vector === null) throw new Error(`${id} has no vector.`);
    vectors.set(id, vector);
  }
  photos = collection;
  return `${lens.info.model}@${lens.info.version}`;
}

async function ask({ texts, without, cutoff }: AskRequest): Promise<readonly Answer[]> {
  const collection = photos;
  if (collection === null) throw new Error('The collection is not filled.');
  await collection.delete(without);
  const answers: Answer[] = [];
  for (const text of texts) {
    const vector = await queryOf(text);
    const [found, all] = await Promise.all([
      collection.search({ vector }, { cutoff }),
      collection.search({ vector }, { cutoff: 0 }),
    ]);
    const [hits, ranked] = [found, all].map((each) => each.hits.map(({ id }) => id));
    answers.push({ hits: hits ?? [], ranked: ranked ?? [] });
  }
  await collection.add(
    without.map((id) => ({ id, vector: vectors.get(id) ?? new Float32Array() })),
  );
  return answers;
}

/** Each text is encoded alone, as a person's query is, and once. */
async function queryOf(text: string): Promise<Float32Array> {
  const known = queries.get(text);
  if (known !== undefined) return known;
  if (lens === null) throw new Error('No model is open.');
  const { data } = await lens.embedText([text]);
  queries.set(text, data);
  return data;
}

window.cutoff = { fill, ask } satisfies CutoffPage;
