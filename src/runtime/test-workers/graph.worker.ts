import { exposeContract } from '../../protocol/expose';
import type { GraphContract } from './graph-contract';
import { GraphRunner } from './graph-runner';

exposeContract<GraphContract>(new GraphRunner());
