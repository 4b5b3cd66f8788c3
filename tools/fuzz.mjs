// Runs mutated inputs through all readers. Usage: npm run fuzz [-- TARGET ... --minutes N --seed S]; --help lists all options
import { load } from './fuzz/load.mjs';

const { main } = await load('main.ts');
process.exitCode = await main(process.argv.slice(2));
