import { pong } from './cycle-pong';

export const ping = (): number => pong();
