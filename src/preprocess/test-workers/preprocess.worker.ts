import { exposeContract } from '../../protocol/expose';
import type { PreprocessContract } from './preprocess-contract';
import { preprocessRunner } from './preprocess-runner';

exposeContract<PreprocessContract>(preprocessRunner);
