import { exposeContract } from '../../protocol/expose';
import type { BuildContract } from './build-contract';
import { BuildRunner } from './build-runner';

exposeContract<BuildContract>(new BuildRunner());
