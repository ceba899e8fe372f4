import { answer } from '../client/answer';

export const stored = answer;
