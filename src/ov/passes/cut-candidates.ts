import { isStatic } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { constantOf, countUses, type Graph, is, type Node, topological, type Value } from '../graph.ts';
import { rewrite, withOutputs } from '../rewrite.ts';
import { reshape } from '../shorthand.ts';
import { LogicalOr } from '../ops/logical.ts';
import { NonMaxSuppression } from '../ops/sort.ts';
import { analyzeRows } from './candidates/analyze-rows.ts';
import { BoxRanking } from './candidates/box-ranking.ts';
import { CandidateRows } from './candidates/candidate-rows.ts';
import { cutEachImage } from './candidates/cut-each-image.ts';
import { cutOneClass } from './candidates/cut-one-class.ts';
import { chooseBranch, neededBy, NEVER, unlessFor } from './candidates/choose-branch.ts';
import { scalarOf } from './candidates/meaning-rule.ts';
import { areAll, moreRows } from './candidates/more-rows.ts';
import { nmsOfBoxes, type Rows, rowsOfBranch } from './candidates/nms-of-boxes.ts';
import { regionAfter } from './candidates/region.ts';
import { type Replace, shortenTable } from './candidates/shorten-table.ts';
import type { Pass } from './pass.ts';

/** Boxes that remain after the first cut, unless that is more than half of them. */
const KEPT = 1024;

/** Boxes that remain after the second cut, unless that is more than half of them. */
const KEPT_LATER = 8192;

/** Boxes of one class for each row that an NMS selects at most: many of them overlap. */
const BOXES_PER_ROW = 8;

/** With fewer boxes a cut does not pay. */
const MIN_BOXES = 1024;

/** Column of the rows of an NMS with their class. */
const CLASS_COLUMN = 1;

/**
 * Detectors sort and filter what NMS selects, and return the first rows. NMS treats a candidate only depending on those
 * before it in the order of score, class and box: of the first candidates, it selects the same without the others. If
 * enough rows remain, the detections are the same. Otherwise, an `If` runs the ops after the NMS, on the rows of the same
 * boxes if these are all above the threshold, of more boxes, or of all.
 */
export const cutCandidates: Pass = {
  name: 'cut-candidates',
  description: 'runs NMS on the boxes with the best scores, and on all boxes only if too few of those remain',
  changes: [
    { name: 'cut', summary: 'NMS run on the best candidates' },
    { name: 'cut-one-class', summary: 'NMS of one class run on the best candidates' },
  ],
  run(graph: Graph, count) {
    const withCuts = rewrite(graph, (node, { b }) => {
      const rows = is(node, NonMaxSuppression) && canBeCut(node) ? cutClass(b, node) : undefined;
      if (rows !== undefined) count?.('cut-one-class');
      return rows;
    });
    const cutFirst = (current: Graph): Graph => {
      for (const node of topological(current)) {
        const result = is(node, NonMaxSuppression) ? cut(current, node) : undefined;
        if (result === undefined) continue;
        count?.('cut');
        return result;
      }
      return current;
    };
    return cutFirst(rewrite(withCuts, (node, { b }) => changeBodies(node, cutFirst, b)));
  },
};

function changeBodies(node: Node, change: (body: Graph) => Graph, b: Builder): readonly Value[] | undefined {
  const bodies = node.bodies.map(change);
  return bodies.every((body, i) => body === node.bodies[i]) ? undefined : b.rebuild(node, node.inputs, bodies);
}

/** The outputs of an NMS that has one class per image. */
function cutClass(b: Builder, nms: Node): readonly Value[] | undefined {
  const [images, count] = nms.inputs[0]!.shape as readonly [number, number];
  const most = scalarOf(nms.inputs[2]);
  const kept = Math.max(Math.min(KEPT, count >> 1), BOXES_PER_ROW * (most ?? Infinity));
  if (nms.inputs[1]!.shape[1] !== 1 || most === undefined || 2 * kept > count) return undefined;
  const later = Math.min(Math.max(KEPT_LATER, 2 * kept), count >> 1);
  return images === 1 ? cutOneClass(b, nms, kept, later, most) : cutEachImage(b, nms, kept, most);
}

/** Whether an NMS is one of many boxes. */
function canBeCut({ inputs }: Node): boolean {
  const [boxes, scores, , , threshold] = inputs as readonly [Value, Value, Value, Value, Value];
  const [images, count] = boxes.shape;
  const isLarge = typeof images === 'number' && typeof count === 'number' && count >= MIN_BOXES;
  return isLarge && isStatic(scores.shape) && constantOf(threshold) !== undefined;
}

function cut(graph: Graph, nms: Node): Graph | undefined {
  const [boxes, scores, , , threshold] = nms.inputs as readonly [Value, Value, Value, Value, Value];
  const count = boxes.shape[1] as number;
  if (!canBeCut(nms) || boxes.shape[0] !== 1 || scores.shape[1] === 1) return undefined;
  if (countUses(graph).has(nms.outputs[2]!)) return undefined;
  const region = regionAfter(graph, nms);
  if (region === undefined) return undefined;
  const b = new Builder(nms.name);
  const ranking = new BoxRanking(b, nms);
  const kept = Math.min(KEPT, count >> 1);
  const best = ranking.best(kept);
  const rows = nmsOfBoxes(b, nms, best, { above: best.lowest, isSorted: true });
  const candidates = new CandidateRows(b, nms, rows);
  const analysis = analyzeRows(b, nms, region.nodes, CLASS_COLUMN, (list, size, meanings) =>
    candidates.pick(list, size, meanings),
  );
  if (analysis === undefined || analysis.required * 2 > kept) return undefined;
  const results = region.results.map(value => analysis.meanings.of(value));
  const values = results.flatMap(meaning => (meaning.kind === 'plain' ? [meaning.value] : []));
  const lowest = numbersOf(constantOf(threshold)!)[0]!;
  const enough = candidates.areEnough(analysis, lowest);
  if (values.length < results.length || enough === undefined) return undefined;
  const isLazy = neededBy(region.nodes, graph);
  const isEnough = (more: Rows): Value => new CandidateRows(b, nms, more).areEnough(analysis, lowest)!;
  const more = moreRows(b, nms, ranking, Math.min(KEPT_LATER, count >> 1), isEnough, isLazy);
  const areFew = areAll(b, nms, best);
  // Not in the branch below: OpenVINO copies what a branch uses, and the scores of all boxes are large.
  const others = rowsOfBranch(b, chooseBranch(b, b.add(LogicalOr, [enough, areFew]), [rows, NEVER], [more, isLazy]));
  const selected = rowsOfBranch(b, chooseBranch(b, areFew, [nmsOfBoxes(b, nms, best), isLazy], [others, NEVER]));
  const shorten = candidates.areKeysScores(analysis) ? shortenTable(b, region.nodes, analysis, lowest) : undefined;
  const fromSelected = region.results.map(recompute(region.nodes, nms.outputs, selected, shorten)).map((value, i) => {
    const { shape } = region.results[i]!;
    return isStatic(shape) && !isStatic(value.shape) ? reshape(b, value, ...shape) : value;
  });
  const outputs = chooseBranch(b, enough, [values, NEVER], [fromSelected, unlessFor(others, isLazy)]);
  const outside = topological(graph).filter(node => !region.nodes.includes(node));
  return withOutputs(graph, recompute(outside, region.results, outputs));
}

/** Returns what values are after replacing some: recomputes the nodes that depend on these. */
function recompute(
  nodes: readonly Node[],
  values: readonly Value[],
  replacements: readonly Value[],
  replace?: Replace,
): (value: Value) => Value {
  const b = new Builder();
  const replaced = new Map(values.map((value, i) => [value, replacements[i]!]));
  const now = (value: Value): Value => replaced.get(value) ?? value;
  for (const node of nodes) {
    if (node.inputs.every(input => now(input) === input)) continue;
    b.origin = node.name;
    const inputs = node.inputs.map(now);
    const rebuilt = replace?.(node, inputs) ?? b.rebuild(node, inputs);
    node.outputs.forEach((value, i) => replaced.set(value, rebuilt[i]!));
  }
  return now;
}
