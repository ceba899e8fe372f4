/** The text tower of a model of transformers.js. */
import type * as Transformers from '@huggingface/transformers';
import { PhotoglotError } from '../../errors';
import { planBatches } from '../../preprocess/token-batches';
import type { CallContext } from '../../protocol/contract-types';
import type { Rows } from '../../protocol/rows';
import type {
  EncodedRows,
  EncodedText,
  TextBatch,
  TextProgress,
  TextsToEncode,
} from '../../protocol/tower-contract';
import { withTransfer } from '../../protocol/transfer';
import type {
  TransformersFile,
  TransformersLoad,
  TransformersTextContract,
  TransformersTowerInfo,
} from '../../protocol/transformers-contract';
import { BATCH_LIMITS } from '../batch-limits';
import { inTurns } from '../in-turns';
import { rowsOf, unitRows } from '../output-rows';
import { PriorityGate, type GateOptions } from '../priority-gate';
import { openTower, type OpenTower } from './open-tower';
import { cutTokens, padIdOf, padToLength, tokenLimit, type TokenRules } from './text-tokens';

/** A second thread makes short texts slower. */
const THREADS = 1;

interface Ready {
  readonly tower: OpenTower<Transformers.PreTrainedTokenizer>;
  readonly rules: TokenRules;
  readonly dimension: number;
}

export class TransformersTextHost implements TransformersTextContract {
  readonly #queue = new PriorityGate(1);
  #ready: Ready | null = null;

  async load(
    load: TransformersLoad,
    { progress, signal }: CallContext<TransformersFile>,
  ): Promise<TransformersTowerInfo> {
    const start = performance.now();
    const tower = await openTower({
      tower: 'text',
      threads: THREADS,
      load,
      progress,
      prepare: ({ AutoTokenizer }, id, options) => AutoTokenizer.from_pretrained(id, options),
    });
    const rules = rulesOf(tower);
    // It warms up, and tells what no configuration tells reliably.
    const { dims } = await run(tower, rules, [tokensOf(tower, rules, 'a')]);
    const dimension = dims.at(-1) ?? 0;
    signal.throwIfAborted();
    this.#ready = { tower, rules, dimension };
    return { ...tower.info, dimension, sessionMs: performance.now() - start };
  }

  async encode(
    { texts, priority }: TextsToEncode,
    { signal }: CallContext<never>,
  ): Promise<EncodedRows> {
    const rows = await this.#rows(texts, { priority, signal }, () => undefined);
    return withTransfer({ ...rows, missing: [] }, [rows.data.buffer]);
  }

  async encodeFully(
    { texts, priority, sparse, colbert, maxTokens, overlap }: TextBatch,
    { signal, progress }: CallContext<TextProgress>,
  ): Promise<readonly EncodedText[]> {
    if (sparse || colbert || maxTokens !== null || overlap !== null) {
      throw new PhotoglotError(
        'invalid-input',
        'A model of transformers.js gives one vector per text: "sparse", "colbert", "maxTokens" ' +
          'and "overlap" are not for it.',
      );
    }
    const { data, dim } = await this.#rows(texts, { priority, signal }, progress);
    const outputs = texts.map((_, row) => ({
      dense: data.slice(row * dim, (row + 1) * dim),
      sparse: null,
      colbert: null,
      missing: [],
    }));
    return withTransfer(
      outputs,
      outputs.map(({ dense }) => dense.buffer),
    );
  }

  async #rows(
    texts: readonly string[],
    gate: GateOptions,
    progress: (progress: TextProgress) => void,
  ): Promise<Rows> {
    if (this.#ready === null) {
      throw new PhotoglotError('session-failed', 'The text tower is not loaded.');
    }
    const { tower, rules, dimension: dim } = this.#ready;
    const data = new Float32Array(texts.length * dim);
    const tokens = await inTurns(texts, gate.signal, (text) => tokensOf(tower, rules, text));
    const lengths = tokens.map(({ length }) => length);
    let done = 0;
    for (const batch of planBatches(lengths, BATCH_LIMITS)) {
      const chosen = batch.map((index) => tokens[index] ?? []);
      const output = await this.#queue.run(gate, () => run(tower, rules, chosen));
      const rows = unitRows(rowsOf(output, chosen.length, dim));
      batch.forEach((index, row) => {
        data.set(rows.data.subarray(row * dim, (row + 1) * dim), index * dim);
      });
      done += batch.length;
      progress({ done, total: texts.length });
    }
    return { data, count: texts.length, dim };
  }
}

function rulesOf({
  input: tokenizer,
  family,
  config,
}: OpenTower<Transformers.PreTrainedTokenizer>): TokenRules {
  const { text_config } = config as { text_config?: { max_position_embeddings?: unknown } };
  const limits = [text_config?.max_position_embeddings, tokenizer.model_max_length];
  return {
    maxTokens: tokenLimit(limits, family.maxTokens),
    padId: padIdOf(tokenizer.pad_token_id),
    padding: family.padding,
    specialIds: new Set(tokenizer.all_special_ids),
  };
}

/** At least one token: a text of nothing gets one of padding. */
function tokensOf(
  { input: tokenizer }: OpenTower<Transformers.PreTrainedTokenizer>,
  rules: TokenRules,
  text: string,
): readonly number[] {
  const { input_ids: ids } = tokenizer(text, { return_tensor: false });
  return cutTokens(ids.length === 0 ? [rules.padId] : ids, rules);
}

function run(
  { library: { Tensor }, run }: OpenTower<Transformers.PreTrainedTokenizer>,
  rules: TokenRules,
  rows: readonly (readonly number[])[],
): Promise<OpenTowerOutput> {
  const { ids, mask, count, length } = padToLength(rows, rules);
  const dims = [count, length];
  return run({
    input_ids: new Tensor('int64', ids, dims),
    attention_mask: new Tensor('int64', mask, dims),
  });
}

type OpenTowerOutput = Awaited<ReturnType<OpenTower<unknown>['run']>>;
