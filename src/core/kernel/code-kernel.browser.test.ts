import { describeCodeKernel } from './test-workers/code-kernel-suite';
import { describeSharedKernel } from './test-workers/shared-kernel-suite';

describeCodeKernel('simd');
describeSharedKernel();
