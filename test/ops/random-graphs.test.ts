import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { readIr } from '../../src/ov/ir/read-ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { parseGraph } from '../../src/ov/parse-graph.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { verify } from '../../src/ov/verify.ts';
import { numbersOf } from '../../src/tensor/tensor.ts';
import { applyPasses } from '../support/apply-passes.ts';
import { expectTensor } from './compare.ts';
import { randomGraph } from './random-graph.ts';
import { randomInputs } from './random.ts';
import { runOnOpenVino } from './run-on-openvino.ts';

/** Relative to the largest element; passes may change the order of additions. */
const TOLERANCE = 1e-4;

async function expectSameAnswers(before: Graph, after: Graph): Promise<void> {
  const inputs = randomInputs(before);
  const expected = await runOnOpenVino(before, inputs);
  const { outputs } = await runOnOpenVino(after, inputs);
  for (const [name, tensor] of expected.outputs) {
    const largest = Math.max(1, ...Array.from(numbersOf(tensor), Math.abs));
    // OpenVINO may drop a transpose of axes of size 1, and then return a shape other than the inferred one.
    const shape = before.outputs.get(name)!.shape.map(Number);
    expectTensor({ ...outputs.get(name)!, shape }, { ...tensor, shape }, TOLERANCE * largest);
  }
}

describe('a random graph', () => {
  it('is valid before and after the passes', () => {
    fc.assert(
      fc.property(randomGraph, graph => {
        verify(graph);
        const after = applyPasses(graph);
        verify(after);
        expect([...after.outputs.keys()]).toEqual([...graph.outputs.keys()]);
        expect(after.inputs).toBe(graph.inputs);
        for (const [name, { type, shape }] of graph.outputs) {
          expect(after.outputs.get(name)).toMatchObject({ type, shape });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads back from its text', () => {
    fc.assert(
      fc.property(randomGraph, graph => {
        const printed = printGraph(graph);
        expect(printGraph(parseGraph(printed))).toEqual(printed);
      }),
      { numRuns: 100 },
    );
  });

  it('reads back from its IR, and writes the same bytes', () => {
    fc.assert(
      fc.property(randomGraph, graph => {
        const ir = writeIr(graph);
        const again = readIr(ir.xml, joinBin(ir.bin)).graph;
        verify(again);
        const second = writeIr(again);
        expect(second.xml).toBe(ir.xml);
        expect(joinBin(second.bin)).toEqual(joinBin(ir.bin));
      }),
      { numRuns: 100 },
    );
  });

  it('computes the same after the passes', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async graph => {
        await expectSameAnswers(graph, applyPasses(graph));
      }),
      // Making a counterexample small may take minutes; what is found until then is shown.
      { numRuns: 60, interruptAfterTimeLimit: 45_000 },
    );
  });
});
