import { answer } from '../client/answer';

export const doubled = answer * 2;
