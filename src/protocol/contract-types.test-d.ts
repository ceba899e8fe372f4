import { expectTypeOf, test } from 'vitest';
import type { WorkerLink } from '../client/worker-link';
import type { ArgsOf, CallContext, ContractShape, ProgressOf, ResultOf } from './contract-types';

interface Sample {
  load(args: { readonly url: string }, context: CallContext<number>): Promise<boolean>;
  ping(): Promise<'pong'>;
}

test('a contract gives each method its arguments, result and progress', () => {
  expectTypeOf<ArgsOf<Sample['load']>>().toEqualTypeOf<{ readonly url: string }>();
  expectTypeOf<ResultOf<Sample['load']>>().toEqualTypeOf<boolean>();
  expectTypeOf<ProgressOf<Sample['load']>>().toEqualTypeOf<number>();
  expectTypeOf<ArgsOf<Sample['ping']>>().toEqualTypeOf<undefined>();
  expectTypeOf<ResultOf<Sample['ping']>>().toEqualTypeOf<'pong'>();
});

test('what is not a method is no contract', () => {
  expectTypeOf<Sample>().toExtend<ContractShape<Sample>>();
  expectTypeOf<{ size: number }>().not.toExtend<ContractShape<{ size: number }>>();
});

test('a link checks method names, arguments and listeners', () => {
  const check = (link: WorkerLink<Sample>): void => {
    expectTypeOf(link.call('load', { url: '' })).resolves.toEqualTypeOf<boolean>();
    void link.call('load', { url: '' }, { onProgress: (share: number) => share });
    // @ts-expect-error -- no such method
    void link.call('unload', { url: '' });
    // @ts-expect-error -- the wrong arguments
    void link.call('load', { uri: '' });
    // @ts-expect-error -- the wrong progress
    void link.call('load', { url: '' }, { onProgress: (share: string) => share });
  };
  expectTypeOf(check).toBeFunction();
});
