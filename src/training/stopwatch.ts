/**
 * Times the phases of a step. On WebGPU a phase ends when its commands are submitted and its small reads have come
 * back, so work that nobody waits for is counted where it is next waited for.
 */
export class Stopwatch {
  private readonly start = performance.now();
  private last = this.start;
  private readonly laps: Record<string, number> = {};

  /** Ends a phase: what passed since the last lap is added to `name`. */
  lap(name: string): void {
    const now = performance.now();
    this.laps[`time/${name}`] = (this.laps[`time/${name}`] ?? 0) + (now - this.last) / 1000;
    this.last = now;
  }

  /** Seconds by phase, and in all as step_time. */
  metrics(): Record<string, number> {
    return { ...this.laps, step_time: (performance.now() - this.start) / 1000 };
  }
}
