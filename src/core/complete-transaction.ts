/** Database transactions that succeed or fail as a whole. */

/** What is needed of one: as of the package `idb`. */
export interface CompletableTransaction {
  readonly done: Promise<void>;
  readonly error: { readonly name: string } | null;
  abort(): void;
}

/** Runs `body` and resolves once its transaction is committed; when `body` throws, nothing of it stays. */
export async function completeTransaction<Transaction extends CompletableTransaction, Result>(
  transaction: Transaction,
  body: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const end = transaction.done.then(
    () => ({ ok: true as const }),
    (reason: unknown) => ({ ok: false as const, reason }),
  );
  let result: Result;
  try {
    result = await body(transaction);
  } catch (thrown) {
    rollBack(transaction);
    await end;
    // When the disk is full a request may fail with a vaguer error than its transaction.
    throw transaction.error?.name === 'QuotaExceededError' ? transaction.error : thrown;
  }
  const ended = await end;
  if (!ended.ok) throw ended.reason;
  return result;
}

function rollBack(transaction: CompletableTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already: a failed request rolls back by itself.
  }
}
