/** What a checkup comes to, in words and numbers. */
import type { Finding, FindingKind } from '../../protocol/integrity';
import type { StoredForm } from '../sealed/stored-form';
import type { CheckedFile } from './checked-file';
import type { CheckedSegment } from './checked-segment';
import type { Checkup } from './checkup';
import { soundItems } from './sound-rows';

/** Ids in a finding at most. */
const MAX_IDS = 1000;
/** What a file's rows themselves are; all else can be made of these again. */
const ROW_SECTIONS: readonly string[] = ['items', 'entries', 'float16'];

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Items that are sound. */
  readonly sound: number;
}

/** @param leftRecords how many records belong to nothing */
export async function diagnose(
  checkup: Checkup,
  leftRecords: number,
  form: StoredForm,
): Promise<Diagnosis> {
  const { record, files, segments, duplicates } = checkup;
  const findings: Finding[] = [];
  for (const checked of files) findings.push(...(await fileFindings(checked)));
  findings.push(...segments.flatMap(segmentFindings));
  if (duplicates.length > 0) {
    const message = `${duplicates.length} rows have an id that a later one has, too.`;
    findings.push(finding('duplicate-id', message, duplicates.length, duplicates));
  }
  findings.push(...attachmentFindings(checkup, form));
  if (leftRecords > 0) {
    findings.push(finding('records-left', `${leftRecords} records belong to nothing.`));
  }
  const sound = countSound(checkup);
  // Whatever is lost is missing from the count, too.
  const isExplained = findings.some(
    ({ kind, items }) => items > 0 && !kind.startsWith('attachment'),
  );
  if (sound !== record.count && !isExplained) {
    const message = `The collection has ${sound} items; its record says ${record.count}.`;
    findings.push(finding('count-wrong', message));
  }
  return { findings, sound };
}

function countSound({ files, segments }: Checkup): number {
  const packed = files.map(({ live, lost }) => live.difference(lost).count());
  const logged = segments.map(({ items }) => items.filter((item) => item !== null).length);
  return [...packed, ...logged].reduce((sum, count) => sum + count, 0);
}

function segmentFindings({
  index,
  withoutVector,
  unknown,
  vectors,
}: CheckedSegment): readonly Finding[] {
  const found: Finding[] = [];
  if (unknown > 0) {
    const message = `The items of ${unknown} rows of segment ${index} cannot be read.`;
    found.push(finding('items-damaged', message, unknown));
  }
  if (vectors !== null && (withoutVector.length > 0 || unknown === 0)) {
    const ids = withoutVector.map(({ id }) => id);
    const message = `The vectors of ${ids.length} items of segment ${index} cannot be read.`;
    found.push(finding('vectors-damaged', message, ids.length, ids));
  }
  return found;
}

async function fileFindings(checked: CheckedFile): Promise<readonly Finding[]> {
  const { placed, file, live, damage, codebook, isDeletionsKnown } = checked;
  const { name, rows } = placed;
  const found: Finding[] = [];
  if (!isDeletionsKnown) {
    const message = `Which of the ${rows} rows of the file ${name} were deleted cannot be read.`;
    found.push(finding('deletions-damaged', message, live.count()));
  }
  if (file === null || damage === null) {
    const message = `The file ${name}, with ${rows} rows, cannot be opened.`;
    return [...found, finding('file-damaged', message, live.count())];
  }
  const items = damage.items.filter((row) => live.has(row));
  if (items.length > 0) {
    const message = `The items of ${items.length} rows of the file ${name} cannot be read.`;
    found.push(finding('items-damaged', message, items.length));
  }
  const withoutItem = new Set(items);
  const vectors = damage.vectors.filter((row) => live.has(row) && !withoutItem.has(row));
  if (vectors.length > 0) {
    const known = await soundItems(file, Uint32Array.from(vectors.slice(0, MAX_IDS)));
    const message = `The vectors of ${vectors.length} items of the file ${name} cannot be read.`;
    const ids = known.flatMap((item) => item?.id ?? []);
    found.push(finding('vectors-damaged', message, vectors.length, ids));
  }
  const index = damage.sections.filter((section) => !ROW_SECTIONS.includes(section));
  const isRowless = items.length + vectors.length === 0;
  if (index.length > 0 || codebook === null || (isRowless && damage.sections.length > 0)) {
    const message = `The file ${name} is damaged: ${damage.sections.join(', ')}.`;
    found.push(finding('index-damaged', message));
  }
  return found;
}

function attachmentFindings({ attachments }: Checkup, form: StoredForm): readonly Finding[] {
  const found: Finding[] = [];
  for (const [fault, kind, words] of [
    ['damaged', 'attachment-damaged', 'cannot be read'],
    ['left', 'attachment-left', 'belong to no item'],
  ] as const) {
    const faulty = attachments.filter((each) => each.fault === fault);
    if (faulty.length === 0) continue;
    const names = new Set(faulty.map(({ key }) => key[1]));
    const ids = [...names].flatMap((name) => form.idOf(name) ?? []);
    found.push(finding(kind, `${faulty.length} pictures or signals ${words}.`, names.size, ids));
  }
  return found;
}

function finding(
  kind: FindingKind,
  message: string,
  items = 0,
  ids: readonly string[] = [],
): Finding {
  return { kind, message, items, ids: ids.slice(0, MAX_IDS) };
}
