/**
 * `timePolicy` on the node backend in a process of its own, whose peak memory then is that of one batch. Takes its
 * arguments as JSON and prints `RESULT` with JSON.
 */
import { createNodeBackend } from '../../src/backends/node';
import { timePolicy } from './policy';
import type { PolicyRun } from './policy-section';

const { architecture, shape, runs } = JSON.parse(process.argv.at(-1)!) as PolicyRun;
const backend = await createNodeBackend();
const times = await timePolicy(backend, architecture, shape, runs);
const peak = process.resourceUsage().maxRSS / 1024;
console.log(`RESULT ${JSON.stringify({ ...times, peak })}`);
process.exit(0);
