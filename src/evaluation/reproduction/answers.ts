/** The experiment's answers: a sentence for each question, by rule, from the figures and their intervals alone. */
import { ARMS, BASE_ARM } from './arms';
import type { Estimate } from './bootstrap';
import { signedPercent } from './percent';
import type { Comparison } from './results';

interface ExperimentAnswer {
  readonly question: string;
  readonly sentence: string;
}

/** The answers to the questions of the arms that were run. */
export function experimentAnswers({ arms }: Comparison): ExperimentAnswer[] {
  return ARMS.flatMap(({ name, question, ahead }): ExperimentAnswer[] => {
    const arm = arms.find((each) => each.arm === name);
    if (!arm) return [];
    if (name === BASE_ARM.name) {
      const { numeric, choice } = arm.to_start.measures;
      const against = (measure: string) => `${measure} after \`${name}\` against the starting policy's`;
      return [
        { question, sentence: verdict(numeric, against('numeric MRA'), 'numbers') },
        { question: 'Did it raise choice accuracy?', sentence: verdict(choice, against('choice accuracy'), 'choices') },
      ];
    }
    if (arm.to_base === null) {
      return [{ question, sentence: `Not answered: the arm \`${BASE_ARM.name}\` was not run beside it.` }];
    }
    const { numeric } = arm.to_base.measures;
    const [first, second] = ahead === 'arm' ? [name, BASE_ARM.name] : [BASE_ARM.name, name];
    const difference = numeric && ahead === 'base' ? negated(numeric) : numeric;
    return [
      { question, sentence: verdict(difference, `numeric MRA of \`${first}\` against \`${second}\``, 'numbers') },
    ];
  });
}

function negated({ mean, interval: [low, high] }: Estimate): Estimate {
  return { mean: -mean, interval: [-high, -low] };
}

/** Yes where the interval of a difference is above 0, no where it is below, else that neither can be told. */
function verdict(difference: Estimate | undefined, what: string, asked: string): string {
  if (!difference) return `Not answered: no held-out question asks for ${asked}.`;
  const { mean, interval } = difference;
  const [low, high] = interval;
  const range = `${signedPercent(mean)} points (${signedPercent(low)} to ${signedPercent(high)})`;
  const found = low > 0 ? 'Yes' : high < 0 ? 'No, it is lower' : 'No difference can be told at this budget';
  return `${found}: ${what}, ${range}.`;
}
