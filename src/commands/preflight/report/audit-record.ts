/** A record of the kernel's audit log about IPE, taken apart. [Linux security/ipe/audit.c, ipe_audit_match] */
export interface AuditRecord {
  hook: string;
  enforcing: boolean;
  /** Name of the thread, at most 15 bytes. */
  command: string | undefined;
  /** Undefined for memory without a file. */
  path: string | undefined;
  rule: string | undefined;
}

/**
 * Undefined for a record that is not about an execution which a policy denied.
 * @param text one character for each byte
 */
export function parseAuditRecord(text: string): AuditRecord | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`(?:^|[\\s:])${name}=("[^"]*"|[^\\s"]+)`).exec(text)?.[1];
  const hook = field('ipe_hook');
  if (field('ipe_op') !== 'EXECUTE' || hook === undefined) return undefined;
  return {
    hook: hook.slice(0, 40),
    enforcing: field('enforcing') !== '0',
    command: untrusted(field('comm')),
    path: untrusted(field('path')),
    // The rule names no text that a program may choose.
    rule: field('rule')?.replaceAll('"', ''),
  };
}

/**
 * A string as audit_log_untrustedstring writes it: in quotation marks, or in hexadecimal digits if it has spaces,
 * quotation marks or bytes that are not ASCII. `?` stands for none.
 */
function untrusted(value: string | undefined): string | undefined {
  if (value === undefined || value === '?' || value === '(null)') return undefined;
  if (value.startsWith('"')) return value.slice(1, -1);
  if (/^(?:[0-9A-Fa-f]{2})+$/.test(value)) return Buffer.from(value, 'hex').toString('utf8');
  return value;
}
