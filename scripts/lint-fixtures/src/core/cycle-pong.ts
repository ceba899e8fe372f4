import { ping } from './cycle-ping';

export const pong = (): number => ping();
