/**
 * `node convert-child.ts JOB` converts one blob in a child process, which tests can give another user,
 * environment or file system. Prints a ChildAnswer as JSON.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { describeError, VeritySignError } from '../../src/errors.ts';
import { withTempFolder } from '../../src/lib/process/temp-folder.ts';
import type { ProfileName } from '../../src/model/index.ts';
import { type BlobFile, builderIn, convertBlob } from './convert.ts';

export interface ChildJob {
  blob: BlobFile;
  profiles: ProfileName[];
  /** Parent of the temporary folder; made if missing. Default: the system's. */
  temp?: string;
  /** Set before anything else. */
  umask?: number;
  mkfsPath?: string;
}

export interface ChildAnswer {
  uid: number;
  privilege?: string;
  rootHashes?: string[];
  error?: { code: string; line: string };
  /** Files in `temp` afterwards, if it was given. */
  left?: string[];
}

const job = JSON.parse(process.argv[2] ?? '') as ChildJob;
const answer: ChildAnswer = { uid: process.geteuid?.() ?? -1 };
if (job.temp !== undefined) mkdirSync(job.temp, { recursive: true });
if (job.umask !== undefined) process.umask(job.umask);
try {
  await withTempFolder(job.temp, async (folder) => {
    const builder = await builderIn(folder, job.mkfsPath === undefined ? {} : { mkfsPath: job.mkfsPath });
    answer.privilege = builder.program.privilege;
    answer.rootHashes = [];
    for (const profile of job.profiles) {
      answer.rootHashes.push((await convertBlob(builder, job.blob, profile, folder)).rootHash);
    }
  });
} catch (error) {
  answer.error = {
    code: error instanceof VeritySignError ? error.code : 'internal',
    line: describeError(error).line,
  };
}
if (job.temp !== undefined) answer.left = readdirSync(job.temp);
console.log(JSON.stringify(answer));
