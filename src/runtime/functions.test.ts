import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { core } from '../../test/support/openvino.ts';
import { PROTOTYPES } from './functions.ts';

describe('PROTOTYPES', () => {
  it('match functions of the library', () => {
    const library = koffi.load(core.library);
    for (const [name, prototype] of Object.entries(PROTOTYPES)) expect(library.func(prototype).info.name).toBe(name);
  });
});
