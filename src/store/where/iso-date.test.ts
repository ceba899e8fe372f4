import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIsoDate } from './iso-date';

describe('ISO 8601', () => {
  test.each([
    ['1970-01-01', 0],
    ['2024-05-01', Date.UTC(2024, 4, 1)],
    ['2024-05-01T14:30', Date.UTC(2024, 4, 1, 14, 30)],
    ['2024-05-01T14:30:15', Date.UTC(2024, 4, 1, 14, 30, 15)],
    ['2024-05-01T14:30:15.25', Date.UTC(2024, 4, 1, 14, 30, 15, 250)],
    ['2024-05-01T14:30:15.1239', Date.UTC(2024, 4, 1, 14, 30, 15, 123)],
    ['2024-05-01T14:30:15.007Z', Date.UTC(2024, 4, 1, 14, 30, 15, 7)],
    ['2024-05-01T14:30Z', Date.UTC(2024, 4, 1, 14, 30)],
    ['2024-05-01T14:30+02:00', Date.UTC(2024, 4, 1, 12, 30)],
    ['2024-05-01T14:30:00-05:45', Date.UTC(2024, 4, 1, 20, 15)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2000-02-29', Date.UTC(2000, 1, 29)],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0001-01-01', new Date(0).setUTCFullYear(1, 0, 1)],
    ['0000-02-29', new Date(0).setUTCFullYear(0, 1, 29)],
    ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ])('%s', (text, expected) => {
    expect(parseIsoDate(text)).toBe(expected);
  });

  test.each([
    '',
    '2024',
    '2024-05',
    '20240501',
    '2024-5-1',
    '2024-00-10',
    '2024-13-01',
    '2024-05-00',
    '2024-04-31',
    '2023-02-29',
    '1900-02-29',
    '2024-05-01T',
    '2024-05-01T14',
    '2024-05-01T1430',
    '2024-05-01T24:00',
    '2024-05-01T14:60',
    '2024-05-01T14:30:60',
    '2024-05-01T14:30:',
    '2024-05-01T14:30:15.',
    '2024-05-01T14:30:15,5',
    '2024-05-01 14:30',
    '2024-05-01t14:30z',
    '2024-05-01T14:30Z ',
    '2024-05-01T14:30+2:00',
    '2024-05-01T14:30+02',
    '2024-05-01T14:30+0200',
    '2024-05-01T14:30+24:00',
    '2024-05-01T14:30*02:00',
    '2024-05-01+02:00',
    '+002024-05-01',
    '-024-05-01',
    '2024-05-0１',
    'IMG_2024-05-01',
    'May 1, 2024',
  ])('"%s" is none', (text) => {
    expect(parseIsoDate(text)).toBeNaN();
  });

  test('reads what Date writes', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseIsoDate(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 2000 },
    );
  });

  test('gives NaN or a number for any text', () => {
    const characters = fc.constantFrom(...Array.from('0123456789-+:.TZ x'));
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 30 }), (text) => {
        const ours = parseIsoDate(text);
        // What is read is read by others alike: without an offset they need one to mean UTC.
        if (Number.isNaN(ours)) return;
        const isOpen = text.length > 10 && !/(Z|[+-]\d\d:\d\d)$/.test(text);
        expect(Date.parse(isOpen ? `${text}Z` : text)).toBe(ours);
      }),
      { numRuns: 2000 },
    );
  });
});
