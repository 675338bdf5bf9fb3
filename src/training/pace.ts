/** How fast a run goes, by what its last steps took, and how long the rest will take at that pace. */

/** Steps that the pace is averaged over. */
const RECENT = 20;

export class Pace {
  #recent: readonly number[] = [];

  /** Hears what a step took, seconds. */
  add(seconds: number): void {
    this.#recent = [...this.#recent, seconds].slice(-RECENT);
  }

  /** Mean of the last steps, seconds; NaN before the first. */
  get secondsPerStep(): number {
    return this.#recent.reduce((sum, seconds) => sum + seconds, 0) / this.#recent.length;
  }

  /** How long `steps` further steps will take, for people; hear of a step first. */
  timeFor(steps: number): string {
    return duration(steps * this.secondsPerStep);
  }
}

/** So many seconds, for people. */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes === 0) return 'under a minute';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
