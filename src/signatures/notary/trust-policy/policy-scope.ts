import { VeritySignError } from '../../../errors.ts';

const DOMAIN_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = new RegExp(`^${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*(?::[0-9]+)?$`);
/** The same language as notation's expression, without its ways to read one text in many ways. */
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
/** Longer than any registry takes. */
const MAX_LENGTH = 1024;

/** Checks that a scope is a repository with its registry, such as `registry.example/team/app`. */
export function checkScope(scope: string, error: (what: string) => VeritySignError): void {
  const shown = JSON.stringify(scope.slice(0, 200));
  if (scope.length > 1 && scope.includes('*')) throw error(`the registry scope ${shown} has a wildcard`);
  const slash = scope.indexOf('/');
  const [domain, repository] = [scope.slice(0, Math.max(slash, 0)), scope.slice(slash + 1)];
  if (scope.length > MAX_LENGTH || slash === -1 || !DOMAIN.test(domain) || !REPOSITORY.test(repository)) {
    throw error(`the registry scope ${shown} is not REGISTRY/REPOSITORY`);
  }
}

/**
 * The statement for a repository: the one that names it, else the one for `*`.
 * @throws VeritySignError 'usage' if the policy says nothing of this repository.
 */
export function applicableStatement<Statement extends { registryScopes: readonly string[] }>(
  statements: readonly Statement[],
  scope: string,
): Statement {
  checkScope(scope, (what) => noStatement(what, 'Give a scope such as local/my-layout'));
  const found =
    statements.find(({ registryScopes }) => registryScopes.includes(scope)) ??
    statements.find(({ registryScopes }) => registryScopes.includes('*'));
  if (found !== undefined) return found;
  const remedy = `Add a statement whose registryScopes name ${scope}, or *`;
  throw noStatement(`the trust policy has no statement for ${scope}`, remedy);
}

function noStatement(what: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', what, { remedy });
}
