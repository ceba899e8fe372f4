import { exposeContract } from '../../protocol/expose';
import type { OrtBuildContract } from './ort-build-contract';
import { OrtBuildRunner } from './ort-build-runner';

exposeContract<OrtBuildContract>(new OrtBuildRunner());
