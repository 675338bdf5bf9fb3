/** What axe finds on the page as it is, for tests of its accessibility. */
import axe from 'axe-core';

/** The rules that are broken seriously or worse, each with the elements that break it. */
export async function seriousViolations(): Promise<string[]> {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
