import { type Check, kind, shaped } from '../check.ts';

/** A converted model, as `convertModel` returns it. */
export const CONVERTED: Check = shaped({
  conversion: shaped({
    graph: shaped({
      inputs: kind('a Map', value => value instanceof Map),
      outputs: kind('a Map', value => value instanceof Map),
    }),
  }),
  rtInfo: shaped({}),
});
