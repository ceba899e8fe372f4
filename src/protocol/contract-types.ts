/**
 * What a worker contract looks like. A contract is an interface of methods
 * `(args, context) => Promise<result>`; the worker implements it, the page calls it by name.
 */

/** What every method of a contract gets besides its arguments. */
export interface CallContext<Progress = never> {
  /** Fires when the caller aborted. The implementation should stop soon; its result is dropped. */
  readonly signal: AbortSignal;
  /** Reports progress, in order. All reports arrive before the result does. */
  readonly progress: (progress: Progress) => void;
}

/** Any method of a contract. The parameters are such that every method is assignable to it. */
export type ContractMethod = (args: never, context: CallContext<unknown>) => Promise<unknown>;

/** Constraint: every member of `Contract` is a contract method. */
export type ContractShape<Contract> = { readonly [Name in keyof Contract]: ContractMethod };

/** Names of the methods of a contract. */
export type MethodName<Contract> = keyof Contract & string;

/** The arguments of a method; `undefined` for one that takes none. */
export type ArgsOf<Method> = Method extends () => unknown
  ? undefined
  : Method extends (args: infer Args, context: never) => unknown
    ? Args
    : never;

/** What a method resolves to. */
export type ResultOf<Method> = Method extends (...parameters: never) => Promise<infer Result>
  ? Result
  : never;

/** What a method reports as progress; `never` for one that reports none. */
export type ProgressOf<Method> = Method extends (
  args: never,
  context: CallContext<infer Progress>,
) => unknown
  ? Progress
  : never;
