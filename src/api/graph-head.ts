import { findHead, type HeadChoice, matchHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Graph } from '../ov/graph.ts';
import { graphPorts } from './graph-ports.ts';

/** `matchHead` for a graph. */
export const matchGraphHead = (graph: Graph, choice?: HeadChoice): Head | undefined =>
  matchHead(graphPorts(graph), choice);

/** `findHead` for a graph. */
export const findGraphHead = (graph: Graph, choice?: HeadChoice): Head => findHead(graphPorts(graph), choice);
