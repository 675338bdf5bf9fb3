/**
 * The backend of the command line and of numerics in tests: onnxruntime-node on the processor. Only code that runs in
 * Node imports this file.
 */
import { availableParallelism, cpus } from 'node:os';
import * as ort from 'onnxruntime-node';
import type { Backend } from './backend';
import { CpuBackend } from './cpu';

/**
 * A backend on onnxruntime-node.
 * @param options.threads threads of an operator, 0 or unset for the runtime's own choice. One thread makes sums, and so whole runs,
 * independent of the machine's core count.
 */
export async function createNodeBackend(options: { threads?: number } = {}): Promise<Backend> {
  const threads = options.threads ?? 0;
  if (!Number.isInteger(threads) || threads < 0) {
    throw new RangeError(`threads must be a whole number from 0 on, not ${threads}`);
  }
  return new CpuBackend(
    {
      ort,
      sessionOptions: {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        logSeverityLevel: 4,
        // Threads that wait for work sleep: spinning takes the processor from whatever else runs, our own loops included.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      },
      writesGivenOutputs: true,
    },
    {
      kind: 'node',
      runtime: `onnxruntime-node ${ort.env.versions.node}`,
      adapter: cpus()[0]?.model ?? 'processor',
      features: [],
      limits: { threads: threads || availableParallelism() },
      notice: null,
    },
  );
}
