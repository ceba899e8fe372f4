/** Blobs as browsers leave them when they lose what is behind: whole to look at, and not to be read. */

/** Of `content`, whose place on the disk is then cleared. */
export async function lostBlob(content: Blob): Promise<Blob> {
  const folder = await navigator.storage.getDirectory();
  const name = crypto.randomUUID();
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  await stream.write(content);
  await stream.close();
  const file = await handle.getFile();
  await folder.removeEntry(name);
  return file;
}
