import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FailureCase } from './stage.ts';

export const OTHER: FailureCase[] = [
  {
    name: 'signal during a run',
    run: (stage) => {
      let pid: number | undefined;
      const onStart = (started: number): void => {
        pid = started;
      };
      return stage.withRegistry(
        () => {
          if (pid !== undefined) process.kill(pid, 'SIGTERM');
          return 'silence';
        },
        (reference) => stage.sign(reference, ['--plain-http'], { onStart }),
      );
    },
  },
  {
    name: 'defect of this program',
    run: (stage) => {
      const preload = join(stage.scratch(), 'defect.mjs');
      const defect = "get: () => { throw new TypeError('a defect'); }";
      writeFileSync(preload, `Object.defineProperty(process, 'versions', { ${defect} });\n`);
      return stage.cli(['--help'], { env: { NODE_OPTIONS: `--import ${pathToFileURL(preload)}` } });
    },
  },
];
