/**
 * The lab without a window: `npm run -s lab -- COMMAND …`.
 */
import { coldstartCommand } from './coldstart';
import { differentiateCommand } from './differentiate';
import { type Command, UsageError } from './command';
import { evaluateCommand } from './evaluate';
import { exportCommand } from './export';
import { plotCommand } from './plot';
import { pretrainCommand } from './pretrain';
import { reproduceCommand } from './reproduce';
import { scoreCommand } from './score';
import { synthesizeCommand } from './synthesize';
import { trainCommand } from './train';
import { verifyCommand } from './verify';

const COMMANDS: readonly Command[] = [
  pretrainCommand,
  coldstartCommand,
  trainCommand,
  exportCommand,
  differentiateCommand,
  synthesizeCommand,
  verifyCommand,
  scoreCommand,
  evaluateCommand,
  reproduceCommand,
  plotCommand,
];

const USAGE = `Usage: npm run -s lab -- COMMAND [flags]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`).join('\n')}

npm run -s lab -- COMMAND --help tells more.`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    console.log(USAGE);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    console.error(`Unknown command "${name}".\n\n${USAGE}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(command.usage);
    return 0;
  }
  try {
    await command.run(rest);
    return 0;
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof UsageError) console.error(`Try: npm run -s lab -- ${name} --help`);
    else if (process.env.PARALLAX_DEBUG && error instanceof Error) console.error(error.stack);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exit(await main(process.argv.slice(2)));
