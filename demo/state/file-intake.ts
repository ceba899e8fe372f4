/** Files out of whatever was dropped or picked, folders walked to the bottom. */

/** What browsers give no type for, but some can open. */
const PICTURE_NAME = /\.(jpe?g|jfif|png|webp|avif|gif|bmp|heic|heif|jxl|tiff?)$/i;

/** What was chosen by name is taken as it is, so that a wrong file is reported, not lost. */
export function filesOfInput(input: HTMLInputElement): readonly File[] {
  return [...(input.files ?? [])];
}

/** Of a folder, the pictures. */
export function picturesOf(files: readonly File[]): readonly File[] {
  return files.filter(isPicture);
}

/** Whether a drag holds files; before the drop that is all a page may know. */
export function holdsFiles(transfer: DataTransfer | null): transfer is DataTransfer {
  return transfer?.types.includes('Files') ?? false;
}

/** The dropped files, and the pictures of dropped folders. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly File[]> {
  // The list empties when the event is over: entries are taken out before the first await.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const loose = [...transfer.files];
  if (entries.every((entry) => entry === null)) return loose;
  const found = await Promise.all(entries.map((entry) => filesOfEntry(entry)));
  return found.flat();
}

async function filesOfEntry(entry: FileSystemEntry | null): Promise<readonly File[]> {
  if (entry === null) return [];
  if (isFile(entry)) return [await fileOf(entry)];
  return isDirectory(entry) ? picturesOf(await filesBelow(entry)) : [];
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<readonly File[]> {
  const files: File[] = [];
  for (const entry of await entriesOf(folder)) {
    if (isFile(entry)) files.push(await fileOf(entry));
    else if (isDirectory(entry)) files.push(...(await filesBelow(entry)));
  }
  return files;
}

/** A reader hands out a hundred at a time, until it hands out none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

function isPicture(file: File): boolean {
  if (file.name.startsWith('.')) return false;
  return file.type.startsWith('image/') || PICTURE_NAME.test(file.name);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
