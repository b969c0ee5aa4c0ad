/**
 * Runs `work` with these variables in the process environment, and none whose name starts with one of
 * the prefixes. Restores the environment afterwards.
 */
export async function withEnvironment<T>(
  prefixes: readonly string[],
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (prefixes.some((prefix) => name.startsWith(prefix))) delete process.env[name];
  }
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
