import { exposeContract } from '../../../protocol/expose';
import type { KernelContract } from './kernel-contract';
import { kernelRunner } from './kernel-runner';

exposeContract<KernelContract>(kernelRunner);
