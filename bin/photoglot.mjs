#!/usr/bin/env node
import { main } from '../cli/main.mjs';

// Not process.exit: what was printed must have left the process first.
process.exitCode = await main(process.argv.slice(2));
