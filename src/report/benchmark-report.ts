import type { BenchmarkResult } from '../benchmark/benchmark-result.ts';
import { percentile } from '../benchmark/latency-of.ts';
import { type OpTime, opTimes, percentOf, typeTimes } from '../benchmark/op-times.ts';
import { bars } from './charts.ts';
import { html, type Html } from './html.ts';
import { type Fact, page, table } from './page.ts';

const PERCENTILES = [0, 10, 25, 50, 75, 90, 99, 100];

/** Bars in a chart. */
const MOST = 20;

export function benchmarkReport(title: string, facts: readonly Fact[], result: BenchmarkResult): string {
  const { latency, latencies, iterations, duration, throughput, profile } = result;
  const sorted = latencies.toSorted((a, b) => a - b);
  const numbers: readonly Fact[] = [
    ['throughput', `${throughput.toFixed(2)} FPS`],
    ['median latency', `${latency.median.toFixed(2)} ms`],
    ['average latency', `${latency.average.toFixed(2)} ms`],
    ['iterations', iterations],
    ['duration', `${(duration / 1000).toFixed(1)} s`],
  ];
  const levels = PERCENTILES.map(percent => ({ name: `${percent} %`, value: percentile(sorted, percent) }));
  const chart = html`<section>
    <h2>Latency by percentile</h2>
    ${bars(
      'Latency by percentile in milliseconds',
      levels.map(level => ({ ...level, text: `${level.value.toFixed(2)} ms` })),
    )}
  </section>`;
  return page(title, [...numbers, ...facts], [chart, ...(profile === undefined ? [] : [opSections(opTimes(profile))])]);
}

function opSections(ops: readonly OpTime[]): Html {
  const types = typeTimes(ops);
  const bar = ({ name, ms, share }: OpTime): Parameters<typeof bars>[1][number] => ({
    name,
    value: ms,
    text: `${ms.toFixed(2)} ms, ${percentOf(share)}`,
  });
  return html`<div class="charts">
      <section>
        <h2>Time by type of op</h2>
        ${bars('Milliseconds per inference by type of op', types.slice(0, MOST).map(bar))}
      </section>
      <section>
        <h2>Slowest ops</h2>
        ${bars('Milliseconds per inference of the slowest ops', ops.slice(0, MOST).map(bar))}
      </section>
    </div>
    <section>
      <h2>Types of ops</h2>
      ${table(
        ['type', 'ops', 'ms', 'share', 'implementation'],
        types.map(({ type, count, ms, share, execType }) => [type, count, ms.toFixed(3), percentOf(share), execType]),
      )}
    </section>
    <section>
      <h2>Ops</h2>
      ${table(
        ['op', 'type', 'ms', 'share', 'implementation'],
        ops.map(({ name, type, ms, share, execType }) => [name, type, ms.toFixed(3), percentOf(share), execType]),
      )}
    </section>`;
}
