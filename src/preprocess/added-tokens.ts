/** Tokens that a text may name in full, such as `<mask>`: they are cut out before all else. */
import type { Normalise } from './create-normaliser';
import { fieldsOf, idOf, listOf, stringOf } from './json-fields';

/** An entry of `added_tokens` in a tokenizer.json. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Only between two places where no word goes on. */
  readonly singleWord: boolean;
  /** Takes the white space before or after it along. */
  readonly takesLeft: boolean;
  readonly takesRight: boolean;
  /** Found in the normalised text, by its normalised content. */
  readonly normalised: boolean;
}

/** A part of a text: a token, or text between tokens. */
export type Section = number | string;

/** The `added_tokens` of a tokenizer.json. */
export function parseAddedTokens(json: unknown): readonly AddedToken[] {
  return listOf(json, 'The list of added_tokens').map((entry) => {
    const fields = fieldsOf(entry, 'An added token');
    return {
      id: idOf(fields.id, 'The id of an added token'),
      content: stringOf(fields.content, 'The content of an added token'),
      singleWord: fields.single_word === true,
      takesLeft: fields.lstrip === true,
      takesRight: fields.rstrip === true,
      normalised: fields.normalized === true,
    };
  });
}

/** A function that cuts a text at the tokens that it names, then normalises and cuts the rest. */
export function createSectioner(
  tokens: readonly AddedToken[],
  normalise: Normalise | null,
): (text: string) => readonly Section[] {
  const verbatim = createCut(tokens.filter((token) => !token.normalised));
  const normalised = createCut(
    tokens
      .filter((token) => token.normalised)
      .map((token) => ({ ...token, content: normalise?.(token.content) ?? token.content })),
  );
  return (text) =>
    verbatim(text).flatMap((section) =>
      typeof section === 'number' ? section : normalised(normalise?.(section) ?? section),
    );
}

type Cut = (text: string) => readonly Section[];

function createCut(tokens: readonly AddedToken[]): Cut {
  const byContent = new Map(tokens.map((token) => [token.content, token]));
  byContent.delete('');
  if (byContent.size === 0) return (text) => [text];
  // The leftmost match, there the longest: alternatives are tried in turn.
  const contents = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(contents.map(escaped).join('|'), 'gu');
  return (text) => {
    const sections: Section[] = [];
    let done = 0;
    for (const { 0: content, index } of text.matchAll(pattern)) {
      const token = byContent.get(content) as AddedToken;
      const after = index + content.length;
      if (token.singleWord && inWord(text, index, after)) continue;
      const start = token.takesLeft ? Math.max(done, startOfSpace(text, index)) : index;
      if (done < start) sections.push(text.slice(done, start));
      sections.push(token.id);
      done = token.takesRight ? endOfSpace(text, after) : after;
    }
    if (done < text.length) sections.push(text.slice(done));
    return sections;
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Word characters as Rust's regular expressions see them. */
const WORD = String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]`;
const ENDS_WITH_WORD = new RegExp(`${WORD}$`, 'u');
const STARTS_WITH_WORD = new RegExp(`^${WORD}`, 'u');
const SPACE = /^\p{White_Space}$/u;

function inWord(text: string, start: number, end: number): boolean {
  // Two units are enough for one character.
  const before = text.slice(Math.max(0, start - 2), start);
  return ENDS_WITH_WORD.test(before) || STARTS_WITH_WORD.test(text.slice(end, end + 2));
}

function startOfSpace(text: string, end: number): number {
  let start = end;
  while (start > 0 && SPACE.test(text.charAt(start - 1))) start--;
  return start;
}

function endOfSpace(text: string, start: number): number {
  let end = start;
  while (end < text.length && SPACE.test(text.charAt(end))) end++;
  return end;
}
