/** The benchmarks whose metrics the lab computes. */
import type { Benchmark } from './metrics/benchmark';
import { cvBenchmark } from './metrics/cv-bench';
import { generalBenchmark } from './metrics/general';
import { spatialBenchmark } from './metrics/spatial';
import { vsiBenchmark } from './metrics/vsi-bench';

export const benchmarks: readonly Benchmark[] = [vsiBenchmark, cvBenchmark, generalBenchmark, spatialBenchmark];
