/**
 * Syllogisms: does a statement follow from some others? What does is derived step by step; what does not is refuted by
 * things of which all the premises are true and the statement is not. 'All' says nothing of whether there are any.
 */
import type { RandomStream } from '../../../random';
import { defineGeneralFamily, level } from '../family';

const PROPERTIES = ['red', 'round', 'soft', 'big', 'old', 'wet', 'cold', 'light'];

type Form = 'All' | 'No' | 'Some' | 'Some not';

const statement = (form: Form, a: string, b: string) =>
  form === 'Some not' ? `Some ${a} things are not ${b}` : `${form} ${a} things are ${b}`;
const lowered = (text: string) => text[0].toLowerCase() + text.slice(1);

/** What does not follow, with the things that refute it, each as its properties. */
interface Fallacy {
  readonly text: string;
  readonly things: readonly (readonly string[])[];
}

/**
 * Two premises at the least, five at the most: a chain 'all … are …' between `terms`, whose first link may be 'some'
 * and whose last may be 'no'. The conclusion joins the ends of the chain.
 */
export const syllogism = defineGeneralFamily({
  name: 'syllogism',
  title: 'Syllogism',
  description: 'Whether a statement about things must be true if some others are; harder with more premises.',
  kind: 'text',
  draft(difficulty, random) {
    const links = level(difficulty, 2, 5);
    const terms = random.shuffle(PROPERTIES).slice(0, links + 1);
    const [some, no] = [random.pick([true, false]), random.pick([true, false])];
    const premises = terms.slice(1).map((term, k) => {
      const form = k === 0 && some ? 'Some' : k === links - 1 && no ? 'No' : 'All';
      return statement(form, terms[k], term);
    });
    const follows = random.pick([true, false]);
    const last = terms[links];
    const form = some ? (no ? 'Some not' : 'Some') : no ? 'No' : 'All';
    const fallacy = fallacyOf(terms, some, no, random);
    const asked = follows ? statement(form, terms[0], last) : fallacy.text;

    const steps: string[] = [];
    let known = premises[0];
    premises.slice(1).forEach((premise, k) => {
      const middle: Form = k === links - 2 ? form : some ? 'Some' : 'All';
      const next = statement(middle, terms[0], terms[k + 2]);
      steps.push(`${known} and ${lowered(premise)}, so ${lowered(next)}`);
      known = next;
    });
    const things = fallacy.things.map((properties) => `one ${properties.join(' ')} thing`).join(' and ');
    return {
      question: `${random.shuffle(premises).join('. ')}. Must it be that ${lowered(asked)}?`,
      answer: follows ? 'yes' : 'no',
      steps: follows ? steps : [`Case: ${things}`],
      values: { premises: links, things: follows ? 0 : fallacy.things.length },
    };
  },
});

/** One of the usual fallacies about the ends of a chain. */
function fallacyOf(terms: readonly string[], some: boolean, no: boolean, random: RandomStream): Fallacy {
  const [first, last] = [terms[0], terms[terms.length - 1]];
  // What the chain tells of a thing that has the first property: all but the last where that is excluded.
  const chain = no ? terms.slice(0, -1) : terms;
  const fallacies: Fallacy[] = [{ text: statement('All', last, first), things: some ? [chain, [last]] : [[last]] }];
  if (some && no) fallacies.push({ text: statement('No', first, last), things: [chain, [first, last]] });
  if (some && !no) fallacies.push({ text: statement('All', first, last), things: [chain, [first]] });
  if (some && !no) fallacies.push({ text: statement('Some not', first, last), things: [chain] });
  if (!some && !no) fallacies.push({ text: statement('No', first, last), things: [chain] });
  if (!some && no) fallacies.push({ text: statement('All', first, last), things: [chain] });
  return random.pick(fallacies);
}
