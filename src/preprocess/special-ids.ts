/** What the `post_processor` of a tokenizer.json puts around a single text. */
import { fieldsOf, idOf, listOf, stringOf, type Fields } from './json-fields';

/** Ids before and after those of a text. */
export interface SpecialIds {
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
}

/** What `json` puts around; a type that is not known throws an Error. */
export function specialIdsOf(json: unknown): SpecialIds {
  if (json === undefined || json === null) return { prefix: [], suffix: [] };
  const fields = fieldsOf(json, 'The post_processor');
  switch (fields.type) {
    case 'TemplateProcessing':
      return ofTemplate(fields);
    case 'RobertaProcessing':
    case 'BertProcessing':
      return { prefix: [idOfPair(fields.cls)], suffix: [idOfPair(fields.sep)] };
    case 'ByteLevel':
      // It moves offsets only.
      return { prefix: [], suffix: [] };
    case 'Sequence':
      return listOf(fields.processors, 'The list of processors')
        .map(specialIdsOf)
        .reduce((inner, outer) => ({
          prefix: [...outer.prefix, ...inner.prefix],
          suffix: [...inner.suffix, ...outer.suffix],
        }));
    default:
      throw new Error(`The post_processor ${JSON.stringify(fields.type)} is not known.`);
  }
}

/** `["</s>", 2]` */
function idOfPair(json: unknown): number {
  return idOf(listOf(json, 'A token of the post_processor')[1], 'A token of the post_processor');
}

function ofTemplate(fields: Fields): SpecialIds {
  const tokens = fieldsOf(fields.special_tokens, 'The special_tokens of the post_processor');
  const parts = listOf(fields.single, 'The template of the post_processor').map((part) => {
    const special = fieldsOf(part, 'A part of the template').SpecialToken;
    return special === undefined ? null : idsOfSpecial(special, tokens);
  });
  const text = parts.indexOf(null);
  if (text < 0) throw new Error('The template of the post_processor has no place for a text.');
  return { prefix: join(parts.slice(0, text)), suffix: join(parts.slice(text + 1)) };
}

function idsOfSpecial(special: unknown, tokens: Fields): readonly number[] {
  const name = stringOf(fieldsOf(special, 'A special token').id, 'The name of a special token');
  const ids = fieldsOf(tokens[name], `The special token ${name}`).ids;
  return listOf(ids, `The ids of ${name}`).map((id) => idOf(id, `An id of ${name}`));
}

function join(parts: readonly (readonly number[] | null)[]): readonly number[] {
  return parts.flatMap((ids) => ids ?? []);
}
