import { exposeContract } from '../../../protocol/expose';
import { Crc32c } from '../crc32c';
import { openOpfsFolder } from '../opfs-folder';
import { SECTIONS } from '../segment-format';
import type { SegmentFolder } from '../segment-file';
import { SegmentReader } from '../segment-reader';
import { SegmentWriter } from '../segment-writer';
import type { SegmentContract } from './segment-contract';

const open = new Set<{ close(): void }>();

async function folderOf(name: string): Promise<SegmentFolder> {
  const folder = await openOpfsFolder(['photoglot-test', name]);
  if (folder === null) throw new Error('There is no private file system.');
  return folder;
}

exposeContract<SegmentContract>({
  async write({ folder, name, rows, stride, finish }) {
    const file = await (await folderOf(folder)).create(name);
    open.add(file);
    const segment = {
      rows: rows.length / stride,
      dimension: stride,
      sections: [{ kind: SECTIONS.float16, stride }],
    };
    const writer = new SegmentWriter(file, segment, [await Crc32c.create()]);
    await writer.append(SECTIONS.float16, rows);
    if (finish) {
      await writer.finish(await Crc32c.create());
      open.delete(file);
    }
    return null;
  },

  async rows({ folder, name, rows }) {
    const file = await (await folderOf(folder)).open(name);
    open.add(file);
    const reader = await SegmentReader.open(file, await Crc32c.create());
    const section = reader.section(SECTIONS.float16);
    if (section === null) throw new Error('There is no such section.');
    return reader.rows(section, rows);
  },

  close() {
    for (const each of open) each.close();
    open.clear();
    return Promise.resolve(null);
  },

  async names({ folder }) {
    return (await folderOf(folder)).names();
  },

  async remove({ folder, name }) {
    await (await folderOf(folder)).remove(name);
    return null;
  },
});
