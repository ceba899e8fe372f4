/** Blobs as browsers leave them when they lose what is behind: whole to look at, and not to be read. */

/** A Blob that can be read until its place on the disk is cleared. */
export interface LosableBlob {
  readonly blob: Blob;
  readonly lose: () => Promise<void>;
}

export async function losableBlob(content: Blob): Promise<LosableBlob> {
  const folder = await navigator.storage.getDirectory();
  const name = crypto.randomUUID();
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  await stream.write(content);
  await stream.close();
  return { blob: await handle.getFile(), lose: () => folder.removeEntry(name) };
}

/** Of `content`, whose place on the disk is then cleared. */
export async function lostBlob(content: Blob): Promise<Blob> {
  const { blob, lose } = await losableBlob(content);
  await lose();
  return blob;
}
