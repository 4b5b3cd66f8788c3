import { type ConvertOptions, type ConversionResult, runConversion } from '../convert.ts';
import { DecantError } from '../errors.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';
import { namesBeside } from './names-beside.ts';
import type { Labels } from '../labels/labels.ts';
import { toInputShapes } from './input-shapes.ts';
import { headAfter, postProcessingSteps } from './post-processing-options.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { toPreprocessing } from '../preprocess/parse-steps.ts';
import type { Source } from '../source/source.ts';
import { isStaticDim } from '../tensor/dim.ts';
import { parseFrozenValues } from '../tf/frozen-value.ts';
import { type InputSpec, parseInputSpecs } from '../tf/input-spec.ts';

/** A converted model, in memory; `path` is undefined for bytes and sources. */
export interface ConvertedModel {
  readonly name: string;
  readonly path: string | undefined;
  readonly conversion: ConversionResult;
  readonly labels: Labels | undefined;
  readonly rtInfo: RtInfo;
}

/**
 * Converts the model in a source.
 *
 * @param path of the model, if it has one
 */
export async function convertSource(
  source: Source,
  path: string | undefined,
  given: ConvertModelOptions = {},
): Promise<ConvertedModel> {
  const options = { ...given, labels: given.labels ?? (await namesBeside(source)) };
  const result = await runConversion(source, await toConvertOptions(options));
  const notes = options.layout === undefined ? [] : layoutNotes(result);
  const conversion = { ...result, notes: [...result.notes, ...notes] };
  // What finds the kind of a detector is loaded with the first model.
  const { describeConversion } = await import('./describe-conversion.ts');
  return { name: conversion.model.name, path, conversion, ...describeConversion(conversion, options) };
}

/** @throws DecantError `invalid-argument` for options that are wrong, or that do not go together */
export async function toConvertOptions(options: ConvertModelOptions): Promise<ConvertOptions> {
  const { inputs, inputShapes, freeze = {}, layout, onlyDetections = false, preprocess, head, ...rest } = options;
  const { batch = 1, outputs } = rest;
  if (layout !== undefined && batch !== 1) {
    throw new DecantError('invalid-argument', `the layout ${layout} is for a batch of 1`);
  }
  if (head !== undefined) (await import('../detect/heads/check-head.ts')).checkHead(head);
  const steps = toPreprocessing(preprocess);
  const after = headAfter(options);
  return {
    ...rest,
    inputs: toInputs(inputs),
    inputShapes: toInputShapes(inputShapes),
    freeze: typeof freeze === 'string' ? parseFrozenValues(freeze) : new Map(Object.entries(freeze)),
    preprocess: steps,
    ...postProcessingSteps(
      options,
      async (translated, model) =>
        (await import('./describe-conversion.ts')).translatedLabels(translated, options, model),
      head,
    ),
    ...(layout !== undefined && {
      async arrange(graph, translated) {
        const [{ arrangeOutputs }, { graphPorts }] = await Promise.all([
          import('../output-layout/arrange-outputs.ts'),
          import('./graph-ports.ts'),
        ]);
        return arrangeOutputs(graph, translated, graphPorts(translated), { head: after, steps });
      },
    }),
    ...(onlyDetections &&
      layout === undefined &&
      outputs === undefined && {
        async arrange(graph, translated) {
          const [{ keepDetections }, { graphPorts }] = await Promise.all([
            import('../output-layout/keep-detections.ts'),
            import('./graph-ports.ts'),
          ]);
          return keepDetections(graph, graphPorts(translated), after);
        },
      }),
  };
}

const toInputs = (given: ConvertModelOptions['inputs'] = []): readonly InputSpec[] =>
  typeof given === 'string'
    ? parseInputSpecs(given)
    : given.flatMap(each => (typeof each === 'string' ? parseInputSpecs(each) : each));

function layoutNotes({ graph }: ConversionResult): readonly string[] {
  const dynamic = [...graph.inputs].find(([, { shape }]) => shape.length === 4 && !shape.every(isStaticDim));
  if (dynamic === undefined) return [];
  return [
    `Input '${dynamic[0]}' takes images of any size. Programs that resize images first, such as Frigate, need a fixed size: --input-shape.`,
  ];
}
