import type { PreflightDenial } from '../../../report/node/preflight-report.ts';

/** What to do about code that a program makes at run time, by the name of the program. */
const COMPILERS: readonly (readonly [name: RegExp, advice: string])[] = [
  [/^node(js)?\d*$/, 'Set NODE_OPTIONS=--jitless: node then interprets, slower and without WebAssembly'],
  [
    /^java[cw]?$|^jshell$/,
    'The JVM makes code even with -Xint: compile ahead of time with GraalVM native-image, or allow this image by a policy of its own',
  ],
  [/^dotnet$|^pwsh$|^mono/, 'Publish the program with Native AOT (PublishAot)'],
  [
    /^python[\d.]*$|^gunicorn$|^uwsgi/,
    'CPython itself makes no code: look for callbacks of ctypes or cffi (use a libffi of 3.4 or later with static trampolines), numba or another extension with a JIT',
  ],
  [/^pypy/, 'Use CPython'],
  [/^(nginx|openresty)/, 'Set pcre_jit off in nginx.conf'],
  [/^php/, 'Set pcre.jit=0 and opcache.jit=disable in php.ini'],
  [/^(postgres|postmaster|psql)/, 'Set jit = off in postgresql.conf'],
  [/^ruby/, 'Run ruby without --yjit and --rjit'],
  [/^(beam\.smp|erl|elixir)/, 'Use an Erlang that was configured with --disable-jit (emu flavor)'],
  [/^(lua|luajit)/, 'Run luajit with -joff, or use the Lua interpreter'],
  [/^(chrom|electron|headless_shell)/, 'Run it with --js-flags=--jitless'],
  [/^(deno|bun)/, 'Its JavaScript engine compiles at run time: use node with --jitless'],
  [/^(apache2|httpd|haproxy|grep|git|rg)$/, 'Turn off the JIT of PCRE2, or use a build without it'],
  [/^(mongod|redis-server|valkey-server)/, 'Turn off its scripting engine, or use a build without a JIT'],
];
const OTHER_COMPILER =
  'Turn off just-in-time compilation in the program or its libraries (PCRE2, libffi, LLVM), or compile ahead of time';

/** What to do about a denial. */
export function adviceFor(denial: Omit<PreflightDenial, 'advice' | 'count'>): string {
  const { what, source, layer, path } = denial;
  if (what === 'anonymous memory') return compilerAdvice(denial);
  if (what === 'memory file')
    return 'Start the program from a file of the image: the kernel cannot check code in a memory file (memfd)';
  if (source === 'written at run time' && layer !== undefined) {
    return `Make this change when the image is built: chmod, chown or an edit at run time copies the file of layer ${layer} into the writable layer, where no signature covers it`;
  }
  if (source === 'written at run time' || source === 'temporary file system') {
    return /\.(sh|bash|py|pl|rb)$/.test(path ?? '')
      ? 'Put the script into the image when it is built'
      : 'Put the file into the image when it is built: nothing that is written or downloaded at run time may be executed';
  }
  if (source === 'layer')
    return 'Sign this layer with a key that the node trusts, or add its root hash to the policy (verity-sign ipe-policy)';
  return 'Execute only files of the image';
}

function compilerAdvice({ program, command }: Pick<PreflightDenial, 'program' | 'command'>): string {
  const name = program.split('/').at(-1) ?? '';
  const found = COMPILERS.find(([pattern]) => pattern.test(name) || pattern.test(command ?? ''));
  return found?.[1] ?? OTHER_COMPILER;
}
