import type { PreflightRun } from '../../../report/node/preflight-report.ts';

import { expectation } from '../program.ts';
import type { JobProgram } from '../vm/job.ts';
import type { Collected } from './collect.ts';
import { startReason } from './errnos.ts';
import { fromGuest } from './from-guest.ts';

const USERS = '/etc/passwd';

/** How the program ran; undefined if the guest did not say so. */
export function runOf(program: JobProgram, found: Collected): PreflightRun | undefined {
  const { started, ended } = found;
  if (started === undefined) return undefined;
  const common = {
    arguments: [...program.arguments],
    user: program.user,
    directory: program.directory,
    expected: expectation(program),
    output: outputOf(found),
  };
  if (started.outcome !== 'OK') {
    const name = program.arguments[0] || 'a program without a name';
    const result = `${name} could not be started: ${whyNotStarted(started, program)}`;
    return { ...common, how: 'not started', status: 0, seconds: 0, succeeded: false, result };
  }
  if (ended === undefined) return undefined;
  const { how, status, seconds } = ended;
  return { ...common, how, status, seconds, ...resultOf(ended, program, found) };
}

/** The guest names what failed: the list of users, the working directory, the program or its interpreter. */
function whyNotStarted(
  { path, outcome, missing }: Collected['started'] & object,
  { user, directory, arguments: [name] }: JobProgram,
): string {
  if (fromGuest(path) === directory && name !== directory)
    return `its working directory ${directory} cannot be entered (${outcome})`;
  if (path === USERS && name !== USERS)
    return `the image has no user or group ${user} in /etc/passwd or /etc/group`;
  if (missing === undefined) return startReason(outcome);
  const interpreter = fromGuest(missing);
  return interpreter.endsWith('\r')
    ? `its #! line ends in a carriage return, and there is no ${JSON.stringify(interpreter)} (${outcome})`
    : `its interpreter ${interpreter} is not in the image (${outcome})`;
}

function resultOf(
  { how, status, seconds }: Collected['ended'] & object,
  { health }: JobProgram,
  { health: answer }: Collected,
): Pick<PreflightRun, 'succeeded' | 'result'> {
  const after = `after ${seconds.toFixed(1)} s`;
  switch (how) {
    case 'alive':
      return { succeeded: true, result: `still runs ${after}` };
    case 'healthy':
      return { succeeded: true, result: `healthy ${after}` };
    case 'exit':
      if (health !== undefined)
        return { succeeded: false, result: `exited with status ${status} ${after}, before it was healthy` };
      return { succeeded: status === 0, result: `exited with status ${status} ${after}` };
    case 'signal':
      return { succeeded: false, result: `ended by signal ${status} ${after}` };
    case 'unhealthy': {
      const why = answer === undefined || answer.trim() === '' ? '' : `: ${answer.trim().slice(0, 200)}`;
      return { succeeded: false, result: `not healthy ${after}${why}` };
    }
    case 'timeout':
      return {
        succeeded: false,
        result: `still runs ${after}, and should have ${health === undefined ? 'ended' : 'become healthy'}`,
      };
  }
}

/** Neighbouring pieces of one stream are one, and a note says what is missing. */
function outputOf({ output, outputCut }: Collected): PreflightRun['output'] {
  const joined: PreflightRun['output'] = [];
  for (const { stream, text } of output) {
    const last = joined.at(-1);
    if (last?.stream === stream) last.text += text;
    else joined.push({ stream, text });
  }
  if (outputCut > 0) joined.push({ stream: 'stderr', text: `(${outputCut} bytes of output are not kept)\n` });
  return joined;
}
