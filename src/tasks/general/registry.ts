/**
 * All general families. A new one is a file that exports a `GeneralFamily`, a line in this list, and a reader in the
 * checker.
 */
import { arithmeticChain } from './families/arithmetic-chain';
import { clockTime } from './families/clock-time';
import { elapsedMinutes } from './families/elapsed-minutes';
import { expressionComparison } from './families/expression-comparison';
import { facingDirection } from './families/facing-direction';
import { gridWalk } from './families/grid-walk';
import { itemCounting } from './families/item-counting';
import { numberSequence } from './families/number-sequence';
import { setOperations } from './families/set-operations';
import { syllogism } from './families/syllogism';
import { transitiveOrder } from './families/transitive-order';
import { unitConversion } from './families/unit-conversion';
import { vennCount } from './families/venn-count';
import { weekdayArithmetic } from './families/weekday-arithmetic';
import type { GeneralFamily } from './family';

export const generalFamilies: readonly GeneralFamily[] = [
  arithmeticChain,
  expressionComparison,
  numberSequence,
  transitiveOrder,
  weekdayArithmetic,
  clockTime,
  elapsedMinutes,
  unitConversion,
  setOperations,
  vennCount,
  syllogism,
  itemCounting,
  gridWalk,
  facingDirection,
];

/** Names of the general families. */
export const generalTaskNames: readonly string[] = generalFamilies.map(({ name }) => name);

/** The general family called `name`. Throws Error naming an unknown one and listing those there are. */
export function generalFamilyNamed(name: string): GeneralFamily {
  const family = generalFamilies.find((candidate) => candidate.name === name);
  if (!family) {
    throw new Error(`unknown general task '${name}'; the general tasks are ${generalTaskNames.join(', ')}`);
  }
  return family;
}
