import { Tensor } from 'onnxruntime-web';

export const tensor: unknown = Tensor;
