/** A headless Chromium behind its DevTools protocol: no download, no driver. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const SWITCHES = [
  '--headless=new',
  // Required for root (in a container). The pages are made here and hold no scripts.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--remote-debugging-port=0',
];
const DEADLINE = 30_000;

/** Path of the browser: `CHROMIUM`, or the first of the usual names on PATH. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string {
  const candidates = env.CHROMIUM
    ? [env.CHROMIUM]
    : (env.PATH ?? '').split(':').flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    env.CHROMIUM
      ? `CHROMIUM names no program: ${env.CHROMIUM}`
      : 'Chromium is not on PATH. Install it (Debian: sudo apt-get install chromium) or set CHROMIUM to its path',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export interface Picture {
  html: string;
  scheme: 'light' | 'dark';
  /** Width of the page in CSS pixels; the height is that of its content. */
  width: number;
  /** Device pixels for each CSS pixel. Default 1. */
  scale?: number;
  /** Maximum height of the picture in CSS pixels. */
  maxHeight?: number;
}

export interface Browser {
  /** A PNG of the page. */
  picture(picture: Picture): Promise<Buffer>;
  close(): Promise<void>;
}

type Call = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>;

/** Starts a browser with a profile folder of its own; `close` ends it and removes the folder. */
export async function openBrowser(): Promise<Browser> {
  const program = findBrowser();
  const profile = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const child = spawn(program, [...SWITCHES, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: 'ignore',
    env: { ...fixedEnvironment(), HOME: profile },
  });
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const call = await connect(join(profile, 'DevToolsActivePort'), () => child.exitCode !== null);
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    const page: Call = (method, params) => call(method, params, String(sessionId));
    return { picture: (picture) => take(page, picture), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The browser writes its port and path to a file once it listens. */
async function connect(portFile: string, hasEnded: () => boolean): Promise<Call> {
  const deadline = Date.now() + DEADLINE;
  while (!existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n')) {
    if (hasEnded()) throw new Error('The browser ended at once');
    if (Date.now() > deadline) throw new Error(`The browser did not listen within ${DEADLINE / 1000} s`);
    await wait(50);
  }
  const [port, path] = readFileSync(portFile, 'utf8').split('\n');
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await once(socket, 'open');
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let last = 0;
  return async (method, params = {}, sessionId = undefined) => {
    last += 1;
    const id = last;
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    const late = wait(DEADLINE, undefined, { ref: false }).then(() => {
      throw new Error(`The browser did not answer ${method}`);
    });
    const { result = {}, error } = await Promise.race([answer, late]);
    waiting.delete(id);
    if (error !== undefined) throw new Error(`The browser refused ${method}: ${error.message}`);
    return result;
  };
}

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

async function take(page: Call, picture: Picture): Promise<Buffer> {
  const { html, scheme, width, scale = 1, maxHeight = Number.POSITIVE_INFINITY } = picture;
  const view = (height: number) =>
    page('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: false });
  await view(600);
  await page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  const { frameTree } = (await page('Page.getFrameTree')) as { frameTree: { frame: { id: string } } };
  await page('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
  const { result } = (await page('Runtime.evaluate', {
    expression: 'document.fonts.ready.then(() => document.body.getBoundingClientRect().height)',
    awaitPromise: true,
    returnByValue: true,
  })) as { result: { value: number } };
  const height = Math.ceil(Math.min(result.value, maxHeight));
  await view(height);
  const { data } = await page('Page.captureScreenshot', { format: 'png' });
  return Buffer.from(String(data), 'base64');
}
