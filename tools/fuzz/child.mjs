import { load } from './load.mjs';

const { serve } = await load('child.ts');
serve();
