/** File names are kebab-case, with dotted suffixes: `top-k.browser.test.ts`. */
import { basename } from 'node:path';

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** @type {import('eslint').Rule.RuleModule} */
export const kebabFileNames = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { notKebab: 'The file name "{{name}}" is not kebab-case, such as "top-k.test.ts".' },
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        if (!KEBAB.test(name)) context.report({ node, messageId: 'notKebab', data: { name } });
      },
    };
  },
};
