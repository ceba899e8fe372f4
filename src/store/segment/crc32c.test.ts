import { expect, test } from 'vitest';
import { Crc32c } from './crc32c';

const TEXT = new TextEncoder().encode('123456789');
/** Of these nine digits, by RFC 3720 and every catalogue of checksums. */
const CHECK = 0xe3069283;

test('is that of the standard', async () => {
  expect((await Crc32c.create()).of(TEXT)).toBe(CHECK);
});

test('several go on beside each other', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => Crc32c.create()));
  for (const each of all) each.reset();
  for (const digit of TEXT) {
    for (const each of all.slice(0, 4)) each.update(Uint8Array.of(digit));
    // Begins and ends while the others are on their way.
    expect(all[4]?.of(TEXT)).toBe(CHECK);
  }
  expect(all.slice(0, 4).map((each) => each.value())).toEqual([CHECK, CHECK, CHECK, CHECK]);
  all[0]?.reset();
  all[1]?.reset();
  all[1]?.update(TEXT);
  expect(all[0]?.value()).toBe(0);
  expect(all[1]?.value()).toBe(CHECK);
});
