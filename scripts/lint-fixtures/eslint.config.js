import { fileURLToPath } from 'node:url';
import { createConfig } from '../eslint/create-config.mjs';

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');

export default createConfig({ root, projects: ['tsconfig.json'] });
